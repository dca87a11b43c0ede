import type { QualityDoc, TestCall } from "../facts";
import { formatRanges } from "../ranges";
import type { Plan } from "../types";
import {
  amount,
  CLOCK_SKEW_SECONDS,
  decide,
  document,
  failed,
  hours,
  judged,
  list,
  passed,
  time,
  Unusable,
} from "../verdict";
import { overByoc, sampleOrders, testProblems } from "./calls";
import { type GateRule, partsEntering, rangesOfParts } from "./context";
import { lastActivation, notActive } from "./port";

/** How long no call may have come in on GCV before a part leaves it, hours: networks learn of a port minutes to hours late. */
export const QUIET_HOURS = 2;

/** Milliseconds since the last call on GCV among the numbers asked; undefined when the records show none. */
function quietFor(doc: QualityDoc, now: Date): number | undefined {
  const { gcv } = doc;
  if (!gcv) throw new Unusable("inconclusive", "no GCV traffic in the quality document");
  const calls = amount(gcv.calls, "the number of calls on GCV");
  if (gcv.lastCallAt === null) {
    if (calls > 0) throw new Unusable("inconclusive", `${calls} calls on GCV without a time`);
    return undefined;
  }
  return now.getTime() - time(gcv.lastCallAt, "the time of the last call on GCV");
}

/** How far before the quiet time a call may lie that shows that the organisation's records are seen, hours. */
export const SHOWN_HOURS = 7 * 24;

/**
 * Silence counts only where calls would be seen. Conversations that a credential has no right to (a division of their own) are left out of the
 * answer, which then looks as a quiet organisation's does. So each call route has a call, by either path, that the same credential was shown:
 * a test call, or callers' before. `quietHours` is how long the route is to be silent on GCV.
 */
function believable(plan: Plan, doc: QualityDoc, parts: readonly string[], quietHours: number, now: Date): void {
  const wanted = [...new Set(plan.numbers.filter((n) => parts.includes(n.part)).map((n) => n.callRoute))].sort();
  const shown = list(doc.gcv?.shown, "the list of calls that the records show by call route");
  const oldest = now.getTime() - (quietHours + SHOWN_HOURS) * 3_600_000;
  const unseen = wanted.filter((callRoute) => {
    const at = shown.find((s) => s.callRoute === callRoute)?.at;
    if (typeof at !== "string") return true;
    const atMs = time(at, `the last call of ${callRoute}`);
    return atMs < oldest || atMs > now.getTime() + CLOCK_SKEW_SECONDS * 1000;
  });
  if (unseen.length === 0) return;
  const hoursBack = quietHours + SHOWN_HOURS;
  throw new Unusable(
    "inconclusive",
    `the organisation's records show this client no call of ${unseen.join(", ")} by any path in ${hoursBack} h: nothing seen there is no silence`,
  );
}

/** What is to be done when no call is seen at all; a part of each gate's cure. */
const TO_SEE =
  "where no call is seen at all, give the OAuth client's role every division and place a test call to each of these call routes";

/**
 * Networks that some number was not called from: those that the plan names, and any that called another of the numbers. One friendly network
 * says nothing of the one that learns last.
 */
function unheard(plan: Plan, tests: readonly TestCall[], numbers: readonly string[]): string[] {
  const called = tests.flatMap((t) => (t.network ? [t.network] : []));
  const networks = [...new Set([...(plan.carrier.testNetworks ?? []), ...called])].sort();
  return networks.flatMap((network) => {
    const missing = numbers.filter((n) => !tests.some((t) => t.number === n && t.network === network));
    return missing.length > 0 ? [`no test call from ${network} to ${missing.join(", ")}`] : [];
  });
}

/**
 * Nothing reaches these numbers by the old path any more: the last activation has settled in the networks' caches, the traffic on
 * GCV is zero, and each network asked arrives over BYOC. Zero traffic alone may be a quiet night; the time alone is a hope.
 */
export const releaseDrained: GateRule = {
  name: "release-drained",
  judge({ plan, move, facts, now }) {
    const parts = partsEntering(move, "released");
    const { lrnSettleHours } = plan.limits;
    const need = {
      required: `${lrnSettleHours} h since the last activation of ${parts.join(", ")}, no call on GCV for ${QUIET_HOURS} h, and a test call from every network over BYOC`,
      fix: `wait; a network that still reaches GCV has to update its number portability data; ${TO_SEE}`,
    };
    return judged(this.name, need, () => {
      const carrier = document(plan, facts, "carrier", now);
      const reasons: string[] = [];
      for (const part of parts) {
        const ranges = rangesOfParts(plan, [part]);
        const waiting = notActive(carrier, ranges, now);
        const last = lastActivation(carrier, ranges, now);
        if (waiting.length > 0 || last === undefined) reasons.push(`${part}: not Active: ${formatRanges(waiting)}`);
        else if (now.getTime() - last < lrnSettleHours * 3_600_000)
          reasons.push(`${part}: last activation ${hours(now.getTime() - last)} ago`);
      }
      const quality = document(plan, facts, "quality", now);
      const quiet = quietFor(quality, now);
      if (quiet !== undefined && quiet < QUIET_HOURS * 3_600_000) reasons.push(`a call on GCV ${hours(quiet)} ago`);
      const numbers = parts.flatMap((part) => sampleOrders(plan, part));
      const { tests, reasons: calls } = testProblems(plan, document(plan, facts, "sip", now), "network", numbers, now);
      reasons.push(...calls);
      for (const t of tests) {
        if (!t.network) reasons.push(`${t.number}: a test call without the name of its network`);
        else if (!overByoc(plan, t)) reasons.push(`${t.network} does not reach ${t.number} over BYOC`);
      }
      reasons.push(...unheard(plan, tests, numbers));
      if (reasons.length === 0) believable(plan, quality, parts, lrnSettleHours, now);
      return decide(this.name, reasons, `settled, no call on GCV, ${tests.length} test calls over BYOC`, need);
    });
  },
};

/** The numbers are gone from the GCV inventory: a BYOC pool may not overlap it. */
export const inventoryEmpty: GateRule = {
  name: "inventory-empty",
  judge({ plan, move, to, facts, now }) {
    const parts = to.phase === "complete" ? plan.parts.map((p) => p.id) : partsEntering(move, "adopted");
    const numbers = plan.numbers.filter((n) => parts.includes(n.part)).map((n) => n.number);
    const need = {
      required: `none of the ${numbers.length} numbers of ${parts.join(", ")} in the GCV inventory`,
      fix: "have the operator remove exactly the numbers of the request",
    };
    return judged(this.name, need, () => {
      const { inventory } = document(plan, facts, "record", now);
      if (!inventory || !Array.isArray(inventory.stillHeld))
        throw new Unusable("inconclusive", "the inventory was not asked");
      const checked = amount(inventory.checked, "the count of numbers looked up");
      if (checked < numbers.length)
        throw new Unusable("inconclusive", `${checked} of ${numbers.length} numbers were looked up`);
      const own = new Set(numbers);
      const held = inventory.stillHeld;
      const foreign = held.filter((n) => !own.has(n));
      if (foreign.length > 0)
        throw new Unusable("inconclusive", `the inventory answered for ${foreign[0]}, which nobody asked about`);
      const seen =
        held.length > 0
          ? `${held.length} still held: ${held.slice(0, 3).join(", ")}`
          : `${checked} looked up, none held`;
      return held.length > 0 ? failed(this.name, seen, need) : passed(this.name, seen, need);
    });
  },
};

/** GCV has been silent long enough that its standby may close for good. */
export const soakOver: GateRule = {
  name: "soak-over",
  judge({ plan, facts, now }) {
    const soakMs = plan.limits.soakHours * 3_600_000;
    const need = {
      required: `${plan.limits.soakHours} h in cutover without a call on GCV`,
      fix: `wait; find who still calls the old path; ${TO_SEE}`,
    };
    return judged(this.name, need, () => {
      const since = time(
        document(plan, facts, "record", now).record?.since?.cutover,
        "the time since cutover in the phase record",
      );
      const held = now.getTime() - since;
      const quality = document(plan, facts, "quality", now);
      const quiet = quietFor(quality, now);
      const reasons = [
        ...(held >= soakMs ? [] : [`in cutover for ${hours(held)}`]),
        ...(quiet === undefined || quiet >= soakMs ? [] : [`a call on GCV ${hours(quiet)} ago`]),
      ];
      const every = plan.parts.map((p) => p.id);
      if (reasons.length === 0) believable(plan, quality, every, plan.limits.soakHours, now);
      return decide(
        this.name,
        reasons,
        quiet === undefined ? "no call on GCV" : `last call on GCV ${hours(quiet)} ago`,
        need,
      );
    });
  },
};

/** The one step without a way back is asked for by the stack's name. */
export const confirmedByName: GateRule = {
  name: "confirmed-by-name",
  judge({ facts }) {
    const stack = facts.stack;
    const need = {
      required: `cutover:confirm is the stack's name${stack ? `, ${stack}` : ""}`,
      fix: `run pulumi config set cutover:confirm ${stack ?? "<stack>"}`,
    };
    return judged(this.name, need, () => {
      if (!stack) throw new Unusable("inconclusive", "the stack's name is missing among the facts");
      const seen = facts.confirm ? `cutover:confirm "${facts.confirm}"` : "no cutover:confirm";
      return facts.confirm === stack ? passed(this.name, seen, need) : failed(this.name, seen, need);
    });
  },
};
