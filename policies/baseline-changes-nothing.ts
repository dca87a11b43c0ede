import type { Facts } from "../model/facts";
import { hoursDifference } from "../model/hours";
import { planCallRoutes } from "../model/phases";
import { planIfAny } from "./context";
import { andStack, GATE, gatePolicy, IVR } from "./policy";

/**
 * A policy sees no old state, so the gate's evidence brings it: call routes, outbound routes and records as they stand. What a call
 * route does outside its open hours is nothing the plan says: it is compared with what is declared. Only of the call routes that are
 * adopted: their BYOC ones follow them, a change by hand included, and one-live-path holds the two together.
 */
export const baselineChangesNothing = andStack(
  gatePolicy(
    "baseline-changes-nothing",
    "Adopting what exists changes none of it: an import is followed by an update at once wherever the plan says otherwise.",
  ),
  ({ resources }) => {
    const plan = planIfAny();
    const adopted = new Set(plan ? planCallRoutes(plan).map((r) => r.callRoute) : []);
    const facts = resources.find((r) => r.type === GATE)?.props.facts as Facts | undefined;
    const existing = facts?.record?.existing?.ivrs ?? [];
    return resources
      .filter((r) => r.type === IVR && adopted.has(String(r.props.name)))
      .flatMap(({ urn, name, props }) => {
        const found = existing.find((i) => i.name === props.name);
        const differ = found ? hoursDifference(found.hours ?? {}, props) : [];
        if (differ.length === 0) return [];
        const finding = {
          seen: `the call route ${props.name} with another ${differ.join(", ")} than it has`,
          required: "what stands there",
          fix: "declare the hours of the existing call route as the record probe reads them",
        };
        return [{ urn, name, finding }];
      });
  },
);
