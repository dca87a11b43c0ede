import { parseChangeWindow, windowContains } from "../../model/changeWindow";
import type { Plan } from "../../model/types";
import { errorText } from "../../probes/document";
import { openGenesys } from "../../probes/genesys";
import { clockFrom } from "../../providers/lib/clock";
import { probeSettings, type StackSettings } from "../settings";

/** Inbound calls of the whole organisation that began in one hour. */
export interface HourLoad {
  /** Begin of the hour. */
  from: Date;
  calls: number;
  /** Whether an update may run in this hour by limits.changeWindow. */
  inWindow: boolean;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Hours asked at once: a day takes 24 requests of the 300 a minute. */
const AT_ONCE = 4;

/**
 * Calls that began in each of the last 24 full hours, counted by analytics (`totalHits` of a details query; one request an hour).
 * Why they are not known instead of an exception: a comment without this table is still a comment.
 */
export async function callsByHour(plan: Plan, settings: StackSettings): Promise<HourLoad[] | { unknown: string }> {
  try {
    const clock = clockFrom(settings.clock);
    const genesys = await openGenesys(probeSettings(settings, plan.porting.provider, {}), clock);
    const end = Math.floor((await clock.now()).getTime() / HOUR_MS) * HOUR_MS;
    const window = parseChangeWindow(plan.limits.changeWindow, plan.limits.timezone);
    const starts = Array.from({ length: HOURS }, (_, i) => end - (HOURS - i) * HOUR_MS);
    const loads: HourLoad[] = [];
    for (let i = 0; i < starts.length; i += AT_ONCE) {
      const some = starts.slice(i, i + AT_ONCE).map(async (start): Promise<HourLoad> => {
        const from = new Date(start);
        const answer = await genesys.send<{ totalHits?: number }>(
          "POST",
          "/api/v2/analytics/conversations/details/query",
          questionFor(from, new Date(start + HOUR_MS)),
        );
        if (typeof answer.totalHits !== "number") throw new Error("the details query answered without totalHits");
        return { from, calls: answer.totalHits, inWindow: windowContains(window, from) };
      });
      loads.push(...(await Promise.all(some)));
    }
    return loads;
  } catch (error) {
    return { unknown: errorText(error) };
  }
}

function questionFor(from: Date, to: Date): unknown {
  return {
    interval: `${from.toISOString()}/${to.toISOString()}`,
    paging: { pageSize: 1, pageNumber: 1 },
    conversationFilters: [
      { type: "and", predicates: [{ dimension: "originatingDirection", operator: "matches", value: "inbound" }] },
    ],
  };
}
