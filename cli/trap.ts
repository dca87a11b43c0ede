import { relative } from "node:path";
import { UserError } from "../model/errors";
import { phaseAtLeast } from "../model/phases";
import { embeddedDeployer } from "../rehearsal/embedded";
import { trappedEstate } from "../rehearsal/estate";
import { renderHtml } from "../rehearsal/html";
import { type Report, writeReport } from "../rehearsal/report";
import type { Progress } from "../rehearsal/options";
import { Rehearsal } from "../rehearsal/run";
import { trapOf } from "../rehearsal/traps";
import { wayInto } from "../rehearsal/traps/path";
import type { Trap } from "../rehearsal/traps/trap";

export interface TrapArgs {
  trap: string;
  without: string[];
  /** Estate to put the mistake into. */
  plan: string;
  seed: number;
  callsPerSecond: number;
  out: string;
  inboundMatching?: "org-wide" | "by-pool";
  json: boolean;
}

const plain: Progress = {
  steps() {},
  step: (s) =>
    console.error(
      `  ${s.phase} ${Object.entries(s.waves)
        .map(([w, at]) => `${w}=${at}`)
        .join(",")}`,
    ),
  note() {},
  calls() {},
  done() {},
};
const silent: Progress = { steps() {}, step() {}, note() {}, calls() {}, done() {} };

/** What happened, for a person. */
function summary(report: Report, trap: Trap, json: string): string {
  const { stopped } = report;
  const harms = report.trap?.harms ?? [];
  const lines = [`trap     ${trap.name}: ${trap.mistake}`];
  if (stopped) {
    lines.push(
      `stopped  by ${stopped.policy} in ${stopped.in} of ${stopped.phase}, after ${stopped.writes} writes${stopped.also.length ? `; also ${stopped.also.join(", ")}` : ""}`,
      `says     ${stopped.message}`,
    );
  } else lines.push(`stopped  by nothing`, ...report.failures.slice(0, 3).map((f) => `why      ${f.slice(0, 600)}`));
  for (const h of harms) lines.push(`harm     ${h.count} ${h.kind}${h.lines[0] ? `, such as ${h.lines[0]}` : ""}`);
  lines.push(`report   ${relative(process.cwd(), json)}`);
  return lines.join("\n");
}

/**
 * `cutover rehearse --trap NAME`: walks into one mistake. @returns 0 when the trap's own policy stopped it before anything was
 * written, 1 otherwise: also when policies were left out, since then nothing was to stop it.
 * @throws UserError for a trap or a policy of an unknown name.
 */
export async function trapCommand(args: TrapArgs): Promise<number> {
  const report = await walkIntoTrap(args);
  return report.stopped?.policy === report.trap?.policy && report.stopped?.in === "preview" ? 0 : 1;
}

async function walkIntoTrap(args: TrapArgs): Promise<Report> {
  const trap = trapOf(args.trap);
  const { POLICY_NAMES } = await import("../model/policyNames");
  const unknown = args.without.filter((name) => !POLICY_NAMES.includes(name));
  if (unknown.length > 0)
    throw new UserError(
      `--without-policy ${unknown.join(", ")}: no such policy; expected one of ${POLICY_NAMES.join(", ")}.`,
    );
  const estate = trappedEstate(args.plan, args.out, trap);
  if (!estate.right.sandbox)
    throw new UserError(
      `${args.plan}/plan.yaml is not marked \`sandbox: true\`; traps are set in sandboxes only. Copy the estate and mark the copy.`,
    );
  const steps = wayInto(trap, estate.plan, args.without.includes(trap.policy) ? trap.harmAt : trap.stopsAt);
  const last = steps.at(-1)!.phase;
  const rehearsal = new Rehearsal(
    {
      plan: estate.plan,
      planDir: estate.dir,
      seed: args.seed,
      to: phaseAtLeast(last, "canary") ? last : "canary",
      callsPerSecond: args.callsPerSecond,
      out: args.out,
      inboundMatching: args.inboundMatching ?? trap.inboundMatching,
      cli: process.argv[1]!,
      deployer: embeddedDeployer,
      steps,
      trap: { trap, right: estate.right, rightDir: estate.rightDir, without: args.without },
    },
    args.json ? silent : plain,
  );
  const stop = () => void rehearsal.close().finally(() => process.exit(130));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const report = await rehearsal.run(new AbortController().signal);
  const files = writeReport(args.out, report, renderHtml(report));
  console.log(args.json ? JSON.stringify(report) : summary(report, trap, files.json));
  return report;
}
