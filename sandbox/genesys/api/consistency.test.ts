import { afterEach, describe, expect, test } from "vitest";
import { flowYaml } from "../testing";
import { ReadLag } from "./read-lag";
import { shown } from "./shown";
import { TestApi } from "./testing";

let world: TestApi | undefined;
afterEach(() => world?.close());

describe("what answers show", () => {
  test("models have no more fields than the real ones, one by one and in pages", async () => {
    world = await TestApi.start();
    const queue = await world.ok("POST", "/routing/queues", { name: "Q" });
    expect(queue).not.toHaveProperty("version");
    expect(queue).toHaveProperty("dateCreated");
    const [role] = (await world.ok("GET", "/authorization/roles")).entities;
    for (const field of ["version", "state", "division"]) expect(role).not.toHaveProperty(field);
    const [flow] = (await world.ok("GET", "/flows")).entities;
    expect(flow).not.toHaveProperty("version");
    const [location] = (await world.ok("GET", "/locations")).entities;
    expect(location).toHaveProperty("version", 1);
    expect(location).not.toHaveProperty("division");
  });

  test("other answers are left as they are", () => {
    for (const body of [
      undefined,
      null,
      1,
      [{ version: 1 }],
      { version: 1 },
      { version: 1, selfUri: "/api/v2/architect/ivrs/1" },
    ])
      expect(shown(body)).toEqual(body);
  });
});

describe("eventual consistency", () => {
  test("the oldest state still shown stays, then all is new at once", () => {
    let ms = 0;
    const lag = new ReadLag(() => new Date(ms), 10);
    const path = "/api/v2/architect/ivrs/1";
    lag.changed(path, { name: "a" });
    ms = 5_000;
    lag.changed(path, { name: "b" });
    expect(lag.answer(path)).toEqual({ body: { name: "a" } });
    ms = 10_000;
    expect(lag.answer(path)).toBeUndefined();
    lag.created({ selfUri: path });
    expect(() => lag.answer(path)).toThrow(/not found/);
    lag.created({ selfUri: "/api/v2/flows/jobs/1" });
    expect(lag.answer("/api/v2/flows/jobs/1")).toBeUndefined();
  });

  test("switched on, reads lag behind writes and jobs behind uploads; a refused write changes nothing", async () => {
    world = await TestApi.start({}, { readLagSeconds: 10, publishSeconds: 30 });
    const { clock } = world;
    const [ivr] = (await world.ok("GET", "/architect/ivrs")).entities;
    const path = `/architect/ivrs/${ivr.id}`;
    expect((await world.call("PUT", path, { ...ivr, dnis: ["+19995550000"] })).status).toBe(400);
    await world.ok("PUT", path, { ...ivr, description: "new" });
    expect((await world.ok("GET", path)).version).toBe(ivr.version);
    clock.advance(11);
    expect((await world.ok("GET", path)).description).toBe("new");
    const job = await world.ok("POST", "/flows/jobs");
    const body = flowYaml("Slow", "- disconnect: {name: D}");
    await fetch(job.presignedUrl, { method: "PUT", headers: job.headers, body });
    expect((await world.ok("GET", `/flows/jobs/${job.id}`)).status).toBe("Started");
    expect((await fetch(job.presignedUrl, { method: "PUT", headers: job.headers, body })).status).toBe(403);
    clock.advance(31);
    expect((await world.ok("GET", `/flows/jobs/${job.id}`)).status).toBe("Success");
  });

  test("the first publish jobs fail when the world says so, with a message; the flow is not there", async () => {
    const api = await TestApi.start({}, { publishFailures: 1 });
    world = api;
    const publish = async () => {
      const job = await api.ok("POST", "/flows/jobs");
      const body = flowYaml("Unlucky", "- disconnect: {name: D}");
      await fetch(job.presignedUrl, { method: "PUT", headers: job.headers, body });
      return api.ok("GET", `/flows/jobs/${job.id}?expand=messages`);
    };
    const failed = await publish();
    expect(failed.status).toBe("Failure");
    expect(failed.messages[0].text).toMatch(/internal error/);
    expect((await api.ok("GET", "/flows?name=Unlucky")).total).toBe(0);
    expect((await publish()).status).toBe("Success");
  });
});
