/**
 * The embedded engine against the real Pulumi CLI: `npm run test:conformance [-- --cli] [-- --record] [-- --only N]`.
 * Without `--cli` the recordings of test/conformance/recordings stand for the CLI; with it every scenario runs through both, and the
 * hand-over of a stack between the two. The table in docs/engine.md is written by this run. Exit 0 = no difference, 1 = some, 2 = wrong use.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../model/errors";
import { findPulumiRoot, NO_CLI } from "../../rehearsal/cli-finder";
import { cli, type Driver, embedded } from "./drivers";
import { handover } from "./handover";
import { differences, type Observation } from "./observe";
import { ELSEWHERE, SCENARIOS, type Scenario } from "./scenario";
import { type Row, writeTable } from "./table";

const RECORDINGS = "test/conformance/recordings/behaviours";

const fileOf = (s: Scenario): string =>
  join(RECORDINGS, `${String(s.number).padStart(2, "0")}-${s.name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}.json`);

async function walk(driver: Driver, s: Scenario): Promise<Observation[]> {
  const seen: Observation[] = [];
  try {
    for (const step of s.steps) seen.push(await driver.run(step));
  } finally {
    await driver.close();
  }
  return seen;
}

/** What the CLI showed: now, or when it was recorded; undefined when neither is there. */
async function wanted(s: Scenario, root: string | undefined, record: boolean): Promise<Observation[] | undefined> {
  if (!root) return existsSync(fileOf(s)) ? JSON.parse(readFileSync(fileOf(s), "utf8")).steps : undefined;
  const steps = await walk(cli(root, s), s);
  if (record) {
    mkdirSync(RECORDINGS, { recursive: true });
    writeFileSync(fileOf(s), `${JSON.stringify({ cli: CLI, steps })}\n`);
  }
  return steps;
}

/** The CLI that the recordings came from. */
const CLI = "3.260.0";

async function compare(s: Scenario, root: string | undefined, record: boolean): Promise<Row> {
  const row = { number: s.number, name: s.name };
  const reference = await wanted(s, root, record);
  if (!reference) return { ...row, result: "differs", why: ["not recorded: run with --cli --record"] };
  const got = await walk(embedded(s), s);
  const why = s.steps.flatMap((step, i) => differences(reference[i], got[i], `step ${i + 1} (${step.run ?? "up"})`));
  return { ...row, result: why.length ? "differs" : "same", why };
}

function options() {
  try {
    return parseArgs({
      options: {
        cli: { type: "boolean" },
        record: { type: "boolean" },
        only: { type: "string" },
        handover: { type: "boolean" },
      },
    }).values;
  } catch (e) {
    throw new UserError(`${(e as Error).message.split(". ")[0]}: expected [--cli] [--record] [--only N] [--handover].`);
  }
}

async function main(): Promise<number> {
  const o = options();
  const found = o.cli || o.record || o.handover ? findPulumiRoot() : undefined;
  if (!found && (o.record || o.handover)) throw new UserError(NO_CLI);
  if (o.cli && !found)
    console.log("no pulumi CLI with its Node language host was found: running against the recordings");
  const chosen = o.handover ? [] : SCENARIOS.filter((s) => !o.only || String(s.number) === o.only);
  if (o.only && chosen.length === 0) throw new UserError(`--only ${o.only}: no scenario has that number.`);
  const rows: Row[] = [];
  for (const s of chosen) {
    const row = await compare(s, found, o.record === true);
    rows.push(row);
    console.log(`${row.result === "same" ? "ok  " : "DIFF"} ${row.number} ${row.name}`);
    for (const w of row.why) console.log(`       ${w}`);
  }
  if (found && !o.only) {
    for (const h of await handover(console.log)) {
      rows.push({ number: 0, name: `hand-over, ${h.name}`, result: h.wrong.length ? "differs" : "same", why: h.wrong });
      console.log(`${h.wrong.length ? "DIFF" : "ok  "} hand-over, ${h.name} (${h.seconds.toFixed(0)} s)`);
      for (const w of h.wrong) console.log(`       ${w}`);
    }
  }
  if (!o.only && !o.handover) writeTable(rows, ELSEWHERE, found ? "the CLI itself" : "recordings of the CLI");
  for (const e of ELSEWHERE) console.log(`--   ${e.number} ${e.name}: ${e.where}`);
  return rows.some((r) => r.result === "differs") ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (e) => {
    console.error(e instanceof UserError ? e.problems.join("\n") : e);
    process.exit(e instanceof UserError ? 2 : 1);
  },
);
