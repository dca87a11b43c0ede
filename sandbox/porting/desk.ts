import { access } from "node:fs/promises";
import { join } from "node:path";
import { toRanges } from "../../model/ranges";
import type { NumberRange } from "../../model/types";
import type { Random } from "../random";
import type { DeskRequest } from "./desk-files";
import { InTray } from "./in-tray";
import { numbersIn } from "./numbers";
import { type PortOrder, PortRefusal, type WorldTime } from "./port-order";
import type { PortRegistry } from "./registry";
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
  /** Requests (by a text in their name) that take that many hours longer. Default none. */
  late?: readonly { name: string; hours: number }[];
}

const KINDS = [
  "route",
  "route-removal",
  "emergency-address",
  "emergency-address-removal",
  "port-order",
  "port-reschedule",
  "port-cancel",
] as const;
const MINUTE_MS = 60_000;

/**
 * The gaining carrier's staff: they read dated requests, carry them out after a while and sign them off. A request that was
 * withdrawn before its turn is not carried out; one that was changed is carried out in its newest form only.
 */
export class ManualDesk {
  readonly #tray: InTray;
  /** Request id of a port order -> id in the registry. */
  #orders = new Map<string, string>();
  /** Order id -> request id of the cancellation that is under way. */
  #cancels = new Map<string, string>();

  constructor(private readonly o: ManualDeskOptions) {
    this.#tray = new InTray({
      who: "the carrier's desk",
      clock: o.clock,
      dir: o.dir,
      kinds: KINDS,
      due: (request) => this.#due(request),
      event: (request) => ({ kind: `desk-${request.kind}`, detail: nameOf(request) }),
      carryOut: (request) => this.#carryOut(request),
      afterLook: () => this.#resubmit(),
    });
    o.ports.on("order", (order: PortOrder) => this.#orderMoved(order));
  }

  /** Creates the desk's folders when needed and starts to look at them. */
  start(): Promise<void> {
    return this.#tray.start();
  }

  /** Looks into the in-tray now and waits until what was signed off is on disk. */
  scan(): Promise<void> {
    return this.#tray.scan();
  }

  close(): Promise<void> {
    return this.#tray.close();
  }

  #due(request: DeskRequest): Date | null {
    const asked = new Date(request.at);
    if (Number.isNaN(asked.getTime())) {
      this.#tray.sign(request.id, "refused", `"${request.at}" is not a date.`);
      return null;
    }
    const [min, max] = this.o.minutes ?? [5, 240];
    const drawn = this.o.random.stream(`desk/${request.kind}/${nameOf(request)}`).next();
    const late = this.o.late?.find((l) => nameOf(request).includes(l.name))?.hours ?? 0;
    return new Date(asked.getTime() + (min + drawn * (max - min) + late * 60) * MINUTE_MS);
  }

  #carryOut(request: DeskRequest): void {
    try {
      const note = this.#act(request);
      if (note !== null) this.#tray.sign(request.id, "done", note);
    } catch (error) {
      if (!(error instanceof PortRefusal) && !(error instanceof RangeError)) throw error;
      this.#tray.sign(request.id, "refused", error.message);
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
        return this.#removeRoute(request);
      case "emergency-address":
        return this.#emergency(request);
      case "emergency-address-removal":
        return `${numbersIn(rangesOf(request)).length} numbers taken off ${textOf(request, "address")}`;
      case "port-order":
        return this.#portOrder(request);
      case "port-reschedule":
        this.o.ports.update(this.#orderOf(request).id, { focRequested: this.#wantedFoc(request) });
        return `${nameOf(request)} is asked for in ${String(request.focInDays)} days`;
      case "port-cancel":
        return this.#portCancel(request);
    }
  }

  #removeRoute(request: DeskRequest): string {
    const name = nameOf(request);
    const found = request.whole === true ? this.o.routes.remove(name) : this.o.routes.narrow(name, rangesOf(request));
    if (!found) return `there was no route ${name}`;
    return request.whole === true ? `route ${name} is gone` : `route ${name} serves fewer numbers`;
  }

  #emergency(request: DeskRequest): string {
    const address = textOf(request, "address");
    if (!this.o.addresses.includes(address)) throw new RangeError(`there is no address ${address} on file`);
    const count = numbersIn(rangesOf(request)).length;
    return `${count} numbers registered at ${address}`;
  }

  /** The order is signed off when the losing carrier has confirmed a date, and again at each change after that. */
  #portOrder(request: DeskRequest): null {
    if (this.#orders.has(request.id)) return null;
    const order = this.o.ports.create({
      reference: nameOf(request),
      numbers: numbersIn(rangesOf(request)),
      losingCarrier: String(request.losingCarrier ?? ""),
      focRequested: this.#wantedFoc(request),
    });
    this.#orders.set(request.id, order.id);
    this.o.ports.confirm(order.id);
    return null;
  }

  #wantedFoc(request: DeskRequest): Date {
    const days = Number(request.focInDays);
    if (!(days >= 1 && days <= 365))
      throw new RangeError(`focInDays is ${String(request.focInDays)}: expected 1 to 365 days`);
    return new Date(Date.parse(request.at) + days * 24 * 60 * MINUTE_MS);
  }

  /** Signed off when the cancellation is through, refused at once when it is too late for one. */
  #portCancel(request: DeskRequest): string | null {
    // An order that nobody has come to yet has gone nowhere.
    if (typeof request.order === "string" && this.#tray.drop(request.order))
      return `${nameOf(request)} was not sent out yet, and will not be`;
    const order = this.#orderOf(request);
    this.#cancels.set(order.id, request.id);
    try {
      this.o.ports.cancel(order.id);
    } catch (error) {
      this.#cancels.delete(order.id);
      throw error;
    }
    return null;
  }

  /** The order a request is about, by the id of its own request or by its name. */
  #orderOf(request: DeskRequest): PortOrder {
    const byRequest = typeof request.order === "string" ? this.#orders.get(request.order) : undefined;
    if (byRequest) return this.o.ports.get(byRequest);
    const named = this.o.ports
      .orders()
      .filter((o) => o.reference === nameOf(request) && o.status !== "cancelled" && !o.parentId);
    const order = named.at(-1);
    if (!order) throw new RangeError(`there is no port order ${nameOf(request)}`);
    return order;
  }

  /** A refused order whose confirmation somebody has deleted is one whose fault was put right: it goes out again. */
  async #resubmit(): Promise<void> {
    // A refusal that is still being written is not one that was deleted.
    await this.#tray.written();
    for (const [requestId, orderId] of this.#orders) {
      const order = this.o.ports.get(orderId);
      if (order.status !== "exception") continue;
      const refused = await access(join(this.o.dir, "confirmations", `${requestId}.json`)).then(
        () => true,
        () => false,
      );
      if (!refused && order.status === "exception") this.o.ports.confirm(orderId);
    }
  }

  #orderMoved(order: PortOrder): void {
    const rootId = order.parentId ?? order.id;
    const requestId = [...this.#orders].find(([, id]) => id === rootId)?.[0];
    if (!requestId) return;
    if (order.status === "exception") {
      this.#tray.sign(requestId, "refused", `rejected by the losing carrier: ${order.details[0]?.code}`);
    } else if (order.status === "cancelled") this.#cancelled(order, requestId);
    else this.#signDates(requestId, rootId, order);
  }

  /** The whole order's date and the state of each number, also of parts that were split off. */
  #signDates(requestId: string, rootId: string, order: PortOrder): void {
    const root = this.o.ports.get(rootId);
    if (!root.focActual) return;
    const parts = this.o.ports.orders().filter((o) => o.id === rootId || o.parentId === rootId);
    const numbers = parts.flatMap((part) => this.#numbersOf(part));
    const note = order.status === "ported" ? "ported" : `FOC ${root.focActual.toISOString()}`;
    this.#tray.sign(requestId, "done", note, { orderStatus: order.status, foc: root.focActual.toISOString(), numbers });
  }

  #cancelled(order: PortOrder, requestId: string): void {
    this.#tray.sign(requestId, "refused", "cancelled");
    const cancel = this.#cancels.get(order.id);
    if (cancel) this.#tray.sign(cancel, "done", `port order ${order.reference} is cancelled`);
  }

  /** One entry per contiguous range of numbers of like state. */
  #numbersOf(
    order: PortOrder,
  ): { range: NumberRange; status: string; activatedAt: string | null; foc: string | null }[] {
    const groups = new Map<string, string[]>();
    for (const number of order.numbers) {
      const state = this.o.ports.numberOf(number)!;
      const key = `${state.status}|${state.activatedAt?.toISOString() ?? ""}`;
      groups.set(key, [...(groups.get(key) ?? []), number]);
    }
    return [...groups].flatMap(([key, numbers]) => {
      const [status = "", activatedAt = ""] = key.split("|");
      return toRanges(numbers).map((range) => ({
        range,
        status,
        activatedAt: activatedAt || null,
        foc: order.focActual?.toISOString() ?? null,
      }));
    });
  }
}

function nameOf(request: DeskRequest): string {
  for (const key of ["name", "orderName", "address"])
    if (typeof request[key] === "string") return request[key] as string;
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
