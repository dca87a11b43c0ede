/**
 * What an engine that died left under way. It is told to the user; a creation is also told to the provider that is asked
 * for it again, and stays in the checkpoint until its outcome is known.
 */
import type { Loaded } from "./checkpoint";
import type { Reporter } from "./result";
import type { PendingOperation, State } from "./state";

/** gRPC metadata of a Create whose first attempt was interrupted: JSON of `Attempt`. Providers that do not know it ignore it. */
export const ATTEMPT_HEADER = "cutover-interrupted";
/** Metadata of the answer by a provider that looked for what the first attempt left: `adopted` or `made`. */
export const OUTCOME_HEADER = "cutover-resumed";

/** Function that asks a provider for what an interrupted creation left, which is not wanted any more. */
export const LEFT_BEHIND = "cutover:index:leftBehind";

/** What a provider is told of the creation that was interrupted. */
export interface Attempt {
  /** When the dead engine announced it, ISO 8601, by the engine's clock. */
  since: string;
  /** Ids that this URN has or had in the state: never the interrupted creation's. */
  ids: string[];
}

/** How a repeated creation came out; undefined: the provider did not look. */
export type Outcome = "adopted" | "made";

/** Operations after which the state may be wrong about what is there, until it is read back. */
const BLURRED: readonly PendingOperation["type"][] = ["updating", "deleting"];

/** Pending operations that stay in the file until their outcome is known: the others change nothing that is there. */
export function pendingToKeep({ pending, states }: Pick<Loaded, "pending" | "states">): PendingOperation[] {
  const held = (urn: string) => states.some((s) => s.urn === urn);
  return pending.filter((p) => p.type === "creating" || (BLURRED.includes(p.type) && held(p.resource.urn)));
}

/**
 * Whether a state is to be read back before it is compared with the program: an update or a deletion of it was cut off, so what is there
 * may be the old or the new. Without the reading, a run that wants the old would find nothing to do.
 */
export const isBlurred = (pending: readonly PendingOperation[], urn: string): boolean =>
  pending.some((p) => BLURRED.includes(p.type) && p.resource.urn === urn);

/** What the provider is to be told when it creates `urn`; undefined when no creation of it was interrupted. */
export function attemptOf(
  pending: readonly PendingOperation[],
  states: readonly State[],
  urn: string,
): Attempt | undefined {
  const before = pending.find((p) => p.type === "creating" && p.resource.urn === urn);
  if (!before) return undefined;
  const ids = states.filter((s) => s.urn === urn && s.id !== "").map((s) => s.id);
  return { since: before.resource.created, ids };
}

/** Warns of what was under way when an earlier engine died: which resource, which operation, and what becomes of it. */
export function tellPending(
  reporter: Reporter,
  pending: readonly PendingOperation[],
  stack: string,
  severity: "warning" | "info",
): void {
  if (pending.length === 0) return;
  const lines = pending.map((p) => `  * ${p.resource.urn}, interrupted while ${p.type}`);
  const creations = pending.some((p) => p.type === "creating");
  const cure = creations
    ? "\nWhat a creation left is not in the state. A provider that can look for it adopts it; another one makes it anew: look whether it is there twice, " +
      `and clear the entry with \`cutover refresh --stack ${stack} --clear-pending-creates\``
    : "\nThey are read back first";
  reporter.say(
    severity,
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${lines.join("\n")}${cure}`,
  );
}
