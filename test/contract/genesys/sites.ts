import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import type { Suite } from "../harness";
import { type Keep, edges, refused } from "./api";

export async function sites(suite: Suite, keep: Keep): Promise<string> {
  let siteId = "";
  await suite.check(
    "location, site, number plans and outbound route: create, read, update, stale version",
    async () => {
      const location = keep(
        "LocationDefinition",
        await new platformClient.LocationsApi().postLocations({
          name: "Peers",
          address: { country: "US", countryName: "US", city: "Boston" } as never,
        }),
      );
      const site = keep(
        "Site",
        await edges.postTelephonyProvidersEdgesSites({
          name: "Peers",
          mediaModel: "Cloud",
          mediaRegions: ["us-east-1"],
          mediaRegionsUseLatencyBased: true,
          location: { id: location.id } as never,
        }),
      );
      siteId = site.id as string;
      const renamed = await edges.putTelephonyProvidersEdgesSite(siteId, { ...site, description: "by a peer" });
      assert.equal(renamed.version, (site.version as number) + 1);
      await refused(edges.putTelephonyProvidersEdgesSite(siteId, { ...site, description: "late" }), 409, /version/);
      const plans = await edges.getTelephonyProvidersEdgesSiteNumberplans(siteId);
      for (const plan of plans) keep("NumberPlan", plan);
      assert.ok(plans.some((p) => p.classification === "Emergency"));
      const own = {
        name: "Peers",
        matchType: "numberList",
        classification: "Peers",
        numbers: [{ start: "+15005550010" }],
        priority: 0,
      };
      const set = await edges.putTelephonyProvidersEdgesSiteNumberplans(siteId, [own as never, ...plans]);
      assert.ok(set.some((p) => p.classification === "Peers"));
      await refused(edges.deleteTelephonyProvidersEdgesSite("00000000-0000-4000-8000-000000000000"), 404);
    },
  );
  return siteId;
}
