import { afterEach, describe, expect, it } from "vitest";
import { answerSdp, MediaSession, newSrtpKey, offerSdp, parseSdp, readAnswer } from "../media";
import { digestChallenge, type IncomingCall, judgeDigest, type SipMessage, userOf } from "../sip";
import {
  callByoc,
  callGcv,
  CARRIER_SOURCE,
  flowText,
  outcomeOf,
  SBC_NAME,
  SHADOW,
  startEdge,
  type TrunkChanges,
  type World,
} from "./testing";

let world: World;
afterEach(() => world?.close());

async function start(changes?: TrunkChanges) {
  world = await startEdge(changes);
  return { party: await world.party(), gcvNumber: world.plan.numbers[0]?.number as string };
}

/** Puts a flow of these actions behind the guide's numbers. */
function publish(actions: unknown[]): void {
  const flow = world.store.flows.publishText(flowText("Front", actions));
  for (const ivr of world.store.ivrs.ivrs.all())
    world.store.ivrs.update(ivr.id, { name: ivr.name, openHoursFlow: { id: flow.id } });
}

/** Makes the site's route lead to these trunks. */
function route(...trunkIds: string[]): void {
  const [existing] = world.store.sites.routesOf(world.site.id).all();
  world.store.sites.updateRoute(
    world.site.id,
    existing?.id as string,
    { externalTrunkBases: trunkIds.map((id) => ({ id })) },
    (id) => ({ id, name: id }),
  );
}

const queue = (name: string) => ({ transferToAcd: { name: "Q", targetQueue: { lit: { name } } } });
const play = (tts: string) => ({ playAudio: { name: "P", audio: { tts } } });
const hairpin = {
  transferToNumber: {
    name: "Out",
    targetNumber: { lit: SHADOW },
    connectTimeout: { lit: { seconds: 1 } },
    failureOutputs: { errorType: { noValue: true }, errorMessage: { noValue: true } },
    outputs: { failure: { actions: [queue("Overflow")] } },
  },
};

/** The carrier's SBC: asks for digest, then does as told. */
async function sbc(then: (call: IncomingCall) => void) {
  const pair = await world.authority.issue([SBC_NAME]);
  const endpoint = await world.party({ tls: { host: world.hosts.sbc, port: 5061, ...pair } });
  const seen: SipMessage[] = [];
  endpoint.onInvite = (call) => {
    seen.push(call.request);
    const judged = judgeDigest(call.request, {
      realm: SBC_NAME,
      passwordOf: (name) => (name === "carrier_user_01" ? "not-a-secret" : undefined),
      nonceKnown: (nonce) => nonce === "n1",
    });
    if (judged === "ok") then(call);
    else call.reject(407, undefined, { "Proxy-Authenticate": digestChallenge(SBC_NAME, "n1") });
  };
  return seen;
}

function answerWith(call: IncomingCall, heard: string): void {
  const answer = answerSdp(parseSdp(call.remoteSdp), {
    address: world.hosts.sbc,
    port: 9,
    codecs: ["PCMU"],
    suites: ["AES_CM_128_HMAC_SHA1_80"],
    key: newSrtpKey,
  });
  call.answer(answer?.sdp ?? "", { "X-Sandbox-Heard": heard });
}

const nextInfo = (call: ReturnType<typeof callGcv>) =>
  new Promise<string>((resolve) => call.once("info", (msg) => resolve(msg.headers.get("X-Sandbox-Heard") ?? "")));

describe("what a flow does to a call", () => {
  it("answers with the message, then tells the queue in an INFO", async () => {
    const { party, gcvNumber } = await start();
    publish([play("One moment"), queue("Overflow")]);
    const call = callGcv(world, party, gcvNumber);
    const outcome = await outcomeOf(call);
    expect(outcome).toMatchObject({ code: 200, heard: 'message="One moment";via=gcv' });
    expect(await nextInfo(call)).toContain('queue="Overflow";ani="+12125550123";recorded=1;via=gcv;failover=1');
    await call.hangup();
  });

  it("ends the call by BYE after a message, and refuses an unanswered one", async () => {
    const { party, gcvNumber } = await start();
    publish([play("Not available"), { disconnect: { name: "End" } }]);
    const call = callGcv(world, party, gcvNumber);
    const ended = new Promise((resolve) => call.once("ended", resolve));
    expect((await outcomeOf(call)).heard).toBe('message="Not available";via=gcv');
    expect(await ended).toMatchObject({ by: "remote" });
    publish([{ disconnect: { name: "End" } }]);
    expect((await outcomeOf(callGcv(world, party, gcvNumber))).code).toBe(480);
  });

  it("transfers to a number over the trunk: digest, caller id, heard lines, INFO and the end pass", async () => {
    const { party, gcvNumber } = await start();
    route(world.trunk.id);
    publish([hairpin]);
    let far: IncomingCall | undefined;
    const seen = await sbc((call) => {
      far = call;
      call.ring();
      answerWith(call, 'queue="Claims";via=byoc');
      call.endHeaders = () => ({ "X-Sandbox-Agent-Packets": "7" });
    });
    const call = callGcv(world, party, gcvNumber);
    expect(await outcomeOf(call)).toMatchObject({ code: 200, heard: 'queue="Claims";via=byoc' });
    expect(seen).toHaveLength(2);
    expect(seen[1]?.uri).toBe(`sip:${SHADOW}@${SBC_NAME}`);
    expect(userOf(seen[1]?.headers.get("P-Asserted-Identity"))).toBe("+12125550123");
    expect(userOf(seen[1]?.headers.get("From"))).toBe("+12125550123");
    expect(seen[1]?.headers.get("Max-Forwards")).toBe("69");
    const info = nextInfo(call);
    await far?.info({ "X-Sandbox-Heard": 'message="Hello"' });
    expect(await info).toBe('message="Hello"');
    expect(world.edge.guard.channels(world.trunk.id)).toBe(1);
    const bye = await call.hangup();
    expect(bye?.headers.get("X-Sandbox-Agent-Packets")).toBe("7");
    expect(far?.state).toBe("ended");
    expect(world.edge.guard.channels(world.trunk.id)).toBe(0);
    const conversation = world.store.records.visible()[0];
    expect(conversation?.legs).toMatchObject([{ trunkId: world.trunk.id, sipResponseCode: 200, dnis: SHADOW }]);
    expect(conversation?.legs?.[0]?.end).toBeDefined();
  });

  it("passes a far end's hang-up on to the caller", async () => {
    const { party, gcvNumber } = await start();
    route(world.trunk.id);
    publish([hairpin]);
    await sbc((call) => {
      answerWith(call, "x=1");
      call.once("answered", () => void call.hangup());
    });
    const call = callGcv(world, party, gcvNumber);
    const ended = new Promise((resolve) => call.once("ended", resolve));
    expect((await outcomeOf(call)).code).toBe(200);
    expect(await ended).toMatchObject({ by: "remote" });
  });

  const failures: [string, (call: IncomingCall) => void, number][] = [
    ["488", (call) => call.reject(488), 488],
    ["503", (call) => call.reject(503), 503],
    ["silence until the timeout", () => {}, 408],
  ];
  for (const [what, does, code] of failures) {
    it(`lets the caller go on after ${what} on the transfer`, async () => {
      const { party, gcvNumber } = await start();
      route(world.trunk.id);
      publish([hairpin]);
      await sbc(does);
      const call = callGcv(world, party, gcvNumber);
      expect((await outcomeOf(call)).heard).toContain('queue="Overflow"');
      expect(world.store.records.visible()[0]?.end).toBeUndefined();
      await call.hangup();
      expect(world.store.records.visible()[0]?.legs).toMatchObject([{ sipResponseCode: code }]);
      expect(world.edge.guard.channels(world.trunk.id)).toBe(0);
    });
  }

  it("cancels the transfer when the caller gives up, and the flow goes no further", async () => {
    const { party, gcvNumber } = await start();
    route(world.trunk.id);
    publish([hairpin]);
    let arrive: (call: IncomingCall) => void = () => {};
    const arrived = new Promise<IncomingCall>((resolve) => {
      arrive = resolve;
    });
    await sbc((far) => arrive(far));
    const call = callGcv(world, party, gcvNumber);
    const far = await arrived;
    const cancelled = new Promise((resolve) => far.once("ended", resolve));
    await call.hangup();
    expect(await cancelled).toMatchObject({ by: "remote" });
    expect(world.store.records.visible()[0]?.queue).toBeUndefined();
  });

  it("does not trust a carrier whose certificate has another name", async () => {
    const { party, gcvNumber } = await start();
    route(world.trunk.id);
    publish([hairpin]);
    const pair = await world.authority.issue(["sip.someone-else.com"]);
    await world.party({ tls: { host: world.hosts.sbc, port: 5061, ...pair } });
    const call = callGcv(world, party, gcvNumber);
    expect((await outcomeOf(call)).heard).toContain('queue="Overflow"');
    await call.hangup();
    expect(world.store.records.visible()[0]?.legs?.[0]?.sipResponseCode).toBe(503);
  });
});

describe("phones", () => {
  const dial = () => world.edge.placeOutbound({ site: "West", from: "+16173540791", to: "+12025550147" });

  it("goes to the next trunk on 5xx only", async () => {
    await start();
    route(world.trunk.id, world.store.gcvTrunk().id);
    let code = 503;
    await sbc((call) => call.reject(code));
    const pstn = await world.party({ udp: { host: world.hosts.pstn, port: 5060 } });
    pstn.onInvite = (call) =>
      call.answer(
        answerSdp(parseSdp(call.remoteSdp), {
          address: world.hosts.pstn,
          port: 9,
          codecs: ["PCMA"],
          suites: [],
          key: newSrtpKey,
        })?.sdp ?? "",
        {
          "X-Sandbox-Heard": `pstn="${userOf(call.request.headers.get("To"))}"`,
        },
      );
    const spilled = await dial();
    expect(spilled).toMatchObject({ code: 200, path: "gcv", heard: ['pstn="+12025550147"'] });
    await spilled.hangup();
    expect(world.store.records.visible()[0]).toMatchObject({
      direction: "outbound",
      path: "gcv",
      codec: "PCMA",
      sipResponseCodes: [503, 200],
    });
    code = 403;
    expect(await dial()).toMatchObject({ code: 403, path: "byoc" });
  });

  it("fails with 404 where no route leads out", async () => {
    await start();
    route();
    expect(await dial()).toMatchObject({ code: 404, path: null });
  });
});

describe("OPTIONS to the carrier", () => {
  it("shows on the trunk whether it answers", async () => {
    await start();
    const status = () => world.store.records.optionsOf(world.trunk.id);
    await world.edge.pingTrunks();
    expect(status()).toMatchObject([{ proxyAddress: `${SBC_NAME}:5061`, optionState: false, errorCode: "408" }]);
    await sbc(() => {});
    await world.edge.pingTrunks();
    expect(status()).toMatchObject([{ optionState: true }]);
  });
});

describe("real audio", () => {
  it("counts on both sides over SRTP, and relays through a transfer", async () => {
    const { party } = await start();
    const caller = await MediaSession.open(CARRIER_SOURCE);
    const key = newSrtpKey();
    const sdp = offerSdp({ address: CARRIER_SOURCE, port: caller.localPort, codecs: ["PCMU"] }, [key]);
    const call = callByoc(world, party, { sdp, headers: { "X-Sandbox-Media": "1" } });
    expect((await outcomeOf(call)).code).toBe(200);
    caller.configure(
      readAnswer(call.remoteSdp, { codecs: ["PCMU"], keys: [key] }) as NonNullable<ReturnType<typeof readAnswer>>,
    );
    caller.start();
    await expect.poll(() => caller.stats().received, { timeout: 5000 }).toBeGreaterThan(10);
    caller.stop();
    const bye = await call.hangup();
    const stats = caller.stats();
    caller.close();
    expect(Number(bye?.headers.get("X-Sandbox-Agent-Packets"))).toBe(stats.sent);
    expect(stats).toMatchObject({ refused: 0, lost: 0 });
    expect(stats.received).toBeGreaterThan(10);
    expect(world.store.records.visible()[0]?.mos).toBeGreaterThan(4);
  });

  it("reaches the far party and back through a transfer over the trunk", async () => {
    const { party, gcvNumber } = await start();
    route(world.trunk.id);
    publish([hairpin]);
    const far = await MediaSession.open(world.hosts.sbc);
    await sbc((call) => {
      const answer = answerSdp(parseSdp(call.remoteSdp), {
        address: world.hosts.sbc,
        port: far.localPort,
        codecs: ["PCMA"],
        suites: ["AES_CM_128_HMAC_SHA1_80"],
        key: newSrtpKey,
      });
      if (!answer) return call.reject(488);
      far.configure(answer);
      call.answer(answer.sdp);
      far.start();
    });
    const caller = await MediaSession.open(world.hosts.pstn);
    const sdp = offerSdp({ address: world.hosts.pstn, port: caller.localPort, codecs: ["PCMU"] });
    const call = callGcv(world, party, gcvNumber, { "X-Sandbox-Media": "1" }, sdp);
    expect((await outcomeOf(call)).code).toBe(200);
    caller.configure(
      readAnswer(call.remoteSdp, { codecs: ["PCMU"], keys: [] }) as NonNullable<ReturnType<typeof readAnswer>>,
    );
    caller.start();
    const heard = () => Math.min(caller.stats().received, far.stats().received);
    await expect.poll(heard, { timeout: 5000 }).toBeGreaterThan(8);
    await call.hangup();
    expect(far.stats().refused).toBe(0);
    caller.close();
    far.close();
  });
});
