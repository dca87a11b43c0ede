import { planFlows } from "../model/phases";
import { trunkHost } from "../model/regions";
import { planAt } from "./context";
import { type Finding, gatePolicy, ROUTE, resourcePolicy } from "./policy";

const NAME = "carrier-route-ready";
const WHAT = "A moving number's route is on file and test-called; a shadow is dialled at the trunk's own name only.";

/** A route to a shadow goes to the trunk's own name: through the customer's CNAME it would follow DNS, which has not moved yet. */
function routeFindings(props: Record<string, unknown>): Finding[] {
  const called = props.calledNumber;
  if (called === undefined || called === null) return [];
  const plan = planAt();
  const findings: Finding[] = [];
  const host = trunkHost(plan);
  if (String(props.host).toLowerCase() !== host.toLowerCase()) {
    findings.push({
      seen: `called number ${called} at ${props.host}`,
      required: `host ${host} for a shadow number`,
      fix: "let model/ choose the host of R1",
    });
  }
  if (!planFlows(plan).some((f) => f.shadow === called)) {
    findings.push({
      seen: `called number ${called}`,
      required: "a shadow number of the plan",
      fix: "use carrier.shadowNumbers",
    });
  }
  return findings;
}

const onGate = gatePolicy(NAME, WHAT);
const onRoute = resourcePolicy(NAME, WHAT, ROUTE, ({ props }) => routeFindings(props));

export const carrierRouteReady = {
  ...onGate,
  validateResource: [onGate.validateResource, onRoute.validateResource].flat().filter((v) => v !== undefined),
};
