import { expandRanges, rangeIndex } from "../model/ranges";
import type { NumberRange } from "../model/types";
import type { Clock } from "../providers/lib/clock";
import type { ProbeFacts, ProbeSettings } from "./document";
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

/** Held numbers that are named: enough to act on, few enough for a state file. All are counted. */
const HELD_NAMED_MAX = 1000;

interface DidPool {
  startPhoneNumber: string;
  endPhoneNumber: string;
  provider: string;
}

/** Name of the data table that holds a stack's phase record. */
export const recordTableName = (stack: string): string => `Cutover record ${stack}`;

async function readRecord(genesys: GenesysReader, stack: string): Promise<Record<string, unknown> | null> {
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
  throw new Error(`data table ${table}: column since is not a JSON object; restore the row by hand`);
}

/** Numbers of the ranges that a GCV pool still holds. A number outside every such pool is gone from the inventory. */
async function readInventory(
  genesys: GenesysReader,
  ranges: NumberRange[],
): Promise<{ checked: number; stillHeldCount: number; stillHeld: string[] }> {
  const pools = await genesys.all<DidPool>("/api/v2/telephony/providers/edges/didpools");
  const held = rangeIndex(
    pools
      .filter((p) => p.provider === "PURE_CLOUD_VOICE")
      .map((p) => ({ from: p.startPhoneNumber, to: p.endPhoneNumber })),
  );
  const numbers = [...expandRanges(ranges)];
  const stillHeld = numbers.filter((n) => held(n) !== undefined);
  return { checked: numbers.length, stillHeldCount: stillHeld.length, stillHeld: stillHeld.slice(0, HELD_NAMED_MAX) };
}

/** The phase record of the stack (null: none yet), and the GCV inventory of `ask.inventory`. */
export async function probeRecord(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  const genesys = await openGenesys(settings, clock);
  const ranges = settings.ask?.inventory as NumberRange[] | undefined;
  const [record, inventory] = await Promise.all([
    readRecord(genesys, settings.stack),
    ranges ? readInventory(genesys, ranges) : undefined,
  ]);
  return { record, ...(inventory ? { inventory } : {}) };
}
