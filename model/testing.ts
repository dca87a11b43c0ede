import fc from "fast-check";
import { sharedCodecs } from "./codecs";
import type { Facts, ProbeDoc, ProbeName, TestCall } from "./facts";
import { evidenceFor, proofEvidence, type ProofKind, type ProofSubject } from "./evidence";
import { parsePlan } from "./parsePlan";
import type { Hours } from "./hours";
import { type EmergencyGroup, standbyGroupName } from "./rules/emergencyGroups";
import { desiredState, dnsKey, planCallRoutes } from "./phases";
import { countNumbers, toRanges } from "./ranges";
import { byocDomain, trunkHost } from "./regions";
import { PHASES, type NumberRange, type Phase, type Plan, type Position, WAVE_STEPS, type WaveStates } from "./types";
import { formatWaves } from "./waves";

/** The texts of one estate, as files would hold them; for tests of any room. */
export interface EstateTexts {
  plan: string;
  numbers: string;
  ports: string;
}

/** Reads estate texts as loadPlan reads a directory. Throws UserError as it does. */
export const planOf = (texts: EstateTexts): Plan =>
  parsePlan({
    planName: "plan.yaml",
    plan: texts.plan,
    csv: (name) => ({ "numbers.csv": texts.numbers, "ports.csv": texts.ports })[name],
  });

/** Blocks of the numbering plans used: each prefix takes four more digits and is valid throughout. */
const BLOCKS = [
  { region: "us-east-1", prefixes: ["+1212227", "+1212555", "+1617354"] },
  { region: "eu-central-1", prefixes: ["+4930901", "+49309012", "+4989215"] },
  { region: "eu-west-2", prefixes: ["+44207946", "+44161496"] },
  { region: "ap-northeast-1", prefixes: ["+8166131", "+8178322"] },
] as const;

interface Shape {
  place: (typeof BLOCKS)[number];
  blocks: { prefix: number; start: number; length: number; wave: number; flow: number; route: number; site: number }[];
  max: number;
  dns: ("route53" | "cloudflare")[];
  routeHost: "customer-name" | "genesys-name" | undefined;
  provider: "manual" | "telnyx";
  percent: number;
  /** Whether the estate names its call routes. */
  named: boolean;
}

const FLOWS = ["Main inbound", "Claims", "Members", "Réception 2", 'Störung: "Süd"', "総合窓口"];
/** Names of call routes that open a flow, besides the flow's own; an estate may have several for one flow. */
const ROUTES = ["", "0800", "Hotline"];
const SITES = ["HQ", "North", "West"];

/** Random estates of the documented form: several countries, waves, flows, sites, blocks that touch or leave gaps. */
export const arbitraryEstate: fc.Arbitrary<EstateTexts> = fc
  .record<Shape>({
    place: fc.constantFrom(...BLOCKS),
    blocks: fc.array(
      fc.record({
        prefix: fc.nat({ max: 2 }),
        start: fc.nat({ max: 400 }),
        length: fc.integer({ min: 1, max: 30 }),
        wave: fc.integer({ min: 1, max: 4 }),
        flow: fc.nat({ max: FLOWS.length - 1 }),
        route: fc.nat({ max: 2 }),
        site: fc.nat({ max: SITES.length - 1 }),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    max: fc.integer({ min: 5, max: 60 }),
    dns: fc.uniqueArray(fc.constantFrom("route53" as const, "cloudflare" as const), { maxLength: 2 }),
    routeHost: fc.constantFrom("genesys-name" as const, undefined),
    provider: fc.constantFrom("manual" as const, "telnyx" as const),
    percent: fc.integer({ min: 1, max: 25 }),
    named: fc.boolean(),
  })
  .map(estateTexts);

/** A random plan: arbitraryEstate, read. */
export const arbitraryPlan: fc.Arbitrary<Plan> = arbitraryEstate.map(planOf);

/** One CSV cell (RFC 4180). */
const cell = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function estateTexts(shape: Shape): EstateTexts {
  const rows = new Map<string, string[]>();
  const orders = new Map<string, string>();
  for (const block of shape.blocks) {
    const prefix = shape.place.prefixes[block.prefix % shape.place.prefixes.length]!;
    for (let i = 0; i < block.length; i++) {
      const number = `${prefix}${String(1000 + block.start + i)}`;
      if (rows.has(number)) continue;
      const order = `PO-${block.wave}-${SITES[block.site]}`;
      orders.set(
        order,
        [order, `w${block.wave}`, SITES[block.site], 10 + block.wave, "Genesys Cloud Voice", "Test SIP"].join(","),
      );
      rows.set(number, [
        number,
        `w${block.wave}`,
        "local",
        FLOWS[block.flow]!,
        SITES[block.site]!,
        order,
        `ADDR-${SITES[block.site]}`,
        ...(shape.named ? [block.route === 0 ? "" : `${ROUTES[block.route]} ${FLOWS[block.flow]}`] : []),
      ]);
    }
  }
  const numbers = [
    `number,wave,kind,flow,site,port_order,emergency_address${shape.named ? ",call_route" : ""}`,
    ...[...rows.values()].map((r) => r.map(cell).join(",")),
  ];
  const ports = [
    "port_order,wave,site,requested_foc_in_days,losing_carrier,gaining_carrier",
    ...[...orders.values()].sort(),
  ];
  return { plan: planText(shape), numbers: `${numbers.join("\n")}\n`, ports: `${ports.join("\r\n")}\r\n` };
}

function planText({ place, max, dns, routeHost, provider, percent }: Shape): string {
  const record = (name: string) =>
    `  - { provider: ${name}, zone: test.example, record: sip, type: CNAME, view: public, from: gcv.test.example, to: test-primary.${byocDomain(place.region)}, ttlSeconds: { normal: 3600, lowered: 300 } }`;
  return [
    "apiVersion: cutover/v1",
    "name: test",
    "sandbox: true",
    `organisation: { name: "Test Ltd", region: ${place.region} }`,
    "trunk:",
    "  name: BYOC-Test",
    "  terminationId: test-primary",
    "  transport: tls",
    "  srtpCipherSuites: [AES_CM_128_HMAC_SHA1_80]",
    "  codecs: [PCMU, PCMA]",
    "  allowlist: [203.0.113.10/31, 198.51.100.4/32]",
    "  callerId: { header: P-Asserted-Identity, format: e164 }",
    "  maxConcurrentCalls: 100",
    "carrier:",
    "  name: Test SIP",
    "  sipDomain: sip.carrier.example",
    "  sourceRanges: [203.0.113.10/31, 198.51.100.4/32]",
    "  codecs: [PCMA]",
    ...(routeHost ? [`  routeHost: ${routeHost}`] : []),
    ...(dns.length ? ["dns:", ...dns.map(record)] : []),
    "inbound: { failoverQueue: Overflow, codecFallbackQueue: Codec fallback, standbyMessage: Not available. }",
    `canary: { percent: ${percent}, minCalls: 200, minMos: 4.0, maxFailureRate: 0.005 }`,
    `porting: { provider: ${provider} }`,
    `limits: { maxNumbersPerUpdate: ${max}, changeWindow: "Mon-Thu 06:00-22:00" }`,
    "",
  ].join("\n");
}

/** Random wave states of a plan. */
export const arbitraryWaves = (plan: Plan): fc.Arbitrary<WaveStates> =>
  fc
    .tuple(...plan.parts.map(() => fc.constantFrom(...WAVE_STEPS)))
    .map((steps) =>
      Object.fromEntries(plan.parts.flatMap((p, i) => (steps[i] === "waiting" ? [] : [[p.id, steps[i]!]]))),
    );

/** Random positions that a stack may stand at: waves in `cutover` only, all adopted in `complete`. */
export const arbitraryPosition = (plan: Plan): fc.Arbitrary<{ phase: Phase; waves: WaveStates }> =>
  fc.tuple(fc.constantFrom(...PHASES), arbitraryWaves(plan)).map(([phase, waves]) => ({
    phase,
    waves: phase === "cutover" ? waves : phase === "complete" ? allAdopted(plan) : {},
  }));

/** Wave states with every part adopted. */
export const allAdopted = (plan: Plan): WaveStates =>
  Object.fromEntries(plan.parts.map((p) => [p.id, "adopted" as const]));

const head = (probe: ProbeName, now: Date): ProbeDoc => ({
  schema: "cutover/probe/v1",
  probe,
  at: now.toISOString(),
  by: "cutover-probe/test",
  status: "ok",
});
const ago = (now: Date, hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();

/** Facts on which every gate of the move passes: a healthy organisation, long settled. Tests break them one by one. */
export function goodFacts(plan: Plan, from: Position, to: Position, now: Date): Facts {
  const asks = new Map(evidenceFor(plan, from, to).map((a) => [a.probe, a.ask]));
  const facts: Facts = { stack: "test", confirm: "test" };
  if (asks.has("record")) {
    const since = Object.fromEntries(PHASES.map((p, i) => [p, ago(now, 1000 * (PHASES.length - i))]));
    const record =
      from.phase === "none"
        ? null
        : { phase: from.phase, waves: formatWaves(from.waves), floor: "", digest: plan.digest, since };
    const asked = asks.get("record")?.inventory as NumberRange[] | undefined;
    facts.record = {
      ...head("record", now),
      record,
      ...(asked ? { inventory: { checked: countNumbers(asked), stillHeld: [] } } : {}),
      ...(asks.get("record")?.emergencyGroups ? { emergencyGroups: goodGroups(plan, from) } : {}),
      ...(asks.get("record")?.existing ? { existing: goodExisting(plan, from) } : {}),
    };
  }
  if (asks.has("entitlement")) {
    const organisation = { id: "4f6a", name: plan.organisation.name };
    facts.entitlement = { ...head("entitlement", now), organisation, products: ["byoc"], missingPermissions: [] };
  }
  if (asks.has("dns")) facts.dns = goodDns(plan, now, from, to);
  if (asks.has("quality")) {
    facts.quality = {
      ...head("quality", now),
      canary: {
        calls: plan.canary.minCalls,
        failed: 0,
        minMos: 4.1,
        meanMos: 4.3,
        wrongCallerId: 0,
        codecs: sharedCodecs(plan.trunk.codecs, plan.carrier.codecs),
      },
      gcv: {
        lastCallAt: ago(now, 500),
        calls: 0,
        shown: planCallRoutes(plan).map(({ callRoute }) => ({ callRoute, at: ago(now, 1) })),
      },
    };
  }
  if (asks.has("carrier")) facts.carrier = goodCarrier(plan, now, to.phase === "complete" ? from.waves : {});
  if (asks.has("sip")) facts.sip = goodSip(plan, asks.get("sip")!, now);
  return facts;
}

/** Facts on which a proof holds. */
export function goodProofFacts(plan: Plan, kind: ProofKind, subject: ProofSubject, now: Date): Facts {
  const asks = new Map(proofEvidence(plan, kind, subject).map((a) => [a.probe, a.ask]));
  return {
    ...(asks.has("dns") ? { dns: movedDns(plan, now) } : {}),
    ...(asks.has("carrier") ? { carrier: goodCarrier(plan, now) } : {}),
    ...(asks.has("sip") ? { sip: goodSip(plan, asks.get("sip")!, now) } : {}),
  };
}

/** Hours of a call route in a test: every second name has some. */
export const hoursOf = (callRoute: string): Hours =>
  callRoute.length % 2 === 0
    ? { closedHoursFlowId: `closed-${callRoute}`, holidayHoursFlowId: "holiday", scheduleGroupId: "hours" }
    : {};

/** An emergency group of the customer's with every second call route on both paths, and the migration's own. */
export function goodGroups(plan: Plan, from: Position): EmergencyGroup[] {
  const routes = [...new Set(plan.numbers.map((n) => n.callRoute))].sort();
  const named = routes.filter((_, i) => i % 2 === 0);
  const byoc = from.phase === "none" || from.phase === "baseline" ? [] : named.map((n) => `${n} BYOC`);
  const left = routes.filter((r) => !named.includes(r));
  return [
    { name: "Evacuation", enabled: false, flows: [{ flow: "Evacuation", callRoutes: [...named, ...byoc] }] },
    { name: standbyGroupName(plan), enabled: false, flows: [{ flow: standbyGroupName(plan), callRoutes: left }] },
  ];
}

/** Call routes and outbound routes as they stand at a position, what `baseline` adopts included. */
function goodExisting(plan: Plan, from: Position): NonNullable<NonNullable<Facts["record"]>["existing"]> {
  const state = desiredState(plan, from.phase === "none" ? "baseline" : from.phase, from.waves, from.waves);
  return {
    gcvTrunk: "PureCloud Voice - AWS",
    ivrs: [
      ...state.gcvIvrs.map(({ callRoute, numbers }, i) => ({
        name: callRoute,
        ranges: toRanges(numbers),
        flow: state.callRoutes[i]!.flow,
        hours: hoursOf(callRoute),
      })),
      ...state.byocIvrs.map(({ callRoute, numbers }) => ({
        name: `${callRoute} BYOC`,
        ranges: toRanges(numbers),
        flow: `${callRoute} front`,
      })),
    ],
    outbound: state.outbound.map(({ site }) => ({ site, trunks: ["PureCloud Voice - AWS"] })),
  };
}

/** Answers as they are while the stack stands at a position: name servers give the whole TTL, resolvers what is left of it. */
function goodDns(plan: Plan, now: Date, from: Position, to: Position): NonNullable<Facts["dns"]> {
  // A stack without a record has its zones as `baseline` is to find them.
  const phase = from.phase === "none" ? (to.phase as Phase) : from.phase;
  const answers = desiredState(plan, phase, from.waves).dns.flatMap(({ key, provider, view, target, ttlSeconds }) =>
    [`ns:${provider}:${view}:127.0.0.1:53`, "isp-1", "isp-2"].map((resolver, i) => ({
      key,
      resolver,
      view,
      target,
      ttlSeconds: i === 0 ? ttlSeconds : Math.max(0, ttlSeconds - 10),
    })),
  );
  return { ...head("dns", now), answers };
}

function movedDns(plan: Plan, now: Date): NonNullable<Facts["dns"]> {
  const answers = plan.dns.flatMap((d) =>
    [`ns:${d.provider}:${d.view}:127.0.0.1:53`, "isp-1"].map((resolver) => ({
      key: dnsKey(d),
      resolver,
      view: d.view,
      target: d.to,
      ttlSeconds: d.ttlSeconds.lowered,
    })),
  );
  return { ...head("dns", now), answers };
}

function goodCarrier(plan: Plan, now: Date, waves: WaveStates = {}): NonNullable<Facts["carrier"]> {
  const routes = desiredState(plan, "cutover", waves).routes.map(({ key, ranges, host, calledNumber }) => ({
    key,
    ranges,
    host,
    calledNumber,
    state: "active" as const,
  }));
  const numbers = toRanges(plan.numbers.map((n) => n.number)).map((range) => ({
    range,
    status: "Active",
    activatedAt: ago(now, 400),
  }));
  return {
    ...head("carrier", now),
    sourceRanges: plan.carrier.sourceRanges,
    published: null,
    numbers,
    routes,
    orders: plan.portOrders.map((o) => ({ id: o.id, status: "ported", foc: ago(now, 400) })),
    emergency: desiredState(plan, "porting", {}).emergencyAddresses.map(({ address, ranges }) => ({
      address,
      ranges,
      state: "active",
    })),
  };
}

function goodSip(plan: Plan, ask: Record<string, unknown>, now: Date): NonNullable<Facts["sip"]> {
  const asked = ask.tests as { number: string; purpose: TestCall["purpose"]; sources?: "all"; networks?: "all" }[];
  const addresses = plan.carrier.sourceRanges.map((r) => r.split("/")[0]!);
  const good = {
    code: 200,
    answered: true,
    audioSent: 50,
    audioReceived: 50,
    farReceived: 50,
    transport: "tls",
    srtp: true,
    seenByOrg: true,
    queue: "Claims",
    at: now.toISOString(),
  };
  const tests = asked.flatMap(({ number, purpose, sources, networks }): TestCall[] => {
    const call = { ...good, number, purpose, via: "byoc" as const };
    if (sources) return addresses.map((source) => ({ ...call, source }));
    if (networks) return ["mobile-1", "cable-2"].map((network) => ({ ...call, network }));
    return [{ ...call, source: addresses[0]! }];
  });
  return { ...head("sip", now), options: { target: trunkHost(plan), code: 200 }, tests };
}
