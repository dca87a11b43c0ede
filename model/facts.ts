import type { Hours } from "./hours";
import type { EmergencyGroup } from "./rules/emergencyGroups";
import type { Since } from "./recordSince";
import type { NumberRange, Phase, WaveStates } from "./types";

/** Probes by name; each prints one document (docs/internals.md section 4). */
export const PROBES = ["record", "dns", "sip", "carrier", "quality", "entitlement"] as const;
export type ProbeName = (typeof PROBES)[number];

/** Head of every probe document. `at` is the time of the measurement by the clock of the run, ISO 8601. */
export interface ProbeDoc {
  schema: string;
  probe: string;
  at: string;
  by: string;
  /** Which system was asked: an address or a name, never a credential. */
  where?: string;
  status: "ok" | "error" | "inconclusive";
  error?: string;
}

export interface RecordDoc extends ProbeDoc {
  record?: {
    phase: Phase;
    waves: string | WaveStates;
    floor: string | WaveStates;
    digest: string;
    since: Since;
  } | null;
  /** Ranges of the organisation's BYOC pools, whoever made them. */
  pooled?: NumberRange[];
  /** What call routes do outside their open hours, by name; those without any are left out (`ask.hours`). */
  hours?: Record<string, Hours>;
  /** The organisation's emergency groups, the migration's own included (`ask.emergencyGroups`). */
  emergencyGroups?: EmergencyGroup[];
  inventory?: { checked: number; stillHeld: string[] };
  /** What `baseline` will adopt, as the organisation has it (`ask.existing`). */
  existing?: {
    /** Name of the managed GCV trunk. */
    gcvTrunk: string;
    /** Whether that trunk records calls; left out where its settings are not shown to this client. */
    gcvRecording?: boolean;
    /** Call routes with the ranges they hold, the name of their open-hours flow, and what they do outside the open hours. */
    ivrs: { name: string; ranges: NumberRange[]; flow: string | null; hours?: Hours }[];
    /** Default outbound routes by site, with the names of their trunks. */
    outbound: { site: string; trunks: string[] }[];
  };
}

export interface DnsDoc extends ProbeDoc {
  answers?: {
    key: string;
    resolver: string;
    view?: string;
    target?: string | null;
    ttlSeconds?: number | null;
    error?: string;
  }[];
  /** Answers of name servers that serve a zone of the plan too, for a provider that the plan has no record with. */
  others?: { name: string; resolver: string; target?: string | null }[];
}

/** One test call, seen from the caller, the far end and the organisation's own records. Audio in RTP packets. */
export interface TestCall {
  number: string;
  purpose: "handshake" | "R1" | "R2" | "network";
  source?: string | null;
  network?: string | null;
  /** Path the call took into the organisation, when its records tell. */
  via?: "byoc" | "gcv" | null;
  code: number | null;
  answered: boolean;
  audioSent: number;
  audioReceived: number;
  farReceived: number | null;
  /** How the carrier signalled to the organisation (`tls`, `tcp`, `udp`), and whether the audio was SRTP; null when nobody says. */
  transport?: string | null;
  srtp?: boolean | null;
  seenByOrg: boolean;
  queue?: string | null;
  /** When it was placed, ISO 8601. */
  at?: string | null;
  ani?: string | null;
  aniSeen?: string | null;
  /** What the test desk says of a call that failed. */
  why?: string;
}

export interface SipDoc extends ProbeDoc {
  options?: { target: string; code: number | null; error?: string; tls?: { error?: string } };
  tests?: TestCall[];
}

export interface CarrierDoc extends ProbeDoc {
  sourceRanges?: string[];
  /** The ranges as the carrier publishes them, with the date of the reading; null where nobody wrote them down. */
  published?: { ranges: string[]; at: string; source: string } | null;
  /** `foc`: the number's own date where the carrier tells one; its order's counts otherwise. */
  numbers?: { range: NumberRange; status: string; activatedAt: string | null; order?: string; foc?: string | null }[];
  routes?: {
    key: string;
    ranges: NumberRange[];
    host: string;
    calledNumber: string | null;
    state: "pending" | "active";
  }[];
  orders?: { id: string; orderId?: string; status: string; foc: string | null; why?: string }[];
  emergency?: { address: string; ranges: NumberRange[]; state: string }[];
}

export interface QualityDoc extends ProbeDoc {
  canary?: {
    calls: number;
    failed: number;
    minMos: number;
    meanMos: number;
    wrongCallerId: number;
    codecs: string[];
    failures?: { ani: string; at: string; why: string }[];
  };
  gcv?: {
    lastCallAt: string | null;
    calls: number;
    /** The newest call of each call route asked about that the same credential was shown, by either path; null where it was shown none. */
    shown?: { callRoute: string; at: string | null }[];
  };
  /** Ended calls that came in over BYOC; `meanMos` null when none has one. */
  arrivals?: { calls: number; failed: number; meanMos: number | null };
  /** Calls by the path they came in on; `since` is later than asked where there were too many to read. For people, no gate reads it. */
  traffic?: { since: string; complete: boolean; gcv: PathTraffic; byoc: PathTraffic; canaried: number };
}

/** Calls that came in over one path; `meanMos` null when none of them has one. */
export interface PathTraffic {
  calls: number;
  failed: number;
  meanMos: number | null;
  lastCallAt: string | null;
}

export interface EntitlementDoc extends ProbeDoc {
  organisation?: { id: string; name: string };
  products?: string[];
  missingPermissions?: string[];
}

/** What a gate judges: documents by probe, and who asked. Everything may be missing; missing is a no. */
export interface Facts {
  record?: RecordDoc;
  dns?: DnsDoc;
  sip?: SipDoc;
  carrier?: CarrierDoc;
  quality?: QualityDoc;
  entitlement?: EntitlementDoc;
  /** Value of `cutover:confirm`. */
  confirm?: string;
  /** Name of the stack that is moving. */
  stack?: string;
}

/** What one probe is to find out. */
export interface Ask {
  probe: ProbeName;
  ask: Record<string, unknown>;
}

/** One test call, or one for each source address or network, asked of the carrier. */
export interface TestAsk {
  number: string;
  purpose: TestCall["purpose"];
  sources?: "all";
  networks?: "all";
  /** Name to dial, where a route does not decide yet (R2 is tested before the carrier route turns). */
  host?: string;
}

/** How one gate stands. Only `passed` opens it; `fix` says what to do otherwise. */
export interface Verdict {
  gate: string;
  status: "passed" | "failed" | "errored" | "inconclusive";
  seen: string;
  required: string;
  fix: string;
}
