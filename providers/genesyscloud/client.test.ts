import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ProviderUnderTest } from "../lib/testing";
import { UNKNOWN } from "../lib/values";
import { endpoints } from "./client";
import type { FakeGenesys } from "./fake";
import { providerOnFake, token } from "./testing";

const get = (name: string) => `genesyscloud:index/get${name}:get${name}`;
const EDGES = "/api/v2/telephony/providers/edges";

let api: FakeGenesys;
let p: ProviderUnderTest;
beforeEach(async () => {
  ({ api, p } = await providerOnFake());
});
afterEach(async () => {
  p.close();
  await api.close();
});

describe("deletes and waits", () => {
  const t = token("TelephonyProvidersEdgesDidPool");
  const args = { startPhoneNumber: "+13125550000", endPhoneNumber: "+13125550099" };
  test("a refusal because of what hangs on it is tried again, for a bounded time", async () => {
    const made = await p.create(t, "x", args);
    api.fault("DELETE", /didpools/, { status: 409, body: { message: "in use" } }, { times: 3 });
    await p.delete(made);
    expect(api.sleeps).toEqual([0.5, 1, 1.5]);
    const again = await p.create(t, "x", args);
    api.fault("DELETE", /didpools/, { status: 409, body: { message: "in use" } }, { times: 99 });
    await expect(p.delete(again)).rejects.toThrow(/409.*in use/);
  });
  test("another refusal is final", async () => {
    const made = await p.create(t, "x", args);
    api.fault("DELETE", /didpools/, { status: 403, body: { message: "not allowed" } });
    await expect(p.delete(made)).rejects.toThrow(/403.*not allowed/);
    expect(api.sleeps).toEqual([]);
  });
  test("a new object that reads do not show yet is waited for", async () => {
    api.fault("GET", /didpools/, { status: 404 }, { times: 3 });
    await p.create(t, "x", args);
    expect(api.sleeps).toEqual([0.5, 1, 2]);
  });
  test("cancel ends a wait", async () => {
    const made = await p.create(t, "x", args);
    api.fault("DELETE", /didpools/, { status: 409 }, { times: 99 });
    await p.cancel();
    await expect(p.delete(made)).rejects.toThrow(/cancelled/);
  });
});

describe("look-ups", () => {
  test("read all pages, match names exactly, and explain what is missing or double", async () => {
    for (let i = 0; i < 230; i++) api.seed(`${EDGES}/trunkbasesettings`, { name: `T${i}` });
    const id = api.seed(`${EDGES}/trunkbasesettings`, { name: "PureCloud Voice - AWS" });
    const found = await p.invoke(get("TelephonyProvidersEdgesTrunkbasesettings"), { name: "PureCloud Voice - AWS" });
    expect(found).toEqual({ id, name: "PureCloud Voice - AWS" });
    expect(api.seen.map((s) => s.split("?")[1])).toEqual([1, 2, 3].map((n) => `pageSize=100&pageNumber=${n}`));
    api.seed("/api/v2/architect/ivrs", { name: "claims" });
    await expect(p.invoke(get("ArchitectIvr"), { name: "Claims" })).rejects.toThrow(
      /IVR "Claims" does not exist; there are claims/,
    );
    for (const _ of [1, 2]) api.seed("/api/v2/routing/queues", { name: "Q" });
    await expect(p.invoke(get("RoutingQueue"), { name: "Q" })).rejects.toThrow(/is there 2 times/);
  });
  test("routes and flows", async () => {
    const site = api.seed(`${EDGES}/sites`, { name: "Chicago" });
    const route = api.seed(`${EDGES}/sites/${site}/outboundroutes`, { name: "Default Outbound Route" });
    const expected = { id: `${site}:${route}`, name: "Default Outbound Route", routeId: route, siteId: site };
    expect(
      await p.invoke(get("TelephonyProvidersEdgesSiteOutboundRoute"), { name: "Default Outbound Route", siteId: site }),
    ).toEqual(expected);
    expect(await p.invoke(get("TelephonyProvidersEdgesSiteOutboundRoute"), { name: "Default Outbound Route" })).toEqual(
      expected,
    );
    const flow = api.seed("/api/v2/flows", { name: "Claims", type: "inboundcall" });
    api.seed("/api/v2/flows", { name: "Claims", type: "inqueuecall" });
    expect(await p.invoke(get("Flow"), { name: "Claims", type: "INBOUNDCALL" })).toEqual({
      id: flow,
      name: "Claims",
      type: "INBOUNDCALL",
    });
    expect(await p.invoke(get("AuthDivisionHome"), {})).toEqual({ id: "home", name: "Home", description: "" });
  });
});

describe("the client", () => {
  test("logs in once, again when the token has run out, and explains refused credentials without the secret", async () => {
    await p.invoke(get("AuthDivisionHome"), {});
    await p.invoke(get("AuthDivisionHome"), {});
    expect(api.logins).toBe(1);
    api.expire();
    await p.invoke(get("AuthDivisionHome"), {});
    expect(api.logins).toBe(2);
    process.env.GENESYSCLOUD_OAUTHCLIENT_SECRET = "hunter2";
    api.expire();
    const e = (await p.invoke(get("AuthDivisionHome"), {}).catch((x: Error) => x)) as Error;
    expect(e.message).toMatch(/refuses the OAuth client client/);
    expect(e.message).not.toContain("hunter2");
    delete process.env.GENESYSCLOUD_OAUTHCLIENT_ID;
    await expect(p.invoke(get("AuthDivisionHome"), {})).rejects.toThrow(/GENESYSCLOUD_OAUTHCLIENT_ID not set/);
  });
  test("sends no more than 300 requests at once, then 5 a second by the clock", async () => {
    const started = api.nowMs;
    await Promise.all(Array.from({ length: 330 }, () => p.invoke(get("AuthDivisionHome"), {})));
    expect((api.nowMs - started) / 1000).toBeGreaterThanOrEqual(6);
    expect((api.nowMs - started) / 1000).toBeLessThan(12);
  });
  test("obeys Retry-After", async () => {
    api.fault("GET", /home/, { status: 429, headers: { "retry-after": "17" }, body: { message: "slow down" } });
    await p.invoke(get("AuthDivisionHome"), {});
    expect(api.sleeps).toEqual([17]);
  });
  test("addresses: region, gateway, and what would leak or steer a real organisation is refused", () => {
    expect(endpoints({ awsRegion: "eu-central-1", steeredClock: false })).toEqual({
      api: "https://api.mypurecloud.de",
      login: "https://login.mypurecloud.de",
    });
    expect(endpoints({ gateways: [{ protocol: "http", host: "127.1.2.3", port: 80 }], steeredClock: true }).api).toBe(
      "http://127.1.2.3:80",
    );
    expect(() => endpoints({ awsRegion: "mars-1", steeredClock: false })).toThrow(/awsRegion is "mars-1"/);
    expect(() => endpoints({ steeredClock: true })).toThrow(/clock is set for a real organisation/);
    expect(() => endpoints({ gateways: [{ protocol: "http", host: "gw.example.com" }], steeredClock: false })).toThrow(
      /in the clear/,
    );
    expect(() => endpoints({ gateways: [{ protocol: "https", host: "gw.example.com" }], steeredClock: true })).toThrow(
      /loopback gateway only/,
    );
  });
  test("unknown values pass the checks and are changes", async () => {
    const t = token("ArchitectIvr");
    expect((await p.check(t, "x", {}, { name: "A", dnis: [UNKNOWN], openHoursFlowId: UNKNOWN })).failures).toEqual([]);
    const made = await p.create(t, "x", { name: "A", dnis: ["+13125550001"], openHoursFlowId: "f" });
    expect(await p.diff(made, { ...made.inputs, openHoursFlowId: UNKNOWN })).toEqual({ openHoursFlowId: 4 });
  });
});
