import type { Plan } from "../model/types";
import type { Expected } from "./carriers";
import type { GenesysStore } from "./genesys";
import { EVACUATION } from "./genesys/seed";
import type { PortRegistry, WorldTime } from "./porting";

const HOUR_MS = 3_600_000;

/**
 * The organisation's alarm: somebody switches its emergency group on, and off again. What its callers may expect then is what the group
 * stood for before the migration began: the call routes it named, whatever way a call comes in by. What the group says now is not asked.
 */
export class Alarm {
  readonly #numbers: ReadonlySet<string>;
  #on = false;

  constructor(
    private readonly store: Pick<GenesysStore, "ivrs" | "operatorSwitches">,
    plan: Pick<Plan, "numbers">,
  ) {
    const group = store.ivrs.groups.named(EVACUATION);
    const ids = new Set(group?.emergencyCallFlows.flatMap((f) => f.ivrs.map((i) => i.id)));
    const callRoutes = new Set(store.ivrs.ivrs.all().flatMap((ivr) => (ids.has(ivr.id) ? [ivr.name] : [])));
    this.#numbers = new Set(plan.numbers.filter((n) => callRoutes.has(n.callRoute)).map((n) => n.number));
  }

  /** @throws ApiError 404 in a world without an emergency group. */
  set(on: boolean): void {
    this.store.operatorSwitches(EVACUATION, on);
    this.#on = on;
  }

  /** What is heard at a number while the alarm is on; undefined when it is off or does not concern the number. */
  expected(number: string): Expected | undefined {
    return this.#on && this.#numbers.has(number) ? { queue: EVACUATION } : undefined;
  }

  /** Goes off so many hours after the first port that is done, and stays on. */
  goOffAfterPort(ports: PortRegistry, clock: WorldTime, hours: number): void {
    ports.once("activated", (_numbers: string[], ported: Date) => {
      clock.at(new Date(ported.getTime() + hours * HOUR_MS), "alarm", EVACUATION, () => this.set(true));
    });
  }
}
