import { expandRanges, rangeIndex, toRanges } from "../model/ranges";
import type { Hours } from "../model/hours";
import type { EmergencyGroup } from "../model/rules/emergencyGroups";
import type { NumberRange } from "../model/types";
import type { Clock } from "../providers/lib/clock";
import { inParallel, type ProbeFacts, type ProbeSettings } from "./document";
import { type GenesysReader, openGenesys } from "./genesys";

interface Datatable {
  id: string;
  name: string;
}

/** Row of the table as stored: every column a string. */
interface RecordRow {
  key: string;
  phase?: string;
  waves?: string;
  floor?: string;
  digest?: string;
  since?: string;
}

/** Objects looked up at once. */
const LOOKUPS_AT_ONCE = 8;
/** Held numbers that are named: enough to act on, few enough for a state file. All are counted. */
const HELD_NAMED_MAX = 1000;

interface DidPool {
  startPhoneNumber: string;
  endPhoneNumber: string;
  provider: string;
}

/** Name of the data table that holds a stack's phase record. */
export const recordTableName = (stack: string): string => `Cutover record ${stack}`;

/** The phase record as stored: phase, waves, floor and digest as text, `since` by phase and part. */
export interface RecordText {
  phase: string;
  waves: string;
  floor: string;
  digest: string;
  since: Record<string, string>;
}

/** The phase record of a stack; null where none was written yet. */
export async function readRecord(genesys: GenesysReader, stack: string): Promise<RecordText | null> {
  const name = recordTableName(stack);
  // The name filter matches parts of names, hence the comparison.
  const table = (await genesys.all<Datatable>("/api/v2/flows/datatables", { name })).find((t) => t.name === name);
  if (!table) return null;
  const row = await genesys.find<RecordRow>(`/api/v2/flows/datatables/${table.id}/rows/${encodeURIComponent(stack)}`, {
    showbrief: "false",
  });
  if (!row) return null;
  return {
    phase: row.phase ?? "",
    waves: row.waves ?? "",
    floor: row.floor ?? "",
    digest: row.digest ?? "",
    since: parseSince(row.since, name),
  };
}

function parseSince(text: string | undefined, table: string): Record<string, string> {
  if (!text) return {};
  try {
    const since: unknown = JSON.parse(text);
    if (since && typeof since === "object") return since as Record<string, string>;
  } catch {
    // told below
  }
  throw new Error(
    `data table ${table}: column since is not a JSON object; expected the time of each phase and step, such as {"parallel":"2026-05-04T10:00:00Z"}; fix: restore the row by hand`,
  );
}

const POOLS = "/api/v2/telephony/providers/edges/didpools";
/** Provider of a pool: Genesys Cloud Voice, or the customer's own carrier. */
const GCV = "PURE_CLOUD_VOICE";
const BYOC = "PURE_CLOUD";

const rangesOf = (pools: readonly DidPool[], provider: string): NumberRange[] =>
  pools.filter((p) => p.provider === provider).map((p) => ({ from: p.startPhoneNumber, to: p.endPhoneNumber }));

/** Numbers of the ranges that a GCV pool still holds. A number outside every such pool is gone from the inventory. */
function inventoryOf(
  pools: readonly DidPool[],
  ranges: NumberRange[],
): { checked: number; stillHeldCount: number; stillHeld: string[] } {
  const held = rangeIndex(rangesOf(pools, GCV));
  const numbers = [...expandRanges(ranges)];
  const stillHeld = numbers.filter((n) => held(n) !== undefined);
  return { checked: numbers.length, stillHeldCount: stillHeld.length, stillHeld: stillHeld.slice(0, HELD_NAMED_MAX) };
}

/** Names of the managed GCV trunk and of a site's route for everything, as Genesys Cloud makes them. */
const GCV_TRUNK = "PureCloud Voice - AWS";
const DEFAULT_ROUTE = "Default Outbound Route";

interface Named {
  id: string;
  name?: string;
}
interface Ivr extends Named {
  dnis?: string[];
  openHoursFlow?: Named;
  closedHoursFlow?: Named;
  holidayHoursFlow?: Named;
  scheduleGroup?: Named;
  state?: string;
}

/** What a call route does outside its open hours; undefined when nothing is set. */
function hoursOf({ closedHoursFlow, holidayHoursFlow, scheduleGroup }: Ivr): Hours | undefined {
  const hours: Hours = {
    ...(closedHoursFlow ? { closedHoursFlowId: closedHoursFlow.id } : {}),
    ...(holidayHoursFlow ? { holidayHoursFlowId: holidayHoursFlow.id } : {}),
    ...(scheduleGroup ? { scheduleGroupId: scheduleGroup.id } : {}),
  };
  return Object.keys(hours).length > 0 ? hours : undefined;
}

/** Call routes of these names, with the flow each leads to and its hours; one that is not there is left out. */
async function readIvrs(genesys: GenesysReader, names: readonly string[]) {
  const found = await inParallel(names, LOOKUPS_AT_ONCE, async (name) => {
    const ivr = (await genesys.all<Ivr>("/api/v2/architect/ivrs", { name })).find((i) => i.name === name);
    if (!ivr) return [];
    const { openHoursFlow: flow } = ivr;
    const flowName = flow?.name ?? (flow ? (await genesys.find<Named>(`/api/v2/flows/${flow.id}`))?.name : undefined);
    const hours = hoursOf(ivr);
    return [{ name, ranges: toRanges(ivr.dnis ?? []), flow: flowName ?? null, ...(hours ? { hours } : {}) }];
  });
  return found.flat();
}

/** Every call route there is: one listing, however many of them the plan has. */
const allIvrs = async (genesys: GenesysReader): Promise<Ivr[]> =>
  (await genesys.all<Ivr>("/api/v2/architect/ivrs")).filter((ivr) => ivr.state !== "deleted");

/** Hours of every call route that has some, by its name. */
const hoursByName = (ivrs: readonly Ivr[]): Record<string, Hours> =>
  Object.fromEntries(ivrs.flatMap((ivr) => [[ivr.name, hoursOf(ivr)]].filter(([, hours]) => hours)));

interface Group extends Named {
  enabled?: boolean;
  emergencyCallFlows?: { emergencyFlow?: Named; ivrs?: Named[] }[];
  state?: string;
}

/** All emergency groups. They refer to call routes by id, with a name or without; an id that no call route has stays an id. */
async function readGroups(genesys: GenesysReader, ivrs: Promise<readonly Ivr[]>): Promise<EmergencyGroup[]> {
  const [groups, routes] = await Promise.all([genesys.all<Group>("/api/v2/architect/emergencygroups"), ivrs]);
  const nameOf = new Map(routes.map((ivr) => [ivr.id, ivr.name]));
  const callRoute = ({ id, name }: Named) => nameOf.get(id) ?? name ?? id;
  return groups
    .filter((group) => group.state !== "deleted")
    .map(({ id, name, enabled, emergencyCallFlows = [] }) => ({
      name: name ?? id,
      enabled: enabled === true,
      flows: emergencyCallFlows.map(({ emergencyFlow: flow, ivrs: named = [] }) => ({
        flow: flow?.name ?? flow?.id ?? "no flow",
        callRoutes: named.map(callRoute),
      })),
    }));
}

/** Trunks of the default outbound routes of these sites; a site without one is left out. */
async function readOutbound(genesys: GenesysReader, names: readonly string[]) {
  const sites = "/api/v2/telephony/providers/edges/sites";
  const found = await inParallel(names, LOOKUPS_AT_ONCE, async (name) => {
    const site = (await genesys.all<Named>(sites, { name })).find((s) => s.name === name);
    if (!site) return [];
    const routes = await genesys.all<Named & { externalTrunkBases?: Named[] }>(`${sites}/${site.id}/outboundroutes`);
    const route = routes.find((r) => r.name === DEFAULT_ROUTE);
    return route ? [{ site: name, trunks: (route.externalTrunkBases ?? []).map((t) => t.name ?? t.id) }] : [];
  });
  return found.flat();
}

interface TrunkBase extends Named {
  properties?: Record<string, { value?: { instance?: unknown } } | undefined>;
}

/** Whether the managed trunk records; undefined for a client that is not shown its settings, which takes the right `managed:all:all`. */
async function readGcvRecording(genesys: GenesysReader): Promise<boolean | undefined> {
  const bases = "/api/v2/telephony/providers/edges/trunkbasesettings";
  const managed = await genesys.all<TrunkBase>(bases, { managed: "true", expand: "properties" });
  const recording = managed.find((t) => t.name === GCV_TRUNK)?.properties?.trunk_recording_enabled?.value?.instance;
  return typeof recording === "boolean" ? recording : undefined;
}

/** What `baseline` adopts, as it stands: what an import would be compared with. */
async function readExisting(
  genesys: GenesysReader,
  ask: { callRoutes: string[]; sites: string[]; gcvTrunk?: boolean },
) {
  const [ivrs, outbound, gcvRecording] = await Promise.all([
    readIvrs(genesys, ask.callRoutes),
    readOutbound(genesys, ask.sites),
    ask.gcvTrunk ? readGcvRecording(genesys) : undefined,
  ]);
  return { gcvTrunk: GCV_TRUNK, ...(gcvRecording === undefined ? {} : { gcvRecording }), ivrs, outbound };
}

/** Whether an adoption may have begun that the record does not tell of: only then are pools of interest, and there may be thousands. */
const adopting = (record: { floor: string } | null): boolean => record?.floor.includes("=released") ?? false;

/**
 * The phase record of the stack (null: none yet), the ranges of all BYOC pools where a part stands released, the GCV inventory of
 * `ask.inventory`, what exists of `ask.existing`, with `ask.hours` the hours of all call routes, with `ask.emergencyGroups` those groups.
 */
export async function probeRecord(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  const genesys = await openGenesys(settings, clock);
  const ranges = settings.ask?.inventory as NumberRange[] | undefined;
  const names = settings.ask?.existing as { callRoutes: string[]; sites: string[]; gcvTrunk?: boolean } | undefined;
  const reading = readRecord(genesys, settings.stack);
  const listing = settings.ask?.hours || settings.ask?.emergencyGroups ? allIvrs(genesys) : undefined;
  const [record, pools, existing, hours, emergencyGroups] = await Promise.all([
    reading,
    reading.then((r) => (ranges || adopting(r) ? genesys.all<DidPool>(POOLS) : undefined)),
    names ? readExisting(genesys, names) : undefined,
    settings.ask?.hours ? listing?.then(hoursByName) : undefined,
    settings.ask?.emergencyGroups && listing ? readGroups(genesys, listing) : undefined,
  ]);
  return {
    record,
    ...(pools ? { pooled: rangesOf(pools, BYOC) } : {}),
    ...(pools && ranges ? { inventory: inventoryOf(pools, ranges) } : {}),
    ...(existing ? { existing } : {}),
    ...(hours ? { hours } : {}),
    ...(emergencyGroups ? { emergencyGroups } : {}),
  };
}
