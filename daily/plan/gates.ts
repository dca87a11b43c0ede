import type { Facts, ProbeName, Verdict } from "../../model/facts";
import { spanText } from "./duration";

/** The probes whose documents a gate judges; none for a gate that judges the position or a word alone. */
export const GATE_PROBES: Readonly<Record<string, readonly ProbeName[]>> = {
  "phase-moves-one-step": [],
  "record-agrees": ["record"],
  "organisation-answers": ["entitlement"],
  "licence-present": ["entitlement"],
  "permissions-granted": ["entitlement"],
  "allowlist-covers-carrier": ["carrier"],
  "handshake-proven": ["sip"],
  "ttl-lowered-in-time": ["record", "dns"],
  "canary-healthy": ["quality"],
  "port-live": ["carrier"],
  "carrier-route-ready": ["carrier", "sip"],
  "release-drained": ["carrier", "quality", "sip"],
  "inventory-empty": ["record"],
  "soak-over": ["record", "quality"],
  "confirmed-by-name": [],
};

/** A gate's line in the comment. */
export interface GateLine extends Verdict {
  /** Age of its oldest document, or a dash. */
  age: string;
  result: string;
}

/** Verdicts with the age of their evidence at `now`. */
export function gateLines(verdicts: readonly Verdict[], facts: Facts, gathered: boolean, now?: Date): GateLine[] {
  return verdicts.map((v) => {
    const probes = GATE_PROBES[v.gate] ?? [];
    const missing = !gathered && v.status === "inconclusive";
    return { ...v, age: ageOf(probes, facts, now), result: missing ? "not gathered" : v.status };
  });
}

function ageOf(probes: readonly ProbeName[], facts: Facts, now?: Date): string {
  if (probes.length === 0) return "needs none";
  const ages = probes.map((p) => (now ? (now.getTime() - Date.parse(facts[p]?.at ?? "")) / 1000 : Number.NaN));
  const known = ages.filter(Number.isFinite);
  if (known.length < probes.length) return "not gathered";
  return spanText(Math.max(0, ...known));
}
