import { billedOrders } from "../../model/rules/accounts";
import { plannedOrders } from "../../model/rules/orders";
import { nextOpening, parseChangeWindow } from "../../model/changeWindow";
import { evidenceFor } from "../../model/evidence";
import type { Facts } from "../../model/facts";
import { raiseFloor } from "../../model/phases";
import { toRanges } from "../../model/ranges";
import { goodFacts } from "../../model/testing";
import { safeWaitSeconds } from "../../model/ttl";
import type { NumberRange, Phase, Plan, Position, WaveStates } from "../../model/types";
import { formatWaves } from "../../model/waves";

const HOUR = 3_600_000;
/** Networks learn of a port this late at most, hours; some call of theirs still comes in on GCV then. */
const STRAGGLERS_HOURS = 5;

/** How the ports of a world differ from what was asked for, by order. */
export interface Deviation {
  /** Hours before (negative) or after the requested date. */
  hours: number;
  /** Hours between the two halves of an order that was split; 0 when it came whole. */
  splitHours: number;
}

interface Activation {
  order: string;
  range: NumberRange;
  atMs: number;
}

/**
 * A migration on paper: the phase record, the clock, port orders that come early, late or split, and networks that learn of them late.
 * It knows what a runbook waits for, and what each probe would report at a moment; it knows nothing of gates.
 */
export class PaperWorld {
  at: Position = { phase: "none", waves: {} };
  floor: WaveStates = {};
  since: Partial<Record<Phase, string>> = {};
  private activations: Activation[] = [];

  constructor(
    readonly plan: Plan,
    public now: Date,
    private readonly deviations: readonly Deviation[],
  ) {}

  /** Lets the time pass that the runbook of a step asks for. */
  waitFor(to: Position): void {
    const { plan } = this;
    let until = this.now.getTime() + HOUR;
    const after = (ms: number) => {
      until = Math.max(until, ms);
    };
    if (to.phase === "canary" && this.at.phase === "ttl-lowered")
      after(Date.parse(this.since["ttl-lowered"]!) + safeWaitSeconds(plan.dns) * 1000);
    for (const part of plan.parts) {
      if (this.at.waves[part.id] === to.waves[part.id]) continue;
      const last = this.lastActivation(part.numbers);
      if (to.waves[part.id] === "live") after(last);
      if (to.waves[part.id] === "released")
        after(last + Math.max(plan.limits.lrnSettleHours, STRAGGLERS_HOURS + 3) * HOUR);
    }
    if (to.phase === "complete") {
      const start = Math.max(
        Date.parse(this.since.cutover!),
        ...this.activations.map((a) => a.atMs + STRAGGLERS_HOURS * HOUR),
      );
      after(start + plan.limits.soakHours * HOUR);
    }
    this.now = nextOpening(parseChangeWindow(plan.limits.changeWindow, plan.limits.timezone), new Date(until));
  }

  /** The step is made: the record says so, and orders are submitted on the way into `porting`. */
  move(to: Position): void {
    const phase = to.phase as Phase;
    if (phase === "porting" && this.at.phase === "canary") this.submit();
    if (this.at.phase !== to.phase) this.since = { ...this.since, [phase]: this.now.toISOString() };
    this.floor = raiseFloor(this.floor, to.waves);
    this.at = to;
  }

  private submit(): void {
    this.activations = this.plan.portOrders.flatMap((order, i) => {
      const ranges = toRanges(this.plan.numbers.filter((n) => n.portOrder === order.id).map((n) => n.number));
      const { hours, splitHours } = this.deviations[i % this.deviations.length]!;
      const first = this.now.getTime() + Math.max(1, order.requestedFocInDays * 24 + hours) * HOUR;
      const half = Math.ceil(ranges.length / 2);
      return ranges.map((range, r) => ({ order: order.id, range, atMs: first + (r < half ? 0 : splitHours * HOUR) }));
    });
    this.billedLast();
  }

  /** Right carriers agree on dates with the billing number of an account behind the rest, however late the rest is. */
  private billedLast(): void {
    const { portOrders } = this.plan;
    for (const main of billedOrders(plannedOrders(this.plan))) {
      const rest = portOrders
        .filter((o) => o.billingNumber === main.billingNumber && o.id !== main.id)
        .map((o) => o.id);
      const late = Math.max(0, ...this.activations.filter((a) => rest.includes(a.order)).map((a) => a.atMs));
      this.activations = this.activations.map((a) =>
        a.order === main.id ? { ...a, atMs: Math.max(a.atMs, late) } : a,
      );
    }
  }

  private lastActivation(numbers: readonly string[]): number {
    const own = this.activations.filter((a) =>
      numbers.some((n) => n.length === a.range.from.length && n >= a.range.from && n <= a.range.to),
    );
    return Math.max(...own.map((a) => a.atMs));
  }

  /** What the probes of a move report now. */
  facts(to: Position): Facts {
    const { plan, now } = this;
    const facts = goodFacts(plan, this.at, to, now);
    if (facts.record && this.at.phase !== "none") {
      const { phase, waves } = this.at;
      facts.record.record = {
        phase: phase as Phase,
        waves: formatWaves(waves),
        floor: formatWaves(this.floor),
        digest: plan.digest,
        since: this.since,
      };
    }
    if (facts.carrier) {
      facts.carrier.numbers = this.activations.map(({ order, range, atMs }) => {
        const live = atMs <= now.getTime();
        return {
          order,
          range,
          status: live ? "Active" : "Pending",
          activatedAt: live ? new Date(atMs).toISOString() : null,
        };
      });
      facts.carrier.orders = plan.portOrders.map((o) => ({
        id: o.id,
        status: "foc-date-confirmed",
        foc: this.focOf(o.id),
      }));
    }
    const gcv = evidenceFor(plan, this.at, to).find((a) => a.probe === "quality")?.ask.gcvNumbers as
      | NumberRange[]
      | undefined;
    if (facts.quality && gcv)
      facts.quality.gcv = {
        ...facts.quality.gcv,
        calls: 1,
        lastCallAt: new Date(this.lastGcvCall(gcv)).toISOString(),
      };
    return facts;
  }

  private focOf(order: string): string | null {
    const at = this.activations.find((a) => a.order === order)?.atMs;
    return at === undefined ? null : new Date(at).toISOString();
  }

  /** The last straggler of the numbers: a network that learned of the port late. */
  private lastGcvCall(ranges: readonly NumberRange[]): number {
    const own = this.activations.filter((a) =>
      ranges.some((r) => r.from.length === a.range.from.length && r.from <= a.range.to && a.range.from <= r.to),
    );
    return Math.min(this.now.getTime() - 1000, Math.max(0, ...own.map((a) => a.atMs)) + STRAGGLERS_HOURS * HOUR);
  }
}
