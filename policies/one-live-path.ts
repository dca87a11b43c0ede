import { type PolicyResource, UnknownValueError } from "@pulumi/policy";
import { hoursDifference } from "../model/hours";
import { planCallRoutes } from "../model/phases";
import { boundTwice, foreignNumbers } from "../model/rules/routes";
import { some } from "../model/rules/finding";
import { notJudged } from "./basis";
import { planIfAny } from "./context";
import { andStack, type Finding, gatePolicy, IVR, resourcePolicy, together } from "./policy";

const NAME = "one-live-path";
const WHAT =
  "Every carrier route, call route and answer leads a number to exactly one flow: with two of them chance decides who answers.";

const numbersOf = (dnis: unknown): string[] => (Array.isArray(dnis) ? [...dnis].map(String) : []);

interface CallRoute {
  resource: PolicyResource;
  name: string;
  numbers: string[];
}

/** What a judgement finds, or nothing for a resource of which too much is not known yet; that is told. */
function ifKnown<T>(resource: PolicyResource, what: string, read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    notJudged.note(NAME, resource.name, `it lacks its ${what}, not known before the update`);
    return [];
  }
}

/** Call routes by name and numbers. One of which they are not known yet hides nothing of the others. */
const callRoutesOf = (resources: readonly PolicyResource[]): CallRoute[] =>
  resources
    .filter((r) => r.type === IVR)
    .flatMap((resource) =>
      ifKnown(resource, "name or numbers", () => [
        { resource, name: String(resource.props.name), numbers: numbersOf(resource.props.dnis) },
      ]),
    );

const onIvr = resourcePolicy(NAME, WHAT, IVR, ({ props }) => {
  const plan = planIfAny();
  if (!plan) return [];
  return foreignNumbers(plan, String(props.name), numbersOf(props.dnis), planCallRoutes(plan));
});

/** A number on two call routes, and hours that differ between the two of one, are seen only with all of them in view. */
export const oneLivePath = andStack(together(gatePolicy(NAME, WHAT), onIvr), ({ resources }) => {
  const routes = callRoutesOf(resources);
  const on = ({ resource: { urn, name } }: CallRoute, finding: Finding) => ({ urn, name, finding });
  const byName = new Map(routes.map((r) => [`${r.name} BYOC`, r]));
  const hours = routes.flatMap((byoc) => {
    const gcv = byName.get(byoc.name);
    if (!gcv) return [];
    const differ = ifKnown(byoc.resource, "hours", () => hoursDifference(gcv.resource.props, byoc.resource.props));
    if (differ.length === 0) return [];
    const finding = {
      seen: `call routes ${gcv.name} and ${byoc.name} with different ${differ.join(", ")}`,
      required: "the same on both: otherwise a caller of the closed hours is led by the path that the call took",
      fix: "give both what the existing call route has",
    };
    return [on(byoc, finding)];
  });
  const byRoutes = new Map<string, string[]>();
  for (const { number, names } of boundTwice(routes))
    byRoutes.set(names.join(" and "), [...(byRoutes.get(names.join(" and ")) ?? []), number]);
  const bound = [...byRoutes].map(([names, numbers]) => {
    const route = routes.find((r) => names.startsWith(r.name))!;
    const finding = {
      seen: `${some(numbers)} on the call routes ${names}`,
      required: "each number on one call route",
      fix: "take them off one of the two",
    };
    return on(route, finding);
  });
  return [...bound, ...hours];
});
