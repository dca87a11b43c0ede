import { expandRanges, rangeIndex } from "../../model/ranges";
import type { NumberRange } from "../../model/types";
import type { Entity, GenesysClient } from "../../providers/genesyscloud/client";
import { HttpError } from "../../providers/lib/http";

const EDGES = "/api/v2/telephony/providers/edges";
/** Metabase of the managed GCV trunk (facts of the official provider's export). */
const GCV_METABASE = "external_sip_pcv_aws.json";
const BYOC_METABASE = /^external_sip_pcv_byoc/;

export interface FoundNumber {
  number: string;
  /** IVR that has it. */
  ivr?: string;
  /** Who else has it: `USER`, `PHONE`, `GROUP`, ..., or undefined when nobody. */
  otherOwner?: string;
  /** Text a person wrote beside its pool. */
  poolText: string;
}

export interface FoundIvr {
  name: string;
  description: string;
  /** Name of the flow of the open hours. */
  flow?: string;
  /** Further flows: closed hours, holidays. */
  otherFlows: string[];
}

export interface FoundTrunk {
  name: string;
  recording?: boolean;
  callerIdPriority?: string[];
  terminationId?: string;
}

/** What an organisation says about itself, as far as an estate can hold it. */
export interface FoundOrganisation {
  id: string;
  name: string;
  /** AWS region, from the media regions. */
  region?: string;
  numbers: FoundNumber[];
  /** Numbers of IVRs that no GCV pool holds: not moved, and counted. */
  otherNumbers: number;
  ivrs: FoundIvr[];
  /** Sites that are not managed by Genesys. */
  sites: string[];
  queues: string[];
  gcvTrunk?: FoundTrunk;
  byocTrunks: FoundTrunk[];
  /** Most calls at once that Genesys allows, when it tells. */
  maxCallCapacity?: number;
}

/** What is being read, and how many of how many, as far as the listing says so. */
export type Progress = (what: string, done?: number, total?: number) => void;

/** Pools whose assigned numbers one request asks for: their ids stand in its address, which servers cut off at some 8,000 characters. */
const POOLS_PER_REQUEST = 50;

/** Reads a live organisation: only GET, paged by 100, inside 300 requests a minute (GenesysClient's budget). */
export async function readOrganisation(
  client: GenesysClient,
  progress: Progress = () => undefined,
): Promise<FoundOrganisation> {
  progress("organisation");
  const me = await client.http.json<Entity>("GET", "/api/v2/organizations/me");
  const pools = await all(client, `${EDGES}/didpools`, progress, "number pools");
  const ivrs = await all(client, "/api/v2/architect/ivrs", progress, "IVRs");
  const sites = await all(client, `${EDGES}/sites`, progress, "sites");
  // A listing leaves the properties out unless it is asked for them.
  const bases = await all(client, `${EDGES}/trunkbasesettings`, progress, "trunks", { expand: "properties" });
  const queues = await all(client, "/api/v2/routing/queues", progress, "queues");
  const { numbers, otherNumbers } = await numbersOf(client, pools, ivrs, progress);
  const trunks = bases.map((base) => ({ metabase: metabaseOf(base), trunk: trunkOf(base) }));
  return {
    id: String(me.id),
    name: String(me.name),
    region: await optional<{ awsHomeRegion?: string }>(client, "/api/v2/telephony/mediaregions").then(
      (r) => r?.awsHomeRegion,
    ),
    numbers,
    otherNumbers,
    ivrs: ivrs.map(ivrOf),
    sites: sites
      .filter((s) => s.managed !== true)
      .map((s) => String(s.name))
      .sort(),
    queues: queues.map((q) => String(q.name)).sort(),
    gcvTrunk: trunks.find((t) => t.metabase === GCV_METABASE)?.trunk,
    byocTrunks: trunks.filter((t) => BYOC_METABASE.test(t.metabase)).map((t) => t.trunk),
    maxCallCapacity: await optional<{ maxCallCapacity?: number }>(client, "/api/v2/telephony/calls/metrics").then(
      (m) => m?.maxCallCapacity,
    ),
  };
}

async function all(
  client: GenesysClient,
  path: string,
  progress: Progress,
  what: string,
  query: Record<string, string> = {},
): Promise<Entity[]> {
  const rows: Entity[] = [];
  let read = 0;
  for await (const row of client.list(path, query, (total) => progress(what, read, total))) {
    read++;
    if (row.state !== "deleted") rows.push(row);
  }
  return rows;
}

/** What not every organisation serves, or not to every client, is left unknown. */
async function optional<T>(client: GenesysClient, path: string): Promise<T | null> {
  try {
    return await client.http.json<T>("GET", path);
  } catch (error) {
    if (error instanceof HttpError && [400, 403, 404].includes(error.status)) return null;
    throw error;
  }
}

async function numbersOf(client: GenesysClient, pools: Entity[], ivrs: Entity[], progress: Progress) {
  const held = pools.filter((p) => p.provider === "PURE_CLOUD_VOICE").map(poolOf);
  const poolAt = rangeIndex(held);
  const ivrAt = new Map<string, string>();
  let otherNumbers = 0;
  for (const ivr of ivrs)
    for (const number of (ivr.dnis as string[] | undefined) ?? []) {
      if (poolAt(number)) ivrAt.set(number, String(ivr.name));
      else otherNumbers++;
    }
  const numbers: FoundNumber[] = held.flatMap((pool) =>
    [...expandRanges([pool])].map((number) => ({ number, ivr: ivrAt.get(number), poolText: pool.text })),
  );
  // Who has the others is asked only when there are any: for 100,000 numbers the list takes 1,000 requests.
  const left = numbers.filter((n) => n.ivr === undefined);
  const owners = await ownersOf(client, new Set(left.map((n) => poolAt(n.number)!.id)), progress);
  for (const n of left) n.otherOwner = owners.get(n.number);
  return { numbers, otherNumbers };
}

/** Who has the assigned numbers of these pools, by number. */
async function ownersOf(client: GenesysClient, pools: ReadonlySet<string>, progress: Progress) {
  const owners = new Map<string, string>();
  const ids = [...pools];
  for (let at = 0; at < ids.length; at += POOLS_PER_REQUEST) {
    const query = { type: "ASSIGNED", id: ids.slice(at, at + POOLS_PER_REQUEST).join(",") };
    for (const did of await all(client, `${EDGES}/didpools/dids`, progress, "assigned numbers", query))
      if (did.ownerType) owners.set(String(did.number ?? did.phoneNumber), String(did.ownerType));
  }
  return owners;
}

const poolOf = (pool: Entity): NumberRange & { id: string; text: string } => ({
  id: String(pool.id),
  from: String(pool.startPhoneNumber),
  to: String(pool.endPhoneNumber),
  text: [pool.description, pool.comments].filter((t) => typeof t === "string" && t !== "").join(" "),
});

function ivrOf(ivr: Entity): FoundIvr {
  const name = (key: string) => (ivr[key] as { name?: string } | undefined)?.name;
  return {
    name: String(ivr.name),
    description: typeof ivr.description === "string" ? ivr.description : "",
    flow: name("openHoursFlow"),
    otherFlows: [name("closedHoursFlow"), name("holidayHoursFlow")].filter((n): n is string => n !== undefined),
  };
}

const metabaseOf = (base: Entity): string => (base.trunkMetabase as { id?: string } | undefined)?.id ?? "";

function trunkOf(base: Entity): FoundTrunk {
  const properties = (base.properties ?? {}) as Record<string, { value?: { instance?: unknown } } | undefined>;
  const value = (key: string) => properties[key]?.value?.instance;
  const recording = value("trunk_recording_enabled");
  const priority = value("trunk_calling_id_priority");
  const termination = value("trunk_sip_termination_uri");
  return {
    name: String(base.name),
    ...(typeof recording === "boolean" ? { recording } : {}),
    ...(Array.isArray(priority) ? { callerIdPriority: priority.map(String) } : {}),
    ...(typeof termination === "string" && termination !== "" ? { terminationId: termination } : {}),
  };
}
