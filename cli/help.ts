import type { Command } from "commander";

/** Ends the help of every verb. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  rehearse: [
    "cutover rehearse",
    "cutover rehearse --plan test/estates/guide --to canary",
    "cutover rehearse --trap allowlist-misses-range",
    "cutover rehearse --back-from w1=released",
  ],
  traps: ["cutover traps --only port-not-live"],
  sandbox: ["cutover sandbox --plan stacks/dev --auto > world.json"],
  preview: ["cutover preview --stack dev --world world.json"],
  up: ["cutover up --stack dev --world world.json"],
  refresh: ["cutover refresh --stack dev --world world.json"],
  destroy: ["cutover destroy --stack dev --world world.json"],
  export: ["cutover export --stack dev --file state.json"],
  import: ["cutover import --stack dev --file state.json"],
  cancel: ["cutover cancel --stack dev"],
};

const EXIT_CODES = `Exit codes of every verb:
  0    well: passed, may be merged, nothing failed
  1    not well, and the output says why; with a stack trace it is a bug
  2    a mistake in arguments or files; nothing was started
  3    advance: paused, or the watch ended without an answer
  4    advance: the step broke a limit and was taken back
  130  ended by Ctrl-C, 143 by SIGTERM; what was started has been ended
docs/cli.md tells more.`;

/** Adds an example to each verb that has none, and the exit codes: below the overview, and as \`cutover help exit-codes\`. */
export function addHelp(program: Command): void {
  for (const command of program.commands) {
    const examples = EXAMPLES[command.name()];
    if (!examples) continue;
    const head = examples.length > 1 ? "Examples:" : "Example:";
    command.addHelpText("after", `\n${head} ${examples.join(`\n${" ".repeat(head.length + 1)}`)}`);
  }
  program
    .command("exit-codes", { hidden: true })
    .configureHelp({ formatHelp: () => `${EXIT_CODES}\n` })
    .action(() => console.log(EXIT_CODES));
  program.addHelpText(
    "after",
    `\nA first look: cutover rehearse --plan test/estates/guide\nEach verb: cutover help VERB; codes: cutover help exit-codes`,
  );
}
