import { join } from "node:path";
import type { ProbeDoc } from "../model/facts";
import type { ProbeSettings } from "../probes/document";
import { runProbes } from "../providers/gates/run-probe";

/** Runs one probe and answers its document; never throws: what cannot be measured is a document with status `error`. */
export type RunProbe = (probe: string, settings: ProbeSettings) => Promise<ProbeDoc>;

/** The built probe program, in a process of its own, as the gates run it. */
export function builtProbes(signal: AbortSignal = new AbortController().signal): RunProbe {
  const program = join(__dirname, "probe.js");
  return async (probe, settings) => (await runProbes(program, { [probe]: settings }, signal))[probe] as ProbeDoc;
}
