import { UserError } from "./errors";
import { nearest } from "./problems";

/**
 * Every key of `cutover:` that a stack may have. Pulumi takes any key: a wrong one would leave the right one at its default, and
 * `cutover:wavse` would take every wave back.
 */
const STACK_KEYS = [
  ...["phase", "waves", "canaryPercent", "confirm", "override"],
  ...["plan", "workDir", "deskDir", "waitMinutes", "trunkPassword", "resolvers", "nameServers"],
  // A rehearsal's own.
  ...["clock", "withoutPolicies", "mistake"],
].map((key) => `cutover:${key}`);

/** Where a stack is to be: keys whose value a mistyped one takes away, so that the stack would go back by itself. */
const PLACE_KEYS = ["cutover:phase", "cutover:waves"];

/**
 * Keys of `cutover:` that nothing reads, each as a sentence; `place` is told first: the file, or the stack. `values` are all of the stack's.
 * `refused`: a key that seems meant for the phase or the waves, of which the stack says nothing: the way back it asks for may be the
 * mistake itself. `told`: all others; on a way back nobody is to be stopped by them at night, forward they are refused as well.
 */
export function stackKeyProblems(
  place: string,
  values: Readonly<Record<string, unknown>>,
): { refused: string[]; told: string[] } {
  const found = { refused: [] as string[], told: [] as string[] };
  for (const key of Object.keys(values)) {
    if (!/^cutover:/i.test(key) || STACK_KEYS.includes(key)) continue;
    const near = nearest(key, STACK_KEYS);
    const decides = near !== undefined && PLACE_KEYS.includes(near) && (values[near] ?? "") === "";
    found[decides ? "refused" : "told"].push(
      `${place}, ${key}: seen a key that nothing reads; expected one of ${STACK_KEYS.join(", ")}; fix: ${near ? `write ${near}` : "remove it"}.`,
    );
  }
  return found;
}

/** Takes a mistake that does not stop what is asked for: of a way back, or of a verb that only looks. */
export type Tell = (problem: string) => void;

/**
 * The `config:` group out of the content of a `Pulumi.<stack>.yaml`; an empty file is a stack without settings, as Pulumi has it. With `tell` a
 * key that nothing reads is told, unless it may be what takes the stack back.
 * @throws UserError when the content is no such file, or has a key that nothing reads.
 */
export function stackConfig(file: string, content: unknown, tell?: Tell): Record<string, unknown> {
  const groups = asGroup(content ?? {});
  const config = groups && asGroup(groups.config ?? {});
  const outside = Object.keys(groups ?? {}).find((key) => key.includes(":"));
  if (!config || outside !== undefined) {
    const seen = outside ?? (groups ? JSON.stringify(groups.config) : JSON.stringify(content)).slice(0, 60);
    throw new UserError(
      `${file}: seen ${seen}; expected \`config:\` with keys such as cutover:phase below it; fix: put the keys below config:.`,
    );
  }
  const { refused, told } = stackKeyProblems(file, config);
  const stops = tell ? refused : [...refused, ...told];
  if (stops.length > 0) throw new UserError(stops);
  if (tell) for (const problem of told) tell(problem);
  return config;
}

const asGroup = (value: unknown): Record<string, unknown> | undefined =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
