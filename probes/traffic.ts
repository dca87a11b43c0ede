import type { PathTraffic, QualityDoc } from "../model/facts";
import { rangesContain } from "../model/ranges";
import type { NumberRange } from "../model/types";
import { type Conversation, inboundLeg, type Leg, queryConversations } from "./conversations";
import type { GenesysReader } from "./genesys";

/** Calls to the plan's numbers and shadows by path. `canaried`: those on GCV that the front flow sent on over BYOC, where each arrives as a call too. */
type Traffic = NonNullable<QualityDoc["traffic"]>;

function pathTraffic(ours: readonly { c: Conversation; leg: Leg }[]): PathTraffic {
  // A caller who gave up says nothing about the path, but is traffic on it.
  const mos = ours.flatMap(({ c }) =>
    c.endMs !== null && c.minMos !== null && Number.isFinite(c.minMos) ? [c.minMos] : [],
  );
  return {
    calls: ours.length,
    failed: ours.filter(({ leg }) => leg.failed && !leg.abandoned).length,
    meanMos: mos.length > 0 ? mos.reduce((sum, m) => sum + m, 0) / mos.length : null,
    lastCallAt:
      ours.length > 0 ? new Date(ours.reduce((last, { c }) => Math.max(last, c.startMs), 0)).toISOString() : null,
  };
}

/**
 * Splits conversations by the number that was dialled: a shadow, or a number that is pooled at BYOC, can only have come in there; any other
 * number of the plan is bound at GCV alone. The trunk is not asked for each call, as the gates do: that is a request a call.
 */
export function trafficOf(
  conversations: readonly Conversation[],
  numbers: { shadows: readonly string[]; plan: readonly NumberRange[]; adopted: readonly NumberRange[] },
): Pick<Traffic, "gcv" | "byoc" | "canaried"> {
  const shadows = new Set(numbers.shadows);
  const inbound = conversations.flatMap((c) => {
    const leg = inboundLeg(c);
    return leg ? [{ c, leg }] : [];
  });
  const isByoc = ({ leg }: { leg: Leg }) => shadows.has(leg.dnis) || rangesContain(numbers.adopted, leg.dnis);
  const gcv = inbound.filter((call) => !isByoc(call) && rangesContain(numbers.plan, call.leg.dnis));
  return {
    gcv: pathTraffic(gcv),
    byoc: pathTraffic(inbound.filter(isByoc)),
    canaried: gcv.filter(({ c }) => c.legs.some((l) => l.direction === "outbound" && shadows.has(l.dnis))).length,
  };
}

/** Traffic of an interval by path, from the newest `pagesMax` pages of 100 conversations. */
export async function readTraffic(
  genesys: GenesysReader,
  interval: { from: Date; to: Date },
  numbers: Parameters<typeof trafficOf>[1],
  pagesMax: number,
): Promise<Traffic> {
  const { conversations, complete } = await queryConversations(genesys, interval, {}, pagesMax);
  const oldest = conversations.at(-1)?.startMs ?? interval.from.getTime();
  return {
    since: (complete ? interval.from : new Date(oldest)).toISOString(),
    complete,
    ...trafficOf(conversations, numbers),
  };
}
