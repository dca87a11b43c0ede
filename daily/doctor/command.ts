import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../model/errors";
import { loadPlan } from "../../model/plan";
import type { Plan } from "../../model/types";
import type { RunProbe } from "../probes";
import { setYamlKeys } from "../yaml-lines";
import { type Place, settingsOf, type StackSettings } from "../settings";
import { type Answers, openQuestions, type Permissions } from "./answers";
import { dnsWrites } from "./dns-write";
import { fail, type Finding, ok, skip } from "./check";
import { emergencyGroups, entitlement, objects, reachable } from "./genesys";
import { credentials, desk, nodeVersion, pulumiCli } from "./machine";
import { carrier, carrierName, resolvers, sip, zones } from "./network";

export interface DoctorArgs extends Place {
  env: NodeJS.ProcessEnv;
  /** What it may do beyond reading; nothing by default. */
  may?: Permissions;
}

export interface Diagnosis {
  schema: "cutover/doctor/v1";
  /** True when nothing failed; warnings are no failure. */
  ok: boolean;
  findings: Finding[];
  /** Answers to the open questions about the organisation that were found in this look. */
  answers: Answers;
}

/**
 * Looks at everything that a stack needs before anything is done, and changes nothing (it makes the desk's directory). Later checks run
 * although earlier ones failed, as far as they can.
 * @throws UserError only for arguments that contradict each other.
 */
export async function diagnose(args: DoctorArgs, probe: RunProbe): Promise<Diagnosis> {
  const { settings, found } = placeOf(args);
  const findings: Finding[] = [nodeVersion(), ...found];
  const dir = args.plan ?? settings?.planDir;
  const plan = dir ? planOf(dir, findings) : undefined;
  findings.push(await pulumiCli(plan?.sandbox, args.env));
  const may = args.may ?? { testCalls: false, probeWrites: false };
  let answers: Answers = {};
  if (plan && settings) {
    const at = { ...settings, planDir: dir! };
    findings.push(...(await outside(at, plan, args.env, probe)));
    const answering = (name: string) => findings.some((f) => f.check === name && f.status === "ok");
    if (plan.dns.length > 0) findings.push(...(await dnsWrites(plan, at, args.env, may.probeWrites)));
    if (answering("genesys api")) {
      const asked = await openQuestions(plan, at, args.env, probe, may);
      findings.push(...asked.findings);
      answers = asked.answers;
    } else findings.push(skip("questions", "the API does not answer"));
  }
  if (!(plan && settings) && found.every((f) => f.status !== "fail"))
    findings.push(
      skip(
        "organisation",
        settings ? "no plan to compare with" : "name --stack to ask the organisation, DNS and the carrier",
      ),
    );
  return { schema: "cutover/doctor/v1", ok: findings.every((f) => f.status !== "fail"), findings, answers };
}

function placeOf(args: DoctorArgs): { settings?: StackSettings; found: Finding[] } {
  if (args.world !== undefined && args.stack === undefined && args.plan === undefined)
    throw new UserError("--world needs --plan or --stack: the estate that the world plays.");
  if (args.stack === undefined && args.world === undefined) {
    if (args.plan === undefined) throw new UserError("Name --stack, --plan or both: what is to be looked at.");
    return { found: [] };
  }
  try {
    const settings = settingsOf(args);
    const found = args.stack ? [ok("stack", `${settings.file}: phase ${settings.phase ?? "not set (baseline)"}`)] : [];
    return { settings, found };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { found: error.problems.map((p) => problemOf("stack", p, "correct the stack's configuration")) };
  }
}

/** The plan, or one finding for each of its mistakes. */
function planOf(dir: string, findings: Finding[]): Plan | undefined {
  try {
    const plan = loadPlan(dir);
    findings.push(
      ok(
        "plan",
        `${dir}: ${plan.numbers.length} numbers, ${plan.parts.length} wave parts, ${plan.portOrders.length} port orders`,
      ),
    );
    return plan;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push(...error.problems.map((p) => problemOf("plan", p, "correct the estate")));
    return undefined;
  }
}

/** The loaders' sentences end in their own fix. */
function problemOf(check: string, problem: string, otherwise: string): Finding {
  const [seen, fix] = problem.split("; fix: ");
  return fail(check, seen!.replace(/\.$/, ""), fix?.replace(/\.$/, "") ?? otherwise);
}

async function outside(
  settings: StackSettings,
  plan: Plan,
  env: NodeJS.ProcessEnv,
  probe: RunProbe,
): Promise<Finding[]> {
  const keys = credentials(plan, settings, env);
  const has = (name: string) => !keys.some((k) => k.check === `credentials ${name}` && k.status === "fail");
  const api = has("genesys") ? await reachable(settings, plan, env) : [skip("genesys api", "no credentials")];
  const answers = api[0]!.status === "ok";
  const [rights, there, groups, names, servers, trunk, carrierFqdn, desk_, gaining] = await Promise.all([
    answers ? entitlement(settings, plan, probe) : [skip("licence and rights", "the API does not answer")],
    answers ? objects(settings, plan, env) : [skip("organisation", "the API does not answer")],
    answers ? [await emergencyGroups(settings, plan, probe)] : [skip("emergency groups", "the API does not answer")],
    has("route53") && has("cloudflare") ? zones(settings, plan, env) : [skip("dns api", "no credentials")],
    resolvers(settings, plan, probe),
    sip(settings, plan, probe),
    carrierName(settings, plan),
    desk(settings),
    has("carrier") ? carrier(settings, plan, probe) : [skip("carrier", "no credentials")],
  ]);
  return [...keys, ...api, ...rights, ...there, ...groups, ...names, servers, trunk, carrierFqdn, ...gaining, desk_];
}

/**
 * Writes answers into the plan's file, group `findings`, without a change of its digest. Nothing else of the
 * file is touched. @returns keys that were written.
 */
export function writeAnswers(planDir: string, answers: Answers): string[] {
  const file = join(planDir, "plan.yaml");
  const before = readFileSync(file, "utf8");
  const text = setYamlKeys(file, before, "findings", answers);
  if (text !== before) writeFileSync(file, text);
  return Object.keys(answers).map((name) => `findings.${name}`);
}

/** Characters of the column of checks at most. */
const CHECK_WIDTH_MAX = 24;

/** One line a finding: status, check, what was seen, and the cure. */
export function doctorText({ findings, ok: well }: Diagnosis): string {
  // Longer ones stick out: one of them would push all others off a narrow terminal.
  const width = Math.min(CHECK_WIDTH_MAX, Math.max(...findings.map((f) => f.check.length)));
  const lines = findings.map((f) => {
    const cure = f.cure ? `; cure: ${f.cure}` : "";
    return `${f.status.padEnd(4)}  ${f.check.padEnd(width)}  ${`${f.seen}${cure}`.replace(/\s+/g, " ")}`;
  });
  const count = (status: string) => findings.filter((f) => f.status === status).length;
  return [
    ...lines,
    `${well ? "well" : "NOT WELL"}: ${count("ok")} ok, ${count("warn")} warning${count("warn") === 1 ? "" : "s"}, ${count("fail")} failed, ${count("skip")} not looked at`,
  ].join("\n");
}
