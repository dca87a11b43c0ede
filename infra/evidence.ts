import { local } from "@pulumi/command";
import type { ProbeDoc } from "../model/evidence";
import type { Plan } from "../model/types";
import type { Settings } from "./settings";

/** What a probe is told: addresses and the question; never a credential. */
export interface ProbeSettings {
  plan: string;
  stack: string;
  genesys?: string;
  carrier: Settings["carrier"];
  resolvers: Settings["resolvers"];
  nameServers: Settings["nameServers"];
  clock?: string;
  ask: Record<string, unknown>;
}

/** The settings of one probe run for this stack. */
export function probeSettings(settings: Settings, ask: Record<string, unknown>): ProbeSettings {
  const { planDir, stack, genesysUrl, carrier, resolvers, nameServers, clock } = settings;
  return { plan: planDir, stack, genesys: genesysUrl, carrier, resolvers, nameServers, clock, ask };
}

/** The end of a message is where a shell tells why; the beginning repeats the whole command. */
const lastLines = (text: string) => text.trim().split("\n").slice(-3).join(" ").slice(-600);

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** What each probe is told, by its name. */
export type Questions = Record<string, ProbeSettings>;

/**
 * Runs probes in one process through `command.local.run`, in preview and in up, and returns their documents. A probe that cannot run
 * or answers something else than its document is told apart from one that measured a "no": its status is `error`.
 */
export async function gather<Q extends Questions>(questions: Q): Promise<Record<keyof Q, ProbeDoc>> {
  const names = Object.keys(questions);
  const each = (doc: (probe: string) => ProbeDoc) =>
    Object.fromEntries(names.map((probe) => [probe, doc(probe)])) as Record<keyof Q, ProbeDoc>;
  if (names.length === 0) return each(() => noDocument("", ""));
  try {
    const run = await local.run({
      command: `${quote(process.execPath)} dist/probe.js each -`,
      stdin: JSON.stringify(questions),
      logging: local.Logging.None,
    });
    const { documents } = JSON.parse(run.stdout) as { documents: Record<string, ProbeDoc | undefined> };
    return each((probe) => {
      const doc = documents[probe];
      return doc?.schema === "cutover/probe/v1"
        ? doc
        : noDocument(probe, `probe ${probe} answered no cutover/probe/v1 document`);
    });
  } catch (error) {
    const why = error instanceof Error ? lastLines(error.message) : String(error);
    return each((probe) => noDocument(probe, `probe ${probe} could not be run: ${why}`));
  }
}

const noDocument = (probe: string, error: string): ProbeDoc => ({
  schema: "cutover/probe/v1",
  probe,
  at: "",
  by: "",
  status: "error",
  error,
});

/** Name of the data table that holds the phase record. */
export const recordTableName = (stack: string) => `Cutover record ${stack}`;

/** Name of the data table the front flows decide by. */
export const routingTableName = (plan: Plan) => `Cutover routing ${plan.name}`;
