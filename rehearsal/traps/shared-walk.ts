import { join } from "node:path";
import { embeddedDeployer } from "../embedded";
import { quickEstate } from "../estate";
import { renderHtml } from "../html";
import { type Report, writeReport } from "../report";
import type { Progress } from "../options";
import { Rehearsal } from "../run";
import { type Attempt, Attempts } from "./attempts";
import type { Trap } from "./trap";

const silent: Progress = { steps() {}, step() {}, note() {}, calls() {}, done() {} };

/**
 * Walks one right migration under call load and tries every trap's mistake on the way, each where its policy has to stop it. The report
 * is that of the migration: it must pass as if nothing had been tried.
 * @param o.out absolute directory of the walk.
 */
export async function walkPastTraps(
  traps: readonly Trap[],
  o: {
    planDir: string;
    out: string;
    seed: number;
    callsPerSecond: number;
    cli: string;
    onResult?: (trap: Trap, attempt: Attempt) => void;
  },
): Promise<{ results: ReadonlyMap<string, Attempt>; report: Report }> {
  const estate = quickEstate(o.planDir, o.out, (content) => {
    for (const trap of traps) trap.estate?.(content);
  });
  const attempts = new Attempts(traps, {
    planDir: o.planDir,
    out: join(o.out, "mistakes"),
    right: estate.plan,
    onResult: o.onResult,
  });
  const steps = attempts.steps();
  const rehearsal = new Rehearsal(
    {
      plan: estate.plan,
      planDir: estate.dir,
      seed: o.seed,
      to: steps.at(-1)!.phase,
      callsPerSecond: o.callsPerSecond,
      out: o.out,
      cli: o.cli,
      deployer: embeddedDeployer,
      steps,
      hurried: true,
      onPause: (pause) => attempts.at(pause),
    },
    silent,
  );
  try {
    const report = await rehearsal.run(new AbortController().signal);
    writeReport(o.out, report, renderHtml(report));
    return { results: attempts.results, report };
  } finally {
    await attempts.close();
  }
}
