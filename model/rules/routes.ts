import type { CarrierDoc } from "../facts";
import { compareNumbers, formatRanges, rangeIndex, rangesContain, toRanges } from "../ranges";
import { customerHost, trunkHost } from "../regions";
import type { NumberRange, Plan, PlanCallRoute } from "../types";
import { sameName } from "./dns";
import type { Finding } from "./finding";

/**
 * Why a carrier cannot dial a host for numbers, or nothing. The trunk's own name is always right: its certificate covers it and the
 * edge knows it. The customer's name is right for a carrier that judges the certificate by the target it leads to and writes that
 * into its request; a shadow never travels through it, since it follows DNS, which has not moved yet.
 */
export function undialableHost(plan: Plan, host: string, shadow: boolean): Finding[] {
  const own = trunkHost(plan);
  const { tlsNameCheck, requestHost } = plan.carrier;
  if (sameName(host, own)) return [];
  const customer = customerHost(plan);
  const finding = (why: string): Finding[] => [
    {
      seen: `host ${host}`,
      required: `${own}: ${why}`,
      fix: "set carrier.routeHost: genesys-name, or correct the host of the route",
    },
  ];
  if (!customer || !sameName(host, customer)) return finding("a name that Genesys and its certificate know");
  if (shadow) return finding("a shadow is dialled at the trunk's own name, which does not follow DNS");
  if (tlsNameCheck === "strict")
    return finding(
      "the carrier checks the certificate against the name it dials (RFC 5922), and it covers Genesys' names only",
    );
  if (requestHost === "customer-name")
    return finding(
      "the carrier writes the name it dials into the request, and the edge refuses a host it does not know",
    );
  return [];
}

/** One way of a number into the organisation, as the carrier has it on file. */
type Route = NonNullable<CarrierDoc["routes"]>[number];

const wayOf = (r: Route): string => `${r.calledNumber ?? "itself"} at ${r.host.toLowerCase().replace(/\.$/, "")}`;

/**
 * Numbers that two active carrier routes send to different places: which one a call takes is chance. A route and its own `nextHost`
 * are one way. One pass over the sorted ranges: a plan may have a hundred thousand of them.
 */
export function twoWays(routes: readonly Route[], numbers: readonly NumberRange[]): string[] {
  const asked = numbers.length > 0 ? rangeIndex(numbers) : () => undefined;
  const ends = [...numbers].map((r) => r.from);
  const pieces = routes
    .filter((r) => r.state === "active")
    .flatMap((route) => route.ranges.map((range) => ({ range, route, way: wayOf(route) })))
    .sort((a, b) => compareNumbers(a.range.from, b.range.from));
  const problems = new Map<string, NumberRange[]>();
  let open: (typeof pieces)[number][] = [];
  for (const piece of pieces) {
    open = open.filter((o) => compareNumbers(o.range.to, piece.range.from) >= 0);
    for (const other of open) {
      if (other.way === piece.way) continue;
      const to = compareNumbers(other.range.to, piece.range.to) < 0 ? other.range.to : piece.range.to;
      const both = { from: piece.range.from, to };
      if (!asked(both.from) && !ends.some((n) => rangesContain([both], n))) continue;
      const key = `by ${other.route.key} to ${other.way} and by ${piece.route.key} to ${piece.way}`;
      problems.set(key, [...(problems.get(key) ?? []), both]);
    }
    open.push(piece);
  }
  return [...problems].map(([ways, ranges]) => `${formatRanges(ranges)} ${ways}`);
}

/** Call routes (IVRs) by name with their numbers: a number in two of them rings in two flows. */
export function boundTwice(
  ivrs: readonly { name: string; numbers: readonly string[] }[],
): { number: string; names: string[] }[] {
  const holders = new Map<string, Set<string>>();
  for (const { name, numbers } of ivrs) {
    for (const number of numbers) holders.set(number, (holders.get(number) ?? new Set()).add(name));
  }
  return [...holders].flatMap(([number, names]) => (names.size > 1 ? [{ number, names: [...names] }] : []));
}

/**
 * Numbers that belong on another call route: a call to them would reach the wrong flow, or the right one at the wrong hours. The name is
 * `<call route>` or `<call route> BYOC`; call routes that are not the plan's, and numbers that it does not know, are nobody's business.
 */
export function foreignNumbers(
  plan: Plan,
  name: string,
  numbers: readonly string[],
  callRoutes: readonly PlanCallRoute[],
): Finding[] {
  const own = name.replace(/ BYOC$/, "");
  if (!callRoutes.some((r) => r.callRoute === own)) return [];
  const routeOf = callRouteByNumber(plan);
  const spares = new Map(callRoutes.flatMap((r) => [r.shadow, r.spare].map((n) => [n, r.callRoute] as const)));
  const wrong = numbers.filter((n) => (routeOf.get(n) ?? spares.get(n) ?? own) !== own);
  if (wrong.length === 0) return [];
  return [
    {
      seen: `${formatRanges(toRanges(wrong))} on the call route ${name}`,
      required: `numbers of ${own} only`,
      fix: "bind each number to its own call route (numbers.csv, column call_route, or flow where there is none)",
    },
  ];
}

const routesOf = new WeakMap<Plan, ReadonlyMap<string, string>>();

/** Call route by number; made once for a plan, since each call route asks. */
function callRouteByNumber(plan: Plan): ReadonlyMap<string, string> {
  const known = routesOf.get(plan) ?? new Map(plan.numbers.map((n) => [n.number, n.callRoute]));
  routesOf.set(plan, known);
  return known;
}
