import type { CarrierDoc } from "../facts";
import { compareNumbers, formatRanges, rangeIndex, rangesContain, toRanges } from "../ranges";
import { customerHost, trunkHost } from "../regions";
import type { NumberRange, Plan } from "../types";
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
 * Numbers of a call route that are another flow's: a call to them would reach the wrong queue. The name is `<flow>` or `<flow> BYOC`;
 * call routes of no flow of the plan, and numbers that the plan does not know, are nobody's business.
 */
export function foreignNumbers(
  plan: Plan,
  name: string,
  numbers: readonly string[],
  flows: readonly { flow: string; shadow: string; spare: string }[],
): Finding[] {
  const flow = name.replace(/ BYOC$/, "");
  if (!flows.some((f) => f.flow === flow)) return [];
  const flowOf = flowsByNumber(plan);
  const spares = new Map(flows.flatMap((f) => [f.shadow, f.spare].map((n) => [n, f.flow] as const)));
  const wrong = numbers.filter((n) => (flowOf.get(n) ?? spares.get(n) ?? flow) !== flow);
  if (wrong.length === 0) return [];
  return [
    {
      seen: `${formatRanges(toRanges(wrong))} on the call route ${name}`,
      required: `numbers of the flow ${flow} only`,
      fix: "bind each number to the call route of its own flow (numbers.csv, column flow)",
    },
  ];
}

const flowsOf = new WeakMap<Plan, ReadonlyMap<string, string>>();

/** Flow by number; made once for a plan, since each call route asks. */
function flowsByNumber(plan: Plan): ReadonlyMap<string, string> {
  const known = flowsOf.get(plan) ?? new Map(plan.numbers.map((n) => [n.number, n.flow]));
  flowsOf.set(plan, known);
  return known;
}
