import { spawn } from "node:child_process";
import type { Facts, ProbeDoc } from "../../model/facts";

/** A probe waits out rate limits and the lag of analytics; one that is still silent after this hangs. */
const PROBE_MS_MAX = 15 * 60_000;

/** Settings by probe name, as the Gate and Proof resources carry them. */
export type ProbeSettingsByName = Record<string, unknown>;

const failed = (probe: string, error: string): ProbeDoc => ({
  schema: "cutover/probe/v1",
  probe,
  at: "",
  by: "",
  status: "error",
  error,
});

/**
 * Runs the probes of some settings beside each other in one process and returns their documents. Settings go over stdin; credentials
 * are in the environment. Whatever goes wrong is a document with status `error`: no evidence, told apart from evidence of a no.
 */
export function runProbes(
  program: string,
  settings: ProbeSettingsByName,
  signal: AbortSignal,
): Promise<Record<string, ProbeDoc>> {
  const all = (doc: (probe: string) => ProbeDoc) =>
    Object.fromEntries(Object.keys(settings).map((probe) => [probe, doc(probe)]));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, "each", "-"], {
      stdio: ["pipe", "pipe", "pipe"],
      timeout: PROBE_MS_MAX,
      signal,
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err = (err + text).slice(-2000);
    });
    child.on("error", (error) => resolve(all((p) => failed(p, `the probe could not be run: ${error.message}`))));
    child.on("close", (code) => {
      const documents = documentsOf(out);
      const last = err.trim().split("\n").at(-1) ?? "";
      const none = `the probe ended with code ${code ?? "none"} and no document${last ? `: ${last}` : ""}`;
      resolve(all((p) => sound(documents[p], p) ?? failed(p, none)));
    });
    // A probe that ended before it read its settings says so on its own.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(settings));
  });
}

const sound = (doc: ProbeDoc | undefined, probe: string): ProbeDoc | undefined =>
  doc?.schema === "cutover/probe/v1" && doc.probe === probe ? doc : undefined;

function documentsOf(out: string): Record<string, ProbeDoc | undefined> {
  try {
    return (JSON.parse(out) as { documents?: Record<string, ProbeDoc> } | null)?.documents ?? {};
  } catch {
    return {};
  }
}

/**
 * All probes of some settings at once. Of what was given only that stays which no probe gathers (`confirm`, `stack`), and the phase record, by
 * which a way back is known; a document that a program brings along and nobody gathers again is no evidence.
 */
export async function gatherFacts(
  program: string,
  settings: ProbeSettingsByName,
  given: object,
  signal: AbortSignal,
): Promise<Facts> {
  const docs = Object.keys(settings).length > 0 ? await runProbes(program, settings, signal) : {};
  const kept = Object.entries(given).filter(([key]) => ["confirm", "stack", "record"].includes(key));
  return { ...Object.fromEntries(kept), ...docs } as Facts;
}
