import type { DnsDoc, RecordDoc } from "../facts";
import { desiredState } from "../phases";
import { formatRanges, subtractRanges, toRanges } from "../ranges";
import type { Plan } from "../types";
import { sameName } from "./dns";

/**
 * What adopting the existing objects would change. An import takes an object as the program declares it, and what differs is updated
 * at once: a number that the plan does not list would leave its call route, a record would get another target.
 */
export function adoptionChanges(
  plan: Plan,
  existing: NonNullable<RecordDoc["existing"]>,
  dns: DnsDoc["answers"] = [],
): string[] {
  const state = desiredState(plan, "baseline", {});
  const flows = new Map(state.callRoutes.map((r) => [r.callRoute, r.flow]));
  const ivrs = state.gcvIvrs.flatMap(({ callRoute, numbers }) => {
    const flow = flows.get(callRoute);
    const found = existing.ivrs.find((i) => i.name === callRoute);
    if (!found) return [`no call route ${callRoute}`];
    const want = toRanges(numbers);
    const dropped = subtractRanges(found.ranges, want);
    const added = subtractRanges(want, found.ranges);
    return [
      ...(dropped.length > 0 ? [`${callRoute} would lose ${formatRanges(dropped)}, which the plan does not list`] : []),
      ...(added.length > 0 ? [`${callRoute} would gain ${formatRanges(added)}, which it does not hold`] : []),
      ...(found.flow === flow
        ? []
        : [`${callRoute} would lead to the flow ${flow} instead of ${found.flow ?? "none"}`]),
    ];
  });
  const outbound = state.outbound.flatMap(({ site }) => {
    const found = existing.outbound.find((o) => o.site === site);
    if (!found) return [`no default outbound route at ${site}`];
    const other = found.trunks.filter((t) => t !== existing.gcvTrunk);
    const missing = found.trunks.includes(existing.gcvTrunk) ? [] : [existing.gcvTrunk];
    if (other.length + missing.length === 0) return [];
    return [
      `the outbound route of ${site} would go to ${existing.gcvTrunk} instead of ${found.trunks.join(", ") || "no trunk"}`,
    ];
  });
  return [...ivrs, ...outbound, ...recordChanges(state.dns, dns)];
}

/** Differences of the records as their own name servers answer them; a resolver's answer has aged. */
function recordChanges(
  wanted: readonly { key: string; name: string; target: string; ttlSeconds: number }[],
  answers: NonNullable<DnsDoc["answers"]>,
): string[] {
  return wanted.flatMap(({ key, name, target, ttlSeconds }) =>
    answers
      .filter((a) => a.key === key && a.resolver.startsWith("ns:") && !a.error)
      .flatMap((a) => [
        ...(a.target && sameName(a.target, target)
          ? []
          : [`${name} would lead to ${target} instead of ${a.target ?? "nothing"}`]),
        ...(a.ttlSeconds === ttlSeconds
          ? []
          : [`${name} would have a TTL of ${ttlSeconds} s instead of ${a.ttlSeconds ?? "none"}`]),
      ]),
  );
}
