import type { StackValidationPolicy } from "@pulumi/policy";
import { GATES } from "../model/evidence";
import { notJudged } from "./basis";
import { leadsToTrunk } from "./dns-records";
import { FLOW, GATE, IVR, type Judged, OUTBOUND, POOL, TRUNK } from "./policy";

const TELEPHONY: readonly string[] = [TRUNK, POOL, IVR, FLOW, OUTBOUND];

/** Whether a stack without a plan has to do with calls: a zone full of records for web sites has not. */
const hasTelephony = (resources: readonly Pick<Judged, "type" | "props">[]): boolean =>
  resources.some((r) => TELEPHONY.includes(r.type) || leadsToTrunk(r as Judged));

/**
 * Says what was not judged and what it lacks, so that silence is never taken for a pass. Advisory: it stops nothing. On a stack of
 * plain resources the policies that need evidence have no gate to read it from.
 */
export const notJudgedPolicy: StackValidationPolicy = {
  name: "not-judged",
  description: "Every policy that could not judge a resource is told, with what it lacks.",
  enforcementLevel: "advisory",
  validateStack: ({ resources }, report) => {
    const lines = notJudged.take();
    if (!hasTelephony(resources)) return;
    for (const line of lines) report(line);
    if (resources.some((r) => r.type === GATE)) return;
    const names = GATES.map((g) => g.name).sort();
    report(
      `No gates:index:Gate in this stack, so nobody brings the evidence that these judge by: ${names.join(", ")}. Declare the migration with this program, or gather and judge by hand (cutover doctor).`,
    );
  },
};
