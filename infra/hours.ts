import { UserError } from "../model/errors";
import type { ProbeDoc, RecordDoc } from "../model/facts";
import type { Hours } from "../model/hours";
import { planCallRoutes } from "../model/phases";
import type { Plan } from "../model/types";
import { gather, probeSettings } from "./evidence";
import type { Settings } from "./settings";

/**
 * Closed-hours flow, holiday flow and schedule group of each existing call route, as they stand now. No look-up of the provider tells
 * them, and left out of the program they would be taken off the route. They are read at every run: who changes them at Genesys changes
 * them for both paths. Throws UserError when they cannot be read: not knowing them is not the same as there being none.
 */
export async function readHours(settings: Settings, plan: Plan): Promise<Map<string, Hours>> {
  const callRoutes = planCallRoutes(plan).map((r) => r.callRoute);
  const ask = { existing: { callRoutes, sites: [] } };
  const { record: doc } = (await gather({ record: probeSettings(settings, ask) })) as { record: ProbeDoc & RecordDoc };
  if (doc.status !== "ok" || !doc.existing) {
    throw new UserError(
      `Hours of the call routes of stack ${settings.stack}: ${doc.error ?? "not readable"}; nothing is changed until they can be read.`,
    );
  }
  return new Map(doc.existing.ivrs.map(({ name, hours }) => [name, hours ?? {}]));
}
