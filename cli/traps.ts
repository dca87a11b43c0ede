import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { phaseAtLeast } from "../model/phases";
import type { Phase } from "../model/types";
import type { Report } from "../rehearsal/report";
import { TRAPS, trapOf } from "../rehearsal/traps";
import { sharesWalk } from "../rehearsal/traps/attempts";
import { doesHarm, harmResultOf, isStopped, rowOf, stopOf, type TrapResult } from "../rehearsal/traps/result";
import { walkPastTraps } from "../rehearsal/traps/shared-walk";
import type { Trap, Until } from "../rehearsal/traps/trap";

export interface TrapsArgs {
  /** Names of traps; empty: all. */
  only: string[];
  /** Only what stops, and what does harm, up to this phase. */
  to?: Phase;
  /** No walks without policies. */
  stops?: boolean;
  /** Walks without policies only. */
  harms?: boolean;
  /** Walks into single traps made beside each other; at least 1. */
  atOnce: number;
  out: string;
  /** Estate that the traps are set in. */
  plan: string;
}

const CALLS_PER_SECOND = 12;
/** Wall time after which a single walk is ended and counts as failed. */
const WALK_MS_MAX = 300_000;
/** @returns its report. @throws Error when the walk ended without one. */
function walk(trap: Trap, out: string, without: readonly string[]): Promise<Report> {
  const flags = without.flatMap((p) => ["--without-policy", p]);
  const file = join(out, "report.json");
  rmSync(file, { force: true });
  const args = ["rehearse", "--trap", trap.name, "--out", out, "--calls-per-second", String(CALLS_PER_SECOND)];
  const child = spawn(process.execPath, [process.argv[1]!, ...args, ...flags], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const timer = setTimeout(() => child.kill("SIGTERM"), WALK_MS_MAX);
  return new Promise((done, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      if (code === 2 || !existsSync(file)) reject(new Error(`the walk into ${trap.name} ended with code ${code}`));
      else done(JSON.parse(readFileSync(file, "utf8")) as Report);
    });
  });
}

/** traps.json as it grows: a run that is broken off keeps what it has measured. */
class Table {
  private readonly file: string;
  private readonly rows: Map<string, TrapResult>;

  constructor(out: string) {
    mkdirSync(out, { recursive: true });
    this.file = join(out, "traps.json");
    const kept = existsSync(this.file) ? (JSON.parse(readFileSync(this.file, "utf8")) as TrapResult[]) : [];
    this.rows = new Map(kept.map((r) => [r.trap, r]));
  }

  note(trap: Trap, ...measured: [Parameters<typeof rowOf>[2], Parameters<typeof rowOf>[3]?]): TrapResult {
    const row = rowOf(trap, this.rows.get(trap.name), ...measured);
    this.rows.set(trap.name, row);
    const ordered = TRAPS.flatMap((t) => this.rows.get(t.name) ?? []);
    writeFileSync(this.file, `${JSON.stringify(ordered, null, 2)}\n`);
    return row;
  }

  /** Makes docs/policies.md, when every trap has been walked into both ways. */
  page(): void {
    const missing = TRAPS.filter((t) => !this.rows.get(t.name)?.stoppedBy || !this.rows.get(t.name)?.harmWithout);
    if (missing.length > 0) {
      console.log(
        `docs/policies.md stays as it is: not yet walked both ways: ${missing.map((t) => t.name).join(", ")}`,
      );
      return;
    }
    const doc = join(__dirname, "policies-doc.js");
    execFileSync(process.execPath, [doc, this.file, resolve(__dirname, "../docs/policies.md")]);
  }
}

const verdict = (good: boolean) => (good ? "ok  " : "FAIL");

function tellStop(row: TrapResult, why: readonly string[] = []): void {
  const by = row.stoppedBy ? `stopped by ${row.stoppedBy} in ${row.stoppedIn}` : "stopped by nothing";
  const also = row.alsoStoppedBy.length > 0 ? ` (also ${row.alsoStoppedBy.join(", ")})` : "";
  console.log(`${verdict(isStopped(row))} ${row.trap}: ${by}${also}, ${row.writesBeforeStop ?? "?"} writes`);
  for (const line of why) console.log(`     ${line}`);
}

function tellHarm(row: TrapResult, trap: Trap, report: Report): void {
  const without = [trap.policy, ...trap.overlaps].join(", ");
  const harm = row.harmWithout ? `${row.harmWithout.count} ${row.harmWithout.kind}` : "no harm";
  console.log(
    `${verdict(doesHarm(row))} ${row.trap}, without ${without}: ${harm} (${Math.round(report.wallSeconds)} s)`,
  );
  if (report.stopped)
    console.log(`     stopped by ${report.stopped.policy} in ${report.stopped.in} of ${report.stopped.phase}`);
  else if (!doesHarm(row)) for (const f of report.failures.slice(0, 2)) console.log(`     ${f.slice(0, 400)}`);
}

/**
 * Walks into traps, `atOnce` beside each other: a walk waits for its world half of the time. One that ends without a report costs its
 * own trap only. @returns how many failed.
 */
async function walkEach(traps: readonly Trap[], atOnce: number, go: (trap: Trap) => Promise<boolean>): Promise<number> {
  const queue = [...traps];
  let failed = 0;
  const worker = async () => {
    for (let trap = queue.shift(); trap; trap = queue.shift()) {
      const good = await go(trap).catch((error: Error) => {
        console.log(`${verdict(false)} ${error.message}`);
        return false;
      });
      if (!good) failed++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return failed;
}

const within = (until: Until, to: Phase | undefined) => to === undefined || phaseAtLeast(to, until.phase);

/**
 * `cutover traps`: every trap with its policy and without. One right migration serves all mistakes that can be tried on the way; the others,
 * and every walk without a policy, are walks of their own. Writes traps.json (what was not measured this time is kept) and docs/policies.md.
 * @returns 0 when each trap was stopped in preview by its own policy before any write, did harm without it, and the right migration passed.
 */
export async function trapsCommand(o: TrapsArgs): Promise<number> {
  const traps = (o.only.length > 0 ? o.only.map((name) => trapOf(name, "--only")) : TRAPS).filter((t) =>
    within(t.stopsAt, o.to),
  );
  const table = new Table(o.out);
  const started = performance.now();
  let failed = o.harms ? 0 : await stops(traps, table, o);
  const harmed = o.stops ? [] : traps.filter((t) => within(t.harmAt, o.to));
  failed += await walkEach(harmed, o.atOnce, async (trap) => {
    const report = await walk(trap, join(o.out, "traps", trap.name, "harmed"), [trap.policy, ...trap.overlaps]);
    const row = table.note(trap, undefined, harmResultOf(report));
    tellHarm(row, trap, report);
    return doesHarm(row);
  });
  table.page();
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${o.harms ? 0 : traps.length} traps stopped or tried, ${harmed.length} walked without their policy, ${failed} failed, ${seconds} s`,
  );
  return failed === 0 ? 0 : 1;
}

/** @returns how many were not stopped as they should. */
async function stops(traps: readonly Trap[], table: Table, o: TrapsArgs): Promise<number> {
  let failed = 0;
  const shared = traps.filter(sharesWalk);
  if (shared.length > 0) {
    const seen = new Set<string>();
    const { report } = await walkPastTraps(shared, {
      planDir: o.plan,
      out: resolve(o.out, "traps", "shared"),
      seed: 1,
      callsPerSecond: CALLS_PER_SECOND,
      cli: process.argv[1]!,
      onResult: (trap, attempt) => {
        const row = table.note(trap, stopOf(attempt));
        seen.add(trap.name);
        tellStop(row, attempt.why);
        if (!isStopped(row)) failed++;
      },
    });
    const right = report.verdict === "pass" && seen.size === shared.length;
    console.log(
      `${verdict(right)} the right migration around them: ${report.calls.offered} calls, ${report.calls.lost} lost`,
    );
    for (const f of report.failures) console.log(`     ${f.slice(0, 600)}`);
    if (!right) failed++;
  }
  const alone = traps.filter((t) => !sharesWalk(t));
  failed += await walkEach(alone, o.atOnce, async (trap) => {
    const report = await walk(trap, join(o.out, "traps", trap.name, "stopped"), []);
    const row = table.note(trap, stopOf(report));
    tellStop(row, report.stopped ? [] : report.failures.slice(0, 2));
    return isStopped(row);
  });
  return failed;
}
