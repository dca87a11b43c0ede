import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clockFrom } from "../providers/lib/clock";
import { WorldClock } from "./clock";
import { type Load, serveControl } from "./control";
import type { HttpService } from "./dns";

const START = new Date("2026-06-01T08:00:00Z");
let clock: WorldClock;
let service: HttpService;
let loads: Load[];
let operator: unknown[];
let group: boolean;
let alarms: boolean[];

beforeEach(async () => {
  clock = new WorldClock({ start: START, mode: "auto" });
  loads = [];
  operator = [];
  group = true;
  alarms = [];
  service = await serveControl({
    host: "127.0.0.1",
    clock,
    calls: {
      start: (load) => void loads.push(load),
      stop: () => {},
      drain: async () => {},
      records: (since) => ({ next: since + 2, records: [since, since + 1] }),
    },
    operator: { set: (change) => void operator.push(change) },
    alarm: {
      set: (on) => {
        if (!group) throw new Error("no emergency group");
        alarms.push(on);
      },
    },
    look: async () => {},
    expect: () => ({ "+16173540791": "Main inbound" }),
    requests: () => ({ genesys: { reads: 1, writes: 2, throttled: 0 } }),
    chronicle: () => ({ answers: [], ports: [], quality: [] }),
    state: () => ({}),
  });
});
afterEach(async () => {
  clock.close();
  await service.close();
});

const call = async (method: string, path: string, body?: unknown) => {
  const reply = await fetch(service.url + path, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> & { error: string } };
};

describe("clock API", () => {
  it("is what clockFrom() speaks", async () => {
    const far = clockFrom(service.url);
    const before = await far.now();
    await far.sleep(3600);
    expect((await far.now()).getTime() - before.getTime()).toBeGreaterThanOrEqual(3_600_000);
  });

  it("jumps to a date or by seconds and shows the events on the way", async () => {
    clock.at(new Date(START.getTime() + 60_000), "port-active", "PO-1", () => {});
    clock.at(new Date(START.getTime() + 9e8), "port-active", "PO-2", () => {});
    expect((await call("POST", "/clock/jump", { seconds: 7200 })).status).toBe(200);
    await call("POST", "/clock/jump", { to: "2026-06-02T00:00:00Z" });
    expect(clock.now().toISOString()).toMatch(/^2026-06-02T00:00:0/);
    const events = (await call("GET", "/events")).body as unknown as { detail: string; state: string; at: string }[];
    expect(events.map((e) => `${e.at} ${e.detail} ${e.state}`)).toEqual([
      "2026-06-01T08:01:00.000Z PO-1 past",
      `${new Date(START.getTime() + 9e8).toISOString()} PO-2 to-come`,
    ]);
  });

  it("switches the alarm, and says so where there is none", async () => {
    expect((await call("POST", "/alarm", { on: true })).status).toBe(200);
    await call("POST", "/alarm", { on: false });
    expect(alarms).toEqual([true, false]);
    expect(await call("POST", "/alarm", { on: "yes" })).toMatchObject({ status: 400 });
    group = false;
    expect(await call("POST", "/alarm", { on: true })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("no emergency group") },
    });
  });

  it("does not move for a sleeper whose client has gone", async () => {
    const gone = new AbortController();
    const asked = fetch(`${service.url}/sleep`, {
      method: "POST",
      body: JSON.stringify({ seconds: 86_400 }),
      signal: gone.signal,
    });
    setTimeout(() => gone.abort(), 3);
    await expect(asked).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(clock.nowMs() - START.getTime()).toBeLessThan(60_000);
  });
});

describe("control API", () => {
  it("starts calls with defaults, pages records and steers the operator", async () => {
    await call("POST", "/calls/start", { perSecond: 20, mediaShare: 0.2 });
    expect(loads).toEqual([
      { perSecond: 20, talkMs: 2000, mediaShare: 0.2, outboundPerSecond: 0, intruderPerSecond: 0 },
    ]);
    expect((await call("GET", "/calls/records?since=4")).body).toEqual({ next: 6, records: [4, 5] });
    await call("POST", "/operator", { lateHours: 30, forgets: ["w2"] });
    expect(operator).toEqual([{ lateHours: 30, forgets: ["w2"] }]);
    expect((await call("GET", "/requests")).body).toEqual({ genesys: { reads: 1, writes: 2, throttled: 0 } });
  });

  it.each([
    ["POST", "/calls/start", { perSecond: -1 }, "perSecond: -1 is not a number from 0 to 500."],
    ["POST", "/calls/start", {}, "perSecond: undefined is not a number from 0 to 500."],
    ["POST", "/calls/start", { perSecond: 1, mediaShare: 2 }, "mediaShare: 2 is not a number from 0 to 1."],
    ["POST", "/clock/jump", { to: "soon" }, 'to: "soon" is not a date'],
    ["POST", "/clock/jump", { to: "2020-01-01T00:00:00Z" }, "world time cannot go back"],
    ["POST", "/sleep", { seconds: "1" }, 'seconds: "1" is not a number'],
    ["GET", "/calls/records?since=x", undefined, "since=x: expected a whole number"],
    ["POST", "/operator", { forgets: "w1" }, "forgets: expected a list"],
  ])("%s %s %j is refused", async (method, path, body, said) => {
    const reply = await call(method, path, body);
    expect(reply.status).toBe(400);
    expect(reply.body.error).toContain(said);
  });

  it("knows its routes", async () => {
    expect((await call("GET", "/nothing")).status).toBe(404);
  });
});
