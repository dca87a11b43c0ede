import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../random";
import { CODECS } from "./codecs";
import { mosOf, ratingOf } from "./mos";
import { Reception, type RtpPacket, readRtp, writeRtp } from "./rtp";
import { answerSdp, offerSdp, parseSdp, readAnswer } from "./sdp";
import { MediaSession, relay } from "./session";
import { deriveKey, keystream, newSrtpKey, SrtpContext, type SrtpSuite } from "./srtp";

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ""), "hex");

describe("E-model", () => {
  // Values of shared facts, telephony 1.2: checked there by hand.
  it.each([
    ["nothing wrong", "PCMU", 0, 0, 4.41],
    ["200 ms", "PCMU", 0, 200, 4.34],
    ["300 ms", "PCMU", 0, 300, 3.96],
    ["1 % loss", "PCMU", 1, 50, 4.33],
    ["3 % loss", "PCMA", 3, 50, 4.13],
    ["5 % loss", "PCMU", 5, 50, 3.92],
    ["G.729", "G729", 0, 0, 4.1],
    ["10 % loss and 400 ms", "PCMU", 10, 400, 2.17],
  ] as const)("gives the known score for %s", (_what, codec, lossPercent, delayMs, mos) => {
    expect(mosOf({ codec, lossPercent, delayMs })).toBeCloseTo(mos, 2);
  });

  it("never leaves 1 to 4.5, never rises with loss or delay, and takes another impairment", () => {
    expect(ratingOf({ codec: "PCMU", lossPercent: 0, delayMs: 0 })).toBeCloseTo(93.2);
    const q = fc.record({
      lossPercent: fc.double({ min: 0, max: 100, noNaN: true }),
      delayMs: fc.double({ min: 0, max: 3000, noNaN: true }),
    });
    fc.assert(
      fc.property(q, ({ lossPercent, delayMs }) => {
        const mos = mosOf({ codec: "G729", lossPercent, delayMs });
        expect(mos).toBeGreaterThanOrEqual(1);
        expect(mos).toBeLessThanOrEqual(4.5);
        expect(ratingOf({ codec: "G729", lossPercent: lossPercent + 1, delayMs: delayMs + 1 })).toBeLessThanOrEqual(
          ratingOf({ codec: "G729", lossPercent, delayMs }) + 1e-9,
        );
      }),
    );
    const worse = { ie: 20, bpl: 10 };
    expect(mosOf({ codec: "OPUS", lossPercent: 0, delayMs: 0, impairment: worse })).toBeLessThan(4.1);
  });
});

describe("SRTP", () => {
  it("makes the key stream of RFC 3711 B.2", () => {
    const key = hex("2B7E151628AED2A6ABF7158809CF4F3C");
    const iv = hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000");
    expect(keystream("aes-128-ctr", key, iv, 48)).toEqual(
      hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"),
    );
  });

  const master = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
  const salt = hex("0EC675AD498AFEEBB6960B3AABE6");

  it("derives the session keys of RFC 3711 B.3", () => {
    expect(deriveKey("aes-128-ctr", master, salt, 0, 16)).toEqual(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    expect(deriveKey("aes-128-ctr", master, salt, 2, 14)).toEqual(hex("30CBBC08863D8C85D49DB34A9AE1"));
    expect(deriveKey("aes-128-ctr", master, salt, 1, 94)).toEqual(
      hex(
        "CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE E049646C43D9327AD175578EF7227098" +
          "6371C10C9A369AC2F94A8C5FBCDDDC25 6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2",
      ),
    );
  });

  it("protects the packet that libsrtp is validated with", () => {
    const key = { suite: "AES_CM_128_HMAC_SHA1_80" as const, master: Buffer.concat([master, salt]) };
    const plain = hex("800f1234decafbadcafebabe abababababababababababababababab");
    const wire = hex("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb");
    expect(new SrtpContext(key).protect(plain)).toEqual(wire);
    expect(new SrtpContext(key).unprotect(wire)).toEqual(plain);
  });

  const packet = (sequence: number): RtpPacket => ({
    marker: false,
    payloadType: 0,
    sequence,
    timestamp: sequence * 160,
    ssrc: 7,
    payload: Buffer.alloc(160, sequence),
  });

  it.each<SrtpSuite>([
    "AES_CM_128_HMAC_SHA1_80",
    "AES_CM_128_HMAC_SHA1_32",
    "AES_256_CM_HMAC_SHA1_80",
  ])("%s survives the rollover of sequence numbers and some disorder", (suite) => {
    const key = newSrtpKey(suite);
    const [out, back] = [new SrtpContext(key), new SrtpContext(key)];
    const sent = [65_533, 65_534, 65_535, 0, 1, 2].map(
      (n) => [writeRtp(packet(n)), out.protect(writeRtp(packet(n)))] as const,
    );
    for (const i of [0, 2, 1, 4, 3, 5]) expect(back.unprotect(sent[i]![1])).toEqual(sent[i]![0]);
    expect(back.refused).toBe(0);
  });

  it("refuses replays, changed packets, other keys and garbage, and never throws", () => {
    const key = newSrtpKey();
    const wire = new SrtpContext(key).protect(writeRtp(packet(5)));
    const back = new SrtpContext(key);
    expect(back.unprotect(wire)).not.toBeNull();
    expect(back.unprotect(wire)).toBeNull();
    expect(new SrtpContext(newSrtpKey()).unprotect(wire)).toBeNull();
    for (let i = 0; i < wire.length; i++) {
      const changed = Buffer.from(wire);
      changed[i] = (changed[i] as number) ^ 1;
      expect(new SrtpContext(key).unprotect(changed)).toBeNull();
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (b) => back.unprotect(Buffer.from(b)) === null));
  });
});

describe("RTP", () => {
  it("reads back what it wrote, skips CSRC, extension and padding, and never throws", () => {
    const p = {
      marker: true,
      payloadType: 8,
      sequence: 65_535,
      timestamp: 2 ** 32 - 1,
      ssrc: 1,
      payload: Buffer.from("abc"),
    };
    expect(readRtp(writeRtp(p))).toEqual(p);
    const full = Buffer.concat([
      hex("b18000010000000200000003 00000009 beef0001 11223344"),
      Buffer.from("xyz"),
      hex("0002"),
    ]);
    expect(readRtp(full)?.payload.toString()).toBe("xyz");
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (b) => void readRtp(Buffer.from(b))));
  });

  const take = (reception: Reception, sequences: number[], arrival = (i: number) => i * 20) => {
    for (const [i, n] of sequences.entries())
      reception.take({ ssrc: 1, sequence: n & 0xffff, timestamp: (n * 160) >>> 0 }, arrival(i));
    return reception.stats();
  };

  it("counts loss over the rollover, without being fooled by duplicates and disorder", () => {
    const all = Array.from({ length: 100 }, (_, i) => 65_500 + i);
    expect(take(new Reception(8000), all)).toMatchObject({ received: 100, expected: 100, lost: 0 });
    expect(
      take(
        new Reception(8000),
        all.filter((n) => n % 10 !== 5),
      ),
    ).toMatchObject({ received: 90, expected: 100, lost: 10 });
    expect(take(new Reception(8000), [1, 3, 2, 2, 3, 4])).toMatchObject({ received: 4, expected: 4, lost: 0 });
  });

  it("measures jitter in ms and takes what comes too late for lost", () => {
    const steady = take(
      new Reception(8000),
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(steady).toMatchObject({ jitterMs: 0, late: 0 });
    // Every second packet 10 ms late: the differences are all 10 ms, and the estimate goes there (RFC 3550 6.4.1).
    const shaky = take(
      new Reception(8000),
      Array.from({ length: 400 }, (_, i) => i),
      (i) => i * 20 + (i % 2) * 10,
    );
    expect(shaky.jitterMs).toBeCloseTo(10, 3);
    const late = take(new Reception(8000, 60), [0, 1, 2, 3], (i) => (i === 3 ? 200 : i * 20));
    expect(late).toMatchObject({ received: 4, late: 1 });
  });
});

describe("SDP", () => {
  const local = { address: "127.0.0.1", port: 4000, codecs: ["PCMU", "G729"] as const };
  const suites = ["AES_CM_128_HMAC_SHA1_80"];

  it("agrees on the offerer's first codec that both have, with a key for each direction", () => {
    const keys = [newSrtpKey("AES_CM_128_HMAC_SHA1_32"), newSrtpKey()];
    const offer = offerSdp({ address: "127.0.0.2", port: 5000, codecs: ["OPUS", "G729", "PCMU"] }, keys);
    const answer = answerSdp(parseSdp(offer), { ...local, suites, key: newSrtpKey });
    expect(answer).toMatchObject({
      codec: "G729",
      payloadType: 18,
      remote: { address: "127.0.0.2", port: 5000 },
      receiveKey: keys[1],
    });
    const back = readAnswer(answer?.sdp, { codecs: ["OPUS", "G729", "PCMU"], keys });
    expect(back).toMatchObject({
      codec: "G729",
      sendKey: keys[1],
      receiveKey: answer?.sendKey,
      remote: { port: 4000 },
    });
  });

  it("gives null without a common codec, a common suite, audio, or against a downgrade", () => {
    const offer = (codecs: ("PCMA" | "PCMU")[], suite?: SrtpSuite) =>
      parseSdp(offerSdp({ ...local, codecs }, suite ? [newSrtpKey(suite)] : []));
    const ours = { ...local, suites, key: newSrtpKey };
    expect(answerSdp(offer(["PCMA"]), ours)).toBeNull();
    expect(answerSdp(offer(["PCMU"], "AES_CM_128_HMAC_SHA1_32"), ours)).toBeNull();
    expect(answerSdp(parseSdp(offerSdp({ ...local, port: 0 })), ours)).toBeNull();
    expect(answerSdp(null, ours)).toBeNull();
    const plain = answerSdp(offer(["PCMU"]), ours);
    expect(plain?.sendKey).toBeUndefined();
    expect(readAnswer(plain?.sdp, { codecs: ["PCMU"], keys: [newSrtpKey()] })).toBeNull();
  });

  it("reads dynamic payload types, session-level lines and other media, mirrors hold", () => {
    const sdp =
      "v=0\r\nc=IN IP4 127.0.0.9\r\na=sendonly\r\nm=video 1 RTP/AVP 96\r\nc=IN IP4 1.2.3.4\r\nm=audio 7000 RTP/AVP 96 0\r\na=rtpmap:96 opus/48000/2\r\n";
    const audio = parseSdp(sdp);
    expect(audio).toMatchObject({ address: "127.0.0.9", port: 7000, direction: "sendonly" });
    expect(audio?.codecs).toEqual([
      { payloadType: 96, codec: "OPUS" },
      { payloadType: 0, codec: "PCMU" },
    ]);
    const answer = answerSdp(audio, { ...local, codecs: ["OPUS"], suites, key: newSrtpKey });
    expect(answer?.sdp).toContain("a=recvonly");
    expect(answer).toMatchObject({ payloadType: 96 });
  });

  it("never throws", () => {
    const line = fc
      .tuple(fc.constantFrom("m=audio ", "c=IN IP4 ", "a=crypto:1 ", "a=rtpmap:", ""), fc.string())
      .map((p) => p.join(""));
    fc.assert(
      fc.property(
        fc.array(line),
        (lines) => void answerSdp(parseSdp(lines.join("\r\n")), { ...local, suites, key: newSrtpKey }),
      ),
    );
  });
});

describe("MediaSession", () => {
  it("loses, delays and shakes packets as the network between is told to", async () => {
    const [a, b] = await Promise.all([MediaSession.open("127.0.0.1"), MediaSession.open("127.0.0.1")]);
    const to = (s: MediaSession) => ({ address: "127.0.0.1", port: s.localPort });
    a.configure({ codec: "PCMU", payloadType: 0, remote: to(b) });
    b.configure({ codec: "PCMU", payloadType: 0, remote: to(a) });
    const random = new Random(5);
    b.impair({ lossPercent: 25, delayMs: 30, jitterMs: 20, draw: () => random.next() });
    a.start();
    const firstMs = performance.now();
    const arrivedMs = await new Promise<number>((resolve) => {
      b.onPacket = () => resolve(performance.now());
    });
    expect(arrivedMs - firstMs).toBeGreaterThanOrEqual(29);
    await new Promise((resolve) => setTimeout(resolve, 900));
    a.stop();
    await new Promise((resolve) => setTimeout(resolve, 80));
    const { received, lost, jitterMs } = b.stats();
    expect(received).toBeLessThan(a.stats().sent);
    expect(lost).toBeGreaterThanOrEqual(2);
    expect(jitterMs).toBeGreaterThan(1);
    expect(b.mos(30)!).toBeLessThan(4.2);
    a.close();
    b.close();
  });

  it("sends a frame every 20 ms, passes through a relay, changing key and codec on the way", async () => {
    const host = "127.0.0.1";
    const [a, left, right, b] = await Promise.all([1, 2, 3, 4].map(() => MediaSession.open(host)));
    const keys = [newSrtpKey(), newSrtpKey()] as const;
    const to = (s: MediaSession | undefined) => ({ address: host, port: s?.localPort ?? 0 });
    const secret = { codec: "PCMU", payloadType: 0 } as const;
    a!.configure({ ...secret, remote: to(left), sendKey: keys[0], receiveKey: keys[1] });
    left!.configure({ ...secret, remote: to(a), sendKey: keys[1], receiveKey: keys[0] });
    right!.configure({ codec: "G729", payloadType: 18, remote: to(b) });
    b!.configure({ codec: "G729", payloadType: 18, remote: to(right) });
    relay(left!, right!);
    const sizes = new Set<number>();
    b!.onPacket = (packet) => sizes.add(packet.payload.length);
    a!.start();
    b!.start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    a!.stop();
    b!.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(a!.stats().sent).toBeGreaterThanOrEqual(20);
    expect(a!.stats().sent).toBeLessThanOrEqual(30);
    expect(b!.stats()).toMatchObject({ received: a!.stats().sent, lost: 0, refused: 0 });
    expect(a!.stats()).toMatchObject({ received: b!.stats().sent, lost: 0, refused: 0 });
    expect([...sizes]).toEqual([CODECS.G729.bytesPerFrame]);
    expect(a!.mos(50)).toBeGreaterThan(4.3);
    for (const s of [a, left, right, b]) s!.close();
    expect(a!.stats().received).toBe(b!.stats().sent);
  });
});
