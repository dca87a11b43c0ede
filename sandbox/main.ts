import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../model/errors";

const USAGE = "npm run sandbox -- --plan DIR [--seed N] [--auto] [--desk DIR] [--inbound-matching org-wide|by-pool]";

/** What `npm run sandbox` was asked to do. */
export interface SandboxArgs {
  plan: string;
  seed: number;
  /** `sleep` jumps instead of waiting, and the world starts on a Monday morning instead of now. */
  auto: boolean;
  desk?: string;
  matching?: "org-wide" | "by-pool";
}

/** Reads the arguments after `sandbox`. @throws UserError for anything not understood. */
export function parseSandboxArgs(argv: readonly string[]): SandboxArgs {
  const { plan, seed, auto, desk, "inbound-matching": matching } = valuesOf(argv);
  if (plan === undefined) throw new UserError(`--plan is missing: expected ${USAGE}.`);
  const number = Number(seed ?? 1);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new UserError(`--seed ${seed}: expected a whole number from 0 up.`);
  if (matching !== undefined && matching !== "org-wide" && matching !== "by-pool") {
    throw new UserError(`--inbound-matching ${matching}: expected org-wide or by-pool.`);
  }
  return { plan: resolve(plan), seed: number, auto: auto === true, desk: desk && resolve(desk), matching };
}

function valuesOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        plan: { type: "string" },
        seed: { type: "string" },
        auto: { type: "boolean" },
        desk: { type: "string" },
        "inbound-matching": { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${(error as Error).message.split(". ")[0]}: expected ${USAGE}.`);
  }
}

/** All but the addresses goes to stderr, so that the first line of stdout can be read by a program. */
function log(text: string): void {
  process.stderr.write(`sandbox: ${text}\n`);
}

/**
 * Starts the world of an estate and keeps it until SIGINT or SIGTERM, or until stdin closes when CUTOVER_PLUGIN_STDIN=1. The first line
 * on stdout is one JSON object with every address (docs/internals.md section 6).
 * @throws UserError for wrong arguments or a wrong plan; nothing has been started then.
 */
export async function sandboxMain(argv: readonly string[]): Promise<void> {
  const args = parseSandboxArgs(argv);
  const [{ loadPlan }, { createWorld }] = await Promise.all([import("../model/plan"), import("./world")]);
  const plan = loadPlan(args.plan);
  if (!plan.sandbox) {
    throw new UserError(
      `${args.plan}/plan.yaml, sandbox: ${plan.sandbox}; the sandbox plays only plans marked \`sandbox: true\`. Copy the estate and mark the copy.`,
    );
  }
  const ownDesk = args.desk ? undefined : mkdtempSync(join(tmpdir(), "cutover-desk-"));
  if (ownDesk) process.on("exit", () => rmSync(ownDesk, { recursive: true, force: true }));
  const ended = endOfLife();
  const world = await createWorld({
    plan,
    seed: args.seed,
    mode: args.auto ? "auto" : "real",
    start: args.auto ? undefined : new Date(),
    desk: args.desk ?? (ownDesk as string),
    matching: args.matching,
  });
  process.stdout.write(`${JSON.stringify(world.addresses())}\n`);
  log(
    `the world of ${plan.name} is up (${plan.numbers.length} numbers, seed ${args.seed}, ${args.auto ? "jumping" : "real-time"} clock)`,
  );
  log(`${await ended}: ending`);
  // Nothing may outlive the world, whatever hangs: half a second is ample for closing sockets.
  const timer = setTimeout(() => process.exit(0), 500);
  await world.close();
  clearTimeout(timer);
  process.exit(0);
}

/** How often the parent is looked at when npm started us. */
const PARENT_POLL_MS = 150;

/**
 * Resolves with the reason to end. Further signals are ignored: npm passes on one that the terminal has sent already. A SIGTERM to npm
 * ends only the shell between npm and us, so under npm the loss of the parent counts as one.
 */
function endOfLife(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(signal));
    if (process.env.npm_lifecycle_event !== undefined) {
      const parent = process.ppid;
      setInterval(() => process.ppid !== parent && resolve("npm has ended"), PARENT_POLL_MS).unref();
    }
    if (process.env.CUTOVER_PLUGIN_STDIN !== "1") return;
    process.stdin.on("end", () => resolve("stdin closed"));
    process.stdin.on("error", () => resolve("stdin closed"));
    process.stdin.resume();
  });
}
