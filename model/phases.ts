import { rangeIndex, splitRanges, toRanges } from "./ranges";
import { customerHost, trunkHost } from "./regions";
import { flowSlug } from "./flowslug";
import {
  type DesiredRoute,
  type DesiredState,
  type NumberRange,
  PHASES,
  type Phase,
  type Plan,
  type PlanCallRoute,
  type PlanNumber,
  type WaveStates,
  type WaveStep,
} from "./types";
import { namedParts, raiseFloor, stepOf, stepRank } from "./waves";

export { checkMove, type Move } from "./moves";
export { raiseFloor } from "./waves";

/**
 * The floor as the organisation shows it: a released part of which any number is in a BYOC pool (`pooled`, all such pools) was being
 * adopted when an update died, before the phase record could say so. Calls may already come in on its numbers: they stay bound.
 */
export function adoptedByPools(plan: Plan, floor: WaveStates, pooled: readonly NumberRange[]): WaveStates {
  const inPool = rangeIndex(pooled);
  const begun = plan.parts.filter(
    (p) => stepOf(floor, p.id) === "released" && p.numbers.some((n) => inPool(n) !== undefined),
  );
  return raiseFloor(floor, Object.fromEntries(begun.map((p) => [p.id, "adopted" as const])));
}

/** Whether phase `a` is `b` or a later one. */
export const phaseAtLeast = (a: Phase, b: Phase): boolean => PHASES.indexOf(a) >= PHASES.indexOf(b);

/** Call routes of the plan in the order of their names, each with its flow, its shadow number and its spare test number. */
export function planCallRoutes(plan: Plan): PlanCallRoute[] {
  const flowOf = new Map(plan.numbers.map((n) => [n.callRoute, n.flow]));
  return [...flowOf.keys()].sort().map((callRoute, i) => ({
    callRoute,
    flow: flowOf.get(callRoute)!,
    shadow: plan.carrier.shadowNumbers[i]!,
    spare: plan.carrier.testNumbers[i]!,
  }));
}

/**
 * Everything that is to exist at (plan, phase, waves); pure. `floor` is the highest step each part ever reached (kept in the
 * phase record): a part that was once adopted keeps its pool and binding on the way back, since its numbers are no
 * longer Genesys' and unbinding them would lose live calls. Rows, routes, DNS and outbound follow the step itself.
 * Wave states outside `cutover` and `complete` are taken as waiting; in `complete` all parts are adopted.
 */
export function desiredState(plan: Plan, phase: Phase, waves: WaveStates, floor: WaveStates = {}): DesiredState {
  const view = new View(plan, phase, waves, floor);
  const complete = phase === "complete";
  return {
    phase,
    waves: view.waves,
    dns: desiredDns(view),
    byoc: view.atLeast("parallel"),
    protectByoc: view.atLeast("canary"),
    protectShadows: phase === "canary" || phase === "porting",
    protectNumbers: view.atLeast("cutover"),
    callRoutes: view.callRoutes,
    gcvIvrs: gcvIvrs(view),
    byocIvrs: byocIvrs(view),
    shadowsExist: view.atLeast("parallel") && !complete,
    pools: plan.parts
      .filter((p) => view.bound(p.id) === "adopted")
      .map((p) => ({ part: p.id, ranges: splitRanges(toRanges(p.numbers)) })),
    rows: rows(view),
    outbound: outbound(view),
    routes: [...shadowRoutes(view), ...numberRoutes(view)],
    emergencyAddresses: view.atLeast("porting") ? emergencyAddresses(plan) : [],
    portOrders: view.atLeast("porting") ? portOrders(plan) : [],
    inventoryRequests: plan.parts
      .filter((p) => stepRank(view.bound(p.id)) >= stepRank("released"))
      .map((p) => ({ part: p.id, ranges: toRanges(p.numbers) })),
    standbyClosed: complete,
  };
}

/** One reading of (plan, phase, waves, floor): what the parts of the desired state ask. */
class View {
  readonly waves: WaveStates;
  readonly callRoutes: PlanCallRoute[];

  constructor(
    readonly plan: Plan,
    readonly phase: Phase,
    waves: WaveStates,
    private readonly floor: WaveStates,
  ) {
    this.callRoutes = planCallRoutes(plan);
    if (phase === "complete") this.waves = Object.fromEntries(plan.parts.map((p) => [p.id, "adopted" as const]));
    else if (phase === "cutover") {
      namedParts(plan, waves);
      this.waves = Object.fromEntries(Object.entries(waves).filter(([, step]) => step !== "waiting"));
    } else this.waves = {};
  }

  atLeast(phase: Phase): boolean {
    return phaseAtLeast(this.phase, phase);
  }

  step(part: string): WaveStep {
    return stepOf(this.waves, part);
  }

  reached(part: string, step: WaveStep): boolean {
    return stepRank(this.step(part)) >= stepRank(step);
  }

  /** Step that decides where the numbers of a part are bound: once adopted, always adopted. */
  bound(part: string): WaveStep {
    return stepOf(this.floor, part) === "adopted" ? "adopted" : this.step(part);
  }
}

function desiredDns({ plan, phase, waves }: View): DesiredState["dns"] {
  const moved = Object.values(waves).includes("adopted");
  const lowered = phaseAtLeast(phase, "ttl-lowered") && phase !== "complete";
  return plan.dns.map((d) => ({
    key: dnsKey(d),
    provider: d.provider,
    zone: d.zone,
    name: `${d.record}.${d.zone}`,
    view: d.view,
    ttlSeconds: lowered ? d.ttlSeconds.lowered : d.ttlSeconds.normal,
    target: moved ? d.to : d.from,
  }));
}

/** The DNS records at a position, without the rest of the desired state. */
export const dnsAt = (plan: Plan, phase: Phase, waves: WaveStates): DesiredState["dns"] =>
  desiredDns(new View(plan, phase, waves, {}));

/** Stable key of a DNS record: `route53-public-sip.meridian.example`. */
export const dnsKey = (d: { provider: string; view: string; record: string; zone: string }): string =>
  `${d.provider}-${d.view}-${d.record}.${d.zone}`;

/** Numbers grouped by a key, each group in E.164 order as the plan keeps them; numbers without a key are left out. */
function numbersBy(plan: Plan, key: (n: PlanNumber) => string | undefined): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const n of plan.numbers) {
    const k = key(n);
    if (k === undefined) continue;
    const list = groups.get(k);
    if (list) list.push(n.number);
    else groups.set(k, [n.number]);
  }
  return groups;
}

/** GCV IVRs hold what is not yet released; one that would be empty keeps its spare, since an empty `dnis` is never sent. */
function gcvIvrs(view: View): DesiredState["gcvIvrs"] {
  const target = view.atLeast("canary") ? "front" : "original";
  const held = numbersBy(view.plan, (n) =>
    stepRank(view.bound(n.part)) < stepRank("released") ? n.callRoute : undefined,
  );
  return view.callRoutes.map(({ callRoute, spare }) => ({
    callRoute,
    numbers: held.get(callRoute) ?? [spare],
    target,
  }));
}

function byocIvrs(view: View): DesiredState["byocIvrs"] {
  if (!view.atLeast("parallel")) return [];
  const adopted = numbersBy(view.plan, (n) => (view.bound(n.part) === "adopted" ? n.callRoute : undefined));
  return view.callRoutes.map(({ callRoute, shadow }) => ({
    callRoute,
    numbers: [...(view.phase === "complete" ? [] : [shadow]), ...(adopted.get(callRoute) ?? [])],
  }));
}

function rows(view: View): DesiredState["rows"] {
  if (!view.atLeast("parallel")) return [];
  const percent = view.atLeast("canary") ? view.plan.canary.percent : 0;
  return view.plan.parts.map(({ id }) => {
    const live = view.reached(id, "live");
    return {
      part: id,
      path: live ? "byoc" : "gcv",
      standby: view.phase === "complete" ? "closed" : "warm",
      canaryPercent: live ? 0 : percent,
    };
  });
}

/** A site goes out over BYOC first when its last number is adopted: before that its caller ids would be refused there. */
function outbound(view: View): DesiredState["outbound"] {
  const waiting = new Set<string>();
  const sites = new Set<string>();
  for (const n of view.plan.numbers) {
    sites.add(n.site);
    if (!view.reached(n.part, "adopted")) waiting.add(n.site);
  }
  return [...sites].sort().map((site) => {
    if (view.phase === "complete") return { site, trunks: ["byoc"] };
    return { site, trunks: waiting.has(site) ? ["gcv"] : ["byoc", "gcv"] };
  });
}

function shadowRoutes(view: View): DesiredRoute[] {
  if (!view.atLeast("parallel") || view.phase === "complete") return [];
  const host = trunkHost(view.plan);
  return view.callRoutes.map(({ callRoute, shadow }) => ({
    key: `shadow-${flowSlug(callRoute)}`,
    kind: "shadow",
    callRoute,
    ranges: [{ from: shadow, to: shadow }],
    host,
    calledNumber: null,
  }));
}

/** R1 (to the call route's shadow at the trunk's own name) until a part is adopted, R2 (the number itself) from then on. */
function numberRoutes(view: View): DesiredRoute[] {
  if (!view.atLeast("porting")) return [];
  const { plan } = view;
  const own = trunkHost(plan);
  const viaCustomer = plan.carrier.routeHost === "customer-name" ? customerHost(plan) : undefined;
  const numbers = numbersBy(plan, (n) => `${n.part}\n${n.callRoute}`);
  return plan.parts.flatMap(({ id: part }) =>
    view.callRoutes.flatMap(({ callRoute, shadow }): DesiredRoute[] => {
      const list = numbers.get(`${part}\n${callRoute}`);
      if (!list) return [];
      const base = { key: `${part}-${flowSlug(callRoute)}`, part, callRoute, ranges: toRanges(list) };
      if (!view.reached(part, "adopted")) return [{ ...base, kind: "R1", host: own, calledNumber: shadow }];
      // Through the customer's name a stale answer may still lead to GCV, which no longer has the number: the trunk's own
      // name is the way out that needs no DNS of ours.
      const next = viaCustomer ? { nextHost: own } : {};
      return [{ ...base, kind: "R2", host: viaCustomer ?? own, calledNumber: null, ...next }];
    }),
  );
}

function emergencyAddresses(plan: Plan): DesiredState["emergencyAddresses"] {
  return [...numbersBy(plan, (n) => n.emergencyAddress)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, numbers]) => ({ address, ranges: toRanges(numbers), numbers: numbers.length }));
}

function portOrders(plan: Plan): DesiredState["portOrders"] {
  const byOrder = numbersBy(plan, (n) => n.portOrder);
  return plan.portOrders.map((o) => ({
    id: o.id,
    wave: o.wave,
    ranges: toRanges(byOrder.get(o.id) ?? []),
    focInDays: o.requestedFocInDays,
    losingCarrier: o.losingCarrier,
  }));
}
