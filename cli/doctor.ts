import { diagnose, doctorText } from "../daily/doctor/command";
import { builtProbes } from "../daily/probes";
import type { Place } from "../daily/settings";
import { takeEnvironment } from "./environment";

/** `cutover doctor`. @returns 0 when nothing failed, 1 otherwise. */
export async function doctorVerb(o: Place & { json?: boolean }): Promise<number> {
  const diagnosis = await diagnose({ ...o, env: takeEnvironment(o) }, builtProbes());
  console.log(o.json ? JSON.stringify(diagnosis) : doctorText(diagnosis));
  return diagnosis.ok ? 0 : 1;
}
