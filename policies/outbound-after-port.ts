import { flowSlug } from "../model/flowslug";
import type { Basis } from "./basis";
import { stateAsked } from "./context";
import { andStack, type Finding, gatePolicy, OUTBOUND, resourcePolicy, together, TRUNK } from "./policy";
import { isByocTrunk } from "./trunk-settings";

const NAME = "outbound-after-port";
const WHAT =
  "A site's calls go out over the new carrier when all its numbers are Active there: before that their caller ids are refused.";

/** Trunks that a site's default route may have where the stack is going; undefined for routes of no site of the plan. */
function allowedTrunks(name: string, basis: Basis): { site: string; byoc: boolean; trunks: number } | undefined {
  const plan = basis.plan("the plan, which says when a site's numbers are Active");
  const found = stateAsked(plan).outbound.find(({ site }) => name === `outbound-${flowSlug(site)}-route`);
  return found && { site: found.site, byoc: found.trunks.includes("byoc"), trunks: found.trunks.length };
}

const early = (site: string, seen: string): Finding => ({
  seen,
  required: `the GCV trunk alone until every number of ${site} is adopted`,
  fix: "declare the route with the GCV trunk alone: it turns when cutover:waves has every wave of the site adopted",
});

const onRoute = resourcePolicy(NAME, WHAT, OUTBOUND, ({ name, props }, basis) => {
  const allowed = allowedTrunks(name, basis);
  if (!allowed || allowed.byoc) return [];
  // A trunk that is only just being made is not known yet, and no trunk of GCV: reading it is a finding of its own.
  const trunks = [...((props.externalTrunkBaseIds ?? []) as string[])];
  return trunks.length <= allowed.trunks
    ? []
    : [early(allowed.site, `${trunks.length} trunks on the outbound route of ${allowed.site}`)];
});

/** With all resources in view the BYOC trunk is known by name, whatever its id. */
export const outboundAfterPort = andStack(together(gatePolicy(NAME, WHAT), onRoute), ({ resources }, basis) =>
  resources
    .filter((r) => r.type === OUTBOUND)
    .flatMap((route) => {
      const allowed = allowedTrunks(route.name, basis);
      if (!allowed || allowed.byoc) return [];
      const byoc = (route.propertyDependencies.externalTrunkBaseIds ?? []).find(
        (d) => d.type === TRUNK && isByocTrunk(d.props),
      );
      if (!byoc) return [];
      return [
        {
          urn: route.urn,
          name: route.name,
          finding: early(allowed.site, `the trunk ${byoc.name} on the outbound route of ${allowed.site}`),
        },
      ];
    }),
);
