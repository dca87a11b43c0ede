import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import type { Suite } from "../harness";
import { type Keep, edges, architect, authorization, refused } from "./api";

export async function organisation(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("organisation, products and media regions", async () => {
    const me = keep("Organization", await new platformClient.OrganizationApi().getOrganizationsMe());
    assert.equal(me.name, "Meridian Ltd");
    const products = await authorization.getAuthorizationProducts();
    assert.ok(
      products.entities?.some((p) => p.id === "byoc"),
      "no product byoc",
    );
    const regions = keep("MediaRegions", await new platformClient.TelephonyApi().getTelephonyMediaregions());
    assert.equal(regions.awsHomeRegion, "us-east-1");
  });
}

export async function pages(suite: Suite): Promise<void> {
  await suite.check("all numbers by pages of 100: each once, the last page says so", async () => {
    const seen = new Set<string>();
    let total = 0;
    for (let pageNumber = 1; ; pageNumber++) {
      const page = await edges.getTelephonyProvidersEdgesDidpoolsDids("ASSIGNED_AND_UNASSIGNED", {
        pageSize: 100,
        pageNumber,
      });
      for (const did of page.entities ?? []) seen.add(did.number as string);
      total = page.total as number;
      assert.equal(page.pageCount, Math.ceil(total / 100));
      if (!page.nextUri) {
        assert.equal(pageNumber, page.pageCount);
        break;
      }
    }
    assert.equal(seen.size, total);
    assert.equal(total, 2400);
  });
  await suite.check("a page size beyond the limit is refused with 400", () =>
    refused(architect.getArchitectIvrs({ pageSize: 101 }), 400, /pageSize/),
  );
  await suite.check("an unknown id is 404", () =>
    refused(architect.getArchitectIvr("00000000-0000-4000-8000-000000000000"), 404),
  );
}
