import type { Basis } from "./basis";
import { stateAsked } from "./context";
import { type Finding, gatePolicy, ROUTE, resourcePolicy, together } from "./policy";

const NAME = "carrier-route-ready";
const WHAT = "A moving number's route is on file and test-called; a shadow is dialled at the trunk's own name only.";

/**
 * A route is what the plan wants at this phase: a moving number is sent to its call route's shadow at the trunk's own name (through the
 * customer's CNAME it would follow DNS, which has not moved yet), and to itself only when its wave is adopted.
 */
function routeFindings(props: Record<string, unknown>, basis: Basis): Finding[] {
  const plan = basis.plan("the plan, which says where a number is sent");
  const want = stateAsked(plan).routes.find((r) => r.key === props.name);
  // A part that was adopted before keeps no claim here: the way back turns its route to the shadow, as desiredState says.
  if (!want) return [];
  const called = props.calledNumber === undefined || props.calledNumber === null ? null : String(props.calledNumber);
  const host = String(props.host);
  const findings: Finding[] = [];
  if (host.toLowerCase() !== want.host.toLowerCase()) {
    findings.push({
      seen: `host ${host}`,
      required: `host ${want.host}`,
      fix: `declare the route with host ${want.host}, as the plan has it at this phase`,
    });
  }
  if (called !== want.calledNumber) {
    findings.push({
      seen: `called number ${called ?? "as dialled"}`,
      required: want.calledNumber
        ? `${want.calledNumber}, the call route's shadow number`
        : "the dialled number itself",
      fix: `declare it with calledNumber ${want.calledNumber ?? "left out"}; cutover:waves turns it to the number itself when its wave is adopted`,
    });
  }
  return findings;
}

export const carrierRouteReady = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(NAME, WHAT, ROUTE, ({ props }, basis) => routeFindings(props, basis)),
);
