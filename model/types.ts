/** The plan of one migration and the vocabulary every room shares. Pure types: nothing here runs. */

import type { Finding, FindingName } from "./findings";

/** Phases in order; `cutover:phase` moves one at a time, forward or back. */
export const PHASES = ["baseline", "parallel", "ttl-lowered", "canary", "porting", "cutover", "complete"] as const;
export type Phase = (typeof PHASES)[number];

/** Steps of one wave part inside `cutover`, in order. `waiting` is a part not named in `cutover:waves`. */
export const WAVE_STEPS = ["waiting", "live", "released", "adopted"] as const;
export type WaveStep = (typeof WAVE_STEPS)[number];

/** Part id (`w1`, `w2.1`) to its step. Parts at `waiting` are left out. */
export type WaveStates = Readonly<Record<string, WaveStep>>;

export type Codec = "PCMU" | "PCMA" | "G729" | "OPUS" | "G722";
/** Facts with a limit of their age of their own: documents by probe, each test call, and the carrier's published ranges. */
export const FACT_NAMES = [
  "record",
  "dns",
  "sip",
  "carrier",
  "quality",
  "entitlement",
  "testCalls",
  "publishedRanges",
] as const;
export type FactName = (typeof FACT_NAMES)[number];

export type NumberKind = "local" | "toll_free" | "national" | "mobile" | "shared_cost";
export type DnsProvider = "route53" | "cloudflare";
export type DnsView = "public" | "private";

export interface PlanNumber {
  /** E.164 with leading `+`. */
  number: string;
  wave: string;
  /** Wave part after splitting by `limits.maxNumbersPerUpdate`: `w1`, or `w2.1`, `w2.2`. Filled by model/. */
  part: string;
  kind: NumberKind;
  /** Architect flow that the call route opens in its open hours. */
  flow: string;
  /** Call route (IVR) that has the number; the flow's name where the estate names none. */
  callRoute: string;
  site: string;
  portOrder: string;
  emergencyAddress: string;
  /** Line in numbers.csv, header = 1. */
  row: number;
}

/** A call route (IVR) of the plan. Several may open one flow; each has its numbers, its hours and its spares to itself. */
export interface PlanCallRoute {
  callRoute: string;
  /** Flow of its open hours. */
  flow: string;
  /** Spare BYOC number bound to `<call route> BYOC` all along. */
  shadow: string;
  /** Spare test number that stays on the existing call route when its last number leaves. */
  spare: string;
}

export interface PlanPortOrder {
  id: string;
  wave: string;
  site: string;
  requestedFocInDays: number;
  losingCarrier: string;
  gainingCarrier: string;
  /** Billing number of the account at the losing carrier that the order takes numbers from; left out where not named. */
  billingNumber?: string;
  row: number;
}

export interface PlanDnsRecord {
  provider: DnsProvider;
  zone: string;
  /** Label below the zone; the name is `<record>.<zone>`. */
  record: string;
  type: "CNAME";
  view: DnsView;
  from: string;
  to: string;
  ttlSeconds: { normal: number; lowered: number };
  /** `ip:port` or `ip` of resolvers to ask besides the configured ones. */
  resolvers?: string[];
}

export interface Plan {
  apiVersion: "cutover/v1";
  name: string;
  sandbox: boolean;
  organisation: { name: string; region: string; inboundMatching: "org-wide" | "by-pool" | "unknown" };
  trunk: {
    name: string;
    terminationId: string;
    transport: "tls" | "tcp" | "udp";
    tlsVersion: "1.2";
    srtpCipherSuites: string[];
    codecs: Codec[];
    allowlist: string[];
    digest?: { username: string };
    callerId: { header: string; format: string };
    maxConcurrentCalls: number;
    /** Genesys' `<calls>/<seconds>s`; default: a full set of channels every 2 s. */
    maxCallRate: string;
    recording: "inherit-from-gcv" | "on" | "off";
  };
  carrier: {
    name: string;
    sipDomain: string;
    sourceRanges: string[];
    codecs: Codec[];
    tlsNameCheck: "target" | "strict" | "none";
    /** What the carrier writes into the Request-URI when it dials the customer's CNAME. Default `target`. */
    requestHost: "customer-name" | "target";
    /** Host of R2: through the customer's CNAME (default when dns[] has a public record) or Genesys' own trunk name. */
    routeHost: "customer-name" | "genesys-name";
    /** false = the carrier cannot rewrite the called number: refused, naming the gap. */
    rewrites: boolean;
    /** One spare BYOC number per call route, in order of their names; [] = sandbox supplies them. */
    shadowNumbers: string[];
    /** Spare numbers for test calls and for IVRs that would become empty: one per call route. */
    testNumbers: string[];
    retryOn: number[];
  };
  dns: PlanDnsRecord[];
  inbound: { failoverQueue: string; codecFallbackQueue: string; standbyMessage: string };
  canary: { percent: number; minCalls: number; minMos: number; maxFailureRate: number };
  porting: { provider: "manual" | "telnyx" };
  /** What `cutover doctor` found out about the organisation; no part of the digest. */
  findings?: Partial<Record<FindingName, Finding>>;
  gcv: {
    recording: boolean;
    callerIdPriority: string[];
    /** The most calls at once that GCV carried, for channels-suffice; required outside a sandbox. */
    peakConcurrentCalls?: number;
  };
  limits: {
    maxNumbersPerUpdate: number;
    /** `Mon-Thu 06:00-22:00` */
    changeWindow: string;
    timezone: string;
    soakHours: number;
    lrnSettleHours: number;
    /** Oldest evidence a gate accepts, minutes. */
    evidenceMinutes: number;
    /** Oldest evidence by fact, minutes; a fact that is not named takes evidenceMinutes, test calls and published ranges see FRESH_MINUTES. */
    freshMinutes?: Partial<Record<FactName, number>>;
  };
  numbers: PlanNumber[];
  portOrders: PlanPortOrder[];
  /** Parts in order of waves, each with its numbers in E.164 order. */
  parts: { id: string; wave: string; numbers: string[] }[];
  /** sha256 hex over the normalised plan, numbers and orders. */
  digest: string;
}

/** Contiguous E.164 numbers, both ends included. */
export interface NumberRange {
  from: string;
  to: string;
}

export interface DesiredDns {
  /** `route53-public-sip.meridian.example` */
  key: string;
  provider: DnsProvider;
  zone: string;
  /** Fully qualified, no trailing dot. */
  name: string;
  view: DnsView;
  ttlSeconds: number;
  target: string;
}

export interface DesiredRoute {
  /** `shadow-<call route slug>` or `<part>-<call route slug>`; stable over all phases. */
  key: string;
  kind: "shadow" | "R1" | "R2";
  part?: string;
  callRoute: string;
  ranges: NumberRange[];
  /** Name the carrier resolves and dials. */
  host: string;
  /** Number put into the Request-URI; null = the dialled number itself. */
  calledNumber: string | null;
  nextHost?: string;
}

/** Everything that is to exist at (plan, phase, waves): the program declares it, policies judge it, the rehearsal checks it. */
export interface DesiredState {
  phase: Phase;
  waves: WaveStates;
  dns: DesiredDns[];
  /** BYOC trunk, site, shadow outbound route, front flows, tables, queue, emergency group, role, OAuth client exist. */
  byoc: boolean;
  /** BYOC objects protected (from canary on; shadows unprotected in `cutover`, one phase before deletion). */
  protectByoc: boolean;
  protectShadows: boolean;
  /** Carrier routes and emergency addresses of the moving numbers protected: from `cutover` on, since the way back from `porting` deletes them. */
  protectNumbers: boolean;
  callRoutes: PlanCallRoute[];
  /** The existing IVRs, never empty. */
  gcvIvrs: { callRoute: string; numbers: string[]; target: "original" | "front" }[];
  /** `<call route> BYOC`; shadow first, then adopted numbers. */
  byocIvrs: { callRoute: string; numbers: string[] }[];
  shadowsExist: boolean;
  pools: { part: string; ranges: NumberRange[] }[];
  rows: { part: string; path: "gcv" | "byoc"; standby: "warm" | "closed"; canaryPercent: number }[];
  outbound: { site: string; trunks: ("byoc" | "gcv")[] }[];
  routes: DesiredRoute[];
  emergencyAddresses: { address: string; ranges: NumberRange[]; numbers: number }[];
  portOrders: { id: string; wave: string; ranges: NumberRange[]; focInDays: number; losingCarrier: string }[];
  /** Numbers the operator is asked to take out of the GCV inventory. */
  inventoryRequests: { part: string; ranges: NumberRange[] }[];
  /** GCV IVRs on the closed standby (emergency group on). */
  standbyClosed: boolean;
}

/** Where a stack stands: kept in the phase record, read back by the record probe. */
export interface Position {
  phase: Phase | "none";
  waves: WaveStates;
}
