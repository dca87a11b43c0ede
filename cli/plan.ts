import { makePlan, type PlanArgs } from "../daily/plan/command";
import { builtProbes } from "../daily/probes";
import { takeEnvironment } from "./environment";

/** `cutover plan`: the comment on stdout, why it may not be merged on stderr. @returns 0 when it may be merged, 1 otherwise. */
export async function planVerb(args: PlanArgs): Promise<number> {
  takeEnvironment(args);
  const result = await makePlan(args, builtProbes());
  process.stdout.write(result.markdown);
  for (const why of result.why) console.error(`not to be merged: ${why}`);
  return result.mergeable ? 0 : 1;
}
