import { afterEach, describe, expect, it } from "vitest";
import { Random } from "../random";
import { digestChallenge, judgeDigest } from "./auth";
import { Headers } from "./headers";
import type { IncomingCall } from "./incoming";
import { parseMessage } from "./message";
import { ended, first, lose, outcome, type Pair, pair, pause, randomly, SDP } from "./testing";

let p: Pair;
afterEach(() => p?.close());

async function answering(): Promise<{ incoming: IncomingCall[] }> {
  p = await pair();
  const incoming: IncomingCall[] = [];
  p.b.onInvite = (call) => {
    incoming.push(call);
    call.ring();
    call.answer(SDP, { "X-Sandbox-Heard": 'queue="Q"' });
  };
  return { incoming };
}

describe("lost datagrams", () => {
  const losses: [string, (p: Pair) => void][] = [
    ["the INVITE, twice", (w) => lose(w.b, first(2, "INVITE"))],
    ["the 200, twice", (w) => lose(w.a, first(2, "INVITE", 200))],
    ["the ACK, twice", (w) => lose(w.b, first(2, "ACK"))],
    ["the BYE", (w) => lose(w.b, first(1, "BYE"))],
    ["the answer to the BYE", (w) => lose(w.a, first(1, "BYE", 200))],
  ];
  for (const [what, apply] of losses) {
    it(`survives the loss of ${what}`, async () => {
      const { incoming } = await answering();
      apply(p);
      const call = p.call();
      expect(await outcome(call)).toBe(200);
      await pause(120);
      expect((await call.hangup())?.status).toBe(200);
      expect(incoming).toHaveLength(1);
      expect(incoming[0]?.state).toBe("ended");
      expect([p.a.calls, p.b.calls]).toEqual([0, 0]);
    });
  }

  it("repeats a refusal until its ACK comes", async () => {
    p = await pair();
    let calls = 0;
    p.b.onInvite = (call) => {
      calls++;
      call.reject(486);
    };
    lose(p.a, first(1, "INVITE", 486));
    lose(p.b, first(1, "ACK"));
    expect(await outcome(p.call())).toBe(486);
    await pause(200);
    expect(calls).toBe(1);
  });

  it("fails with 408 when nothing ever comes back", async () => {
    p = await pair();
    lose(p.b, () => true);
    const call = p.call();
    const failure = new Promise((resolve) => call.once("failed", resolve));
    expect(await failure).toMatchObject({ code: 408, cause: "timeout" });
    expect(p.a.layer.size).toBe(0);
  });

  it("hangs up on a caller that never acknowledges", async () => {
    const { incoming } = await answering();
    lose(p.b, (msg) => msg.method === "ACK");
    const call = p.call();
    const gone = ended(call);
    expect(await outcome(call)).toBe(200);
    expect(await gone).toBe("remote");
    expect(incoming[0]?.state).toBe("ended");
  });

  it("brings every call to its end with 20 % lost both ways", async () => {
    await answering();
    lose(p.a, randomly(new Random("to a"), 0.2));
    lose(p.b, randomly(new Random("to b"), 0.2));
    const calls = Array.from({ length: 40 }, () => p.call());
    const codes = await Promise.all(
      calls.map(async (call) => {
        const code = await outcome(call);
        await call.hangup();
        return code;
      }),
    );
    expect(codes).toEqual(codes.map(() => 200));
    const left = () => [p.a.calls, p.b.calls, p.a.layer.size, p.b.layer.size];
    await expect.poll(left, { timeout: 10_000 }).toEqual([0, 0, 0, 0]);
  });
});

describe("CANCEL", () => {
  it("ends a ringing call with 487 on both sides", async () => {
    p = await pair();
    const incoming = new Promise<IncomingCall>((resolve) => {
      p.b.onInvite = (call) => {
        call.ring();
        resolve(call);
      };
    });
    const call = p.call();
    const code = outcome(call);
    const over = ended(await incoming);
    expect((await call.hangup())?.status).toBe(487);
    expect([await code, await over]).toEqual([487, "remote"]);
  });

  it("waits for a provisional response, and gives way to a 200 that crosses it", async () => {
    p = await pair();
    let incoming: IncomingCall | undefined;
    p.b.onInvite = (call) => {
      incoming = call;
      call.answer(SDP);
    };
    // The 100 and the first 200 are lost: the caller wants to cancel before it may, and the 200 arrives first.
    lose(p.a, first(1, "INVITE", 100));
    lose(p.a, first(1, "INVITE", 200));
    const call = p.call();
    const code = outcome(call);
    await pause(10);
    expect((await call.hangup())?.status).toBe(200);
    expect(await code).toBe(487);
    expect(incoming?.state).toBe("ended");
  });

  it("turns a caller's own timeout into 408", async () => {
    p = await pair();
    p.b.onInvite = (call) => call.ring();
    const call = p.call({}, { timeoutMs: 50 });
    const failure = new Promise((resolve) => call.once("failed", resolve));
    expect(await failure).toMatchObject({ code: 408, cause: "timeout" });
    await expect.poll(() => [p.b.calls, p.a.layer.size], { timeout: 10_000 }).toEqual([0, 0]);
  });

  it("does not wait for a peer that says nothing at all, and ends what it answers too late", async () => {
    p = await pair();
    const incoming: IncomingCall[] = [];
    p.b.onInvite = (call) => {
      incoming.push(call);
      setTimeout(() => call.answer(SDP), 60);
    };
    lose(p.a, (msg) => msg.status === 100);
    const started = performance.now();
    expect(await outcome(p.call({}, { timeoutMs: 30 }))).toBe(408);
    // Its transaction would give up after 64 times T1, 1280 ms here.
    expect(performance.now() - started).toBeLessThan(1000);
    expect(incoming[0]?.state).not.toBe("ended");
    await ended(incoming[0]!);
    expect(p.b.calls).toBe(0);
  });
});

describe("dialogs", () => {
  it("carries INFO, re-INVITE, OPTIONS and BYE both ways, with headers in the answer to BYE", async () => {
    const { incoming } = await answering();
    const call = p.call({ transport: "tcp" });
    expect(await outcome(call)).toBe(200);
    const [callee] = incoming;
    await new Promise((resolve) => callee?.once("answered", resolve));
    const heard = new Promise((resolve) => call.once("info", (msg) => resolve(msg.headers.get("X-Sandbox-Heard"))));
    await callee?.info({ "X-Sandbox-Heard": 'message="Hi, there"' });
    expect(await heard).toBe('message="Hi, there"');
    callee?.on("reinvite", (_msg, reply) => reply(200, undefined, undefined, SDP.replace("m=audio 9", "m=audio 11")));
    expect((await call.reinvite(SDP.replace("m=audio 9", "m=audio 10")))?.status).toBe(200);
    expect(call.remoteSdp).toContain("m=audio 11");
    expect(callee?.remoteSdp).toContain("m=audio 10");
    expect(await callee?.ping()).toBe(200);
    callee!.endHeaders = async () => ({ "X-Sandbox-Agent-Packets": "3" });
    const over = ended(callee!);
    expect((await call.hangup())?.headers.get("X-Sandbox-Agent-Packets")).toBe("3");
    expect(await over).toBe("remote");
  });

  it("asks with digest once, and not again", async () => {
    p = await pair();
    const seen: string[] = [];
    p.b.onInvite = (call) => {
      const passwordOf = (name: string) => (name === "u" ? "right" : undefined);
      const judged = judgeDigest(call.request, { realm: "r", passwordOf, nonceKnown: (n) => n === "n" });
      seen.push(judged);
      if (judged === "ok") call.answer(SDP);
      else call.reject(407, undefined, { "Proxy-Authenticate": digestChallenge("r", "n", "SHA-256") });
    };
    const good = p.call({}, { auth: { username: "u", password: "right" } });
    expect(await outcome(good)).toBe(200);
    await good.hangup();
    expect(await outcome(p.call({}, { auth: { username: "u", password: "wrong" } }))).toBe(407);
    expect(await outcome(p.call({}, { auth: { username: "u", password: "right", realm: "other" } }))).toBe(407);
    expect(seen).toEqual(["absent", "ok", "absent", "wrong", "absent"]);
  });

  it("follows Record-Route: loose routes stay, a strict one becomes the Request-URI", async () => {
    const { incoming } = await answering();
    const call = p.call({ transport: "tcp" });
    await outcome(call);
    const dialog = call.dialog!;
    const response = (routes: string) =>
      parseMessage(
        `SIP/2.0 200 OK\r\nRecord-Route: ${routes}\r\nContact: <sip:far@127.9.9.9>\r\nCSeq: 1 INVITE\r\n\r\n`,
      )!;
    dialog.learn(response("<sip:p1;lr>, <sip:p2;lr>"), "reversed");
    const loose = dialog.build("INFO", dialog.flow);
    expect([loose.uri, loose.headers.getAll("Route")]).toEqual(["sip:far@127.9.9.9", ["<sip:p2;lr>", "<sip:p1;lr>"]]);
    dialog.learn(response("<sip:p1;lr>, <sip:strict>"), "reversed");
    const strict = dialog.build("INFO", dialog.flow);
    expect([strict.uri, strict.headers.getAll("Route")]).toEqual([
      "sip:strict",
      ["<sip:p1;lr>", "<sip:far@127.9.9.9>"],
    ]);
    expect(incoming).toHaveLength(1);
  });

  it("answers 481 for a dialog it does not have and 400 for a request without Call-ID", async () => {
    p = await pair();
    const target = { transport: "tcp" as const, host: p.host, port: 5060 };
    const stray = await p.a.send("BYE", target, "sip:b", 1000, { To: "<sip:b>;tag=unknown" });
    expect(stray?.status).toBe(481);
    const flow = await p.a.transports.flowTo(target);
    const answer = new Promise<number>((resolve) => {
      p.a.onTraffic = (direction, msg) => direction === "in" && resolve(msg.status as number);
    });
    flow.send(
      "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCSeq: 1 OPTIONS\r\n\r\n",
    );
    expect(await answer).toBe(400);
  });
});

describe("digest", () => {
  it("agrees with the example of RFC 2617 section 3.5", () => {
    const headers = new Headers({
      Authorization:
        'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", ' +
        'qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1"',
    });
    const request = { kind: "request" as const, method: "GET", uri: "/dir/index.html", headers, body: "" };
    const o = { realm: "testrealm@host.com", nonceKnown: () => true, proxy: false };
    expect(judgeDigest(request, { ...o, passwordOf: () => "Circle Of Life" })).toBe("ok");
    expect(judgeDigest(request, { ...o, passwordOf: () => "Circle of life" })).toBe("wrong");
    expect(judgeDigest(request, { ...o, passwordOf: () => "Circle Of Life", nonceKnown: () => false })).toBe("stale");
  });
});
