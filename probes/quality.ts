import { UserError } from "../model/errors";
import { planCallRoutes } from "../model/phases";
import { rangeIndex, rangesContain, toRanges } from "../model/ranges";
import type { NumberRange, Plan } from "../model/types";
import type { Clock } from "../providers/lib/clock";
import { type Conversation, type Found, inboundLeg, pathOf, queryConversations } from "./conversations";
import { inParallel, type ProbeFacts, type ProbeSettings } from "./document";
import { type GenesysReader, loadPlanOf, openGenesys } from "./genesys";
import { readTraffic } from "./traffic";

/** Pages of 100 that one question may read: 6,000 conversations, a fifth of a minute's request budget. */
const PAGES_MAX = 60;
/** Conversations whose trunk is looked up one by one: more would take minutes of the API's 300 requests a minute. */
const TRUNK_LOOKUPS_MAX = 1500;
/** Pages of 100 for the traffic that people look at, every 10 s with `status --watch`: a look may not eat the minute's 300 requests. */
const TRAFFIC_PAGES_MAX = 20;
const FAILURES_SHOWN = 10;
const LOOKUPS_AT_ONCE = 8;
/** Call routes asked about by themselves at once, and numbers of one in such a question. */
const ROUTES_AT_ONCE = 4;
const NUMBERS_ASKED = 50;
/** A transfer whose conversation ended this short a time ago has no verdict yet when its arrival is not known: analytics is late, and in no fixed order, milliseconds. */
const ANALYTICS_LATE_MS = 30_000;

export interface CanaryQuality {
  calls: number;
  failed: number;
  minMos: number | null;
  meanMos: number | null;
  wrongCallerId: number;
  codecs: string[];
  /** Some of the failed ones, for the SIP traces: who called, when, and what is known. */
  failures: { ani: string; at: string; why: string }[];
}

interface Transfer {
  ani: string;
  shadow: string;
  atMs: number;
  endMs: number;
  failed: boolean;
  sipCodes: number[];
}

interface Arrival {
  ani: string;
  shadow: string;
  atMs: number;
  conversation: Conversation;
}

/**
 * Canary quality from the conversations that touched a shadow number. A canary call leaves two traces: the caller's own
 * conversation with a transfer out to the shadow, and the conversation that comes back in on it. A transfer that failed, or that
 * never arrived, is a failed call although the caller was answered by the direct path. Arrivals without a transfer (test calls,
 * R1) are not canary calls.
 */
export function canaryQuality(
  conversations: readonly Conversation[],
  shadows: readonly string[],
  now: Date,
): CanaryQuality {
  const isShadow = (number: string) => shadows.includes(number);
  const transfers: Transfer[] = [];
  const arrivals: Arrival[] = [];
  for (const conversation of conversations) {
    const caller = inboundLeg(conversation);
    // Also one still in progress: its transfer may have been written down as ended a moment before it.
    if (caller && isShadow(caller.dnis))
      arrivals.push({ ani: caller.ani, shadow: caller.dnis, atMs: conversation.startMs, conversation });
    // A transfer still in progress has no verdict yet.
    if (conversation.endMs === null) continue;
    for (const leg of conversation.legs) {
      if (leg.direction === "outbound" && isShadow(leg.dnis) && !(leg.abandoned && !leg.failed)) {
        transfers.push({
          ani: caller?.ani ?? "",
          shadow: leg.dnis,
          atMs: conversation.startMs,
          endMs: conversation.endMs,
          failed: leg.failed,
          sipCodes: leg.sipCodes,
        });
      }
    }
  }
  return judgeTransfers(transfers, arrivals, now.getTime());
}

function judgeTransfers(transfers: Transfer[], arrivals: Arrival[], nowMs: number): CanaryQuality {
  const used = new Set<Arrival>();
  const take = (test: (a: Arrival) => boolean) => {
    const found = arrivals.find((a) => !used.has(a) && test(a));
    if (found) used.add(found);
    return found;
  };
  // A hairpin lives inside the call that made it, however long the flow took before the transfer.
  const near = (t: Transfer, a: Arrival) =>
    a.shadow === t.shadow && a.atMs >= t.atMs - 1000 && a.atMs <= t.endMs + 1000;
  // Exact ones first: a call with the wrong caller id must not take the arrival of one with the right.
  const exact = new Map(transfers.map((t) => [t, take((a) => near(t, a) && a.ani === t.ani)]));
  const failures: CanaryQuality["failures"] = [];
  let wrongCallerId = 0;
  let open = 0;
  const reached: Conversation[] = [];
  for (const [transfer, arrival] of exact) {
    if (!arrival && !transfer.failed && nowMs - transfer.endMs < ANALYTICS_LATE_MS) {
      open++;
      continue;
    }
    const other = arrival ?? (transfer.failed ? undefined : take((a) => near(transfer, a)));
    if (other && !arrival) wrongCallerId++;
    if (transfer.failed || !other) {
      const why = transfer.failed ? `SIP ${transfer.sipCodes.join(", ")}` : `never came back in on ${transfer.shadow}`;
      failures.push({ ani: transfer.ani, at: new Date(transfer.atMs).toISOString(), why });
    }
    if (other) reached.push(other.conversation);
  }
  const mos = reached.map((c) => c.minMos).filter((m): m is number => m !== null && Number.isFinite(m));
  return {
    calls: transfers.length - open,
    failed: failures.length,
    failures: failures.slice(0, FAILURES_SHOWN),
    minMos: mos.length > 0 ? Math.min(...mos) : null,
    meanMos: mos.length > 0 ? mos.reduce((sum, m) => sum + m, 0) / mos.length : null,
    wrongCallerId,
    codecs: [...new Set(reached.flatMap((c) => c.codecs))],
  };
}

async function canary(genesys: GenesysReader, plan: Plan, since: Date, now: Date): Promise<ProbeFacts> {
  const shadows = plan.carrier.shadowNumbers;
  const found = await queryConversations(genesys, { from: since, to: now }, { dnis: shadows }, PAGES_MAX);
  // A bounded sample of the newest calls is enough to judge a path: older ones say less about it, not more.
  return { canary: { ...canaryQuality(found.conversations, shadows, now), sampled: !found.complete } };
}

/** Newest first, a few at a time, until one did not come in over BYOC: an older one would not be the last. */
async function lastNotByoc(
  genesys: GenesysReader,
  plan: Plan,
  ours: Conversation[],
): Promise<{ last: Conversation | null; looked: number }> {
  for (let at = 0; at < Math.min(ours.length, TRUNK_LOOKUPS_MAX); at += LOOKUPS_AT_ONCE) {
    const batch = ours.slice(at, at + LOOKUPS_AT_ONCE);
    const paths = await inParallel(batch, LOOKUPS_AT_ONCE, (c) => pathOf(genesys, c.id, plan.trunk.name));
    const found = paths.findIndex((path) => path !== "byoc");
    if (found >= 0) return { last: batch[found] as Conversation, looked: at + found + 1 };
  }
  return { last: null, looked: Math.min(ours.length, TRUNK_LOOKUPS_MAX) };
}

/**
 * The last call to `ranges` that came in over GCV since then. A plan number is dialled on BYOC only after its route turned (R2), and
 * both paths look alike in analytics: the trunk is asked for each conversation. One whose trunk is not known counts as GCV.
 */
async function gcvCalls(
  genesys: GenesysReader,
  plan: Plan,
  ranges: NumberRange[],
  since: Date,
  shownSince: Date | undefined,
  now: Date,
): Promise<ProbeFacts> {
  const found: Found = await queryConversations(genesys, { from: since, to: now }, {}, PAGES_MAX);
  const ours = found.conversations.filter((c) => {
    const leg = inboundLeg(c);
    return leg !== undefined && rangesContain(ranges, leg.dnis);
  });
  const { last, looked } = await lastNotByoc(genesys, plan, ours);
  // `calls` is at least so many: what is older than the last one is of no interest to a gate.
  const gcv = {
    calls: last ? 1 : 0,
    lastCallAt: last ? new Date(last.startMs).toISOString() : null,
    checked: looked,
    ofCalls: ours.length,
  };
  const shown = shownSince && (await shownCalls(genesys, plan, ranges, found.conversations, shownSince, now));
  const facts = { gcv: { ...gcv, ...(shown ? { shown } : {}) } };
  const gap = last ? null : unread(found, ours, looked, since);
  return gap ? { ...facts, status: "inconclusive", error: gap } : facts;
}

/**
 * The newest call of each call route that holds some of `ranges`, by either path (its numbers, or its shadow), as this credential is shown it: in
 * what was read already, else by asking for the route alone, back to `since`. Null for a route of which no call is shown: conversations of a
 * division that the client has no right to are left out without a word.
 */
async function shownCalls(
  genesys: GenesysReader,
  plan: Plan,
  ranges: NumberRange[],
  read: readonly Conversation[],
  since: Date,
  now: Date,
): Promise<{ callRoute: string; at: string | null }[]> {
  const inRanges = rangeIndex(ranges);
  const moving = new Set(plan.numbers.filter((n) => inRanges(n.number)).map((n) => n.callRoute));
  const routeOf = new Map(plan.numbers.map((n) => [n.number, n.callRoute] as const));
  for (const { callRoute, shadow } of planCallRoutes(plan)) if (shadow) routeOf.set(shadow, callRoute);
  const newestOf = (conversations: readonly Conversation[]) => {
    const newest = new Map<string, number>();
    for (const c of conversations) {
      const route = routeOf.get(inboundLeg(c)?.dnis ?? "");
      if (route) newest.set(route, Math.max(newest.get(route) ?? 0, c.startMs));
    }
    return newest;
  };
  const known = newestOf(read);
  return inParallel([...moving].sort(), ROUTES_AT_ONCE, async (callRoute) => {
    const own = known.get(callRoute) ?? (await askOne(callRoute));
    return { callRoute, at: own === undefined ? null : new Date(own).toISOString() };
  });

  async function askOne(callRoute: string): Promise<number | undefined> {
    const dnis = [...routeOf].flatMap(([number, route]) => (route === callRoute ? [number] : []));
    // A route's shadow was put last, and carries every test call over R1: it is always among those asked for.
    const some = dnis.slice(-NUMBERS_ASKED);
    const { conversations } = await queryConversations(genesys, { from: since, to: now }, { dnis: some }, 1);
    return newestOf(conversations).get(callRoute);
  }
}

/** Why "no call on GCV" is not known for the whole interval, or null. */
function unread(found: Found, ours: Conversation[], looked: number, since: Date): string | null {
  const oldest = (c: Conversation | undefined) => (c ? new Date(c.startMs).toISOString() : "now");
  if (looked < ours.length) {
    return `the trunk of ${looked} of ${ours.length} calls since ${since.toISOString()} was looked up, back to ${oldest(ours[looked - 1])}; no call on GCV among them`;
  }
  if (found.complete) return null;
  return `analytics holds more than ${PAGES_MAX * 100} conversations since ${since.toISOString()}; those after ${oldest(found.conversations.at(-1))} were read`;
}

/**
 * Ended calls since then that came in over BYOC: on a shadow number, or on one of `ranges` (numbers whose route turned). A caller who gave up
 * says nothing about the path.
 */
function arrivalsOf(
  conversations: readonly Conversation[],
  shadows: readonly string[],
  ranges: readonly NumberRange[],
): { calls: number; failed: number; meanMos: number | null } {
  const ours = conversations.flatMap((c) => {
    const leg = inboundLeg(c);
    const arrived = leg !== undefined && (shadows.includes(leg.dnis) || rangesContain(ranges, leg.dnis));
    return arrived && c.endMs !== null && !leg.abandoned ? [{ failed: leg.failed, mos: c.minMos }] : [];
  });
  const mos = ours.map((c) => c.mos).filter((m): m is number => m !== null && Number.isFinite(m));
  return {
    calls: ours.length,
    failed: ours.filter((c) => c.failed).length,
    meanMos: mos.length > 0 ? mos.reduce((sum, m) => sum + m, 0) / mos.length : null,
  };
}

function dateOf(value: unknown, key: string): Date {
  const at = new Date(String(value));
  if (typeof value !== "string" || Number.isNaN(at.getTime())) {
    throw new UserError(`The quality probe's ask.${key} is ${JSON.stringify(value)}; expected an ISO date and time.`);
  }
  return at;
}

/**
 * Canary quality since `ask.canarySince`, GCV calls to `ask.gcvNumbers` since `ask.gcvSince` (and the newest call of each of their call routes that
 * is shown to this client, back to `ask.shownSince`), calls over BYOC since `ask.arrivalsSince`, calls of
 * both paths since `ask.trafficSince` (`ask.adopted`: ranges that are pooled at BYOC).
 */
export async function probeQuality(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  const { canarySince, gcvNumbers, gcvSince, shownSince, arrivalsSince, arrivals, trafficSince, adopted } =
    settings.ask ?? {};
  const [plan, genesys, now] = await Promise.all([loadPlanOf(settings), openGenesys(settings, clock), clock.now()]);
  const facts: ProbeFacts = {};
  if (canarySince !== undefined)
    Object.assign(facts, await canary(genesys, plan, dateOf(canarySince, "canarySince"), now));
  if (gcvNumbers !== undefined) {
    const since = dateOf(gcvSince, "gcvSince");
    const shown = shownSince === undefined ? undefined : dateOf(shownSince, "shownSince");
    Object.assign(facts, await gcvCalls(genesys, plan, gcvNumbers as NumberRange[], since, shown, now));
  }
  if (arrivalsSince !== undefined) {
    const from = dateOf(arrivalsSince, "arrivalsSince");
    const found = await queryConversations(genesys, { from, to: now }, {}, PAGES_MAX);
    facts.arrivals = arrivalsOf(found.conversations, plan.carrier.shadowNumbers, (arrivals ?? []) as NumberRange[]);
  }
  if (trafficSince !== undefined) {
    const numbers = {
      shadows: plan.carrier.shadowNumbers,
      plan: toRanges(plan.numbers.map((n) => n.number)),
      adopted: (adopted ?? []) as NumberRange[],
    };
    const interval = { from: dateOf(trafficSince, "trafficSince"), to: now };
    facts.traffic = await readTraffic(genesys, interval, numbers, TRAFFIC_PAGES_MAX);
  }
  return facts;
}
