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

/** @throws UserError for a key of `cutover:` that nothing reads. `place` is told first: the file, or the stack. */
export function checkStackKeys(place: string, keys: readonly string[]): void {
  const unknown = keys.filter((key) => /^cutover:/i.test(key) && !STACK_KEYS.includes(key));
  if (unknown.length === 0) return;
  throw new UserError(
    unknown.map((key) => {
      const near = nearest(key, STACK_KEYS);
      return `${place}, ${key}: seen a key that nothing reads; expected one of ${STACK_KEYS.join(", ")}; fix: ${near ? `write ${near}` : "remove it"}.`;
    }),
  );
}

/**
 * The `config:` group out of the content of a `Pulumi.<stack>.yaml`; an empty file is a stack without settings, as Pulumi has it.
 * @throws UserError when the content is no such file, or has a key that nothing reads.
 */
export function stackConfig(file: string, content: unknown): Record<string, unknown> {
  const groups = asGroup(content ?? {});
  const config = groups && asGroup(groups.config ?? {});
  const outside = Object.keys(groups ?? {}).find((key) => key.includes(":"));
  if (!config || outside !== undefined) {
    const seen = outside ?? (groups ? JSON.stringify(groups.config) : JSON.stringify(content)).slice(0, 60);
    throw new UserError(
      `${file}: seen ${seen}; expected \`config:\` with keys such as cutover:phase below it; fix: put the keys below config:.`,
    );
  }
  checkStackKeys(file, Object.keys(config));
  return config;
}

const asGroup = (value: unknown): Record<string, unknown> | undefined =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
