import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Harm } from "../rehearsal/harm";
import type { Report } from "../rehearsal/report";
import { TRAPS, trapOf } from "../rehearsal/traps";
import type { Trap } from "../rehearsal/traps/trap";

/** One row of traps.json. */
export interface TrapResult {
  trap: string;
  policy: string;
  mistake: string;
  stoppedBy: string | null;
  /** `preview of parallel`. */
  stoppedIn: string | null;
  /** API calls of the stopped step that were not reads. */
  writesBeforeStop: number | null;
  message: string | null;
  /** Policies taken out together with `policy` to see the harm. */
  overlaps: string[];
  /** Policy that still stopped the walk without those; null when it went through. */
  alsoStoppedWithout: string | null;
  harmWithout: Harm | null;
}

/** Walks are made one after another: two at once would cost each other SIP timing. */
function walk(trap: Trap, out: string, without: readonly string[]): Promise<Report> {
  const flags = without.flatMap((p) => ["--without-policy", p]);
  const child = spawn(process.execPath, [process.argv[1]!, "rehearse", "--trap", trap.name, "--out", out, ...flags], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      const file = join(out, "report.json");
      if (code === 2 || !existsSync(file)) reject(new Error(`the walk into ${trap.name} ended with code ${code}`));
      else resolve(JSON.parse(readFileSync(file, "utf8")) as Report);
    });
  });
}

function resultOf(trap: Trap, stopped: Report, harmed: Report): TrapResult {
  return {
    trap: trap.name,
    policy: trap.policy,
    mistake: trap.mistake,
    stoppedBy: stopped.stopped?.policy ?? null,
    stoppedIn: stopped.stopped ? `${stopped.stopped.in} of ${stopped.stopped.phase}` : null,
    writesBeforeStop: stopped.stopped?.writes ?? null,
    message: stopped.stopped?.message ?? null,
    overlaps: [...trap.overlaps],
    alsoStoppedWithout: harmed.stopped?.policy ?? null,
    harmWithout: harmed.trap?.harm ?? null,
  };
}

const holds = (r: TrapResult) =>
  r.stoppedBy === r.policy && r.stoppedIn?.startsWith("preview") === true && r.harmWithout !== null;

/**
 * `cutover traps`: every trap with its policy and without. Writes traps.json (results of traps that were not asked for are kept) and
 * the table of docs/policies.md. @returns 0 when each trap was stopped in preview by its own policy, and does harm without it.
 */
export async function trapsCommand(o: { only: string[]; out: string }): Promise<number> {
  const traps = o.only.length > 0 ? o.only.map(trapOf) : TRAPS;
  const file = join(o.out, "traps.json");
  const kept: TrapResult[] = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TrapResult[]) : [];
  const results = new Map(kept.filter((r) => TRAPS.some((t) => t.name === r.trap)).map((r) => [r.trap, r]));
  let failed = 0;
  for (const trap of traps) {
    console.log(`${trap.name}: ${trap.mistake}`);
    const dir = join(o.out, "traps", trap.name);
    const stopped = await walk(trap, join(dir, "stopped"), []);
    const harmed = await walk(trap, join(dir, "harmed"), [trap.policy, ...trap.overlaps]);
    const result = resultOf(trap, stopped, harmed);
    results.set(trap.name, result);
    if (!holds(result)) failed++;
    const harm = result.harmWithout ? `${result.harmWithout.count} ${result.harmWithout.kind}` : "no harm";
    console.log(
      `  ${holds(result) ? "ok  " : "FAIL"} stopped by ${result.stoppedBy} in ${result.stoppedIn}; without: ${harm}`,
    );
    mkdirSync(o.out, { recursive: true });
    const ordered = TRAPS.flatMap((t) => results.get(t.name) ?? []);
    writeFileSync(file, `${JSON.stringify(ordered, null, 2)}\n`);
  }
  execFileSync(process.execPath, [join(__dirname, "policies-doc.js"), file, resolve(__dirname, "../docs/policies.md")]);
  return failed === 0 ? 0 : 1;
}
