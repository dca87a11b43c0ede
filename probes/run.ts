import { UserError } from "../model/errors";
import { PROBES, type ProbeName } from "../model/facts";
import { type Clock, clockFrom } from "../providers/lib/clock";
import { document, errorText, type ProbeFacts, type ProbeSettings, whereOf } from "./document";

type Probe = (settings: ProbeSettings, clock: Clock) => Promise<ProbeFacts>;

/** Each probe is loaded when it is asked for: the start of one costs nothing of the others. */
const LOAD: Record<ProbeName, () => Promise<Probe>> = {
  record: async () => (await import("./record")).probeRecord,
  dns: async () => (await import("./dns")).probeDns,
  sip: async () => (await import("./sip")).probeSip,
  carrier: async () => (await import("./carrier")).probeCarrier,
  quality: async () => (await import("./quality")).probeQuality,
  entitlement: async () => (await import("./entitlement")).probeEntitlement,
};

function parseSettings(name: string | undefined, text: string | undefined): ProbeSettings {
  if (!(PROBES as readonly string[]).includes(name ?? "")) {
    throw new UserError(
      `The probe ${JSON.stringify(name ?? "")} is not known; expected one of ${PROBES.join(", ")}, or each.`,
    );
  }
  try {
    const settings: unknown = JSON.parse(text ?? "");
    if (settings && typeof settings === "object" && !Array.isArray(settings)) return settings as ProbeSettings;
  } catch {
    // told below
  }
  throw new UserError(
    `The settings of probe ${name} are not a JSON object; usage: node dist/probe.js <probe> '<settings>'.`,
  );
}

/**
 * Runs one probe and returns its document; never throws. What cannot be measured is a document with status `error`, so that a
 * gate tells "we could not look" from "we looked, and no".
 */
export async function runProbe(
  name: string | undefined,
  settingsText: string | undefined,
): Promise<Record<string, unknown>> {
  let at: Date | null = null;
  try {
    const settings = parseSettings(name, settingsText);
    const clock = clockFrom(settings.clock);
    at = await clock.now();
    const probe = await LOAD[name as ProbeName]();
    return document(name as string, at, await probe(settings, clock), whereOf(name as string, settings));
  } catch (error) {
    return document(name ?? "", at, { status: "error", error: errorText(error) });
  }
}

/** A probe waits out rate limits and the lag of analytics; one that is still silent after this hangs, milliseconds. */
const PROBE_MS_MAX = 14 * 60_000;

async function inTime(probe: string, work: Promise<Record<string, unknown>>): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Record<string, unknown>>((resolve) => {
    const error = `no answer within ${PROBE_MS_MAX / 60_000} minutes`;
    timer = setTimeout(() => resolve(document(probe, null, { status: "error", error })), PROBE_MS_MAX);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/**
 * Several probes beside each other in one process, which loads the plan and logs in once: `{"<probe>": <settings>}` to
 * `{schema: "cutover/probes/v1", documents: {"<probe>": <document>}}`. Each has its own document, whatever becomes of the others.
 */
export async function runEach(settingsText: string | undefined): Promise<Record<string, unknown>> {
  let settings: Record<string, unknown> = {};
  try {
    settings = JSON.parse(settingsText ?? "") as Record<string, unknown>;
  } catch {
    // Without settings there is no document: whoever asked reads that as no evidence.
  }
  const documents = await Promise.all(
    Object.entries(settings ?? {}).map(
      async ([probe, s]) => [probe, await inTime(probe, runProbe(probe, JSON.stringify(s)))] as const,
    ),
  );
  return { schema: "cutover/probes/v1", documents: Object.fromEntries(documents) };
}
