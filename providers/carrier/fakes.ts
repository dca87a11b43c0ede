import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Clock } from "../lib/clock";
import { Desk } from "./desk";

/** For tests: time passes only by sleeping, and `onSleep` is what the world does meanwhile. */
export class FakeClock implements Clock {
  ms = Date.parse("2026-06-01T08:00:00Z");
  slept = 0;
  onSleep: () => void | Promise<void> = () => undefined;
  now = async () => new Date(this.ms);
  sleep = async (seconds: number) => {
    this.ms += seconds * 1000;
    this.slept += seconds;
    await this.onSleep();
  };
}

interface FakeNumber {
  phone_number: string;
  connection_id: string;
  customer_reference: string;
  translated_number: string;
  emergency_enabled: boolean;
  emergency_address_id: string;
}

interface FakeOrder {
  id: string;
  customer_reference: string;
  numbers: string[];
  status: string;
  foc_datetime_requested: string | null;
  foc_datetime_actual: string | null;
  created_at: string;
  submitted_at: string | null;
}

/** For tests: as much of Telnyx' API v2 as the adapter uses, in memory, with its list, job and error shapes. */
export class FakeTelnyx {
  readonly log: string[] = [];
  readonly numbers = new Map<string, FakeNumber>();
  readonly connections: { id: string; connection_name: string }[] = [];
  readonly fqdns: { id: string; connection_id: string; fqdn: string }[] = [];
  readonly orders: FakeOrder[] = [];
  readonly active = new Set<string>();
  readonly addresses = [{ id: "A1", customer_reference: "ADDR-1" }];
  /** How often a job is asked for until it is completed; 0 = at once. */
  jobPolls = 2;
  /** Numbers that no job may touch. */
  readonly refused = new Set<string>();
  #jobs = new Map<string, { polls: number; failed: string[] }>();
  #ids = 0;
  #server = createServer(
    (req, res) =>
      void this.#serve(req).then(({ status, body }) =>
        res.writeHead(status).end(body === undefined ? "" : JSON.stringify(body)),
      ),
  );

  constructor(private readonly clock: FakeClock) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(req: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const chunks: Buffer[] = [];
    for await (const c of req) chunks.push(c as Buffer);
    const url = new URL(req.url ?? "/", "http://x");
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, never>) : {};
    this.log.push(`${req.method} ${url.pathname}`);
    if (req.headers.authorization !== "Bearer key")
      return { status: 401, body: { errors: [{ code: "10009", title: "Authentication failed", detail: "no" }] } };
    return this.#answer(`${req.method} ${url.pathname}`, url.searchParams, body as Record<string, unknown>);
  }

  #answer(what: string, query: URLSearchParams, body: Record<string, unknown>): { status: number; body?: unknown } {
    const [, , , kind = "", id = ""] = what.split(/[ /]/);
    const filtered = <T>(rows: T[], fields: Record<string, (r: T) => string>) => this.#page(rows, fields, query);
    if (what === "GET /v2/fqdn_connections")
      return filtered(this.connections, { connection_name: (c) => c.connection_name });
    if (what === "GET /v2/fqdns") return filtered(this.fqdns, { connection_id: (f) => f.connection_id });
    if (what === "GET /v2/addresses")
      return filtered(this.addresses, { customer_reference: (a) => a.customer_reference });
    if (what === "GET /v2/phone_numbers/voice")
      return filtered([...this.numbers.values()], { customer_reference: (n) => n.customer_reference });
    if (what === "GET /v2/phone_numbers")
      return filtered([...this.numbers.values()], { emergency_address_id: (n) => n.emergency_address_id });
    if (what === "GET /v2/porting_orders")
      return filtered(
        this.orders.map((o) => this.#order(o)),
        { customer_reference: (o) => o.customer_reference },
      );
    if (what === "GET /v2/porting_phone_numbers")
      return filtered(this.#ported(), { porting_order_id: (n) => n.porting_order_id });
    if (what === "POST /v2/fqdn_connections") return this.#add(this.connections, body, 201);
    if (what === "POST /v2/fqdns") return this.#add(this.fqdns, body, 201);
    if (what.startsWith("POST /v2/phone_numbers/jobs/")) return this.#job(body);
    if (what.startsWith("GET /v2/phone_numbers/jobs/")) return this.#jobState(what.split("/").at(-1) as string);
    return kind === "porting_orders"
      ? this.#port(what, id, body)
      : { status: 404, body: { errors: [{ code: "10005", title: "Not found", detail: what }] } };
  }

  #page<T>(rows: T[], fields: Record<string, (r: T) => string>, query: URLSearchParams) {
    let left = rows;
    for (const [key, wanted] of query) {
      const match = /^filter\[(\w+)\](?:\[(\w+)\])?$/.exec(key);
      if (!match) continue;
      const field = fields[match[1] as string] as (r: T) => string;
      left = left.filter((r) => (match[2] === "contains" ? field(r).includes(wanted) : field(r) === wanted));
    }
    // A small page on purpose: whoever reads the first one only is found out.
    const size = Math.min(3, Number(query.get("page[size]")));
    const page = Number(query.get("page[number]"));
    const meta = {
      page_number: page,
      page_size: size,
      total_pages: Math.ceil(left.length / size),
      total_results: left.length,
    };
    return { status: 200, body: { data: left.slice((page - 1) * size, page * size), meta } };
  }

  #add<T>(list: T[], body: object, status: number) {
    const row = { ...body, id: `id${++this.#ids}` } as T;
    list.push(row);
    return { status, body: { data: row } };
  }

  #job(body: Record<string, unknown>) {
    const failed: string[] = [];
    for (const phone_number of body.phone_numbers as string[]) {
      if (this.refused.has(phone_number)) {
        failed.push(phone_number);
        continue;
      }
      const known = this.numbers.get(phone_number) ?? {
        phone_number,
        connection_id: "",
        customer_reference: "",
        translated_number: "",
        emergency_enabled: false,
        emergency_address_id: "",
      };
      const { phone_numbers: _n, voice, ...own } = body;
      const next = { ...known, ...own, ...(voice as object) } as FakeNumber;
      this.numbers.set(phone_number, {
        ...next,
        emergency_address_id: next.emergency_enabled ? next.emergency_address_id : "",
      });
    }
    const id = `job${++this.#ids}`;
    this.#jobs.set(id, { polls: this.jobPolls, failed });
    return this.jobPolls === 0
      ? this.#jobState(id)
      : { status: 202, body: { data: { id, status: "pending", failed_operations: [] } } };
  }

  #jobState(id: string) {
    const job = this.#jobs.get(id) as { polls: number; failed: string[] };
    const status = --job.polls > 0 ? "in_progress" : "completed";
    const failed_operations = job.failed.map((phone_number) => ({
      phone_number,
      errors: [{ detail: "not on this account" }],
    }));
    return { status: 200, body: { data: { id, status, failed_operations } } };
  }

  #port(what: string, id: string, body: Record<string, unknown>) {
    if (what === "POST /v2/porting_orders") {
      const made = this.#newOrder(body);
      return { status: 201, body: { data: [this.#order(made)] } };
    }
    const order = this.orders.find((o) => o.id === id) as FakeOrder;
    if (what.startsWith("PATCH"))
      order.foc_datetime_requested = (
        body.activation_settings as { foc_datetime_requested: string }
      ).foc_datetime_requested;
    if (what.endsWith("/actions/confirm"))
      Object.assign(order, { status: "submitted", submitted_at: new Date(this.clock.ms).toISOString() });
    if (what.endsWith("/actions/cancel")) {
      const foc = order.foc_datetime_actual;
      if (foc && Date.parse(foc) - this.clock.ms < 24 * 3_600_000)
        return { status: 422, body: { errors: [{ code: "10016", title: "Unprocessable", detail: "too late" }] } };
      order.status = "cancel-pending";
    }
    return { status: 200, body: { data: this.#order(order) } };
  }

  #newOrder(body: Record<string, unknown>): FakeOrder {
    const order: FakeOrder = {
      id: `po${++this.#ids}`,
      customer_reference: body.customer_reference as string,
      numbers: body.phone_numbers as string[],
      status: "draft",
      foc_datetime_requested: null,
      foc_datetime_actual: null,
      created_at: new Date(this.clock.ms).toISOString(),
      submitted_at: null,
    };
    this.orders.push(order);
    return order;
  }

  #order({ foc_datetime_requested, foc_datetime_actual, numbers: _n, status, ...rest }: FakeOrder) {
    return {
      ...rest,
      status: { value: status, details: [] },
      activation_settings: { foc_datetime_requested, foc_datetime_actual },
    };
  }

  #ported() {
    return this.orders.flatMap((o) =>
      o.numbers.map((n) => ({
        phone_number: n,
        porting_order_id: o.id,
        activation_status: this.active.has(n) ? "Active" : "Pending",
      })),
    );
  }
}

/** For tests: a person at the desk who signs off what is asked, when told to. */
export class FakePerson {
  constructor(
    readonly dir: string,
    private readonly clock: FakeClock,
  ) {}

  async confirm(id: string, answer: Record<string, unknown> = {}): Promise<void> {
    await mkdir(join(this.dir, "confirmations"), { recursive: true });
    const body = { id, at: new Date(this.clock.ms).toISOString(), status: "done", ...answer };
    await writeFile(join(this.dir, "confirmations", `${id}.json`), JSON.stringify(body));
  }

  /** Signs off everything that is open, port orders with the given state. */
  async confirmAll(port: Record<string, unknown> = {}): Promise<void> {
    for (const request of await new Desk(this.dir, this.clock).requests()) {
      const known = await readFile(join(this.dir, "confirmations", `${request.id}.json`), "utf8").catch(() => null);
      if (known === null && !request.withdrawn)
        await this.confirm(request.id, request.kind === "port-order" ? port : {});
    }
  }
}
