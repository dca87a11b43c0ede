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
import { PortLife } from "./port-life";
import { assertCancellable, DAY, focDate, HOUR, isLate, uuidOf } from "./port-rules";

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
 * (numbers: string[], at: Date), `order` (order: PortOrder) on each change of an order, `event` (event: PortEvent), `cancelled-late`
 * (order: PortOrder) when a cancellation is taken within 48 hours of the confirmed date.
 */
export class PortRegistry extends EventEmitter {
  readonly cancelDeadlineHours: number;
  #orders = new Map<string, PortOrder>();
  #numbers = new Map<string, PortedNumber>();
  #events: PortEvent[] = [];
  readonly #life: PortLife;
  #ids: Random;

  constructor(private readonly o: PortRegistryOptions) {
    super();
    this.cancelDeadlineHours = o.cancelDeadlineHours ?? 24;
    this.#life = new PortLife({
      clock: o.clock,
      random: o.random.stream("port-life"),
      faults: o.faults,
      book: {
        add: (child) => {
          this.#orders.set(child.id, child);
          for (const number of child.numbers) this.#numbers.get(number)!.orderId = child.id;
        },
        status: (number, status, activatedAt) => this.#status(number, status, activatedAt),
        move: (...moved) => this.#move(...moved),
        note: (...noted) => this.#note(...noted),
        emit: (event: string, ...told: unknown[]) => this.emit(event, ...told),
        uuid: () => this.#uuid(),
      },
    });
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
    const answerMs = Math.min((1 + this.#life.draw(order, "answer") * 3) * DAY, (foc.getTime() - now.getTime()) * 0.4);
    const reject = again ? undefined : faultsOf(this.o.faults, order.reference, "rejected");
    this.#life.at(order, new Date(now.getTime() + answerMs), reject ? "port-rejected" : "port-foc", () =>
      // The date is taken anew: the customer may have asked for another one meanwhile.
      reject ? this.#reject(order, reject) : this.#life.confirmed(order, this.#focOf(order, now)),
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
    this.#life.stop(order);
    if (order.status === "draft") {
      this.#cancelled(order);
      return order;
    }
    if (isLate(order, now)) this.emit("cancelled-late", order);
    for (const number of order.numbers) this.#status(number, "Cancel Pending");
    this.#move(order, "cancel-pending", "cancellation asked for");
    const after = (0.5 + this.#life.draw(order, "cancel") * 3.5) * HOUR;
    this.#life.at(order, new Date(now.getTime() + after), "port-cancelled", () => this.#cancelled(order));
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
    return focDate({ wanted, submitted, now: this.o.clock.now(), drawn: this.#life.draw(order, "hour") });
  }

  /** Whether the customer may activate the order (Telnyx' `fast_port_eligible`). */
  isFastPort(order: PortOrder): boolean {
    return faultsOf(this.o.faults, order.reference, "on-demand") !== undefined;
  }

  /** Activates on demand: live after five to fifteen minutes. Throws PortRefusal 422 outside of the order's window, and twice. */
  activate(id: string): ActivationJob {
    return this.#life.activateNow(this.get(id));
  }

  #reject(order: PortOrder, fault: PortFault): void {
    order.details = [{ code: fault.code ?? "ACCOUNT_NUMBER_MISMATCH", description: "Rejected by the losing carrier" }];
    for (const number of order.numbers) this.#status(number, "Conflict");
    this.#move(order, "exception", order.details[0]!.code);
    if (fault.hours === undefined) return;
    const later = new Date(this.o.clock.now().getTime() + fault.hours * HOUR);
    this.#life.at(order, later, "port-resubmitted", () => {
      // Somebody else may have been quicker.
      if (order.status === "exception") this.confirm(order.id);
    });
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

  #status(number: string, status: ActivationStatus, activatedAt?: Date | null): void {
    const known = this.#numbers.get(number)!;
    known.status = status;
    if (activatedAt !== undefined) known.activatedAt = activatedAt;
  }

  #uuid(): string {
    return uuidOf(this.#ids.hex(32));
  }
}
