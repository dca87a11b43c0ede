import assert from "node:assert/strict";
import type { Suite } from "../harness";
import { type Keep, edges, refused, trunkProperties } from "./api";

export async function trunks(suite: Suite, keep: Keep, siteId: string): Promise<string> {
  let trunkId = "";
  const body = () => ({
    name: "Peers trunk",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json", name: "external_sip_pcv_byoc_carrier.json" },
    trunkType: "EXTERNAL",
    properties: trunkProperties({
      trunk_type: "external.pcv.byoc.carrier",
      trunk_enabled: true,
      trunk_transport_protocolVariant: "tls",
      trunk_sip_termination_uri: "peers",
      trunk_transport_serverProxyList: ["sip.meridian-carrier.example:5061"],
      trunk_access_acl_allowList: ["198.51.100.44/30", "127.0.0.1/32"],
      trunk_media_codec: ["audio/pcmu", "audio/pcma"],
      trunk_maxCallRate: "20000/5s",
      trunk_recording_enabled: true,
    }) as never,
  });
  await suite.check("trunk: inboundSite is mandatory for BYOC, a stale version is 409, a missing one 400", async () => {
    await refused(edges.postTelephonyProvidersEdgesTrunkbasesettings(body()), 400, /inboundSite/);
    const trunk = keep(
      "TrunkBase",
      await edges.postTelephonyProvidersEdgesTrunkbasesettings({ ...body(), inboundSite: { id: siteId } as never }),
    );
    trunkId = trunk.id as string;
    const updated = await edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, { ...trunk, description: "v2" });
    assert.equal(updated.version, (trunk.version as number) + 1);
    await refused(
      edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, { ...trunk, description: "stale" }),
      409,
      /version/,
    );
    const { version: _, ...without } = updated;
    await refused(edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, without as never), 400, /version/);
  });
  await suite.check("trunk: name and termination identifier are unique", async () => {
    await refused(
      edges.postTelephonyProvidersEdgesTrunkbasesettings({ ...body(), inboundSite: { id: siteId } as never }),
      409,
    );
    await refused(
      edges.postTelephonyProvidersEdgesTrunkbasesettings({
        ...body(),
        name: "Other",
        inboundSite: { id: siteId } as never,
      }),
      409,
      /peers/,
    );
  });
  await suite.check("the managed GCV trunk can be read, not changed and not deleted", async () => {
    const all = await edges.getTelephonyProvidersEdgesTrunkbasesettings({ managed: true });
    const gcv = all.entities?.[0];
    assert.equal(gcv?.trunkMetabase?.id, "external_sip_pcv_aws.json");
    await refused(
      edges.putTelephonyProvidersEdgesTrunkbasesetting(gcv.id as string, { ...gcv, description: "mine" }),
      400,
      /managed/,
    );
    await refused(edges.deleteTelephonyProvidersEdgesTrunkbasesetting(gcv.id as string), 400, /managed/);
  });
  await suite.check(
    "outbound route: create, list, update without version; a trunk in use cannot be deleted",
    async () => {
      const made = keep(
        "OutboundRouteBase",
        await edges.postTelephonyProvidersEdgesSiteOutboundroutes(siteId, {
          name: "Peers",
          classificationTypes: ["Peers"],
          enabled: true,
          distribution: "SEQUENTIAL",
          externalTrunkBases: [{ id: trunkId }] as never,
        }),
      );
      const { version: _, ...again } = made;
      await edges.putTelephonyProvidersEdgesSiteOutboundroute(
        siteId,
        made.id as string,
        { ...again, description: "2" } as never,
      );
      const listed = await edges.getTelephonyProvidersEdgesSiteOutboundroutes(siteId, { pageSize: 100 });
      assert.equal(listed.entities?.find((r) => r.id === made.id)?.description, "2");
      await refused(edges.deleteTelephonyProvidersEdgesTrunkbasesetting(trunkId), 400, /in use/);
      await refused(edges.deleteTelephonyProvidersEdgesSite(siteId), 409, /in use/);
    },
  );
  await suite.check("trunks show the OPTIONS state of the carrier", async () => {
    const trunks = await edges.getTelephonyProvidersEdgesTrunks({ trunkBaseId: trunkId });
    assert.equal(trunks.entities?.length, 1);
    keep("Trunk", trunks.entities[0]);
    assert.equal(trunks.entities[0]?.optionsEnabledStatus, "ENABLED");
  });
  return trunkId;
}
