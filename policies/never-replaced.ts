import { planCallRoutes } from "../model/phases";
import { rangesContain } from "../model/ranges";
import type { Plan } from "../model/types";
import { plannedRanges, planIfAny, stateAsked } from "./context";
import { type Finding, IVR, type Judged, POOL, resourcePolicy, together, TRUNK } from "./policy";
import { isByocTrunk, TERMINATION, trunkSettings } from "./trunk-settings";

const NAME = "never-replaced";
const WHAT =
  "Trunk, pools and call routes are changed in place, never deleted and made again: in between their numbers ring nowhere. Their names are frozen.";

/** Options that would take an object away while calls use it. */
function options({ protect, deleteBeforeReplace }: Judged, inUse: boolean, what: string): Finding[] {
  return [
    ...(deleteBeforeReplace
      ? [{ seen: `deleteBeforeReplace on ${what}`, required: "a change in place", fix: "take the option out" }]
      : []),
    ...(inUse && !protect
      ? [
          {
            seen: `${what} without protect`,
            required: "protect: true while calls use it",
            fix: "set the option protect: true",
          },
        ]
      : []),
  ];
}

function frozen(what: string, seen: unknown, wanted: string): Finding[] {
  if (seen === wanted) return [];
  return [
    {
      seen: `${what} ${String(seen)}`,
      required: `${wanted}, the name it was made with`,
      fix: "keep the name: under another one the object is made anew, and its numbers go with the old one",
    },
  ];
}

/** Whether BYOC objects carry calls where the stack is going; without a plan they are taken to. */
const byocInUse = (plan: Plan | undefined): boolean => {
  if (!plan) return true;
  return stateAsked(plan).protectByoc;
};

const onTrunk = resourcePolicy(NAME, WHAT, TRUNK, (resource) => {
  if (!isByocTrunk(resource.props)) return [];
  const plan = planIfAny();
  const found = options(resource, byocInUse(plan), "a BYOC trunk");
  if (!plan || resource.props.name !== plan.trunk.name) return found;
  return [
    ...found,
    ...frozen("termination id", trunkSettings(resource.props.properties)[TERMINATION], plan.trunk.terminationId),
  ];
});

const onIvr = resourcePolicy(NAME, WHAT, IVR, (resource) => {
  const plan = planIfAny();
  // Without a plan the name says nothing more, and one that is not known yet must not hide the options.
  if (!plan) return options(resource, true, `the call route ${resource.name}`);
  const name = String(resource.props.name);
  const callRoutes = planCallRoutes(plan).map((r) => r.callRoute);
  if (callRoutes.includes(name)) return options(resource, true, `the call route ${name}`);
  if (callRoutes.includes(name.replace(/ BYOC$/, "")))
    return options(resource, byocInUse(plan), `the call route ${name}`);
  // A call route that stands where one of the plan's should: the provider would rename it, which replaces it.
  const own = plannedRanges(plan);
  const held = ((resource.props.dnis ?? []) as string[]).map(String).filter((n) => rangesContain(own, n));
  return held.length > 0
    ? frozen(
        "a call route with numbers of the plan, named",
        name,
        callRoutes.map((r) => `${r} or ${r} BYOC`).join(", "),
      )
    : [];
});

const onPool = resourcePolicy(NAME, WHAT, POOL, (resource) => {
  const plan = planIfAny();
  if (!plan) return options(resource, true, `the pool ${resource.name}`);
  const { startPhoneNumber, endPhoneNumber } = resource.props;
  const what = `the pool ${startPhoneNumber} to ${endPhoneNumber}`;
  const own = rangesContain(plannedRanges(plan), String(startPhoneNumber));
  return options(resource, own || stateAsked(plan).protectShadows, what);
});

export const neverReplaced = together(onTrunk, onIvr, onPool);
