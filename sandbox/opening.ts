import { type ChangeWindow, parseChangeWindow, windowContains } from "../model/changeWindow";
import type { Plan } from "../model/types";
import type { Expected } from "./carriers";
import { HOLIDAY, hoursWindow, outsideText } from "./genesys/seed";

interface Hours {
  open: ChangeWindow;
  callRoute: string;
}

/**
 * When callers may expect somebody at a number, and what they hear otherwise: by the estate, as the organisation stood before the migration.
 * It knows nothing of schedules at Genesys nor of call routes as they are now: a call route whose hours were lost on the way shows.
 */
export class Opening {
  readonly #hours = new Map<string, Hours>();
  readonly #flow = new Map<string, string>();
  readonly #dayOf: Intl.DateTimeFormat;

  constructor(plan: Pick<Plan, "numbers" | "limits">) {
    const { timezone } = plan.limits;
    const routes = [...new Set(plan.numbers.filter((n) => n.callRoute !== n.flow).map((n) => n.callRoute))].sort();
    const windows = new Map(routes.map((name, i) => [name, parseChangeWindow(hoursWindow(plan.limits, i), timezone)]));
    for (const { number, callRoute, flow } of plan.numbers) {
      this.#flow.set(number, flow);
      const open = windows.get(callRoute);
      if (open) this.#hours.set(number, { open, callRoute });
    }
    this.#dayOf = new Intl.DateTimeFormat("en-CA", {
      timeZone: timezone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  }

  /** What a caller of a number is to hear who is put through at a moment. */
  at(number: string, at: Date): Expected {
    const hours = this.#hours.get(number);
    const queue = { queue: this.#flow.get(number) ?? "" };
    if (!hours) return queue;
    if (this.#dayOf.format(at) === HOLIDAY) return outside(hours, "holiday");
    return windowContains(hours.open, at) ? queue : outside(hours, "closed");
  }
}

const outside = ({ callRoute }: Hours, when: "holiday" | "closed"): Expected => ({
  message: outsideText(`${callRoute} ${when}`),
});
