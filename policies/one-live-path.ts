import { hoursDifference } from "../model/hours";
import { planCallRoutes } from "../model/phases";
import { boundTwice, foreignNumbers } from "../model/rules/routes";
import { some } from "../model/rules/finding";
import { planIfAny } from "./context";
import { andStack, gatePolicy, IVR, resourcePolicy, together } from "./policy";

const NAME = "one-live-path";
const WHAT =
  "Every carrier route, call route and answer leads a number to exactly one flow: with two of them chance decides who answers.";

const numbersOf = (dnis: unknown): string[] => (Array.isArray(dnis) ? [...dnis].map(String) : []);

const onIvr = resourcePolicy(NAME, WHAT, IVR, ({ props }) => {
  const plan = planIfAny();
  if (!plan) return [];
  return foreignNumbers(plan, String(props.name), numbersOf(props.dnis), planCallRoutes(plan));
});

/** A number on two call routes, and hours that differ between the two of one, are seen only with all of them in view. */
export const oneLivePath = andStack(together(gatePolicy(NAME, WHAT), onIvr), ({ resources }) => {
  const ivrs = resources.filter((r) => r.type === IVR);
  const twice = boundTwice(ivrs.map((r) => ({ name: String(r.props.name), numbers: numbersOf(r.props.dnis) })));
  const hours = ivrs.flatMap((byoc) => {
    const gcv = ivrs.find((r) => `${String(r.props.name)} BYOC` === byoc.props.name);
    const differ = gcv ? hoursDifference(gcv.props, byoc.props) : [];
    if (!gcv || differ.length === 0) return [];
    const finding = {
      seen: `call routes ${gcv.props.name} and ${byoc.props.name} with different ${differ.join(", ")}`,
      required: "the same on both: otherwise a caller of the closed hours is led by the path that the call took",
      fix: "give both what the existing call route has",
    };
    return [{ urn: byoc.urn, name: byoc.name, finding }];
  });
  const byRoutes = new Map<string, string[]>();
  for (const { number, names } of twice)
    byRoutes.set(names.join(" and "), [...(byRoutes.get(names.join(" and ")) ?? []), number]);
  const bound = [...byRoutes].map(([names, numbers]) => {
    const ivr = ivrs.find((r) => names.startsWith(String(r.props.name)))!;
    const finding = {
      seen: `${some(numbers)} on the call routes ${names}`,
      required: "each number on one call route",
      fix: "take them off one of the two",
    };
    return { urn: ivr.urn, name: ivr.name, finding };
  });
  return [...bound, ...hours];
});
