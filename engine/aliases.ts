/** Former URNs a registration may be found under: its own aliases, and those it inherits from a renamed parent. */
import type { Deployment } from "./deployment";
import type { AliasSpec, Goal } from "./goal";
import { makeUrn, nameOf, qualifiedType, STACK_TYPE } from "./urn";

/** The URNs to look for after the resource's own, in order of preference. */
export function formerUrns(d: Deployment, goal: Goal): string[] {
  const out: string[] = [];
  const former = d.aliased.get(goal.parent);
  for (const a of goal.aliases) {
    out.push(a.urn ?? specUrn(d, goal, a, goal.parent));
    if (former && a.urn === undefined && a.parentUrn === undefined && !a.noParent)
      out.push(specUrn(d, goal, a, former));
  }
  if (former) {
    out.push(urnUnder(d, former, goal.type, goal.name));
    // By custom a child's name starts with its parent's: both are renamed together.
    const name = inheritedName(goal, former);
    if (name !== goal.name) out.push(urnUnder(d, former, goal.type, name));
  }
  return out;
}

function inheritedName(goal: Goal, formerParent: string): string {
  const parentName = nameOf(goal.parent);
  if (!goal.name.startsWith(parentName)) return goal.name;
  return nameOf(formerParent) + goal.name.slice(parentName.length);
}

function specUrn(d: Deployment, goal: Goal, a: AliasSpec, parent: string): string {
  const under = a.noParent ? "" : (a.parentUrn ?? parent);
  return makeUrn(
    a.stack || d.o.stack,
    a.project || d.o.project.name,
    qualifiedType(under) === STACK_TYPE ? "" : under,
    a.type || goal.type,
    a.name || goal.name,
  );
}

const urnUnder = (d: Deployment, parent: string, type: string, name: string): string =>
  makeUrn(d.o.stack, d.o.project.name, parent, type, name);
