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
 * Runs one probe program and returns its document. Settings go over stdin; credentials are in the environment. Whatever goes
 * wrong is a document with status `error`: no evidence, told apart from evidence of a no.
 */
export function runProbe(program: string, probe: string, settings: unknown, signal: AbortSignal): Promise<ProbeDoc> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, probe, "-"], {
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
    child.on("error", (error) => resolve(failed(probe, `the probe could not be run: ${error.message}`)));
    child.on("close", (code) => resolve(documentOf(probe, out, code, err)));
    // A probe that ended before it read its settings says so on its own.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(settings));
  });
}

function documentOf(probe: string, out: string, code: number | null, err: string): ProbeDoc {
  try {
    const doc = JSON.parse(out) as ProbeDoc;
    if (doc?.schema === "cutover/probe/v1" && doc.probe === probe) return doc;
  } catch {
    // told below
  }
  const last = err.trim().split("\n").at(-1) ?? "";
  return failed(probe, `the probe ended with code ${code ?? "none"} and no document${last ? `: ${last}` : ""}`);
}

/** All probes of some settings at once; facts that no probe gathers (`confirm`, `stack`) stay as they were given. */
export async function gatherFacts(
  program: string,
  settings: ProbeSettingsByName,
  given: object,
  signal: AbortSignal,
): Promise<Facts> {
  const docs = await Promise.all(
    Object.entries(settings).map(async ([probe, s]) => [probe, await runProbe(program, probe, s, signal)] as const),
  );
  return { ...given, ...Object.fromEntries(docs) } as Facts;
}
