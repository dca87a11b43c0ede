import { GATES } from "./evidence";
import { PROOF_POLICY } from "./proof";

/** Policies that judge what is declared, and are no gate. The pack's test holds that pack and list agree. */
const OF_RESOURCES = [
  "codec-fallback-present",
  "failover-paths-present",
  "least-privilege",
  "levels-kept",
  "never-replaced",
  "no-loop",
  "not-judged",
  "override-in-use",
  "record-not-proxied",
  "trunk-secret-not-plain",
] as const;

/** Names of everything that may stop a step: gates, proofs in the middle of an up, and policies on resources; sorted. */
export const POLICY_NAMES: readonly string[] = [
  ...new Set([...GATES.map((g) => g.name), ...Object.values(PROOF_POLICY), ...OF_RESOURCES]),
].sort();
