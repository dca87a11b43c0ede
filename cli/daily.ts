import { type Command, InvalidArgumentError } from "commander";
import { PHASES, type Phase } from "../model/types";

const phase = (text: string): Phase => {
  if (!(PHASES as readonly string[]).includes(text))
    throw new InvalidArgumentError(`--to is "${text}"; expected one of ${PHASES.join(", ")}.`);
  return text as Phase;
};

/** The verbs of the daily work. Each loads its room when it is called: the others cost it nothing. */
export function registerDaily(program: Command): void {
  program
    .command("plan")
    .description(
      "write the pull request comment of a step; exit 0: may be merged, 1: may not, 2: a mistake in the files",
    )
    .option("--stack <name>", "stack whose record, configuration and evidence are read (Pulumi.<name>.yaml)")
    .option("--config-file <file>", "read the stack's configuration from this file")
    .option(
      "--plan <dir>",
      "an estate alone: no world is asked, the step before --to is assumed, evidence is not gathered",
    )
    .option("--to <phase>", "phase to go to (default: the stack's cutover:phase, or baseline)", phase)
    .option("--waves <text>", "waves to go to, such as w1=adopted,w2=live")
    .option("--preview <file>", "fold in the output of pulumi preview --json")
    .addHelpText(
      "after",
      "\nExample: cutover plan --plan stacks/dev --to canary\n         cutover plan --stack prod > comment.md",
    )
    .action(async (o: Record<string, string | undefined> & { to?: Phase }) => {
      const [{ makePlan }, { builtProbes }] = await Promise.all([
        import("../daily/plan/command"),
        import("../daily/probes"),
      ]);
      const result = await makePlan(o, builtProbes());
      process.stdout.write(result.markdown);
      for (const why of result.why) console.error(`not to be merged: ${why}`);
      process.exitCode = result.mergeable ? 0 : 1;
    });
}
