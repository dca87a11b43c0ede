import { type Command, InvalidArgumentError } from "commander";
import { PHASES, type Phase } from "../model/types";
import type { PlanArgs } from "../daily/plan/command";
import type { Place } from "../daily/settings";
import { registerAdvance } from "./advance-verbs";
import type { DiscoverOptions } from "./discover";
import type { DoctorOptions } from "./doctor";

const phase = (text: string): Phase => {
  if (!(PHASES as readonly string[]).includes(text))
    throw new InvalidArgumentError(`Expected one of ${PHASES.join(", ")}.`);
  return text as Phase;
};

const WORLD = "a running sandbox: the first line that cutover sandbox printed; its addresses replace the stack's";

/** The verbs of the daily work. Each loads its room when it is called: the others cost it nothing. */
export function registerDaily(program: Command): void {
  registerPlan(program);
  registerDiscover(program);
  registerDoctor(program);
  registerStatus(program);
  registerAdvance(program);
}

function registerPlan(program: Command): void {
  program
    .command("plan")
    .description(
      "write the pull request comment of a step; exit 0: may be merged, 1: may not, 2: a mistake in the files",
    )
    .option("--stack <name>", "stack whose record, configuration and evidence are read (Pulumi.<name>.yaml)")
    .option("--config <file>", "read the stack's configuration from this file")
    .option("--world <file>", WORLD)
    .option(
      "--plan <dir>",
      "an estate alone: no world is asked, the step before --to is assumed, evidence is not gathered",
    )
    .option("--to <phase>", "phase to go to (default: the stack's cutover:phase, or baseline)", phase)
    .option("--waves <text>", "waves to go to, such as w1=adopted,w2=live")
    .option(
      "--preview <file>",
      "fold in the output of pulumi preview --json, run with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true",
    )
    .addHelpText(
      "after",
      "\nExample: cutover plan --plan stacks/dev --to canary\n         cutover plan --stack prod > comment.md",
    )
    .action(async (o: PlanArgs) => {
      const { planVerb } = await import("./plan");
      process.exitCode = await planVerb(o);
    });
}

function registerDiscover(program: Command): void {
  program
    .command("discover")
    .description(
      "read an organisation and its DNS zones and write an estate, with what is not known marked as a question",
    )
    .requiredOption("--out <dir>", "directory for plan.yaml, numbers.csv and ports.csv")
    .option("--stack <name>", "addresses of a stack (Pulumi.<name>.yaml)")
    .option("--config <file>", "read the stack's configuration from this file")
    .option("--region <name>", "region of the organisation, such as eu-central-1, where no stack tells")
    .option("--world <file>", "a running sandbox: the first line that cutover sandbox printed")
    .option("--zone <name...>", "DNS zones to read (default: every zone the credentials see)")
    .option("--record <label...>", "labels of the names the carrier dials (default: those that look like telephony)")
    .option("--force", "overwrite an estate that is there")
    .option("--json", "print counts, questions and notes as one JSON document")
    .addHelpText("after", "\nExample: cutover discover --region eu-central-1 --zone example.com --out stacks/prod")
    .action(async (o: DiscoverOptions) => {
      const { discoverVerb } = await import("./discover");
      await discoverVerb(o);
    });
}

function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "look at everything a stack needs, one line each with the cure; exit 0: nothing failed, 1: something did",
    )
    .option("--stack <name>", "stack to look at (Pulumi.<name>.yaml)")
    .option("--config <file>", "read the stack's configuration from this file")
    .option("--plan <dir>", "an estate (default: the stack's own)")
    .option("--world <file>", WORLD)
    .option("--json", "print one JSON document")
    .option("--test-calls", "also place a test call to a number of the plan: it rings where its flow leads")
    .option(
      "--probe-writes",
      "also make and remove objects of its own: a TXT record, and on spare numbers a pool, an IVR, a route",
    )
    .option("--write", "write what it found out about the organisation into the plan (findings)")
    .addHelpText(
      "after",
      "\nExamples: cutover doctor --stack prod\n          cutover doctor --stack prod --test-calls --write",
    )
    .action(async (o: DoctorOptions) => {
      const { doctorVerb } = await import("./doctor");
      process.exitCode = await doctorVerb(o);
    });
}

function registerStatus(program: Command): void {
  program
    .command("status")
    .description(
      "say where a stack stands, what each next step waits for and what people have to do; places no test call",
    )
    .requiredOption("--stack <name>", "stack to look at (Pulumi.<name>.yaml)")
    .option("--config <file>", "read the stack's configuration from this file")
    .option("--world <file>", WORLD)
    .option("--journal <dir>", "as given to advance (default .cutover/<stack>/advance)")
    .option("--watch", "look again every 10 s")
    .option("--json", "print one JSON document a look")
    .addHelpText("after", "\nExample: cutover status --stack prod --watch")
    .action(async (o: Place & { stack: string; journal?: string; json?: boolean; watch?: boolean }) => {
      const { statusVerb } = await import("./status");
      process.exitCode = await statusVerb(o);
    });
}
