/** What one step of a scenario showed, masked so that two engines' observations can be compared. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Event = Record<string, Record<string, unknown>>;

export interface Observation {
  result: "succeeded" | "failed" | "killed";
  /** Step events by URN, each in its own order: the order of independent resources is nobody's to keep. */
  events: Record<string, Json[]>;
  changes: Json;
  /** Errors and warnings. */
  told: Json[];
  policies: Json[];
  /** Provider calls by resource, with what was sent. */
  calls: Record<string, Json[]>;
  /** `create a`, `delete b` ... across resources, where that order is the point. */
  writes?: string[];
  /** States by URN, without times. */
  state: Record<string, Json[]>;
  /** What was under way when an engine died, where the checkpoint says so. */
  pending?: Json[];
}

const ID = /note-[0-9a-f]{4,8}/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const UNKNOWN_UUID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Ids become `id1`, `id2` in order of appearance in this text; what is random otherwise becomes a word. */
export function masked<T>(value: T): T {
  const ids = new Map<string, string>();
  const text = JSON.stringify(value)
    .replace(ID, (id) => {
      if (!ids.has(id)) ids.set(id, `id${ids.size + 1}`);
      return ids.get(id) as string;
    })
    .replace(UUID, (u) => (u === UNKNOWN_UUID ? "unknown" : "uuid"))
    .replace(/"ciphertext":"v1:[^"]*"/g, '"ciphertext":"v1"');
  return sorted(JSON.parse(text)) as T;
}

/** The same value with its keys in order, so that texts can be compared. */
function sorted(v: Json): Json {
  if (Array.isArray(v)) return v.map(sorted);
  if (typeof v !== "object" || v === null) return v;
  return Object.fromEntries(
    Object.entries(v)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, x]) => [k, sorted(x)]),
  );
}

function grouped<T>(list: T[], key: (t: T) => string): Record<string, T[]> {
  const out: Record<string, T[]> = {};
  for (const t of list) out[key(t)] = [...(out[key(t)] ?? []), t];
  return Object.fromEntries(
    Object.entries(out)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, masked(v)]),
  );
}

/** Warnings about where and in which version a plug-in was found. */
const OF_THE_PLACE = /^(using pulumi-|resource plugin \w+ is expected to have version)/;

/** Steps, counts, messages and policy results of an event stream (apitype/events.go). */
export function readEvents(
  events: readonly object[],
): Pick<Observation, "events" | "changes" | "told" | "policies" | "result"> {
  const all = events as Event[];
  const steps = all.flatMap((e) =>
    ["resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"].flatMap((kind) => {
      const body = e[kind];
      // Default providers are in the CLI's stream in some of its forms only.
      const urn = String((body?.metadata as { urn?: string })?.urn);
      return body && !/pulumi:providers:\w+::default(_|$)/.test(urn)
        ? [{ kind, ...body } as Record<string, unknown>]
        : [];
    }),
  );
  const urn = (s: Record<string, unknown>) => (s.metadata as { urn: string }).urn;
  const summary = all.find((e) => e.summaryEvent)?.summaryEvent;
  const told = all.flatMap((e) => {
    const d = e.diagnosticEvent as { severity: string; message: string; urn?: string } | undefined;
    if (!d || !["error", "warning"].includes(d.severity) || OF_THE_PLACE.test(d.message)) return [];
    return [{ severity: d.severity, urn: d.urn ?? "", message: firstLines(d.message) }];
  });
  const policies = all.flatMap((e) =>
    ["policyEvent", "policyRemediationEvent", "policyAnalyzeStackSummaryEvent"].flatMap((k) =>
      e[k] ? [{ [k]: e[k] }] : [],
    ),
  );
  const text = (v: unknown) => JSON.stringify(v);
  return {
    result: summary?.result === "succeeded" ? "succeeded" : "failed",
    events: grouped(steps, urn) as unknown as Record<string, Json[]>,
    changes: (summary?.resourceChanges ?? {}) as Json,
    told: masked(told).sort((a, b) => (text(a) < text(b) ? -1 : 1)) as Json[],
    policies: masked(policies).sort((a, b) => (text(a) < text(b) ? -1 : 1)) as Json[],
  };
}

/**
 * A program's error carries its stack and its place: both differ, the error itself does not. What a user is advised to do about pending
 * operations is each engine's own; that there are some, and which, is not.
 */
function firstLines(message: string): string {
  const text = message.split(/\n\s+at /)[0]?.trim() ?? "";
  if (text.startsWith("Attempting to deploy or update resources with"))
    return text
      .split("\n")
      .filter((l, i) => i === 0 || l.startsWith("  * "))
      .join("\n");
  return text.replace(/(Running program ').*(engine\/testdata\/)/, "$1$2");
}

export interface Call {
  call: string;
  name?: string;
  [key: string]: unknown;
}
const WRITES = new Set(["create", "update", "delete", "read"]);
/** How often a plug-in is started and told its settings is each engine's own affair. */
const OWN = new Set(["configure", "created"]);

/** The provider's own log of its calls. */
export function readCalls(log: readonly Call[], ordered: boolean): Pick<Observation, "calls" | "writes"> {
  // Every provider's DiffConfig is asked in every run; an answer to no change says nothing.
  const idle = (c: Call) => c.call === "diffConfig" && JSON.stringify(c.olds) === JSON.stringify(c.news);
  const calls = log.filter((c) => !OWN.has(c.call) && !idle(c)).map(({ pid: _, ...c }) => c as Call);
  return {
    calls: grouped(calls, (c) => c.name ?? c.call) as unknown as Record<string, Json[]>,
    ...(ordered ? { writes: calls.filter((c) => WRITES.has(c.call)).map((c) => `${c.call} ${c.name}`) } : {}),
  };
}

/** Times, places in the source and settings of the engine itself: not part of what is compared. */
const PASSING = new Set(["created", "modified", "sourcePosition", "stackTrace"]);

/** What is compared of a deployment-v3. */
export interface Deployed {
  resources?: Record<string, unknown>[];
  pending_operations?: { type: string; resource: Record<string, unknown> }[];
}

/** A deployment-v3's resources, and what was under way when its engine died. */
export function readState(d: Deployed): Pick<Observation, "state" | "pending"> {
  const compared = (r: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(r).filter(([k]) => !PASSING.has(k)));
  const states = (d.resources ?? []).map(compared);
  const pending = (d.pending_operations ?? []).map((p) => ({ type: p.type, resource: compared(p.resource) }));
  return {
    state: grouped(states, (s) => String(s.urn)) as unknown as Record<string, Json[]>,
    ...(pending.length > 0 ? { pending: masked(pending) as unknown as Json[] } : {}),
  };
}

/** What is known of a killed engine's run. */
export const KILLED = { result: "killed" as const, events: {}, changes: {}, told: [], policies: [] };

/** Paths at which two observations differ, with both values; at most `most` of them. */
export function differences(wanted: unknown, got: unknown, at = "", most = 12): string[] {
  const out: string[] = [];
  const walk = (a: unknown, b: unknown, path: string): void => {
    if (out.length >= most || JSON.stringify(a) === JSON.stringify(b)) return;
    const both = typeof a === "object" && typeof b === "object" && a !== null && b !== null;
    if (!both || Array.isArray(a) !== Array.isArray(b)) {
      out.push(`${path}: the CLI ${short(a)}, embedded ${short(b)}`);
      return;
    }
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    // How many steps were over when one failed: beside independent ones that differs from run to run, with either engine.
    if ((a as { kind?: string }).kind === "resOpFailedEvent") keys.delete("steps");
    for (const k of keys)
      walk((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k], `${path}/${k.split("::").pop()}`);
  };
  walk(wanted, got, at);
  return out;
}

const short = (v: unknown): string => (v === undefined ? "nothing" : JSON.stringify(v).slice(0, 300));
