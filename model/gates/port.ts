import { desiredState } from "../phases";
import { countNumbers, formatRanges, subtractRanges, toRanges } from "../ranges";
import type { CarrierDoc, Facts, Verdict } from "../facts";
import type { DesiredRoute, NumberRange, Plan } from "../types";
import { twoWays } from "../rules/routes";
import { CLOCK_SKEW_SECONDS, decide, document, judged, list, numberRanges, passed, time } from "../verdict";
import { samplePart, testProblems } from "./calls";
import { type GateRule, partsEntering, rangesOfParts, rangesOfPlan, sitesLeaving } from "./context";

type NumberState = NonNullable<CarrierDoc["numbers"]>[number];

const overlaps = (a: NumberRange, b: NumberRange) =>
  a.from.length === b.from.length && a.from <= b.to && b.from <= a.to;

/** Number states that are Active and were activated by `now`; a date to come is a plan, not a port. */
function activeStates(doc: CarrierDoc, now: Date): NumberState[] {
  return list(doc.numbers, "the list of number states").filter((n) => {
    if (n.status !== "Active") return false;
    numberRanges([n.range], "the list of number states");
    return time(n.activatedAt, `the activation time of ${n.range.from}`) <= now.getTime() + CLOCK_SKEW_SECONDS * 1000;
  });
}

/** Time of the last activation among the numbers of the ranges, or undefined when none is active. */
export function lastActivation(doc: CarrierDoc, ranges: readonly NumberRange[], now: Date): number | undefined {
  const times = activeStates(doc, now)
    .filter((n) => ranges.some((r) => overlaps(r, n.range)))
    .map((n) => time(n.activatedAt, `the activation time of ${n.range.from}`));
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** Numbers of the ranges that no Active state covers. */
export function notActive(doc: CarrierDoc, ranges: readonly NumberRange[], now: Date): NumberRange[] {
  return subtractRanges(
    ranges,
    activeStates(doc, now).map((n) => n.range),
  );
}

/** Each number is Active: not its order, not its date. An order may split, slip, or report "ported" with cancelled numbers. */
export const portLive: GateRule = {
  name: "port-live",
  judge({ plan, move, facts, now }) {
    const parts = partsEntering(move, "live");
    const need = {
      required: `each number of ${parts.join(", ")} Active at the gaining carrier`,
      fix: "wait for the activation, or ask the carrier about these numbers",
    };
    return judged(this.name, need, () => {
      const ranges = rangesOfParts(plan, parts);
      const waiting = notActive(document(plan, facts, "carrier", now), ranges, now);
      const reasons =
        waiting.length > 0 ? [`${countNumbers(waiting)} numbers are not Active: ${formatRanges(waiting)}`] : [];
      return decide(this.name, reasons, `${countNumbers(ranges)} numbers Active`, need);
    });
  },
};

/** Routes that the carrier has on file and active. */
export function activeRoutes(doc: CarrierDoc): NonNullable<CarrierDoc["routes"]> {
  const routes = list(doc.routes, "the list of carrier routes").filter((r) => r.state === "active");
  for (const { key, ranges } of routes) numberRanges(ranges, `the carrier route ${key}`);
  return routes;
}

/** What of the wanted routes the carrier does not have on file and active. */
export function routeProblems(doc: CarrierDoc, wanted: readonly DesiredRoute[]): string[] {
  const routes = activeRoutes(doc);
  return wanted.flatMap((want) => {
    const same = routes.filter(
      (r) => r.host.toLowerCase() === want.host.toLowerCase() && (r.calledNumber ?? null) === want.calledNumber,
    );
    const missing = subtractRanges(
      want.ranges,
      same.flatMap((r) => r.ranges),
    );
    if (missing.length === 0) return [];
    return [
      `no active route to ${want.calledNumber ?? "the number itself"} at ${want.host} for ${formatRanges(missing)}`,
    ];
  });
}

/** Numbers without an active emergency address of their own at the carrier. */
export function emergencyMissing(
  onFile: readonly { address: string; ranges: readonly NumberRange[]; state: string }[],
  numbers: readonly { number: string; emergencyAddress: string }[],
): NumberRange[] {
  const byAddress = new Map<string, string[]>();
  for (const n of numbers) byAddress.set(n.emergencyAddress, [...(byAddress.get(n.emergencyAddress) ?? []), n.number]);
  return [...byAddress].flatMap(([address, list]) => {
    const there = onFile.filter((e) => e.address === address && e.state === "active");
    for (const e of there) numberRanges(e.ranges, `the emergency address ${address}`);
    return subtractRanges(
      toRanges(list),
      there.flatMap((e) => e.ranges),
    );
  });
}

/**
 * A call to 911 or 112 says where its caller is. It leaves over GCV, which tells the place of the phone or its site, until the site's outbound route
 * moves at `adopted`; from then on it is the gaining carrier's to tell, by the number. So each number's address is active before its wave is
 * `live`, and once more before the route of its site moves: days lie between. Already on the way into `cutover`, with the ports to come, none may be
 * refused or missing; one still pending is no fault then, since a carrier may activate addresses with the port only.
 */
export const emergencyAddressRegistered: GateRule = {
  name: "emergency-address-registered",
  judge({ plan, from, to, move, facts, now }) {
    const parts = partsEntering(move, "live");
    const sites = sitesLeaving(plan, from, to);
    const ahead = from.phase !== to.phase;
    const numbers = plan.numbers.filter((n) => ahead || parts.includes(n.part) || sites.includes(n.site));
    const whose = ahead ? "the plan" : [...parts, ...sites.map((site) => `site ${site}`)].join(", ");
    const need = {
      required: `${ahead ? "an emergency address asked for, and not refused," : "an active emergency address"} at the carrier for each number of ${whose || "the wave"}`,
      fix: "have the carrier register the addresses as they stand in numbers.csv",
    };
    if (numbers.length === 0)
      return passed(this.name, "no number goes live, and no site changes its outbound route", need);
    return judged(this.name, need, () => {
      const told = list(document(plan, facts, "carrier", now).emergency, "the list of emergency addresses");
      const onFile = ahead ? told.map((e) => (e.state === "pending" ? { ...e, state: "active" } : e)) : told;
      const missing = emergencyMissing(onFile, numbers);
      const reasons = missing.length > 0 ? [`${countNumbers(missing)} numbers without: ${formatRanges(missing)}`] : [];
      return decide(this.name, reasons, `${numbers.length} numbers with their address`, need);
    });
  },
};

/** R1 of these parts as the plan wants it. */
export function shadowRoutesOf(plan: Plan, parts: readonly string[]): DesiredRoute[] {
  return desiredState(plan, "porting", {}).routes.filter((r) => r.kind === "R1" && parts.includes(r.part!));
}

/** R2 of all numbers as the plan wants it once every part is adopted. */
export const realRoutesOf = (plan: Plan): DesiredRoute[] => {
  const waves = Object.fromEntries(plan.parts.map((p) => [p.id, "adopted" as const]));
  return desiredState(plan, "cutover", waves).routes.filter((r) => r.kind === "R2");
};

/**
 * R1 of the moving numbers is active at the carrier, and a call that takes it is answered with audio. Before the last step it is R2 of all
 * numbers: a desk that has not turned one yet still sends it to a shadow, and that step takes the shadows away.
 */
export const carrierRouteReady: GateRule = {
  name: "carrier-route-ready",
  judge({ plan, to, move, facts, now }) {
    if (to.phase === "complete") return realRoutesReady(this.name, plan, facts, now);
    const parts = partsEntering(move, "live");
    const need = {
      required: `R1 of ${parts.join(", ")} active at the carrier, and a test call to one number of each range answered with audio`,
      fix: "have the carrier enter the routes as they stand in the plan, then test again",
    };
    return judged(this.name, need, () => {
      const reasons = routeProblems(document(plan, facts, "carrier", now), shadowRoutesOf(plan, parts));
      const numbers = parts.flatMap((part) => samplePart(plan, part));
      const { tests, reasons: calls } = testProblems(plan, document(plan, facts, "sip", now), "R1", numbers, now);
      return decide(this.name, [...reasons, ...calls], `routes active, ${tests.length} test calls with audio`, need);
    });
  },
};

function realRoutesReady(gate: string, plan: Plan, facts: Facts, now: Date): Verdict {
  const need = {
    required: "R2 of every number active at the carrier, and no route beside it: none leads to a shadow any more",
    fix: "have the carrier's desk carry out the routes that are still pending, and take out those that are not the plan's",
  };
  return judged(gate, need, () => {
    const wanted = realRoutesOf(plan);
    const doc = document(plan, facts, "carrier", now);
    // An R1 that was left beside R2 still takes calls, and its shadow goes with this step.
    const reasons = [...routeProblems(doc, wanted), ...twoWays(activeRoutes(doc), rangesOfPlan(plan))];
    return decide(gate, reasons, `${wanted.length} routes to the numbers themselves`, need);
  });
}
