/** A mistake of the user's: printed without a stack, exit code 2. `problems` holds one sentence each. */
export class UserError extends Error {
  readonly problems: readonly string[];
  constructor(problems: string | readonly string[]) {
    const list = typeof problems === "string" ? [problems] : problems;
    super(list.join("\n"));
    this.name = "UserError";
    this.problems = list;
  }
}
