import { dnsKey } from "../phases";
import { sameName } from "../rules/dns";
import { safeWaitSeconds } from "../ttl";
import type { DnsDoc } from "../facts";
import type { Plan } from "../types";
import { decide, document, hours, judged, list, passed, time, Unusable } from "../verdict";
import type { GateRule } from "./context";

type Answer = NonNullable<DnsDoc["answers"]>[number];

/** Answers by record of the plan; a record that no name server or no resolver spoke for is not known. */
export function answersByRecord(plan: Plan, doc: DnsDoc): Map<string, Answer[]> {
  const answers = list(doc.answers, "the list of DNS answers");
  const keys = new Set(plan.dns.map(dnsKey));
  const foreign = answers.find((a) => !keys.has(a.key));
  if (foreign) throw new Unusable("inconclusive", `an answer for ${foreign.key}, which the plan does not have`);
  const isResolver = (a: Answer) => !a.resolver.startsWith("ns:");
  return new Map(
    plan.dns.map((record) => {
      const key = dnsKey(record);
      const own = answers.filter((a) => a.key === key);
      // A name server of another provider, or of the other view, speaks for another copy of the zone.
      if (!own.some((a) => a.resolver.startsWith(`ns:${record.provider}:${record.view}:`)))
        throw new Unusable("inconclusive", `no name server was asked for ${key}`);
      if (!own.some(isResolver)) throw new Unusable("inconclusive", `no resolver was asked for ${key}`);
      const sameView = new Set(plan.dns.filter((d) => d.view === record.view).map(dnsKey));
      const other = answers.find(
        (a) => isResolver(a) && sameView.has(a.key) && !own.some((o) => o.resolver === a.resolver),
      );
      if (other) throw new Unusable("inconclusive", `${other.resolver} was asked for ${other.key} and not for ${key}`);
      const silent = own.find((a) => a.error);
      if (silent) throw new Unusable("errored", `${silent.resolver} did not answer for ${key}: ${silent.error}`);
      return [key, own] as const;
    }),
  );
}

/**
 * Before anything depends on DNS, the lowered TTL has been in effect for max(48 h, old TTL), and is what every name server and
 * resolver asked answers today. The time alone proves nothing about a resolver that clamps; the answer alone proves
 * nothing about the ones that were not asked.
 */
export const ttlLoweredInTime: GateRule = {
  name: "ttl-lowered-in-time",
  judge({ plan, facts, now }) {
    const waitMs = safeWaitSeconds(plan.dns) * 1000;
    const need = {
      required: `every server answers the lowered TTL or less, and ${hours(waitMs)} have passed since ttl-lowered`,
      fix: "wait until the time has passed; have a resolver that keeps the old TTL flushed, or move the carrier off it",
    };
    if (plan.dns.length === 0) return passed(this.name, "no DNS record in the plan", need);
    return judged(this.name, need, () => {
      const record = document(plan, facts, "record", now).record;
      const since = time(record?.since?.["ttl-lowered"], "the time since ttl-lowered in the phase record");
      const heldMs = now.getTime() - since;
      const reasons = heldMs >= waitMs ? [] : [`ttl-lowered for ${hours(heldMs)}`];
      let asked = 0;
      for (const [key, answers] of answersByRecord(plan, document(plan, facts, "dns", now))) {
        const { lowered } = plan.dns.find((d) => dnsKey(d) === key)!.ttlSeconds;
        for (const { resolver, ttlSeconds } of answers) {
          asked++;
          const known = typeof ttlSeconds === "number" && Number.isFinite(ttlSeconds) && ttlSeconds >= 0;
          if (!known) throw new Unusable("inconclusive", `${resolver} gave no TTL for ${key}`);
          if (ttlSeconds > lowered)
            reasons.push(`${resolver} answers ${ttlSeconds} s for ${key}, more than ${lowered}`);
        }
      }
      return decide(this.name, reasons, `${asked} answers at the lowered TTL, lowered for ${hours(heldMs)}`, need);
    });
  },
};

/** Whether every name server and resolver asked gives the wanted target, by key of the record; the proof before the first R2. */
export function dnsMoved(
  plan: Plan,
  doc: DnsDoc,
  wanted: ReadonlyMap<string, string>,
): { reasons: string[]; asked: number } {
  const reasons: string[] = [];
  let asked = 0;
  for (const [key, answers] of answersByRecord(plan, doc)) {
    const target = wanted.get(key);
    if (target === undefined) continue;
    for (const { resolver, target: seen } of answers) {
      asked++;
      if (!seen) throw new Unusable("inconclusive", `${resolver} gave no target for ${key}`);
      if (!sameName(seen, target)) reasons.push(`${resolver} still answers ${seen} for ${key}`);
    }
  }
  return { reasons, asked };
}
