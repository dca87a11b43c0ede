import { afterEach, describe, expect, it } from "vitest";
import { offerSdp } from "../media";
import {
  callByoc,
  callGcv,
  outcomeOf,
  SHADOW,
  STRANGER_SOURCE,
  startEdge,
  TRUNK_HOST,
  type TrunkChanges,
  type World,
} from "./testing";

let world: World;
afterEach(() => world?.close());

async function start(changes?: TrunkChanges, options?: Parameters<typeof startEdge>[1]) {
  world = await startEdge(changes, options);
  return { world, party: await world.party(), gcvNumber: world.plan.numbers[0]?.number as string };
}

describe("BYOC admission", () => {
  it("answers a call that is right in every way", async () => {
    const { party } = await start();
    const call = callByoc(world, party);
    const outcome = await outcomeOf(call);
    expect(outcome).toMatchObject({
      code: 200,
      heard: 'queue="Main inbound";ani="+12125550123";recorded=1;via=byoc;failover=0',
    });
    expect(world.edge.guard.channels(world.trunk.id)).toBe(1);
    expect((await call.hangup())?.status).toBe(200);
    expect(world.edge.guard.channels(world.trunk.id)).toBe(0);
    expect(world.edge.counters).toMatchObject({ inbound: { byoc: 1, gcv: 0 }, refused: {}, faults: 0 });
    const [conversation] = world.store.records.visible();
    expect(conversation).toMatchObject({
      path: "byoc",
      dnis: SHADOW,
      ani: "+12125550123",
      queue: "Main inbound",
      recorded: true,
      codec: "PCMU",
    });
    expect(conversation?.mos).toBeGreaterThan(4.3);
    const traces = world.store.records.findTraces(new Date(0), new Date(8.64e15), { callId: call.id });
    expect(traces.filter((t) => t.method === "INVITE").map((t) => t.status)).toEqual([undefined, 100, 180, 200]);
    expect(new Set(traces.map((t) => t.conversationId))).toEqual(new Set([conversation?.id]));
  });

  it("takes a call over TCP and UDP too, plain: the transport setting rules outgoing calls only", async () => {
    const { party } = await start();
    for (const transport of ["tcp", "udp"] as const) {
      const call = callByoc(world, party, { transport });
      expect((await outcomeOf(call)).code).toBe(200);
      await call.hangup();
    }
  });

  const cases: [what: string, code: number, options: Parameters<typeof callByoc>[2], changes?: TrunkChanges][] = [
    ["a host that no trunk has", 404, { host: "other.byoc.use1.pure.cloud" }],
    ["the customer's own name as request host", 404, { host: "sip.guide.example" }],
    ["a source outside the allowlist", 403, { source: STRANGER_SOURCE }],
    ["a source on the denylist, which wins", 403, {}, { trunk_access_acl_denyList: ["203.0.113.10"] }],
    ["any source while the allowlist is empty", 403, {}, { trunk_access_acl_allowList: [] }],
    ["RTP/AVP over TLS", 488, { plain: true }],
    ["no common codec", 488, { codecs: ["G729"] }],
    ["no session description", 488, { sdp: "" }],
    ["a number that is bound to nothing", 404, { number: "+16175559999" }],
    ["a number without plus", 404, { number: SHADOW.slice(1) }],
    ["a loop", 483, { headers: { "Max-Forwards": "0" } }],
  ];
  it("with silence for strangers: no answer, not even 100, to INVITE and OPTIONS; everybody else is answered", async () => {
    const { party } = await start({}, { unlisted: "silence" });
    const said: string[] = [];
    party.onTraffic = (direction, msg) => direction === "in" && said.push(`${msg.status} ${msg.method}`);
    callByoc(world, party, { source: STRANGER_SOURCE });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(said).toEqual([]);
    expect(world.edge.counters).toMatchObject({ intrudersRefused: 1, inbound: { byoc: 0 } });
    const call = callByoc(world, party);
    expect((await outcomeOf(call)).code).toBe(200);
    await call.hangup();
  });

  for (const [what, code, options, changes] of cases) {
    it(`refuses ${what} with ${code}`, async () => {
      const { party } = await start(changes);
      expect((await outcomeOf(callByoc(world, party, options))).code).toBe(code);
      expect(world.edge.counters).toMatchObject({
        refused: { [code]: 1 },
        intrudersRefused: code === 403 ? 1 : 0,
        inbound: { byoc: 0 },
      });
      expect(world.edge.guard.channels(world.trunk.id)).toBe(0);
    });
  }

  it("checks the host before the source and the source before the media", async () => {
    const { party } = await start();
    const wrongHost = callByoc(world, party, { host: "x.byoc.use1.pure.cloud", source: STRANGER_SOURCE, plain: true });
    expect((await outcomeOf(wrongHost)).code).toBe(404);
    const wrongSource = callByoc(world, party, { source: STRANGER_SOURCE, plain: true, number: "+16175559999" });
    expect((await outcomeOf(wrongSource)).code).toBe(403);
    const plain = callByoc(world, party, { plain: true, number: "+16175559999" });
    expect((await outcomeOf(plain)).code).toBe(488);
  });

  it("answers 503 with Retry-After when all channels are in use, and takes the next call after one has ended", async () => {
    const { party } = await start({ trunk_maxConcurrentCalls: 1 });
    const first = callByoc(world, party);
    expect((await outcomeOf(first)).code).toBe(200);
    const second = await outcomeOf(callByoc(world, party));
    expect(second.code).toBe(503);
    expect(Number(second.headers("Retry-After"))).toBeGreaterThan(0);
    await first.hangup();
    const third = callByoc(world, party);
    expect((await outcomeOf(third)).code).toBe(200);
    await third.hangup();
  });

  it("answers 503 above the call rate", async () => {
    const { party } = await start({ trunk_maxCallRate: "2/10s" });
    const calls = [1, 2, 3].map(() => callByoc(world, party));
    const codes = await Promise.all(calls.map(outcomeOf));
    expect(codes.map((o) => o.code).sort()).toEqual([200, 200, 503]);
    expect(Number(codes.find((o) => o.code === 503)?.headers("Retry-After"))).toBeGreaterThanOrEqual(9);
  });

  it("answers OPTIONS by what it knows of host and source", async () => {
    const { party } = await start();
    const ask = (host: string, localAddress: string) =>
      party.options(
        { transport: "tls", host: world.hosts.byoc, port: 5061, localAddress, checkName: TRUNK_HOST },
        `sip:${host}`,
        2000,
      );
    expect(await ask(TRUNK_HOST, "127.0.113.10")).toBe(200);
    expect(await ask(TRUNK_HOST, STRANGER_SOURCE)).toBe(403);
    expect(await ask("nobody.byoc.use1.pure.cloud", "127.0.113.10")).toBe(404);
  });
});

describe("Genesys Cloud Voice", () => {
  it("answers numbers of its inventory only", async () => {
    const { party, gcvNumber } = await start();
    const call = callGcv(world, party, gcvNumber);
    expect((await outcomeOf(call)).heard).toContain("via=gcv");
    await call.hangup();
    expect((await outcomeOf(callGcv(world, party, SHADOW))).code).toBe(404);
    expect((await outcomeOf(callGcv(world, party, "+12025550000"))).code).toBe(404);
  });

  it("lets a caller cancel while it rings", async () => {
    const { party, gcvNumber } = await start({}, { pickupMs: [5000, 5000] });
    const offer = offerSdp({ address: world.hosts.pstn, port: 9, codecs: ["PCMU"] });
    const call = callGcv(world, party, gcvNumber, undefined, offer);
    await new Promise((resolve) => call.once("ringing", resolve));
    const failed = new Promise<number>((resolve) => call.once("failed", ({ code }) => resolve(code)));
    await call.hangup();
    expect(await failed).toBe(487);
    expect(world.edge.inProgress).toBe(0);
    expect(world.store.records.visible()[0]).toMatchObject({ sipResponseCodes: [487], disconnectType: "client" });
  });
});
