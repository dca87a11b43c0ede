import type { CarrierDoc } from "../facts";
import { formatRanges, toRanges } from "../ranges";
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

/**
 * Numbers that two active carrier routes send to different places: which one a call takes is chance. A route and its own `nextHost`
 * are one way.
 */
export function twoWays(routes: readonly Route[], numbers: readonly NumberRange[]): string[] {
  const active = routes.filter((r) => r.state === "active");
  const problems: string[] = [];
  for (const [i, a] of active.entries()) {
    for (const b of active.slice(i + 1)) {
      if (sameName(a.host, b.host) && (a.calledNumber ?? null) === (b.calledNumber ?? null)) continue;
      const both = shared(shared(a.ranges, b.ranges), numbers);
      if (both.length > 0) {
        problems.push(
          `${formatRanges(both)} by ${a.key} to ${a.calledNumber ?? "itself"} at ${a.host} and by ${b.key} to ${b.calledNumber ?? "itself"} at ${b.host}`,
        );
      }
    }
  }
  return problems;
}

/** Numbers that both lists of ranges hold. */
function shared(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  return a.flatMap((x) =>
    b.flatMap((y) => {
      if (x.from.length !== y.from.length || x.from > y.to || y.from > x.to) return [];
      return [{ from: x.from > y.from ? x.from : y.from, to: x.to < y.to ? x.to : y.to }];
    }),
  );
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
  const flowOf = new Map(plan.numbers.map((n) => [n.number, n.flow]));
  for (const f of flows) flowOf.set(f.shadow, f.flow).set(f.spare, f.flow);
  const wrong = numbers.filter((n) => (flowOf.get(n) ?? flow) !== flow);
  if (wrong.length === 0) return [];
  return [
    {
      seen: `${formatRanges(toRanges(wrong))} on the call route ${name}`,
      required: `numbers of the flow ${flow} only`,
      fix: "bind each number to the call route of its own flow (numbers.csv, column flow)",
    },
  ];
}
