import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseChangeWindow, windowContains } from "../model/changeWindow";
import { emergencyMissing } from "../model/gates/port";
import { PERMISSIONS } from "../model/permissions";
import { planCallRoutes } from "../model/phases";
import { countNumbers, formatRanges } from "../model/ranges";
import type { Plan } from "../model/types";
import { parseWaves, stepOf, stepRank } from "../model/waves";
import { queryConversations } from "../probes/conversations";
import type { GenesysReader } from "../probes/genesys";
import type { CarrierAdapter } from "../providers/carrier/adapter";
import type { Blemish, CallSums, LostCall } from "./ledger";
import { writesOf } from "./stopped";
import type { ApiCounts } from "./world";

/** One kind of harm, counted in the world: `lines` are ledger or audit lines, at most LINES_MAX of them. */
export interface Harm {
  kind: string;
  count: number;
  lines: string[];
}

const LINES_MAX = 5;
/** Pages of 100 conversations that are read: more than a walk into a trap has calls. */
const PAGES_MAX = 60;
const HOUR_MS = 3_600_000;
/** Share of calls that may be answered by the failover queue on a right migration. */
const FAILOVER_SHARE_MAX = 0.01;

/** What one step did to the record in the organisation, read before and after its up. */
export interface Moved {
  at: Date;
  before: string;
  after: string;
  /** Whether it was the step without a way back. */
  complete: boolean;
  /** The step without a way back, made without the stack's name as confirmation. */
  unconfirmed: boolean;
}

interface Evidence {
  plan: Plan;
  organisation: GenesysReader;
  carrier: CarrierAdapter;
  calls: CallSums;
  lost: LostCall[];
  examples: Readonly<Record<Blemish, LostCall[]>>;
  /** World time of the last call that was answered over the old path; undefined where none was. */
  lastOnGcv: Date | undefined;
  /** World time from the first call on to now. */
  interval: { from: Date; to: Date };
  moves: Moved[];
  /** Writes of an up that failed, by API; null where none failed. */
  halfDone: ApiCounts | null;
  stateDir: string;
  secret: string;
}

/** Everything that went wrong, worst first. Nothing here knows which trap was set: each kind is looked for in every run. */
export async function harmOf(e: Evidence): Promise<Harm[]> {
  const found = [
    ...callHarm(e),
    await codecTroubleUnseen(e),
    crowdedFailover(e),
    ...securityHarm(e),
    secretInPlain(e),
    ...(await organisationHarm(e)),
    await foreignOrganisation(e),
    await missingAddresses(e),
    outsideWindow(e),
    beyondLimit(e),
    beforeSoak(e),
    unconfirmed(e),
    halfDone(e),
  ];
  return found.filter((h): h is Harm => h !== undefined && h.count > 0);
}

const line = (c: LostCall) =>
  `${c.at} ${c.number} (${c.carrier} carrier, path ${c.path}): ${c.code ?? "no code"} ${c.why}`;

function callHarm({ calls, lost, examples }: Evidence): Harm[] {
  const of = (test: (c: LostCall) => boolean) => lost.filter(test).slice(0, LINES_MAX).map(line);
  const inbound = (c: LostCall) => c.path !== "outbound";
  const kind = (c: LostCall) => /^(misrouted|noAudio):/.exec(c.why)?.[1];
  return [
    { kind: "lost calls", count: calls.lost, lines: of((c) => inbound(c) && !kind(c)) },
    { kind: "lost outbound calls", count: calls.outbound.lost, lines: of((c) => !inbound(c)) },
    { kind: "misrouted calls", count: calls.misrouted, lines: of((c) => kind(c) === "misrouted") },
    { kind: "silent calls", count: calls.noAudio, lines: of((c) => kind(c) === "noAudio") },
    { kind: "calls dropped in progress", count: calls.inProgressDropped, lines: examples.dropped.map(line) },
    { kind: "calls with a wrong caller id", count: calls.wrongCallerId, lines: examples.wrongCallerId.map(line) },
  ];
}

/** A call or two may fall over on a right migration; a share beyond the golden path's is a flow that leads there. */
const crowdedFailover = ({ calls, examples }: Evidence): Harm => ({
  kind: "calls on the failover queue instead of their own",
  count: calls.byPath.failover > calls.offered * FAILOVER_SHARE_MAX ? calls.byPath.failover : 0,
  lines: examples.failover.map(line),
});

const securityHarm = ({ calls, examples }: Evidence): Harm[] => [
  { kind: "intruders accepted", count: calls.intrudersAccepted, lines: examples.intruder.map(line) },
  { kind: "unrecorded calls", count: calls.unrecorded, lines: examples.unrecorded.map(line) },
];

/** Calls with a leg that ended with 488 and that the failover queue took: people there do not look for a codec. */
async function codecTroubleUnseen({ organisation, plan, interval }: Evidence): Promise<Harm> {
  const { shadowNumbers } = plan.carrier;
  const { conversations } = await queryConversations(organisation, interval, { dnis: shadowNumbers }, PAGES_MAX);
  const unseen = conversations.filter(
    (c) =>
      c.queue === plan.inbound.failoverQueue &&
      c.legs.some((leg) => leg.direction === "outbound" && leg.sipCodes.includes(488)),
  );
  const lines = unseen.map(
    (c) => `${new Date(c.startMs).toISOString()} conversation ${c.id}: 488 on the canary leg, then ${c.queue}`,
  );
  return { kind: "calls with codec trouble that nobody sees", count: unseen.length, lines: lines.slice(0, LINES_MAX) };
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
async function organisationHarm({ organisation, plan }: Evidence): Promise<Harm[]> {
  const [roles, trunks] = await Promise.all([
    organisation.all<Role>("/api/v2/authorization/roles"),
    organisation.all<TrunkSettings>("/api/v2/telephony/providers/edges/trunkbasesettings", { expand: "properties" }),
  ]);
  const needed = new Set(PERMISSIONS.flatMap((p) => p.actionSets.map((a) => `${p.domain}:${p.entityName}:${a}`)));
  const rights = roles
    .filter((r) => r.name === `Cutover ${plan.name}`)
    .flatMap((r) => r.permissionPolicies ?? [])
    .flatMap((p) => (p.actionSet ?? []).map((a) => `${p.domain}:${p.entityName}:${a}`))
    .filter((right) => !needed.has(right));
  const plain = trunks
    .filter((t) => t.name === plan.trunk.name)
    .map((t) => String(t.properties?.trunk_transport_protocolVariant?.value?.instance ?? ""))
    .filter((transport) => transport !== "" && transport.toLowerCase() !== "tls")
    .map((transport) => `trunk ${plan.trunk.name} signals over ${transport}`);
  return [
    { kind: "rights nobody needs", count: rights.length, lines: rights.slice(0, LINES_MAX) },
    { kind: "trunk in plain text", count: plain.length, lines: plain },
  ];
}

/** Lists of the organisation that hold objects of the migration, under names that only the migration gives. */
const OWN_LISTS = [
  "/api/v2/authorization/roles",
  "/api/v2/telephony/providers/edges/trunkbasesettings",
  "/api/v2/architect/ivrs",
  "/api/v2/flows",
];

/** What the migration made in an organisation that is not the plan's. */
async function foreignOrganisation({ organisation, plan }: Evidence): Promise<Harm> {
  const { name } = await organisation.get<{ name: string }>("/api/v2/organizations/me");
  const kind = "objects made in another organisation";
  if (name === plan.organisation.name) return { kind, count: 0, lines: [] };
  const routes = planCallRoutes(plan).flatMap(({ callRoute }) => [`${callRoute} front`, `${callRoute} BYOC`]);
  const own = new Set([`Cutover ${plan.name}`, plan.trunk.name, ...routes]);
  const lists = await Promise.all(OWN_LISTS.map((path) => organisation.all<{ name: string }>(path)));
  const made = lists.flat().filter((object) => own.has(object.name));
  const lines = made.map((object) => `${object.name} in ${name}, not in ${plan.organisation.name}`);
  return { kind, count: made.length, lines: lines.slice(0, LINES_MAX) };
}

/** Numbers ported to the gaining carrier without an emergency address there. */
async function missingAddresses({ carrier, plan }: Evidence): Promise<Harm> {
  const survey = await carrier.survey();
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
  return plan.numbers.filter((n) => stepRank(stepOf(to, n.part)) > stepRank(stepOf(from, n.part))).length;
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
    lines: big.map(
      (m) => `${numbersMoved(plan, m)} numbers in one update, limit ${max}: "${m.before}" to "${m.after}"`,
    ),
  };
}

/** Numbers taken where no way leads back from, while the old path was still in use a short time ago. */
function beforeSoak({ plan, moves, lastOnGcv }: Evidence): Harm {
  const { soakHours } = plan.limits;
  const quiet = (at: Date) => (lastOnGcv ? (at.getTime() - lastOnGcv.getTime()) / HOUR_MS : Number.POSITIVE_INFINITY);
  const early = moves.filter((m) => m.complete && quiet(m.at) < soakHours);
  return {
    kind: "numbers past the last way back within their soak time",
    count: early.length > 0 ? plan.numbers.length : 0,
    lines: early.map(
      (m) =>
        `${m.at.toISOString()}: complete ${Math.round(quiet(m.at))} h after a call on GCV, soak time ${soakHours} h`,
    ),
  };
}

/** Numbers taken where no way leads back from, without anybody having said so by name. */
function unconfirmed({ plan, moves }: Evidence): Harm {
  const last = moves.filter((m) => m.unconfirmed);
  return {
    kind: "numbers past the last way back, unconfirmed",
    count: last.length > 0 ? plan.numbers.length : 0,
    lines: last.map((m) => `${m.at.toISOString()}: complete, confirmed by nobody`),
  };
}

/** What an update that could not end well had changed by then: objects that somebody has to look through by hand. */
function halfDone({ halfDone: api }: Evidence): Harm {
  const written = Object.entries(api ?? {}).filter(([, { writes }]) => writes > 0);
  return {
    kind: "changes of an update that failed half way",
    count: writesOf(api ?? {}),
    lines: written.map(([name, { writes }]) => `${name}: ${writes} writes before the update failed`),
  };
}
