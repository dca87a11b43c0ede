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

/**
 * Runs one probe through `command.local.run`, in preview and in up, and returns its document. A probe that cannot run or
 * answers something else than one JSON document is told apart from one that measured a "no": its status is `error`.
 */
export async function gather(probe: string, settings: ProbeSettings): Promise<ProbeDoc> {
  const failed = (error: string): ProbeDoc => ({
    schema: "cutover/probe/v1",
    probe,
    at: "",
    by: "",
    status: "error",
    error,
  });
  try {
    const run = await local.run({
      command: `${quote(process.execPath)} dist/probe.js ${probe} ${quote(JSON.stringify(settings))}`,
      logging: local.Logging.None,
    });
    const doc = JSON.parse(run.stdout) as ProbeDoc;
    return doc?.schema === "cutover/probe/v1" ? doc : failed(`probe ${probe} answered no cutover/probe/v1 document`);
  } catch (error) {
    return failed(
      `probe ${probe} could not be run: ${error instanceof Error ? lastLines(error.message) : String(error)}`,
    );
  }
}

/** Name of the data table that holds the phase record. */
export const recordTableName = (stack: string) => `Cutover record ${stack}`;

/** Name of the data table the front flows decide by. */
export const routingTableName = (plan: Plan) => `Cutover routing ${plan.name}`;
