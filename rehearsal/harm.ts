import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseChangeWindow, windowContains } from "../model/changeWindow";
import { emergencyMissing } from "../model/gates/port";
import { PERMISSIONS } from "../model/permissions";
import { countNumbers, formatRanges } from "../model/ranges";
import type { Plan } from "../model/types";
import { parseWaves, stepOf, stepRank } from "../model/waves";
import type { CallSums, LostCall } from "./ledger";
import type { World } from "./world";

/** One kind of harm, counted in the world: `lines` are ledger or audit lines, at most LINES_MAX of them. */
export interface Harm {
  kind: string;
  count: number;
  lines: string[];
}

const LINES_MAX = 5;

/** What one step did to the record in the organisation, read before and after its up. */
export interface Moved {
  at: Date;
  before: string;
  after: string;
}

interface Evidence {
  /** The right plan: what was meant. */
  plan: Plan;
  world: World;
  calls: CallSums;
  lost: LostCall[];
  moves: Moved[];
  stateDir: string;
  secret: string;
}

/** Everything that went wrong, worst first. Nothing here knows which trap was set: each kind is looked for in every run. */
export async function harmOf(e: Evidence): Promise<Harm[]> {
  const found = [
    ...callHarm(e),
    secretInPlain(e),
    ...(await organisationHarm(e)),
    await missingAddresses(e),
    outsideWindow(e),
    beyondLimit(e),
  ];
  return found.filter((h): h is Harm => h !== undefined && h.count > 0);
}

function callHarm({ calls, lost }: Evidence): Harm[] {
  const line = (c: LostCall) => `${c.at} ${c.number} (${c.carrier} carrier, path ${c.path}): ${c.code ?? "no code"} ${c.why}`;
  const of = (test: (c: LostCall) => boolean) => lost.filter(test).slice(0, LINES_MAX).map(line);
  const inbound = (c: LostCall) => c.path !== "outbound";
  const kind = (c: LostCall) => /^(misrouted|noAudio):/.exec(c.why)?.[1];
  return [
    { kind: "lost calls", count: calls.lost, lines: of((c) => inbound(c) && !kind(c)) },
    { kind: "lost outbound calls", count: calls.outbound.lost, lines: of((c) => !inbound(c)) },
    { kind: "misrouted calls", count: calls.misrouted, lines: of((c) => kind(c) === "misrouted") },
    { kind: "silent calls", count: calls.noAudio, lines: of((c) => kind(c) === "noAudio") },
    { kind: "calls dropped in progress", count: calls.inProgressDropped, lines: [] },
    { kind: "calls with a wrong caller id", count: calls.wrongCallerId, lines: [] },
    { kind: "intruders accepted", count: calls.intrudersAccepted, lines: [] },
    { kind: "unrecorded calls", count: calls.unrecorded, lines: [] },
  ];
}

/** Files of the state that hold the digest password readable. */
function secretInPlain({ stateDir, secret }: Evidence): Harm {
  const lines = filesUnder(stateDir)
    .filter((file) => readFileSync(file, "utf8").includes(secret))
    .map((file) => `${file.slice(stateDir.length + 1)} holds the trunk's digest password`);
  return { kind: "secret in plain text", count: lines.length, lines: lines.slice(0, LINES_MAX) };
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

interface Role {
  name: string;
  permissionPolicies?: { domain: string; entityName: string; actionSet?: string[] }[];
}
interface TrunkSettings {
  name: string;
  trunkMetabase?: { id?: string };
  properties?: Record<string, { value?: { instance?: unknown } }>;
}

/** Rights nobody needs, and a trunk in plain, as the organisation's API tells them. */
async function organisationHarm({ world, plan }: Evidence): Promise<Harm[]> {
  const [roles, trunks] = await Promise.all([
    world.ask<{ entities: Role[] }>("/api/v2/authorization/roles?pageSize=100"),
    world.ask<{ entities: TrunkSettings[] }>("/api/v2/telephony/providers/edges/trunkbasesettings?pageSize=100"),
  ]);
  const needed = new Set(PERMISSIONS.flatMap((p) => p.actionSets.map((a) => `${p.domain}:${p.entityName}:${a}`)));
  const rights = roles.entities
    .filter((r) => r.name === `Cutover ${plan.name}`)
    .flatMap((r) => r.permissionPolicies ?? [])
    .flatMap((p) => (p.actionSet ?? []).map((a) => `${p.domain}:${p.entityName}:${a}`))
    .filter((right) => !needed.has(right));
  const plain = trunks.entities
    .filter((t) => t.name === plan.trunk.name)
    .map((t) => String(t.properties?.trunk_transport_protocolVariant?.value?.instance ?? ""))
    .filter((transport) => transport !== "" && transport.toLowerCase() !== "tls")
    .map((transport) => `trunk ${plan.trunk.name} signals over ${transport}`);
  return [
    { kind: "rights nobody needs", count: rights.length, lines: rights.slice(0, LINES_MAX) },
    { kind: "trunk in plain text", count: plain.length, lines: plain },
  ];
}

/** Numbers ported to the gaining carrier without an emergency address there. */
async function missingAddresses({ world, plan }: Evidence): Promise<Harm> {
  const survey = await world.carrierSurvey(plan);
  const active = new Set(
    plan.numbers
      .map((n) => n.number)
      .filter((n) => survey.numbers.some((s) => s.status === "Active" && n >= s.range.from && n <= s.range.to)),
  );
  const missing = emergencyMissing(
    survey.emergency,
    plan.numbers.filter((n) => active.has(n.number)),
  );
  const lines = missing.length > 0 ? [`ported without an emergency address: ${formatRanges(missing)}`] : [];
  return { kind: "numbers without an emergency address", count: countNumbers(missing), lines };
}

/** How many numbers one up brought to a later step, by the record in the organisation. */
function numbersMoved(plan: Plan, { before, after }: Moved): number {
  const [from, to] = [parseWaves(before), parseWaves(after)];
  const wave = (part: string) => part.split(".")[0]!;
  const moved = new Set(
    [...new Set([...Object.keys(to)])].filter((p) => stepRank(stepOf(to, p)) > stepRank(stepOf(from, p))),
  );
  // The right plan may split its waves otherwise: a part that it does not know counts by its place in the wave.
  return plan.numbers.filter((n) => moved.has(n.part) || (moved.size > 0 && [...moved].some((p) => !p.includes(".") && wave(p) === n.wave)))
    .length;
}

function outsideWindow({ plan, moves }: Evidence): Harm {
  const window = parseChangeWindow(plan.limits.changeWindow, plan.limits.timezone);
  const late = moves.filter((m) => numbersMoved(plan, m) > 0 && !windowContains(window, m.at));
  return {
    kind: "numbers moved outside the window",
    count: late.reduce((sum, m) => sum + numbersMoved(plan, m), 0),
    lines: late.map((m) => `${m.at.toISOString()}: "${m.before}" to "${m.after}"`).slice(0, LINES_MAX),
  };
}

function beyondLimit({ plan, moves }: Evidence): Harm {
  const max = plan.limits.maxNumbersPerUpdate;
  const big = moves.filter((m) => numbersMoved(plan, m) > max);
  return {
    kind: "numbers moved beyond the limit",
    count: big.reduce((sum, m) => sum + numbersMoved(plan, m) - max, 0),
    lines: big.map((m) => `${numbersMoved(plan, m)} numbers in one update, limit ${max}: "${m.before}" to "${m.after}"`),
  };
}
