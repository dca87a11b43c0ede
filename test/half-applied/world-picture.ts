import { GenesysReader } from "../../probes/genesys";
import { openCarrier } from "../../providers/carrier/open";
import { clockFrom } from "../../providers/lib/clock";
import { SANDBOX_CREDENTIALS } from "../../rehearsal/stack";
import type { World } from "../../rehearsal/world";

interface Entity {
  id: string;
  name: string;
  state?: string;
  [property: string]: unknown;
}

/** Lists of the organisation whose objects a migration makes, changes or takes away. */
const LISTS = {
  ivr: "/api/v2/architect/ivrs",
  flow: "/api/v2/flows",
  pool: "/api/v2/telephony/providers/edges/didpools",
  site: "/api/v2/telephony/providers/edges/sites",
  trunk: "/api/v2/telephony/providers/edges/trunkbasesettings",
  table: "/api/v2/flows/datatables",
  queue: "/api/v2/routing/queues",
  group: "/api/v2/architect/emergencygroups",
  role: "/api/v2/authorization/roles",
} as const;

/** What a call route opens, and when. */
const FLOWS = ["openHoursFlow", "closedHoursFlow", "holidayHoursFlow", "scheduleGroup"] as const;

const text = (value: unknown) => JSON.stringify(value ?? null);

/**
 * What stands in organisation and carrier, one line an object, sorted: what callers and a migration depend on, by names and never by ids.
 * Two positions of a stack are the same exactly when their pictures are.
 */
export async function pictureOf(world: World): Promise<string[]> {
  const { addresses } = world;
  const clock = clockFrom(addresses.clock);
  const { GENESYSCLOUD_OAUTHCLIENT_ID: id, GENESYSCLOUD_OAUTHCLIENT_SECRET: secret } = SANDBOX_CREDENTIALS;
  const genesys = new GenesysReader({ api: addresses.genesys, login: addresses.genesys }, clock, { id, secret });
  const kinds = Object.entries(LISTS) as [keyof typeof LISTS, string][];
  const lists = await Promise.all(kinds.map(async ([kind, path]) => [kind, await genesys.all<Entity>(path)] as const));
  const lines = await Promise.all(lists.flatMap(([kind, found]) => found.map((e) => told(genesys, kind, e))));
  const routes = (await openCarrier({ adapter: "manual", deskDir: addresses.desk }, clock).survey()).routes.map(
    (r) => `carrier route ${r.key} ${r.state} ${r.host} ${r.calledNumber} ${text(r.nextHost)} ${text(r.ranges)}`,
  );
  return [...lines.flat(), ...routes].sort();
}

async function told(genesys: GenesysReader, kind: keyof typeof LISTS, e: Entity): Promise<string[]> {
  const name = `${kind} ${e.name ?? `${e.startPhoneNumber}-${e.endPhoneNumber} ${e.provider}`}`;
  switch (kind) {
    case "ivr":
      return [
        `${name} ${text([...((e.dnis as string[]) ?? [])].sort())} ${FLOWS.map((f) => (e[f] as Entity | undefined)?.name ?? "-").join(", ")}`,
      ];
    case "site": {
      const routes = await genesys.all<Entity>(`${LISTS.site}/${e.id}/outboundroutes`);
      const trunks = (r: Entity) => ((r.externalTrunkBases as Entity[]) ?? []).map((t) => t.name);
      return [name, ...routes.map((r) => `${name} route ${r.name} ${text(trunks(r))}`)];
    }
    case "table": {
      const rows = await genesys.all<Record<string, unknown>>(`${LISTS.table}/${e.id}/rows`, { showbrief: "false" });
      // Since when a phase has stood is not where the stack stands.
      return [name, ...rows.map(({ since: _, ...row }) => `${name} row ${text(Object.entries(row).sort())}`)];
    }
    case "group":
      return [`${name} ${text(e.enabled)}`];
    default:
      return [name];
  }
}
