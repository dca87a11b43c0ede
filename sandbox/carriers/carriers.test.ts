import { describe, expect, it, vi } from "vitest";
import { SipEndpoint } from "../sip";
import { LegAudio } from "./audio";
import { FIRST, range, SHADOW, shared, TIMERS, TRUNK, toGaining, uas, useWorlds, world } from "./testing";

useWorlds();

describe("losing carrier", () => {
  it("hands a call to GCV with caller id, passes what is heard and ends both legs", async () => {
    const w = await world();
    const call = await w.call(FIRST, true);
    expect(call).toMatchObject({ code: 200, carrier: "losing" });
    expect(w.gcv.seen[0]).toMatchObject({ number: FIRST, pai: w.population.callers[0]!.number, secure: false });
    expect(call.audio.accept(call.leg.remoteSdp)).toBe(true);
    call.audio.send();
    const heard = await new Promise<string>((done) =>
      call.leg.once("info", (msg) => done(msg.headers.get("X-Sandbox-Heard")!)),
    );
    expect(heard).toContain('queue="Main inbound"');
    await expect.poll(() => call.audio.received, { timeout: 5000 }).toBeGreaterThan(8);
    const bye = await call.leg.hangup();
    expect(Number(bye?.headers.get("X-Sandbox-Agent-Packets"))).toBeGreaterThan(3);
    expect(call.audio.received).toBeGreaterThan(3);
    call.audio.close();
    expect(w.gcv.endpoint.calls).toBe(0);
  });

  it("passes a refusal's code", async () => {
    const w = await world();
    w.gcv.refuse.set(FIRST, 404);
    expect((await w.call(FIRST)).code).toBe(404);
  });

  it("takes the caller's hang-up while it rings to the far side", async () => {
    const w = await world();
    const dialled = await w.dialler.dial({
      number: FIRST,
      from: "+16175550000",
      network: w.networks.names[0]!,
      media: false,
      timeoutMs: 5000,
    });
    await new Promise<void>((done) => dialled.leg.once("ringing", () => done()));
    const final = await dialled.leg.hangup();
    expect(final?.status).toBe(487);
    await expect.poll(() => w.gcv.endpoint.calls, { timeout: 5000 }).toBe(0);
  });
});

describe("gaining carrier", () => {
  it("obeys a route: called number rewritten, dialled number kept in To, SRTP over TLS from each source address in turn", async () => {
    const w = await world();
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK, calledNumber: SHADOW });
    for (let i = 0; i < 4; i++) {
      const call = await w.call(FIRST);
      expect(call).toMatchObject({ code: 200, carrier: "gaining" });
      await call.leg.hangup();
    }
    expect(w.edge.seen[0]).toMatchObject({
      uri: `sip:${SHADOW}@${TRUNK}`,
      to: FIRST,
      secure: true,
      pai: w.population.callers[0]!.number,
    });
    expect(w.edge.seen.map((s) => s.from).sort()).toEqual([
      "127.0.113.10",
      "127.0.113.10",
      "127.0.113.11",
      "127.0.113.11",
    ]);
  });

  it("relays real audio between RTP and SRTP", async () => {
    const w = await world();
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK });
    const call = await w.call(FIRST, true);
    expect(call.audio.accept(call.leg.remoteSdp)).toBe(true);
    call.audio.send();
    await expect.poll(() => call.audio.received, { timeout: 5000 }).toBeGreaterThan(8);
    const bye = await call.leg.hangup();
    expect(Number(bye?.headers.get("X-Sandbox-Agent-Packets"))).toBeGreaterThan(3);
    expect(call.audio.received).toBeGreaterThan(3);
    call.audio.close();
  });

  it("sends plain RTP from its own addresses when the trunk is UDP", async () => {
    const w = await world({ transport: "udp" });
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK });
    const call = await w.call(FIRST, true);
    expect(call.code).toBe(200);
    expect(w.edge.seen[0]).toMatchObject({ from: "127.0.113.10", secure: false });
    expect((await call.leg.hangup())?.status).toBe(200);
    call.audio.close();
  });

  it("answers 404 for a number without a route", async () => {
    const w = await world();
    await toGaining(w);
    expect((await w.call(FIRST)).code).toBe(404);
    expect(w.edge.seen).toEqual([]);
  });

  it("tries the next host on 503 and when nothing can be reached, not on 404 or 486", async () => {
    const w = await world({ names: { "dead.example": "127.0.0.9", "b.example": "" } });
    await toGaining(w);
    const second = await uas(shared.subnet.addr(12), await shared.authority.issue(["b.example"]));
    w.names["b.example"] = shared.subnet.addr(12);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK, nextHost: "b.example" });
    for (const [code, expected, tries] of [
      [503, 200, 1],
      [480, 200, 1],
      [404, 404, 0],
      [486, 486, 0],
    ] as const) {
      second.seen.length = 0;
      w.edge.refuse.set(FIRST, code);
      const call = await w.call(FIRST);
      expect([code, call.code, second.seen.length]).toEqual([code, expected, tries]);
      await call.leg.hangup();
    }
    w.routes.set("w1", { ranges: range(FIRST), host: "dead.example", nextHost: "b.example" });
    const call = await w.call(FIRST);
    expect(call.code).toBe(200);
    await call.leg.hangup();
    w.routes.set("w1", { ranges: range(FIRST), host: "nowhere.example" });
    expect((await w.call(FIRST)).code).toBe(503);
  });

  it.each([
    { tlsNameCheck: "target", requestHost: "target", code: 200, uri: `sip:${FIRST}@${TRUNK}` },
    { tlsNameCheck: "none", requestHost: "customer-name", code: 200, uri: `sip:${FIRST}@sip.guide.example` },
    { tlsNameCheck: "strict", requestHost: "target", code: 503, uri: "" },
  ] as const)("dials the customer's CNAME with name check $tlsNameCheck and $requestHost in the request", async ({
    code,
    uri,
    ...carrier
  }) => {
    const w = await world({ carrier });
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: "sip.guide.example" });
    const call = await w.call(FIRST);
    expect(call.code).toBe(code);
    expect(w.edge.seen[0]?.uri ?? "").toBe(uri);
    await call.leg.hangup();
  });

  it("does not look a name up again while its connection is in use: DNS may have moved on", async () => {
    const w = await world({ gaining: { idleSeconds: 120 }, carrier: { sourceRanges: ["203.0.113.10/32"] } });
    await toGaining(w);
    const other = await uas(shared.subnet.addr(12), shared.cert);
    w.routes.set("w1", { ranges: range(FIRST), host: "sip.guide.example" });
    const place = async () => {
      const call = await w.call(FIRST);
      expect(call.code).toBe(200);
      await call.leg.hangup();
    };
    await place();
    w.names["sip.guide.example"] = shared.subnet.addr(12);
    await w.clock.jump(new Date(w.clock.now().getTime() + 60_000));
    await place();
    expect([w.edge.seen.length, other.seen.length, w.lookups.length]).toEqual([2, 0, 1]);
    // A call that is in progress when its connection has become idle goes on to its own end.
    const crossing = await w.call(FIRST);
    await w.clock.jump(new Date(w.clock.now().getTime() + 121_000));
    await place();
    expect([w.edge.seen.length, other.seen.length, w.lookups.length]).toEqual([3, 1, 2]);
    expect(crossing.leg.state).toBe("answered");
    expect((await crossing.leg.hangup())?.status).toBe(200);
    await vi.waitFor(() => expect(w.gaining.openConnections()).toBe(1));
  });
});

describe("outbound over the gaining carrier", () => {
  async function fromTrunk(number: string, from: string, password = "s3cret") {
    const host = shared.subnet.addr(13);
    const endpoint = new SipEndpoint({
      name: "trunk",
      tls: { host, port: 5061, ...shared.cert },
      ca: shared.authority.ca,
      timers: TIMERS,
    });
    await endpoint.listen();
    const audio = await LegAudio.open({ host, codecs: ["PCMU"], secure: true }, false);
    const leg = endpoint.invite({
      uri: `sip:${number}@sip.carrier-domain.com`,
      from: `<sip:${from}@${TRUNK}>`,
      to: `<sip:${number}@sip.carrier-domain.com>`,
      sdp: audio.offer(),
      target: {
        transport: "tls",
        host: shared.subnet.addr(21),
        port: 5061,
        localAddress: host,
        checkName: "sip.carrier-domain.com",
      },
      auth: { username: "carrier_user_01", password },
    });
    const result = await new Promise<{ code: number; heard: string }>((done) => {
      leg.once("answered", (msg) => done({ code: 200, heard: msg.headers.get("X-Sandbox-Heard") ?? "" }));
      leg.once("failed", (f) => done({ code: f.code, heard: "" }));
    });
    await leg.hangup();
    await endpoint.close();
    return result;
  }

  it("asks for a digest, checks the caller id, and connects to the party", async () => {
    const w = await world();
    const party = w.population.parties[0]!;
    expect((await fromTrunk(party, FIRST, "wrong")).code).toBe(403);
    expect((await fromTrunk(party, FIRST)).code).toBe(403);
    await toGaining(w);
    expect(await fromTrunk(party, FIRST)).toEqual({ code: 200, heard: `pstn="${party}";ani="${FIRST}"` });
  });

  it("knows a trunk without digest by its source address alone", async () => {
    const addresses = [shared.subnet.addr(13)];
    const w = await world({ gaining: { trunkCredentials: () => ({ addresses }) } });
    const party = w.population.parties[0]!;
    await toGaining(w);
    expect((await fromTrunk(party, FIRST)).code).toBe(200);
    addresses[0] = shared.subnet.addr(14);
    expect((await fromTrunk(party, FIRST)).code).toBe(403);
  });

  it("loops a call to a shadow number back into the trunk whatever its caller id", async () => {
    const w = await world();
    w.routes.set("shadow", { ranges: range(SHADOW), host: TRUNK });
    const caller = w.population.callers[3]!.number;
    expect((await fromTrunk(SHADOW, caller)).code).toBe(200);
    expect(w.edge.seen[0]).toMatchObject({ uri: `sip:${SHADOW}@${TRUNK}`, pai: caller, secure: true });
  });
});
