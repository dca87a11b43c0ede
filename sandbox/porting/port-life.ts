import type { Random } from "../random";
import { faultsOf, type PortFault } from "./faults";
import {
  type ActivationJob,
  type ActivationStatus,
  type OrderStatus,
  type PortEvent,
  type PortOrder,
  PortRefusal,
  type WorldTime,
} from "./port-order";
import { HOUR, MINUTE } from "./port-rules";

/** The registry's table, as far as the life of an order changes it. */
export interface PortBook {
  /** Puts an order that was split off into the table, with its numbers. */
  add(child: PortOrder): void;
  status(number: string, status: ActivationStatus, activatedAt?: Date | null): void;
  move(order: PortOrder, status: OrderStatus, detail: string): void;
  note(order: PortOrder, type: PortEvent["type"], detail: string, childId?: string): void;
  /** Tells listeners of the registry. */
  emit(event: "activated" | "reverted", numbers: string[], at: Date): void;
  emit(event: "order", order: PortOrder): void;
  uuid(): string;
}

/** What becomes of an order once the losing carrier has confirmed its date: by the calendar, and by the faults the world was told of. */
export class PortLife {
  readonly #timers = new Map<string, { cancel(): void }[]>();

  constructor(
    private readonly o: { clock: WorldTime; random: Random; faults?: readonly PortFault[]; book: PortBook },
  ) {}

  /** The losing carrier has confirmed a date: what follows is put into the calendar. */
  confirmed(order: PortOrder, foc: Date): void {
    order.focActual = foc;
    for (const number of order.numbers) this.o.book.status(number, "Concurred");
    this.o.book.move(order, "foc-date-confirmed", `FOC ${foc.toISOString()}`);
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
      this.at(order, said, "port-slipped", () => {
        order.focActual = new Date(foc.getTime() + (slip.hours ?? 72) * HOUR);
        this.o.book.move(order, "foc-date-confirmed", `FOC moved to ${order.focActual.toISOString()}`);
        this.#scheduleActivation(order, order.focActual);
      });
      return;
    }
    const early = faultsOf(this.o.faults, order.reference, "early");
    this.#scheduleActivation(order, early ? new Date(foc.getTime() - (early.hours ?? 6) * HOUR) : foc);
  }

  #openWindow(order: PortOrder, foc: Date, hours: number): void {
    const end = new Date(foc.getTime() + hours * HOUR);
    order.activation = { window: { start: foc, end }, jobs: [] };
    this.at(order, foc, "port-window", () => {
      for (const number of order.numbers) this.o.book.status(number, "Activate RDY");
      this.o.book.emit("order", order);
    });
    this.#scheduleActivation(order, end);
  }

  /** Activates on demand: live after five to fifteen minutes. Throws PortRefusal 422 outside of the order's window, and twice. */
  activateNow(order: PortOrder): ActivationJob {
    const now = this.o.clock.now();
    const window = order.activation?.window;
    if (!window || now < window.start || now >= window.end || order.activation?.jobs.length !== 0) {
      const when = window ? `${window.start.toISOString()} to ${window.end.toISOString()}, once` : "never";
      throw new PortRefusal(422, `Porting order ${order.id} cannot be activated now: ${when}.`);
    }
    const job: ActivationJob = { id: this.o.book.uuid(), status: "in-process", createdAt: now, updatedAt: now };
    order.activation?.jobs.push(job);
    // Not by itself any more.
    this.stop(order);
    this.at(order, new Date(now.getTime() + (5 + this.draw(order, "activate") * 10) * MINUTE), "port-active", () => {
      this.#activate(order);
      Object.assign(job, { status: "completed", updatedAt: this.o.clock.now() });
      this.#scheduleCompletion(order);
    });
    return job;
  }

  #split(order: PortOrder, foc: Date): void {
    const moved = order.numbers.splice(Math.ceil(order.numbers.length / 2));
    const child: PortOrder = {
      ...order,
      id: this.o.book.uuid(),
      numbers: moved,
      parentId: order.id,
      focActual: foc,
      details: [],
    };
    this.o.book.add(child);
    this.o.book.note(order, "porting_order.split", `${moved.length} numbers split off into ${child.id}`, child.id);
    this.o.book.move(child, "foc-date-confirmed", `FOC ${foc.toISOString()}`);
    this.#scheduleActivation(child, foc);
  }

  #scheduleActivation(order: PortOrder, at: Date): void {
    this.at(order, at, "port-active", () => {
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
    for (const number of order.numbers) this.o.book.status(number, "Active", now);
    this.o.book.note(order, "porting_order.number_activated", `${order.numbers.length} numbers active`);
    this.o.book.emit("activated", [...order.numbers], now);
    this.o.book.emit("order", order);
  }

  /** The order is called ported a while after its numbers are live: paper follows the switch. */
  #scheduleCompletion(order: PortOrder): void {
    const after = (10 + this.draw(order, "done") * 80) * MINUTE;
    this.at(order, new Date(this.o.clock.now().getTime() + after), "port-done", () =>
      this.o.book.move(order, "ported", "all numbers ported"),
    );
  }

  /** The losing carrier takes the numbers back, and ports them again a day later. */
  #scheduleRevert(order: PortOrder, hours: number): void {
    order.extra.reverted = true;
    const now = this.o.clock.now().getTime();
    this.at(order, new Date(now + hours * HOUR), "port-reverted", () => {
      for (const number of order.numbers) this.o.book.status(number, "Conflict", null);
      this.o.book.emit("reverted", [...order.numbers], this.o.clock.now());
      this.o.book.move(order, "foc-date-confirmed", "reverted by the losing carrier");
      order.focActual = new Date(now + (hours + 24) * HOUR);
      this.#scheduleActivation(order, order.focActual);
    });
  }

  /** Something that happens to an order at a date, unless the order is stopped before. */
  at(order: PortOrder, date: Date, kind: string, fn: () => void): void {
    const handle = this.o.clock.at(date, kind, order.reference, fn);
    this.#timers.set(order.id, [...(this.#timers.get(order.id) ?? []), handle]);
  }

  /** Nothing more happens to the order by itself. */
  stop(order: PortOrder): void {
    for (const handle of this.#timers.get(order.id) ?? []) handle.cancel();
    this.#timers.delete(order.id);
  }

  /** Drawn by the order's own name: the same however many other orders there are and in whatever order they come. */
  draw(order: PortOrder, what: string): number {
    return this.o.random.stream(`${order.reference}/${what}`).next();
  }
}
