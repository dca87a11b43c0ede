import type { PolicyConfigSchema, PolicyResource, ResourceValidationPolicy } from "@pulumi/policy";
import { UnknownValueError } from "@pulumi/policy";
import { UserError } from "../model/errors";
import { rangesContain } from "../model/ranges";
import type { CallFlow } from "../model/rules/flow";
import { type Basis, Lacks, notJudged } from "./basis";
import { planIfAny } from "./context";
import { flowOf } from "./flow-file";
import { andStack, type Finding, FLOW, IVR, type Judged, POOL, resourcePolicy } from "./policy";

type JudgeFlow = (flow: CallFlow, basis: Basis) => Finding[];

/** The flow of a stack without a plan, whose files may lie anywhere. Throws Lacks for one that cannot be read. */
function plainFlow(resource: Pick<Judged, "props">): CallFlow | undefined {
  try {
    return flowOf(resource as Judged);
  } catch (error) {
    if (error instanceof UserError) throw new Lacks(`it lacks the flow: ${error.message}`);
    if (error instanceof UnknownValueError) throw new Lacks("it lacks the flow's file, not known before the update");
    throw error;
  }
}

/** What is known of a resource, or `otherwise` for one of which too much is not known yet. */
function known<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return otherwise;
    throw error;
  }
}

/**
 * Whether a call to a number may come back to the flow that dials it, by the call routes and pools of the stack: the number is on a call
 * route that opens this flow, or of which it is not seen what it opens; or in a pool and on no call route.
 */
function comesBack(flow: PolicyResource, number: string, resources: readonly PolicyResource[]): boolean {
  const dials = (r: PolicyResource) => known(() => [...(r.props.dnis ?? [])].map(String).includes(number), false);
  const routes = resources.filter((r) => r.type === IVR && dials(r));
  const opens = (r: PolicyResource) =>
    Object.values(r.propertyDependencies)
      .flat()
      .filter((d) => d.type === FLOW);
  if (routes.length > 0) return routes.some((r) => opens(r).length === 0 || opens(r).some((d) => d.urn === flow.urn));
  const holds = ({ props }: PolicyResource) =>
    rangesContain([{ from: String(props.startPhoneNumber), to: String(props.endPhoneNumber) }], number);
  return resources.some((r) => r.type === POOL && known(() => holds(r), false));
}

/** A finding in the words of a program whose flows nobody generates. */
const inPlainWords = (finding: Finding): Finding => ({
  ...finding,
  fix: finding.fix.replace(/^keep the flow as the program generates it(: |$)/, "") || "add the way to the flow's file",
});

/** A flow of a stack without a plan: judged when its calls may come back to it, as those of a canary do. Throws Lacks where that is not seen. */
function judgePlain(flow: PolicyResource, resources: readonly PolicyResource[], basis: Basis, judge: JudgeFlow) {
  const read = plainFlow(flow);
  if (!read || read.transfersTo.length === 0) return [];
  const numbers = read.transfersTo.filter((n) => n !== undefined);
  if (numbers.some((n) => comesBack(flow, n, resources))) return judge(read, basis).map(inPlainWords);
  const seen = numbers.length < read.transfersTo.length ? "a number that it works out itself" : numbers.join(", ");
  throw new Lacks(
    `it lacks where calls to ${seen} go, to which the flow transfers: no pool or call route of this stack has it`,
  );
}

/**
 * A policy on the flows of a migration. With a plan each flow of the stack is one. Without, only those are that send calls to a number which
 * may lead back to them, seen with all resources in view: an organisation's other flows may end a call, go round in a menu or dial somebody's
 * mobile as they like.
 */
export function flowPolicy(
  name: string,
  description: string,
  judge: JudgeFlow,
  configSchema?: PolicyConfigSchema,
): ResourceValidationPolicy {
  const onFlow = resourcePolicy(
    name,
    description,
    FLOW,
    (resource, basis) => {
      if (!planIfAny()) return [];
      const flow = flowOf(resource);
      return flow ? judge(flow, basis) : [];
    },
    configSchema ? { configSchema } : {},
  );
  return andStack(onFlow, ({ resources }, basis) => {
    if (planIfAny()) return [];
    return resources
      .filter((r) => r.type === FLOW)
      .flatMap((flow) => {
        try {
          const found = judgePlain(flow, resources, basis, judge);
          return found.map((finding) => ({ urn: flow.urn, name: flow.name, finding }));
        } catch (error) {
          if (!(error instanceof Lacks)) throw error;
          notJudged.note(name, flow.name, error.message);
          return [];
        }
      });
  });
}
