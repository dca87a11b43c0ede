import { connect } from "node:net";
import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { UserError } from "../model/errors";
import { claimSubnet, ipv4Number, isIpv4, loopbackCidr, loopbackOf } from "./net";
import { createAuthority } from "./pki";
import { Random } from "./random";

describe("loopback addresses", () => {
  it("keep the last three octets", () => {
    expect(loopbackOf("198.51.100.44")).toBe("127.51.100.44");
    expect(loopbackOf("127.9.8.7")).toBe("127.9.8.7");
    expect(loopbackCidr("198.51.100.44/30")).toBe("127.51.100.44/30");
    expect(loopbackCidr("203.0.113.10")).toBe("127.0.113.10/32");
    expect(loopbackCidr("0.0.0.0/0")).toBe("127.0.0.0/8");
  });
  it.each(["", "1.2.3", "1.2.3.256", "::1", "a.b.c.d"])("refuse %s", (ip) => {
    expect(() => loopbackOf(ip)).toThrow(UserError);
    expect(isIpv4(ip)).toBe(false);
  });
  it.each(["1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "1.2.3.4/x"])("refuse %s", (cidr) =>
    expect(() => loopbackCidr(cidr)).toThrow(UserError));
  it("have a number", () => expect(ipv4Number("255.0.0.1")).toBe(0xff00_0001));
});

describe("claimSubnet", () => {
  it("never gives the same network twice, and gives it again after release", async () => {
    const subnets = await Promise.all([claimSubnet(), claimSubnet(), claimSubnet()]);
    expect(new Set(subnets.map((s) => s.base)).size).toBe(3);
    for (const s of subnets) expect(s.base).toMatch(/^127\.(2[0-4]\d|250)\.\d+$/);
    const first = subnets[0];
    expect(() => first?.addr(254)).toThrow(RangeError);
    const marker = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: `${first?.base}.254`, port: 47_200 }, () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("close", () => socket.destroy());
    });
    expect(marker).toBe(true);
    await Promise.all(subnets.map((s) => s.release()));
    const again = await claimSubnet();
    expect(subnets.map((s) => s.base)).toContain(again.base);
    await again.release();
  });
});

describe("Random", () => {
  it("repeats itself by seed, and streams do not disturb each other", () => {
    const draw = (r: Random) => Array.from({ length: 5 }, () => r.uint32());
    expect(draw(new Random(7))).toEqual(draw(new Random("7")));
    expect(draw(new Random(7))).not.toEqual(draw(new Random(8)));
    const parent = new Random(7);
    const before = draw(parent.stream("a"));
    parent.next();
    parent.stream("b").next();
    expect(draw(parent.stream("a"))).toEqual(before);
  });
  it("is even enough, and keeps its bounds", () => {
    const r = new Random("even");
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[r.int(0, 3)]!++;
    for (const n of counts) expect(Math.abs(n - 10_000)).toBeLessThan(500);
    expect(r.shuffle([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
    expect(r.hex(5)).toMatch(/^[0-9a-f]{5}$/);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += r.exponential(3);
    expect(sum / 20_000).toBeCloseTo(3, 0);
    expect(() => r.pick([])).toThrow(RangeError);
    expect(() => r.int(2, 1)).toThrow(RangeError);
  });
});

describe("createAuthority", () => {
  it("issues EC certificates with the names asked for, signed by it", async () => {
    const authority = await createAuthority();
    const leaf = new X509Certificate(
      (await authority.issue(["a.example", "*.b.example", "127.0.0.1"], { uris: ["sip:a.example"] })).cert,
    );
    const ca = new X509Certificate(authority.ca);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.publicKey.asymmetricKeyType).toBe("ec");
    expect(leaf.ca).toBe(false);
    expect(ca.ca).toBe(true);
    expect(leaf.subjectAltName).toBe("DNS:a.example, DNS:*.b.example, IP Address:127.0.0.1, URI:sip:a.example");
    expect(leaf.serialNumber).not.toBe(ca.serialNumber);
  });
});
