import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../model/errors";
import { endOfLife } from "./lifetime";
import { applySwitches } from "./switches";
import type { WorldFaults } from "./world";

const USAGE =
  "npm run sandbox -- --plan DIR [--seed N] [--auto] [--desk DIR] [--inbound-matching org-wide|by-pool] [--world NAME[=VALUE]]... [--faults JSON]";

/** What `npm run sandbox` was asked to do. */
export interface SandboxArgs {
  plan: string;
  seed: number;
  /** `sleep` jumps instead of waiting, and the world starts on a Monday morning instead of now. */
  auto: boolean;
  desk?: string;
  matching?: "org-wide" | "by-pool";
  /** What differs from the golden path, as `WorldFaults` has it. */
  faults?: WorldFaults;
}

/** Reads the arguments after `sandbox`. @throws UserError for anything not understood. */
export function parseSandboxArgs(argv: readonly string[]): SandboxArgs {
  const { plan, seed, auto, desk, "inbound-matching": matching, faults, world } = valuesOf(argv);
  if (plan === undefined) throw new UserError(`--plan is missing: expected ${USAGE}.`);
  const number = Number(seed ?? 1);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new UserError(`--seed ${seed}: expected a whole number from 0 up.`);
  if (matching !== undefined && matching !== "org-wide" && matching !== "by-pool") {
    throw new UserError(`--inbound-matching ${matching}: expected org-wide or by-pool.`);
  }
  return {
    plan: resolve(plan),
    seed: number,
    auto: auto === true,
    desk: desk && resolve(desk),
    matching,
    faults: world ? applySwitches(faultsOf(faults) ?? {}, world) : faultsOf(faults),
  };
}

function faultsOf(text: string | undefined): WorldFaults | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as WorldFaults;
  } catch {
    // told below
  }
  throw new UserError(`--faults ${text}: expected a JSON object such as {"ports":[{"order":"*","kind":"early"}]}.`);
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
        faults: { type: "string" },
        world: { type: "string", multiple: true },
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
    faults: args.faults,
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
