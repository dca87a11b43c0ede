import type { DnsDoc } from "../facts";
import { dnsAt } from "../phases";
import { formatRanges, subtractRanges, toRanges } from "../ranges";
import { sameName } from "../rules/dns";
import { adoptionChanges } from "../rules/existing";
import { twoWays } from "../rules/routes";
import type { Plan, Position } from "../types";
import { decide, document, judged, list, numberRanges, passed, Unusable } from "../verdict";
import { formatWaves } from "../waves";
import { type GateContext, type GateRule, partsEntering, rangesOfParts, sitesLeaving } from "./context";
import { answersByRecord } from "./dns";
import { activeRoutes, notActive, realRoutesOf, shadowRoutesOf } from "./port";

/** Targets by record at a position. */
const targetsAt = (plan: Plan, at: Position): Map<string, string> =>
  new Map(dnsAt(plan, at.phase === "none" ? "baseline" : at.phase, at.waves).map((d) => [d.key, d.target] as const));

const samePlace = (a: Position, b: Position) => a.phase === b.phase && formatWaves(a.waves) === formatWaves(b.waves);

/**
 * Every server gives one answer: the target of where the stack stands, or, when an earlier try of the same step has moved it already,
 * the one it goes to. A third answer, or two at once before anything moved, is the split brain of the guide.
 */
export const dnsAgreesEverywhere: GateRule = {
  name: "dns-agrees-everywhere",
  judge({ plan, from, to, facts, now }) {
    const [before, after] = [targetsAt(plan, from), targetsAt(plan, to)];
    const wanted = [...new Set([...before.values(), ...after.values()])];
    const need = {
      required: `the same answer at every server: ${wanted.join(" or ") || "none"}`,
      fix: `correct the zone that answers otherwise, or add its provider to dns; have a resolver that keeps an old answer flushed${samePlace(from, to) ? "; put dns[] back where only the plan was edited: a name moves with a wave, never by an edit" : ""}`,
    };
    if (plan.dns.length === 0) return passed(this.name, "no DNS record in the plan", need);
    return judged(this.name, need, () => {
      const doc = document(plan, facts, "dns", now);
      const reasons = list(doc.others ?? [], "the list of other name servers").map(
        ({ name, resolver, target }) =>
          `${resolver} serves ${name} too, answers ${target ?? "no target"}, and the plan has no record there`,
      );
      let asked = 0;
      for (const [key, answers] of answersByRecord(plan, doc)) {
        const known = [before.get(key), after.get(key)].filter((t) => t !== undefined);
        for (const { resolver, target } of answers) {
          asked++;
          if (!target) throw new Unusable("inconclusive", `${resolver} gave no target for ${key}`);
          if (!known.some((t) => sameName(t, target))) reasons.push(`${resolver} answers ${target} for ${key}`);
        }
        const zones = answers.filter((a) => a.resolver.startsWith("ns:"));
        const differ = zones.find((a) => !sameName(a.target!, zones[0]!.target!));
        if (differ)
          reasons.push(`${zones[0]!.resolver} answers ${zones[0]!.target}, ${differ.resolver} ${differ.target}`);
      }
      return decide(this.name, reasons, `${asked} answers agree`, need);
    });
  },
};

/** The name moves for numbers that live at the new carrier: each one is still Active when its wave is adopted. */
export const dnsNotBeforePort: GateRule = {
  name: "dns-not-before-port",
  judge(context) {
    const parts = partsEntering(context.move, "adopted");
    const need = {
      required: `each number of ${parts.join(", ")} Active at the gaining carrier before a name leads to it`,
      fix: "wait for the activation; a port that was reverted goes back to released first",
    };
    return judged(this.name, need, () => activeVerdict(this.name, context, parts, need));
  },
};

function activeVerdict(
  gate: string,
  { plan, facts, now }: GateContext,
  parts: readonly string[],
  need: { required: string; fix: string },
) {
  const waiting = notActive(document(plan, facts, "carrier", now), rangesOfParts(plan, parts), now);
  const reasons = waiting.length > 0 ? [`not Active: ${formatRanges(waiting)}`] : [];
  return decide(gate, reasons, `${parts.join(", ")} Active`, need);
}

/** A site's calls go out over the new carrier when all its numbers are Active there: before that their caller ids are refused. */
export const outboundAfterPort: GateRule = {
  name: "outbound-after-port",
  judge({ plan, from, to, facts, now }) {
    const sites = sitesLeaving(plan, from, to);
    const need = {
      required: `every number of ${sites.join(", ") || "the site"} Active at the gaining carrier before its calls go out there`,
      fix: "wait for the activation of the site's last number",
    };
    if (sites.length === 0) return passed(this.name, "no site changes its outbound route", need);
    return judged(this.name, need, () => {
      const ranges = toRanges(plan.numbers.filter((n) => sites.includes(n.site)).map((n) => n.number));
      const waiting = notActive(document(plan, facts, "carrier", now), ranges, now);
      return decide(
        this.name,
        waiting.length > 0 ? [`not Active: ${formatRanges(waiting)}`] : [],
        `${sites.join(", ")} Active`,
        need,
      );
    });
  },
};

/**
 * Each moving number has one way in at the carrier: two active routes to different places make the answer a matter of chance, and none
 * is no answer. What the first route has to be is carrier-route-ready's to say; from then on it has to be there still.
 */
export const oneLivePath: GateRule = {
  name: "one-live-path",
  judge({ plan, move, facts, now }) {
    const parts = [...new Set(move.entering.map((e) => e.part))];
    const need = {
      required: `one active carrier route for each number of ${parts.join(", ")}, the plan's`,
      fix: "have the carrier enter the plan's route where it is missing, and take out the routes that are not the plan's",
    };
    return judged(this.name, need, () => {
      const routes = activeRoutes(document(plan, facts, "carrier", now));
      const later = [...partsEntering(move, "released"), ...partsEntering(move, "adopted")];
      const reasons = [...twoWays(routes, rangesOfParts(plan, parts)), ...unrouted(plan, routes, later)];
      return decide(this.name, reasons, `one route for each number of ${parts.join(", ")}`, need);
    });
  },
};

/** Numbers of some parts that no active route of the plan carries any more: R1, or R2 where an earlier try has turned it already. */
function unrouted(plan: Plan, routes: ReturnType<typeof activeRoutes>, parts: readonly string[]): string[] {
  const own = [...shadowRoutesOf(plan, parts), ...realRoutesOf(plan)];
  const carried = own.flatMap((want) => {
    const same = routes.filter((r) => sameName(r.host, want.host) && (r.calledNumber ?? null) === want.calledNumber);
    // A route's ranges at the carrier may be wider than the plan's, never the other way about.
    return same.flatMap((r) => r.ranges);
  });
  const missing = subtractRanges(rangesOfParts(plan, parts), carried);
  return missing.length > 0 ? [`no active route of the plan for ${formatRanges(missing)}`] : [];
}

/** Adopting what exists changes none of it: an import is followed by an update wherever the plan says otherwise. */
export const baselineChangesNothing: GateRule = {
  name: "baseline-changes-nothing",
  judge({ plan, facts, now }) {
    const need = {
      required: "a plan that says what exists: adopting it changes nothing",
      fix: "correct numbers.csv and dns[] to what is there today, or the organisation to the plan, then run again",
    };
    return judged(this.name, need, () => {
      const { existing } = document(plan, facts, "record", now);
      if (!existing) throw new Unusable("inconclusive", "what exists was not read");
      for (const { name, ranges } of existing.ivrs) numberRanges(ranges, `the call route ${name}`);
      const dns: DnsDoc | undefined = plan.dns.length > 0 ? document(plan, facts, "dns", now) : undefined;
      if (dns) answersByRecord(plan, dns);
      const reasons = adoptionChanges(plan, existing, dns?.answers);
      const seen = `${existing.ivrs.length} call routes, ${existing.outbound.length} outbound routes and ${plan.dns.length} records as planned`;
      return decide(this.name, reasons, seen, need);
    });
  },
};
