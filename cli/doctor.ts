import { diagnose, doctorText, writeAnswers } from "../daily/doctor/command";
import { builtProbes } from "../daily/probes";
import { type Place, settingsOf } from "../daily/settings";
import { takeEnvironment } from "./environment";

export interface DoctorOptions extends Place {
  json?: boolean;
  testCalls?: boolean;
  probeWrites?: boolean;
  write?: boolean;
}

/** `cutover doctor`. @returns 0 when nothing failed, 1 otherwise. */
export async function doctorVerb(o: DoctorOptions): Promise<number> {
  const may = { testCalls: o.testCalls === true, probeWrites: o.probeWrites === true };
  const diagnosis = await diagnose({ ...o, env: takeEnvironment(o), may }, builtProbes());
  console.log(o.json ? JSON.stringify(diagnosis) : doctorText(diagnosis));
  if (o.write && Object.keys(diagnosis.answers).length > 0) {
    const dir = o.plan ?? settingsOf(o).planDir;
    console.error(`${dir}/plan.yaml: ${writeAnswers(dir, diagnosis.answers).join(", ")} written`);
  }
  return diagnosis.ok ? 0 : 1;
}
