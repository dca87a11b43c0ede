import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SANDBOX_CLIENT_ID } from "../store";
import { type Json, TestApi } from "./testing";
let world: TestApi;
beforeEach(async () => {
  world = await TestApi.start();
});
afterEach(() => world.close());

describe("access", () => {
  test("a wrong secret, no token, an expired token and an unknown path are refused in Genesys' form", async () => {
    await expect(world.logIn(SANDBOX_CLIENT_ID, "wrong")).rejects.toThrow("400");
    const refused = await world.call("GET", "/organizations/me", undefined, "nonsense");
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ code: "bad.credentials", status: 401, details: [], errors: [] });
    expect(refused.body.contextId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await world.call("GET", "/nowhere")).status).toBe(404);
    world.clock.advance(86_400);
    expect((await world.call("GET", "/organizations/me")).body.code).toBe("token.expired");
  });

  test("a client does what its roles allow, and no more", async () => {
    const role = await world.ok("POST", "/authorization/roles", {
      name: "Viewer",
      permissionPolicies: [{ domain: "routing", entityName: "callRoute", actionSet: ["view"] }],
    });
    const body = {
      name: "Viewer",
      authorizedGrantType: "CLIENT-CREDENTIALS",
      accessTokenValiditySeconds: 3600,
      roleDivisions: [{ roleId: role.id }],
    };
    const client = await world.ok("POST", "/oauth/clients", body);
    expect((await world.ok("GET", `/oauth/clients/${client.id}`)).secret).toBeUndefined();
    const viewer = await world.logIn(client.id, client.secret);
    expect((await world.call("GET", "/architect/ivrs", undefined, viewer)).status).toBe(200);
    const refused = await world.call(
      "DELETE",
      `/architect/ivrs/${world.store.ivrs.ivrs.all()[0]?.id}`,
      undefined,
      viewer,
    );
    expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining("routing:callRoute:delete")]);
    const grants = await world.call("GET", "/authorization/subjects/me", undefined, viewer);
    expect(grants.body.grants[0].role.policies).toEqual([
      { domain: "routing", entityName: "callRoute", actions: ["view"] },
    ]);
    await world.ok("PUT", `/authorization/roles/${role.id}`, { permissionPolicies: [] });
    expect((await world.call("GET", "/architect/ivrs", undefined, viewer)).status).toBe(403);
    expect(
      (
        await world.call("POST", "/authorization/roles", {
          name: "X",
          permissionPolicies: [{ domain: "moon", entityName: "x", actionSet: [] }],
        })
      ).status,
    ).toBe(400);
  });

  test("the migration's client may lack single rights", async () => {
    await world.close();
    world = await TestApi.start({}, { clientLacks: ["routing:queue:add"] });
    expect((await world.call("GET", "/routing/queues")).status).toBe(200);
    const refused = await world.call("POST", "/routing/queues", { name: "Codec fallback" });
    expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining("routing:queue:add")]);
  });

  test("organisation, products, divisions, permissions", async () => {
    expect(await world.ok("GET", "/organizations/me")).toMatchObject({
      name: "Test Ltd",
      state: "active",
      defaultSiteId: world.store.sites.defaultSiteId,
    });
    expect((await world.ok("GET", "/authorization/products")).entities).toContainEqual({ id: "byoc" });
    expect((await world.ok("GET", "/authorization/divisions/home")).name).toBe("Home");
    expect(
      (await world.ok("GET", "/authorization/permissions?pageSize=100")).entities.map((e: Json) => e.domain),
    ).toContain("telephony");
    expect((await world.call("GET", "/users/me")).body.code).toBe("not.a.user");
  });
});

describe("paging", () => {
  test("pages add up to the whole, with the links of a Genesys listing", async () => {
    for (let i = 0; i < 5; i++) world.store.flows.createQueue({ name: `Q${i}` });
    const first = await world.ok("GET", "/routing/queues?pageSize=3&pageNumber=1");
    expect(first).toMatchObject({ pageSize: 3, pageNumber: 1, total: 8, pageCount: 3 });
    expect(first.previousUri).toBeUndefined();
    const names: string[] = [];
    for (let next: string | undefined = first.selfUri; next; ) {
      const listing: Json = await world.ok("GET", next);
      names.push(...listing.entities.map((e: Json) => e.name));
      next = listing.nextUri;
    }
    expect(names).toEqual(world.store.flows.queues.all().map((q) => q.name));
    expect((await world.ok("GET", "/routing/queues?pageNumber=9")).entities).toEqual([]);
    expect((await world.call("GET", "/routing/queues?pageSize=101")).status).toBe(400);
    expect((await world.call("GET", "/routing/queues?pageNumber=0")).status).toBe(400);
  });

  test("names filter, with a star", async () => {
    expect((await world.ok("GET", "/architect/ivrs?name=claims")).total).toBe(1);
    expect((await world.ok("GET", "/architect/ivrs?name=*s")).total).toBe(2);
    expect((await world.ok("GET", "/architect/ivrs?dnis=%2B12125550105")).entities[0].name).toBe("Sales");
    expect((await world.ok("GET", "/flows?name=Claims&type=inboundcall")).entities[0]).toMatchObject({
      type: "INBOUNDCALL",
      active: true,
    });
  });
});

describe("rate limits on the world clock", () => {
  test("the 301st request of a minute is told to wait, and may come back then", async () => {
    for (let i = 0; i < 300; i++) expect((await world.call("GET", "/tokens/me")).status).toBe(200);
    const refused = await world.call("GET", "/tokens/me");
    expect([refused.status, refused.headers.get("retry-after"), refused.body.code]).toEqual([
      429,
      "1",
      "too.many.requests",
    ]);
    expect(refused.body.limit).toEqual({
      key: "client.credentials.token.rate.per.minute",
      namespace: "platform.api",
      value: 300,
    });
    expect((await world.call("GET", "/tokens/me", undefined, await world.logIn())).status).toBe(200);
    world.clock.advance(1);
    expect((await world.call("GET", "/tokens/me")).status).toBe(200);
    expect(world.api.requests()).toEqual({ reads: 302, writes: 0, throttled: 1 });
  });

  test("IVR updates have a limit of their own, over all tokens", async () => {
    await world.close();
    world = await TestApi.start({ limits: { ivrPutsPerMinute: 2 } });
    const ivr = world.store.ivrs.ivrs.all()[0];
    const put = async (bearer: string) =>
      (await world.call("PUT", `/architect/ivrs/${ivr?.id}`, { name: ivr?.name }, bearer)).status;
    expect([await put(world.token), await put(await world.logIn()), await put(world.token)]).toEqual([200, 200, 429]);
    world.clock.advance(30);
    expect(await put(world.token)).toBe(200);
    expect(world.api.requests()).toMatchObject({ writes: 3, throttled: 1 });
    expect(world.api.log.at(-1)).toEqual({
      method: "PUT",
      path: `/api/v2/architect/ivrs/${ivr?.id}`,
      status: 200,
      at: "2026-03-02T09:00:30.000Z",
    });
  });
});

test("a body that is no JSON, and one that is too large, are the client's fault", async () => {
  const send = (body: string) =>
    fetch(`${world.url}/api/v2/routing/queues`, {
      method: "POST",
      headers: { Authorization: `Bearer ${world.token}` },
      body,
    });
  expect((await send("{")).status).toBe(400);
  expect((await send("7")).status).toBe(400);
  expect(
    await send("x".repeat(8_000_001))
      .then((r) => r.status)
      .catch(() => 413),
  ).toBe(413);
});
