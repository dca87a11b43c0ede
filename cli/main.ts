import { resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../model/errors";
import { PHASES, type Phase } from "../model/types";
import { HttpError } from "../providers/lib/http";
import { registerDaily } from "./daily";
import { addHelp } from "./help";
import { registerStackVerbs } from "./stack-verbs";

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

const collect = (value: string, previous: string[]): string[] => [...previous, value];

/** Traps are made for the guide's estate, and need few calls: other values only where they were asked for. */
function trapArgs(o: Record<string, unknown>, command: Command) {
  const asked = (name: string) => command.getOptionValueSource(name) === "cli";
  return {
    trap: o.trap as string,
    without: o.withoutPolicy as string[],
    plan: asked("plan") ? (o.plan as string) : resolve(__dirname, "../test/estates/guide"),
    seed: o.seed as number,
    callsPerSecond: asked("callsPerSecond") ? (o.callsPerSecond as number) : 15,
    out: asked("out") ? (o.out as string) : `out/traps/${o.trap as string}`,
    inboundMatching: o.inboundMatching as "org-wide" | "by-pool" | undefined,
    json: o.json === true,
  };
}

/** What a disk says that no program can mend. */
const DISK_REFUSES: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the device",
  EDQUOT: "a quota that is used up",
  EROFS: "a read-only file system",
};

/**
 * One sentence for a user's mistake (exit 2), and for a system outside, or a disk, that did not answer or refused (exit 1: the same may go well later).
 * Anything else is a bug and keeps its stack (exit 1).
 */
function fail(error: unknown): never {
  if (error instanceof HttpError) {
    console.error(`${error.message}; fix: cutover doctor looks at addresses, credentials and rights.`);
    process.exit(1);
  }
  if (error instanceof UserError) {
    for (const problem of error.problems) console.error(problem);
    process.exit(2);
  }
  const full = DISK_REFUSES[(error as NodeJS.ErrnoException | undefined)?.code ?? ""];
  if (full !== undefined) {
    const { path } = error as NodeJS.ErrnoException;
    console.error(
      `${path ?? "A file could not be written"}: seen ${full}; expected space to write; fix: make room, or write elsewhere, and run it again.`,
    );
    process.exit(1);
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}

/** Milliseconds a finished command may take to let go of what it holds, before it is ended. */
const LEAVE_MS_MAX = 2000;

/** Ends with `code`; something that keeps hold of the process, such as a plug-in that never came up, does not keep it from ending. */
function leave(code: number): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), LEAVE_MS_MAX).unref();
}

const program = new Command("cutover")
  .description("Move phone numbers from Genesys Cloud Voice to your own carrier (BYOC) without losing one call.")
  .version(CUTOVER_VERSION)
  // A mistake is one line, wherever it was found.
  .configureOutput({
    outputError: (text, write) =>
      write(
        `${text
          .replace(/^error: /, "")
          .trim()
          .replace(/\.$/, "")
          .replaceAll("\n", " ")}; --help shows what is expected\n`,
      ),
  })
  // Also a narrow terminal gets whole words.
  .configureHelp({ minWidthToWrap: 14 })
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
    40,
  )
  .option("--out <dir>", "where the report, the state and the configuration go", "out/rehearsal")
  .option("--engine <name>", "embedded, or pulumi (a real CLI)", oneOf("--engine", ["embedded", "pulumi"]), "embedded")
  .option(
    "--inbound-matching <how>",
    "whether a GCV number rings on the BYOC trunk",
    oneOf("--inbound-matching", ["org-wide", "by-pool"]),
  )
  .option("--world <switch>", "named switch of the world, NAME[=VALUE] (docs/sandbox.md; repeatable)", collect, [])
  .option(
    "--trap <name>",
    "put one mistake into the migration and see which policy stops it (default estate: the guide's)",
  )
  .option("--without-policy <policy>", "with --trap: leave this policy out of all its layers (repeatable)", collect, [])
  .option("--back-from <phase>", "walk to this phase, or wave step such as w1=live, and back again")
  .option("--hurried", "no preview before, and no second up after, the steps on the way to the last one and back")
  .option(
    "--override <json>",
    "the stack's cutover:override: policies set aside by name, each with a reason and an end",
  )
  .option("--json", "print one JSON document instead of progress")
  .action(async (o: Record<string, unknown>, command: Command) => {
    if (o.trap !== undefined) {
      const { trapCommand } = await import("./trap");
      process.exitCode = await trapCommand(trapArgs(o, command));
      return;
    }
    if ((o.withoutPolicy as string[]).length > 0)
      throw new UserError(
        "--without-policy: seen without --trap; expected together with --trap NAME only; fix: name a trap, or leave it out.",
      );
    const { rehearseCommand } = await import("./rehearse");
    leave(
      await rehearseCommand({
        plan: o.plan as string,
        seed: o.seed as number,
        to: o.to as Phase,
        callsPerSecond: o.callsPerSecond as number,
        out: o.out as string,
        engine: o.engine as "embedded" | "pulumi",
        inboundMatching: o.inboundMatching as "org-wide" | "by-pool" | undefined,
        world: o.world as string[],
        json: o.json === true,
        hurried: o.hurried === true,
        backFrom: o.backFrom as string | undefined,
        override: o.override as string | undefined,
      }),
    );
  });

program
  .command("traps")
  .description("walk into every trap, with its policy and without; writes out/traps.json and docs/policies.md")
  .option("--only <name>", "this trap only (repeatable)", collect, [])
  .option("--to <phase>", "only what is stopped, and what does harm, up to this phase", oneOf("--to", PHASES))
  .option("--stops", "only that each trap is stopped; no walks without policies")
  .option(
    "--at-once <n>",
    "walks into single traps beside each other; two share two cores",
    integer("--at-once", 1, 8),
    2,
  )
  .option("--harms", "only the walks without policies; what stops each trap is kept from an earlier run")
  .option("--out <dir>", "where reports and traps.json go", "out")
  .action(async (o: { only: string[]; to?: Phase; stops?: boolean; harms?: boolean; atOnce: number; out: string }) => {
    const { trapsCommand } = await import("./traps");
    leave(await trapsCommand({ ...o, plan: resolve(__dirname, "../test/estates/guide") }));
  });

program
  .command("sandbox")
  .description("start the sandbox world of an estate; the first line on stdout is one JSON object with its addresses")
  // Declared for the help; sandbox/main.ts reads and judges the arguments itself, for it is also started without this file.
  .option("--plan <dir>", "estate whose world is played (must be marked sandbox: true)")
  .option("--seed <n>", "seed of everything drawn by chance (default 1)")
  .option("--auto", "the clock jumps whenever somebody waits for it, and starts on a Monday morning")
  .option("--desk <dir>", "directory of requests and confirmations (default: one of its own, removed at the end)")
  .option("--inbound-matching <how>", "org-wide or by-pool: whether a GCV number rings on the BYOC trunk")
  .option("--world <switch>", "named switch of the world, NAME[=VALUE] (docs/sandbox.md; repeatable)")
  .option("--faults <json>", "what differs from the golden path, as one JSON object")
  .allowUnknownOption()
  .allowExcessArguments()
  .action(async () => {
    const { sandboxMain } = await import("../sandbox/main");
    await sandboxMain(process.argv.slice(3));
  });

/** Options that name a place or a thing: an empty one is a variable that was not set, and would mean the directory one stands in. */
const NAMES = new Set([
  "audit",
  "config",
  "desk",
  "file",
  "journal",
  "out",
  "plan",
  "preview",
  "stack",
  "state",
  "trap",
  "world",
]);

program.hook("preAction", (_program, command) => {
  for (const [name, value] of Object.entries(command.opts()))
    if (NAMES.has(name) && (value === "" || (Array.isArray(value) && value.includes(""))))
      throw new UserError(`--${name}: seen an empty text; expected a name; fix: set it, or leave the option out.`);
});

registerDaily(program);
registerStackVerbs(program);
addHelp(program);

program.parseAsync().catch(fail);
