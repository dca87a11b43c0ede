import type { NumberRange } from "../../model/types";
import type { Random } from "../random";
import { type DeskConfirmation, type DeskRequest, DeskWatcher, writeConfirmation } from "./desk-files";
import { expandRanges, toRanges } from "./numbers";
import { type PortOrder, PortRefusal, type PortRegistry, type WorldTime } from "./registry";
import type { RouteTable } from "./routes";

export interface ManualDeskOptions {
  clock: WorldTime;
  random: Random;
  /** The stack's desk directory. */
  dir: string;
  routes: RouteTable;
  ports: PortRegistry;
  /** Street addresses on file at the carrier; a request naming another one is refused. */
  addresses: readonly string[];
  /** World minutes between a request and the desk's doing it, at least and at most; drawn per request. Default 5 to 240. */
  minutes?: readonly [number, number];
}

const KINDS = ["route", "route-removal", "emergency-address", "port-order", "port-cancel"] as const;
const MINUTE_MS = 60_000;

/**
 * The gaining carrier's staff: they read dated requests, carry them out after a while and sign them off. A request that was
 * withdrawn before its turn is not carried out; one that was changed is carried out in its newest form only.
 */
export class ManualDesk {
  #watcher: DeskWatcher;
  #pending = new Map<string, { cancel(): void }>();
  /** Request id of a port order -> id in the registry. */
  #orders = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly o: ManualDeskOptions) {
    this.#watcher = new DeskWatcher({ dir: o.dir, kinds: KINDS, onRequest: (request) => this.#take(request) });
    o.ports.on("order", (order: PortOrder) => this.#orderMoved(order));
  }

  /** Creates the desk's folders when needed and starts to look at them. */
  start(): Promise<void> {
    return this.#watcher.start();
  }

  /** Looks into the in-tray now and waits until what was signed off is on disk. */
  async scan(): Promise<void> {
    await this.#watcher.scan();
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#watcher.stop();
    await this.#writing;
  }

  #take(request: DeskRequest): void {
    this.#pending.get(request.id)?.cancel();
    this.#pending.delete(request.id);
    if (request.withdrawn) return;
    const asked = new Date(request.at);
    if (Number.isNaN(asked.getTime())) return this.#sign(request.id, "refused", `"${request.at}" is not a date.`);
    const [min, max] = this.o.minutes ?? [5, 240];
    const drawn = this.o.random.stream(`desk/${request.kind}/${nameOf(request)}`).next();
    const due = new Date(asked.getTime() + (min + drawn * (max - min)) * MINUTE_MS);
    const handle = this.o.clock.at(due, `desk-${request.kind}`, nameOf(request), () => {
      this.#pending.delete(request.id);
      this.#carryOut(request);
      return this.#writing;
    });
    this.#pending.set(request.id, handle);
  }

  #carryOut(request: DeskRequest): void {
    try {
      const note = this.#act(request);
      if (note !== null) this.#sign(request.id, "done", note);
    } catch (error) {
      if (!(error instanceof PortRefusal) && !(error instanceof RangeError)) throw error;
      this.#sign(request.id, "refused", error.message);
    }
  }

  /** The note on the confirmation, or null when the sign-off comes later. */
  #act(request: DeskRequest): string | null {
    switch (request.kind as (typeof KINDS)[number]) {
      case "route":
        this.o.routes.set(nameOf(request), {
          ranges: rangesOf(request),
          host: textOf(request, "host"),
          calledNumber: request.calledNumber as string | null | undefined,
          nextHost: request.nextHost as string | null | undefined,
        });
        return `route ${nameOf(request)} is in place`;
      case "route-removal":
        return this.o.routes.remove(nameOf(request)) ? `route ${nameOf(request)} is gone` : `there was no route ${nameOf(request)}`;
      case "emergency-address":
        return this.#emergency(request);
      case "port-order":
        return this.#portOrder(request);
      case "port-cancel":
        return this.#portCancel(request);
    }
  }

  #emergency(request: DeskRequest): string {
    const address = textOf(request, "address");
    if (!this.o.addresses.includes(address)) throw new RangeError(`there is no address ${address} on file`);
    const count = expandRanges(rangesOf(request)).length;
    return `${count} numbers registered at ${address}`;
  }

  /** The order is signed off when the losing carrier has confirmed a date, and again at each change after that. */
  #portOrder(request: DeskRequest): null {
    const known = this.#orders.get(request.id);
    if (known) {
      // The same request again: only its date can have changed, and only before it is confirmed.
      this.o.ports.update(known, { focRequested: this.#wantedFoc(request) });
      return null;
    }
    const order = this.o.ports.create({
      reference: nameOf(request),
      numbers: expandRanges(rangesOf(request)),
      losingCarrier: String(request.losingCarrier ?? ""),
      focRequested: this.#wantedFoc(request),
    });
    this.#orders.set(request.id, order.id);
    this.o.ports.confirm(order.id);
    return null;
  }

  #wantedFoc(request: DeskRequest): Date {
    const days = Number(request.focInDays);
    if (!(days >= 1 && days <= 365)) throw new RangeError(`focInDays is ${String(request.focInDays)}: expected 1 to 365 days`);
    return new Date(Date.parse(request.at) + days * 24 * 60 * MINUTE_MS);
  }

  #portCancel(request: DeskRequest): string {
    const wanted = [request.order, request.orderId, request.requestId, request.orderName, request.name].map(String);
    const order = this.o.ports.orders().filter((o) => o.status !== "cancelled" && !o.parentId);
    const target = order.find((o) => wanted.includes(o.reference) || wanted.includes(o.id) || wanted.some((w) => this.#orders.get(w) === o.id));
    if (!target) throw new RangeError(`there is no port order ${nameOf(request)}`);
    this.o.ports.cancel(target.id);
    return `port order ${target.reference} is being cancelled`;
  }

  #orderMoved(order: PortOrder): void {
    const rootId = order.parentId ?? order.id;
    const requestId = [...this.#orders].find(([, id]) => id === rootId)?.[0];
    if (!requestId) return;
    if (order.status === "exception") return this.#sign(requestId, "refused", `rejected by the losing carrier: ${order.details[0]?.code}`);
    if (order.status === "cancelled") return this.#sign(requestId, "refused", "cancelled");
    const root = this.o.ports.get(rootId);
    if (!root.focActual) return;
    const parts = this.o.ports.orders().filter((o) => o.id === rootId || o.parentId === rootId);
    const numbers = parts.flatMap((part) => this.#numbersOf(part));
    const note = order.status === "ported" ? "ported" : `FOC ${root.focActual.toISOString()}`;
    this.#sign(requestId, "done", note, { orderStatus: order.status, foc: root.focActual.toISOString(), numbers });
  }

  /** One entry per contiguous range of numbers of like state. */
  #numbersOf(order: PortOrder): { range: NumberRange; status: string; activatedAt: string | null; foc: string | null }[] {
    const groups = new Map<string, string[]>();
    for (const number of order.numbers) {
      const state = this.o.ports.numberOf(number)!;
      const key = `${state.status}|${state.activatedAt?.toISOString() ?? ""}`;
      groups.set(key, [...(groups.get(key) ?? []), number]);
    }
    return [...groups].flatMap(([key, numbers]) => {
      const [status = "", activatedAt = ""] = key.split("|");
      return toRanges(numbers).map((range) => ({ range, status, activatedAt: activatedAt || null, foc: order.focActual?.toISOString() ?? null }));
    });
  }

  #sign(id: string, status: DeskConfirmation["status"], note: string, payload: Record<string, unknown> = {}): void {
    const confirmation = { id, at: this.o.clock.now().toISOString(), status, note, ...payload };
    // One after another: two sign-offs of one order must land in their own order.
    this.#writing = this.#writing.then(() => writeConfirmation(this.o.dir, confirmation)).catch((error) => {
      process.stderr.write(`sandbox: the carrier's desk could not write confirmation ${id}: ${String(error)}\n`);
    });
  }
}

function nameOf(request: DeskRequest): string {
  for (const key of ["name", "orderName", "address"]) if (typeof request[key] === "string") return request[key] as string;
  return request.id;
}

function textOf(request: DeskRequest, key: string): string {
  const value = request[key];
  if (typeof value !== "string" || value === "") throw new RangeError(`${key} is missing`);
  return value;
}

function rangesOf(request: DeskRequest): NumberRange[] {
  if (!Array.isArray(request.ranges) || request.ranges.length === 0) throw new RangeError("ranges is missing");
  return request.ranges as NumberRange[];
}
