/**
 * The embedded engine against the real Pulumi CLI: `npm run test:conformance [-- --cli] [-- --record] [-- --only N]`.
 * Without `--cli` the recordings of test/conformance/recordings stand for the CLI; with it every scenario runs through both, and the
 * hand-over of a stack between the two. The table in docs/engine.md is written by this run. Exit 0 = no difference, 1 = some, 2 = wrong use.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../model/errors";
import { findPulumiRoot, NO_CLI } from "../../rehearsal/cli-finder";
import { walk } from "./bed";
import { cli } from "./cli";
import { Embedded } from "./embedded";
import { handover } from "./handover";
import type { Observation } from "./observe";
import { compared, record, recorded, recordedHandovers, recordHandovers } from "./recorded";
import { SCENARIOS, type Scenario } from "./scenario";
import { type Row, writeTable } from "./table";

const HOST = resolve("dist/engine-host.js");

/** What the CLI showed: now, or when it was recorded; undefined when neither is there. */
async function wanted(s: Scenario, root: string | undefined, anew: boolean): Promise<Observation[] | undefined> {
  if (!root) return recorded(s);
  const steps = await walk(cli(root, s), s);
  if (anew) record(s, steps);
  return steps;
}

async function compare(s: Scenario, engine: Embedded, root: string | undefined, anew: boolean): Promise<Row> {
  const row = { number: s.number, name: s.name };
  const reference = await wanted(s, root, anew);
  if (!reference) return { ...row, result: "differs", why: ["not recorded: run with --cli --record"] };
  const why = compared(s, reference, await walk(engine.driver(s), s));
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

/** The hand-overs, done now where there is a CLI, and otherwise as they went when there was one. */
async function handovers(root: string | undefined): Promise<Row[]> {
  const results = root ? await handover(console.log) : recordedHandovers();
  if (root) recordHandovers(results);
  const rows = results.map(
    (h): Row => ({
      number: 0,
      name: `hand-over, ${h.name}`,
      result: h.wrong.length ? "differs" : "same",
      why: h.wrong,
    }),
  );
  for (const [i, row] of rows.entries()) {
    const when = root ? `${results[i]?.seconds.toFixed(0)} s` : "recorded";
    console.log(`${row.result === "same" ? "ok  " : "DIFF"} ${row.name} (${when})`);
    for (const w of row.why) console.log(`       ${w}`);
  }
  return rows;
}

async function main(): Promise<number> {
  const o = options();
  const found = o.cli || o.record || o.handover ? findPulumiRoot() : undefined;
  if (!found && (o.record || o.handover)) throw new UserError(NO_CLI);
  if (o.cli && !found)
    console.log("no pulumi CLI with its Node language host was found: running against the recordings");
  const asked = (s: Scenario, only: string) =>
    only.includes(" ") ? `${s.number} ${s.name}`.startsWith(only) : String(s.number) === only;
  const chosen = o.handover ? [] : SCENARIOS.filter((s) => !o.only || asked(s, o.only));
  if (o.only && chosen.length === 0)
    throw new UserError(`--only ${o.only}: no scenario has that number, or begins so.`);
  const rows: Row[] = [];
  const engine = new Embedded(HOST);
  for (const s of chosen) {
    const row = await compare(s, engine, found, o.record === true);
    rows.push(row);
    console.log(`${row.result === "same" ? "ok  " : "DIFF"} ${row.number} ${row.name}`);
    for (const w of row.why) console.log(`       ${w}`);
  }
  await engine.close();
  if (!o.only) rows.push(...(await handovers(found)));
  if (!o.only && !o.handover) writeTable(rows, found ? "the CLI itself" : "recordings of the CLI");
  return rows.some((r) => r.result === "differs") ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (e) => {
    console.error(e instanceof UserError ? e.problems.join("\n") : e);
    process.exit(e instanceof UserError ? 2 : 1);
  },
);
