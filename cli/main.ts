import { Command } from "commander";
import { UserError } from "../model/errors";
import { PHASES, type Phase } from "../model/types";
import { registerDaily } from "./daily";

declare const CUTOVER_VERSION: string;

/** Most calls per second a world on one machine places on time; beyond it SIP timers measure the machine, not the migration. */
const CALLS_PER_SECOND_MAX = 200;

const integer = (name: string, min: number, max: number) => (text: string) => {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n < min || n > max)
    throw new UserError(`${name} is "${text}"; expected a whole number from ${min} to ${max}.`);
  return n;
};
const oneOf = (name: string, values: readonly string[]) => (text: string) => {
  if (!values.includes(text)) throw new UserError(`${name} is "${text}"; expected one of ${values.join(", ")}.`);
  return text;
};

/** One sentence for a user's mistake (exit 2); anything else is a bug and keeps its stack (exit 1). */
function fail(error: unknown): never {
  if (error instanceof UserError) {
    for (const problem of error.problems) console.error(problem);
    process.exit(2);
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}

const program = new Command("cutover")
  .description("Move phone numbers from Genesys Cloud Voice to your own carrier (BYOC) without losing one call.")
  .version(CUTOVER_VERSION)
  .exitOverride((e) => process.exit(e.exitCode === 0 ? 0 : 2));

program
  .command("rehearse")
  .description("rehearse a whole migration in the sandbox, under call load")
  .option("--plan <dir>", "estate to rehearse", "stacks/dev")
  .option("--seed <n>", "seed of everything drawn by chance", integer("--seed", 0, 4_294_967_295), 1)
  .option("--to <phase>", "last phase to walk to", oneOf("--to", PHASES), "complete")
  .option(
    "--calls-per-second <n>",
    "calls placed per second, as far as the trunk's channels suffice",
    integer("--calls-per-second", 1, CALLS_PER_SECOND_MAX),
    60,
  )
  .option("--out <dir>", "where the report, the state and the configuration go", "out/rehearsal")
  .option("--engine <name>", "embedded, or pulumi (a real CLI)", oneOf("--engine", ["embedded", "pulumi"]), "embedded")
  .option(
    "--inbound-matching <how>",
    "whether a GCV number rings on the BYOC trunk",
    oneOf("--inbound-matching", ["org-wide", "by-pool"]),
  )
  .option("--json", "print one JSON document instead of progress")
  .action(async (o: Record<string, unknown>) => {
    const { rehearseCommand } = await import("./rehearse");
    process.exitCode = await rehearseCommand({
      plan: o.plan as string,
      seed: o.seed as number,
      to: o.to as Phase,
      callsPerSecond: o.callsPerSecond as number,
      out: o.out as string,
      engine: o.engine as "embedded" | "pulumi",
      inboundMatching: o.inboundMatching as "org-wide" | "by-pool" | undefined,
      json: o.json === true,
    });
  });

program
  .command("sandbox")
  .description("start the sandbox world of an estate; the first line on stdout is one JSON object with its addresses")
  .allowUnknownOption()
  .allowExcessArguments()
  .helpOption(false)
  .action(async () => {
    const { sandboxMain } = await import("../sandbox/main");
    await sandboxMain(process.argv.slice(3));
  });

registerDaily(program);

program.parseAsync().catch(fail);
