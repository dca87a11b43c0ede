import { EventEmitter } from "node:events";
import type { Random } from "../random";
import { faultsOf, type PortFault } from "./faults";
import {
  type ActivationJob,
  type ActivationStatus,
  type OrderStatus,
  type PortedNumber,
  type PortEvent,
  type PortOrder,
  PortRefusal,
  type WorldTime,
} from "./port-order";
import { assertCancellable, DAY, focDate, HOUR, MINUTE, uuidOf } from "./port-rules";

export interface PortRegistryOptions {
  clock: WorldTime;
  random: Random;
  /** Numbers the losing carrier would release; others are not portable. Default: all. */
  portable?: (number: string) => boolean;
  /** Hours before the FOC after which an order can no longer be cancelled. Default 24 (Telnyx documents 48 for its API). */
  cancelDeadlineHours?: number;
  /** Days from submission to the FOC when none was requested. Default 10. */
  defaultFocDays?: number;
  faults?: PortFault[];
}

/**
 * All port orders and the state of each number, for the API and the desk alike. Events: `activated` and `reverted`
 * (numbers: string[], at: Date), `order` (order: PortOrder) on each change of an order, `event` (event: PortEvent).
 */
export class PortRegistry extends EventEmitter {
  readonly cancelDeadlineHours: number;
  #orders = new Map<string, PortOrder>();
  #numbers = new Map<string, PortedNumber>();
  #events: PortEvent[] = [];
  #timers = new Map<string, { cancel(): void }[]>();
  #random: Random;
  #ids: Random;

  constructor(private readonly o: PortRegistryOptions) {
    super();
    this.cancelDeadlineHours = o.cancelDeadlineHours ?? 24;
    this.#random = o.random.stream("port-life");
    this.#ids = o.random.stream("port-ids");
    this.setMaxListeners(50);
  }

  /** A draft. Throws PortRefusal 422 for numbers that stand on another open order, are active here already, or are not portable. */
  create(input: {
    reference: string;
    numbers: string[];
    groupReference?: string | null;
    losingCarrier?: string;
    focRequested?: Date | null;
    extra?: Record<string, unknown>;
    id?: string;
  }): PortOrder {
    for (const number of input.numbers) this.#assertFree(number);
    const now = this.o.clock.now();
    const order: PortOrder = {
      id: input.id ?? this.#uuid(),
      reference: input.reference,
      groupReference: input.groupReference ?? null,
      numbers: [...input.numbers],
      status: "draft",
      details: [],
      createdAt: now,
      updatedAt: now,
      submittedAt: null,
      focRequested: input.focRequested ?? null,
      focActual: null,
      losingCarrier: input.losingCarrier ?? "",
      parentId: null,
      extra: input.extra ?? {},
    };
    this.#orders.set(order.id, order);
    for (const number of order.numbers)
      this.#numbers.set(number, { number, orderId: order.id, status: "New", activatedAt: null });
    return order;
  }

  /** Submits a draft, or an order in exception once more; the losing carrier answers with a FOC date after one to four days. */
  confirm(id: string): PortOrder {
    const order = this.get(id);
    if (order.status !== "draft" && order.status !== "exception") {
      throw new PortRefusal(
        422,
        `Porting order ${id} is ${order.status}: only a draft or an order in exception can be confirmed.`,
      );
    }
    const again = order.status === "exception";
    const now = this.o.clock.now();
    order.submittedAt = now;
    order.details = [];
    for (const number of order.numbers) this.#status(number, "Pending");
    this.#move(order, "submitted", "sent to the losing carrier");
    const foc = this.#focOf(order, now);
    // "A few days", but never after the date itself: a simple port may be asked for tomorrow.
    const answerMs = Math.min((1 + this.#draw(order, "answer") * 3) * DAY, (foc.getTime() - now.getTime()) * 0.4);
    const reject = again ? undefined : faultsOf(this.o.faults, order.reference, "rejected");
    this.#at(order, new Date(now.getTime() + answerMs), reject ? "port-rejected" : "port-foc", () =>
      // The date is taken anew: the customer may have asked for another one meanwhile.
      reject ? this.#reject(order, reject) : this.#focConfirmed(order, this.#focOf(order, now)),
    );
    return order;
  }

  /** Changes the requested date, until the losing carrier has confirmed one, and other fields at any time. */
  update(
    id: string,
    change: {
      focRequested?: Date | null;
      reference?: string;
      groupReference?: string | null;
      extra?: Record<string, unknown>;
    },
  ): PortOrder {
    const order = this.get(id);
    if (change.focRequested !== undefined) {
      if (!["draft", "submitted", "exception"].includes(order.status)) {
        throw new PortRefusal(
          422,
          `Porting order ${id} is ${order.status}: the requested FOC date can no longer be changed here.`,
        );
      }
      order.focRequested = change.focRequested;
    }
    if (change.reference !== undefined) order.reference = change.reference;
    if (change.groupReference !== undefined) order.groupReference = change.groupReference;
    Object.assign(order.extra, change.extra);
    order.updatedAt = this.o.clock.now();
    return order;
  }

  /** Asks to cancel: carried out after half an hour to four hours. Throws PortRefusal 422 after the deadline before the FOC. */
  cancel(id: string): PortOrder {
    const order = this.get(id);
    if (order.status === "cancelled" || order.status === "cancel-pending") return order;
    const now = this.o.clock.now();
    assertCancellable(order, {
      live: order.numbers.some((n) => this.isActive(n)),
      now,
      hours: this.cancelDeadlineHours,
    });
    this.#stop(order);
    if (order.status === "draft") {
      this.#cancelled(order);
      return order;
    }
    for (const number of order.numbers) this.#status(number, "Cancel Pending");
    this.#move(order, "cancel-pending", "cancellation asked for");
    const after = (0.5 + this.#draw(order, "cancel") * 3.5) * HOUR;
    this.#at(order, new Date(now.getTime() + after), "port-cancelled", () => this.#cancelled(order));
    return order;
  }

  /** Deletes a draft. */
  remove(id: string): void {
    const order = this.get(id);
    if (order.status !== "draft")
      throw new PortRefusal(422, `Porting order ${id} is ${order.status}: only drafts can be deleted.`);
    this.#orders.delete(id);
    for (const number of order.numbers) this.#numbers.delete(number);
    this.#note(order, "porting_order.deleted", "draft deleted");
  }

  get(id: string): PortOrder {
    const order = this.#orders.get(id);
    if (!order) throw new PortRefusal(404, `There is no porting order ${id}.`);
    return order;
  }

  orders(): PortOrder[] {
    return [...this.#orders.values()];
  }

  numbers(): PortedNumber[] {
    return [...this.#numbers.values()];
  }

  numberOf(number: string): PortedNumber | null {
    return this.#numbers.get(number) ?? null;
  }

  /** True while the gaining carrier serves the number. */
  isActive(number: string): boolean {
    return this.#numbers.get(number)?.status === "Active";
  }

  events(): readonly PortEvent[] {
    return this.#events;
  }

  isPortable(number: string): boolean {
    return this.o.portable?.(number) ?? true;
  }

  #focOf(order: PortOrder, submitted: Date): Date {
    const wanted = order.focRequested ?? new Date(submitted.getTime() + (this.o.defaultFocDays ?? 10) * DAY);
    return focDate({ wanted, submitted, now: this.o.clock.now(), drawn: this.#draw(order, "hour") });
  }

  #focConfirmed(order: PortOrder, foc: Date): void {
    order.focActual = foc;
    for (const number of order.numbers) this.#status(number, "Concurred");
    this.#move(order, "foc-date-confirmed", `FOC ${foc.toISOString()}`);
    const onDemand = faultsOf(this.o.faults, order.reference, "on-demand");
    if (onDemand) {
      this.#openWindow(order, foc, onDemand.hours ?? 8);
      return;
    }
    const split = faultsOf(this.o.faults, order.reference, "split");
    if (split && order.numbers.length > 1 && !order.parentId)
      this.#split(order, new Date(foc.getTime() + (split.hours ?? 48) * HOUR));
    const slip = faultsOf(this.o.faults, order.reference, "slip");
    if (slip) {
      // The losing carrier says so late, half a day ahead, when everyone counts on the date.
      const said = new Date(Math.max(this.o.clock.now().getTime(), foc.getTime() - 12 * HOUR));
      this.#at(order, said, "port-slipped", () => {
        order.focActual = new Date(foc.getTime() + (slip.hours ?? 72) * HOUR);
        this.#move(order, "foc-date-confirmed", `FOC moved to ${order.focActual.toISOString()}`);
        this.#scheduleActivation(order, order.focActual);
      });
      return;
    }
    const early = faultsOf(this.o.faults, order.reference, "early");
    this.#scheduleActivation(order, early ? new Date(foc.getTime() - (early.hours ?? 6) * HOUR) : foc);
  }

  /** Whether the customer may activate the order (Telnyx' `fast_port_eligible`). */
  isFastPort(order: PortOrder): boolean {
    return faultsOf(this.o.faults, order.reference, "on-demand") !== undefined;
  }

  /** Activates on demand: live after five to fifteen minutes. Throws PortRefusal 422 outside of the order's window, and twice. */
  activate(id: string): ActivationJob {
    const order = this.get(id);
    const now = this.o.clock.now();
    const window = order.activation?.window;
    if (!window || now < window.start || now >= window.end || order.activation?.jobs.length !== 0) {
      const when = window ? `${window.start.toISOString()} to ${window.end.toISOString()}, once` : "never";
      throw new PortRefusal(422, `Porting order ${id} cannot be activated now: ${when}.`);
    }
    const job: ActivationJob = { id: this.#uuid(), status: "in-process", createdAt: now, updatedAt: now };
    order.activation?.jobs.push(job);
    // Not by itself any more.
    this.#stop(order);
    this.#at(order, new Date(now.getTime() + (5 + this.#draw(order, "activate") * 10) * MINUTE), "port-active", () => {
      this.#activate(order);
      Object.assign(job, { status: "completed", updatedAt: this.o.clock.now() });
      this.#scheduleCompletion(order);
    });
    return job;
  }

  #openWindow(order: PortOrder, foc: Date, hours: number): void {
    const end = new Date(foc.getTime() + hours * HOUR);
    order.activation = { window: { start: foc, end }, jobs: [] };
    this.#at(order, foc, "port-window", () => {
      for (const number of order.numbers) this.#status(number, "Activate RDY");
      this.emit("order", order);
    });
    this.#scheduleActivation(order, end);
  }

  #split(order: PortOrder, foc: Date): void {
    const moved = order.numbers.splice(Math.ceil(order.numbers.length / 2));
    const child: PortOrder = {
      ...order,
      id: this.#uuid(),
      numbers: moved,
      parentId: order.id,
      focActual: foc,
      details: [],
    };
    this.#orders.set(child.id, child);
    for (const number of moved) this.#numbers.get(number)!.orderId = child.id;
    this.#note(order, "porting_order.split", `${moved.length} numbers split off into ${child.id}`, child.id);
    this.#move(child, "foc-date-confirmed", `FOC ${foc.toISOString()}`);
    this.#scheduleActivation(child, foc);
  }

  #scheduleActivation(order: PortOrder, at: Date): void {
    this.#at(order, at, "port-active", () => {
      this.#activate(order);
      const revert = faultsOf(this.o.faults, order.reference, "reverted");
      if (revert && !order.extra.reverted) this.#scheduleRevert(order, revert.hours ?? 4);
      else this.#scheduleCompletion(order);
    });
  }

  #activate(order: PortOrder): void {
    const now = this.o.clock.now();
    // `foc_datetime_actual` is when it happened, also for a port that came early: Telnyx gives no date per number.
    order.focActual = now;
    for (const number of order.numbers) {
      this.#status(number, "Active");
      this.#numbers.get(number)!.activatedAt = now;
    }
    this.#note(order, "porting_order.number_activated", `${order.numbers.length} numbers active`);
    this.emit("activated", [...order.numbers], now);
    this.emit("order", order);
  }

  /** The order is called ported a while after its numbers are live: paper follows the switch. */
  #scheduleCompletion(order: PortOrder): void {
    const after = (10 + this.#draw(order, "done") * 80) * MINUTE;
    this.#at(order, new Date(this.o.clock.now().getTime() + after), "port-done", () =>
      this.#move(order, "ported", "all numbers ported"),
    );
  }

  /** The losing carrier takes the numbers back, and ports them again a day later. */
  #scheduleRevert(order: PortOrder, hours: number): void {
    order.extra.reverted = true;
    const now = this.o.clock.now().getTime();
    this.#at(order, new Date(now + hours * HOUR), "port-reverted", () => {
      for (const number of order.numbers) {
        this.#status(number, "Conflict");
        this.#numbers.get(number)!.activatedAt = null;
      }
      this.emit("reverted", [...order.numbers], this.o.clock.now());
      this.#move(order, "foc-date-confirmed", "reverted by the losing carrier");
      order.focActual = new Date(now + (hours + 24) * HOUR);
      this.#scheduleActivation(order, order.focActual);
    });
  }

  #reject(order: PortOrder, fault: PortFault): void {
    order.details = [{ code: fault.code ?? "ACCOUNT_NUMBER_MISMATCH", description: "Rejected by the losing carrier" }];
    for (const number of order.numbers) this.#status(number, "Conflict");
    this.#move(order, "exception", order.details[0]!.code);
  }

  #cancelled(order: PortOrder): void {
    for (const number of order.numbers) this.#status(number, "Cancelled");
    this.#move(order, "cancelled", "cancelled");
  }

  #assertFree(number: string): void {
    if (!this.isPortable(number))
      throw new PortRefusal(422, `${number} is not portable: the losing carrier does not hold it.`);
    const known = this.#numbers.get(number);
    if (known && known.status !== "Cancelled") {
      throw new PortRefusal(422, `${number} is on porting order ${known.orderId} already (${known.status}).`);
    }
  }

  #move(order: PortOrder, status: OrderStatus, detail: string): void {
    order.status = status;
    this.#note(order, "porting_order.status_changed", detail);
    this.emit("order", order);
  }

  #note(order: PortOrder, type: PortEvent["type"], detail: string, childId?: string): void {
    const at = this.o.clock.now();
    order.updatedAt = at;
    const { id: orderId, status } = order;
    const event: PortEvent = { id: this.#uuid(), at, type, orderId, status, detail, ...(childId ? { childId } : {}) };
    this.#events.push(event);
    this.emit("event", event);
  }

  #status(number: string, status: ActivationStatus): void {
    this.#numbers.get(number)!.status = status;
  }

  #at(order: PortOrder, date: Date, kind: string, fn: () => void): void {
    const handle = this.o.clock.at(date, kind, order.reference, fn);
    this.#timers.set(order.id, [...(this.#timers.get(order.id) ?? []), handle]);
  }

  #stop(order: PortOrder): void {
    for (const handle of this.#timers.get(order.id) ?? []) handle.cancel();
    this.#timers.delete(order.id);
  }

  /** Drawn by the order's own name: the same however many other orders there are and in whatever order they come. */
  #draw(order: PortOrder, what: string): number {
    return this.#random.stream(`${order.reference}/${what}`).next();
  }

  #uuid(): string {
    return uuidOf(this.#ids.hex(32));
  }
}
