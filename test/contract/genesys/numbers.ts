import assert from "node:assert/strict";
import type { Suite } from "../harness";
import { type Keep, edges, architect, refused } from "./api";

export async function numbers(suite: Suite, keep: Keep): Promise<void> {
  await suite.check(
    "DID pool: create, read, in place update; overlap is refused, with GCV and with BYOC ranges",
    async () => {
      const inventory = await edges.getTelephonyProvidersEdgesDidpools({ pageSize: 100 });
      const gcv = inventory.entities?.find((p) => p.provider === "PURE_CLOUD_VOICE");
      assert.ok(gcv);
      await refused(
        edges.postTelephonyProvidersEdgesDidpools({
          startPhoneNumber: gcv.startPhoneNumber,
          endPhoneNumber: gcv.startPhoneNumber,
          provider: "PURE_CLOUD",
        } as never),
        409,
        /overlap/,
      );
      const pool = keep(
        "DIDPool",
        await edges.postTelephonyProvidersEdgesDidpools({
          startPhoneNumber: "+15005550010",
          endPhoneNumber: "+15005550012",
          provider: "PURE_CLOUD",
        } as never),
      );
      const longer = await edges.putTelephonyProvidersEdgesDidpool(pool.id as string, {
        ...pool,
        endPhoneNumber: "+15005550019",
      });
      assert.equal(longer.endPhoneNumber, "+15005550019");
      await refused(
        edges.postTelephonyProvidersEdgesDidpools({
          startPhoneNumber: "+15005550019",
          endPhoneNumber: "+15005550020",
        } as never),
        409,
        /overlap/,
      );
      await refused(edges.deleteTelephonyProvidersEdgesDidpool(gcv.id as string), 400, /Number Management/);
    },
  );
}

export async function ivrs(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("IVR: a number outside every pool, or of another IVR, is refused and changes nothing", async () => {
    const existing = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
    assert.ok(existing?.dnis?.length);
    const flow = existing.openHoursFlow;
    await refused(
      architect.postArchitectIvrs({ name: "Peers", dnis: ["+15005559999"], openHoursFlow: flow }),
      400,
      /didPoolId/,
    );
    await refused(
      architect.postArchitectIvrs({ name: "Peers", dnis: [existing.dnis[0] as string], openHoursFlow: flow }),
      400,
      /already/,
    );
    const ivr = keep(
      "IVR",
      await architect.postArchitectIvrs({ name: "Peers", dnis: ["+15005550010"], openHoursFlow: flow }),
    );
    await refused(
      architect.putArchitectIvr(ivr.id as string, { ...ivr, dnis: ["+15005550012", existing.dnis[0] as string] }),
      400,
      /already/,
    );
    assert.deepEqual((await architect.getArchitectIvr(ivr.id as string)).dnis, ["+15005550010"]);
    const two = await architect.putArchitectIvr(ivr.id as string, { ...ivr, dnis: ["+15005550010", "+15005550012"] });
    assert.deepEqual(two.dnis, ["+15005550010", "+15005550012"]);
    await refused(architect.putArchitectIvr(ivr.id as string, { ...ivr, name: "Peers late" }), 409, /version/);
    await refused(architect.postArchitectIvrs({ name: "peers", dnis: [] }), 409, /exists/);
  });
  await suite.check("a pool with a bound number cannot be deleted, nor shrunk past it", async () => {
    const pool = (await edges.getTelephonyProvidersEdgesDidpools({ pageSize: 100 })).entities?.find(
      (p) => p.startPhoneNumber === "+15005550010",
    );
    assert.ok(pool);
    await refused(edges.deleteTelephonyProvidersEdgesDidpool(pool.id as string), 409, /assigned/);
    await refused(
      edges.putTelephonyProvidersEdgesDidpool(pool.id as string, { ...pool, startPhoneNumber: "+15005550011" }),
      409,
      /assigned/,
    );
    const did = (await edges.getTelephonyProvidersEdgesDids({ phoneNumber: "+15005550010" })).entities?.[0];
    keep("DID", did);
    assert.equal(did?.ownerType, "IVR_CONFIG");
  });
  await suite.check("emergency group: create, read, delete", async () => {
    const ivr = (await architect.getArchitectIvrs({ name: "Peers" })).entities?.[0];
    const group = keep(
      "EmergencyGroup",
      await architect.postArchitectEmergencygroups({
        name: "Peers",
        enabled: false,
        emergencyCallFlows: [{ emergencyFlow: ivr?.openHoursFlow, ivrs: [{ id: ivr?.id }] }] as never,
      }),
    );
    await refused(architect.deleteArchitectIvr(ivr?.id as string), 409, /emergency/);
    await architect.deleteArchitectEmergencygroup(group.id as string);
    await refused(architect.getArchitectEmergencygroup(group.id as string), 404);
  });
}
