import { type Command, InvalidArgumentError, Option } from "commander";
import type { AdvanceArgs } from "./advance";

const amount = (min: number, max: number, unit: string) => (text: string) => {
  const n = Number(text);
  if (text.trim() !== "" && n >= min && n <= max) return n;
  throw new InvalidArgumentError(`seen "${text}"; expected ${min} to ${max} ${unit}.`);
};

const WEEK_MINUTES = 10_080;

function stepOptions(command: Command): Command {
  return command
    .requiredOption("--stack <name>", "stack to move (Pulumi.<name>.yaml)")
    .option("--config <file>", "the stack's configuration; an up writes the lines of its step into it")
    .option(
      "--world <file>",
      "a running sandbox: the first line that cutover sandbox printed; its addresses replace the stack's",
    )
    .option("--yes <stack>", "confirm without being asked; the stack's own name")
    .option("--wave <name>", "the wave or part that moves inside cutover (default: the first with a step left)")
    .option("--dry-run", "preview only")
    .addOption(
      new Option(
        "--engine <name>",
        "embedded or pulumi (default: embedded for a sandbox stack, else the Pulumi CLI)",
      ).choices(["embedded", "pulumi"]),
    )
    .option("--state <dir>", "state of a sandbox stack (default .cutover/<stack>/state)")
    .option("--journal <dir>", "journal, holder and pause of the stack (default .cutover/<stack>/advance)")
    .option("--audit <file>", "audit log (default audit.jsonl beside the journal)")
    .option("--json", "print the result as one JSON document; progress goes to standard error in any case");
}

/** `cutover advance`, `back`, `pause`, `resume`. */
export function registerAdvance(program: Command): void {
  registerForward(program);
  registerBack(program);
  registerPause(program);
}

function registerForward(program: Command): void {
  stepOptions(
    program
      .command("advance")
      .description(
        "make the next step: preview, policies, confirm, up, then watch it and go back by itself when a limit breaks; exit 0: done, 1: not made, 3: paused or no answer, 4: went back",
      ),
  )
    .option(
      "--until <place>",
      "go on until a phase, or a wave's step such as w1=released, waiting for what each step needs",
    )
    .option("--pause", "make no step: hold an advance in another terminal before its next up, as cutover pause does")
    .option("--wait", "wait for gates that do not pass yet (with --until always)")
    .option("--no-dry-run", "really make the step to complete, which is only previewed otherwise: it has no way back")
    .option("--soak <minutes>", "watch a step for so long", amount(0, WEEK_MINUTES, "minutes"), 30)
    .option(
      "--soak-max <minutes>",
      "end a watch without an answer, such as too few calls",
      amount(0, WEEK_MINUTES, "minutes"),
      1440,
    )
    .option("--look-every <minutes>", "minutes between two looks", amount(0.1, 1440, "minutes"), 5)
    .option(
      "--poll <minutes>",
      "first pause between two looks at a gate; doubles up to an hour",
      amount(0.1, 1440, "minutes"),
      5,
    )
    .option("--wait-max <hours>", "give up waiting for a gate", amount(0, 8760, "hours"), 720)
    .addHelpText(
      "after",
      "\nExamples: cutover advance --stack prod\n          cutover advance --stack prod --until w1=live --yes=prod\n          cutover advance --stack prod --yes=prod --no-dry-run     (to complete)",
    )
    .action(async (o: AdvanceArgs & { pause?: boolean }) => {
      const { advanceVerb, pauseVerb } = await import("./advance");
      process.exitCode = o.pause ? pauseVerb(o) : await advanceVerb("forward", o);
    });
}

function registerBack(program: Command): void {
  stepOptions(
    program
      .command("back")
      .description("take one step back; never gated, and it turns round a step that is being watched or got stuck"),
  )
    .addHelpText("after", "\nExample: cutover back --stack prod --yes=prod")
    .action(async (o: Omit<AdvanceArgs, "soak" | "soakMax" | "lookEvery" | "poll" | "waitMax">) => {
      const { advanceVerb } = await import("./advance");
      process.exitCode = await advanceVerb("back", { ...o, soak: 0, soakMax: 0, lookEvery: 1, poll: 1, waitMax: 0 });
    });
}

function registerPause(program: Command): void {
  const held = (name: string, about: string) =>
    program
      .command(name)
      .description(about)
      .requiredOption("--stack <name>", "stack whose advance is meant")
      .option("--journal <dir>", "as given to advance");
  held("pause", "ask an advance in another terminal to stop before its next up")
    .option("--why <text>", "told to whoever meets the pause")
    .addHelpText("after", '\nExample: cutover pause --stack prod --why "carrier maintenance tonight"')
    .action(async (o: { stack: string; journal?: string; why?: string }) => {
      const { pauseVerb } = await import("./advance");
      process.exitCode = pauseVerb(o);
    });
  held("resume", "end a pause; exit 1 when there was none")
    .addHelpText("after", "\nExample: cutover resume --stack prod")
    .action(async (o: { stack: string; journal?: string }) => {
      const { resumeVerb } = await import("./advance");
      process.exitCode = resumeVerb(o);
    });
}
