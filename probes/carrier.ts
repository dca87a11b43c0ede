import { UserError } from "../model/errors";
import type { Clock } from "../providers/lib/clock";
import type { ProbeFacts, ProbeSettings } from "./document";
import { loadPlanOf } from "./genesys";

/** What the gaining carrier has on file: source addresses of the plan, number states, routes, orders, emergency addresses. */
export async function probeCarrier(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  if (!settings.carrier)
    throw new UserError("The carrier probe's settings have no carrier; expected {adapter, url, deskDir}.");
  const { openCarrier } = await import("../providers/carrier/open");
  const [plan, survey] = await Promise.all([loadPlanOf(settings), openCarrier(settings.carrier, clock).survey()]);
  // No carrier's API lists its signalling addresses: they are the plan's data, published by the carrier on a page with a date.
  return { sourceRanges: plan.carrier.sourceRanges, ...survey };
}
