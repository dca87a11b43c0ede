import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covers, inRanges, isCidr, missingFrom, tooWide } from "./allowlist";
import { nextOpening, parseChangeWindow, windowContains } from "./changeWindow";
import { codecOf, genesysCodec, sharedCodecs } from "./codecs";
import { UserError } from "./errors";
import { flowSlug } from "./flowslug";
import { nearest } from "./problems";
import { apiDomain, byocDomain, byocDomains, REGION_NAMES } from "./regions";
import { safeWaitSeconds, settleSeconds } from "./ttl";
import { WAVE_STEPS } from "./types";
import { compareNatural, formatWaves, parseWaves, raiseFloor } from "./waves";

describe("allowlist", () => {
  it("covers with any mix of ranges, and names what is missing", () => {
    expect(covers(["203.0.113.10/32", "203.0.113.11/32"], ["203.0.113.10/31"])).toBe(true);
    expect(missingFrom(["203.0.113.10/32"], ["203.0.113.8/29"])).toEqual([
      "203.0.113.8/31",
      "203.0.113.11/32",
      "203.0.113.12/30",
    ]);
    expect(covers(["2001:db8::/64"], ["2001:db8::5"])).toBe(true);
    expect(missingFrom(["0.0.0.0/0"], ["2001:db8::/127"])).toEqual(["2001:db8::/127"]);
    expect(covers(["203.0.113.0/24"], [])).toBe(false);
    expect(() => covers(["nonsense"], ["203.0.113.1"])).toThrow(UserError);
  });

  it("agrees with sets of addresses", () => {
    const cidr = fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 28, max: 32 })).map(([a, p]) => `192.0.2.${a}/${p}`);
    const set = (list: string[]) =>
      Array.from({ length: 16 }, (_, i) => i).filter((i) => inRanges(`192.0.2.${i}`, list));
    fc.assert(
      fc.property(
        fc.array(cidr, { maxLength: 4 }),
        fc.array(cidr, { minLength: 1, maxLength: 4 }),
        (allowed, sources) => {
          const may = set(allowed);
          const left = set(sources).filter((i) => !may.includes(i));
          expect(set(missingFrom(allowed, sources))).toEqual(left);
          expect(covers(allowed, sources)).toBe(left.length === 0);
        },
      ),
    );
  });

  it("finds entries that let strangers in", () => {
    expect(tooWide(["203.0.113.10/31", "198.51.100.0/24"], ["203.0.113.10/31", "198.51.100.4/30"])).toEqual([
      { entry: "198.51.100.0/24", strangers: 252n },
    ]);
    expect(tooWide(["203.0.113.0/27"], ["203.0.113.10/31"])).toEqual([]);
    expect(tooWide(["0.0.0.0/0"], ["203.0.113.10/31"])).toHaveLength(1);
  });

  it("takes no address that can be read in two ways", () => {
    for (const good of ["203.0.113.10", "203.0.113.10/32", "2001:db8::/32"]) expect(isCidr(good), good).toBe(true);
    for (const bad of [
      "10.1",
      "010.0.0.1",
      "0x7f.0.0.1",
      "203.0.113.10/33",
      "203.0.113.10/",
      "203.0.113.10/32/1",
      "host",
      "",
      "256.1.1.1",
    ])
      expect(isCidr(bad), bad).toBe(false);
  });
});

describe("waves text", () => {
  it("goes there and back", () => {
    const states = fc.dictionary(fc.stringMatching(/^w[1-9](\.[1-9])?$/), fc.constantFrom(...WAVE_STEPS.slice(1)), {
      maxKeys: 5,
    });
    fc.assert(
      fc.property(states, (waves) => {
        expect(parseWaves(formatWaves(waves))).toEqual({ ...waves });
      }),
      { numRuns: 40 },
    );
    expect(formatWaves({ w10: "live", "w2.2": "released", "w2.1": "adopted", w3: "waiting" })).toBe(
      "w2.1=adopted,w2.2=released,w10=live",
    );
    expect(parseWaves(" w1 = live , w2=waiting ")).toEqual({ w1: "live" });
    expect(parseWaves("")).toEqual({});
  });

  it.each([
    "w1",
    "w1=",
    "w1=gone",
    "w1=live,,w2=live",
    "w1=live,w1=adopted",
    "w.1.2=live",
    "=live",
    "w1=live;w2=live",
  ])("refuses %s", (text) => {
    expect(() => parseWaves(text)).toThrow(/cutover:waves "/);
  });

  it("raises the floor and never lowers it", () => {
    expect(raiseFloor({ w1: "adopted" }, { w1: "live", w2: "live" })).toEqual({ w1: "adopted", w2: "live" });
    expect(raiseFloor({ w1: "live" }, {})).toEqual({ w1: "live" });
  });

  it("sorts names as people count", () => {
    expect(["w10", "w2", "w2.10", "w2.9", "pilot"].sort(compareNatural)).toEqual([
      "pilot",
      "w2",
      "w2.9",
      "w2.10",
      "w10",
    ]);
  });
});

describe("change window", () => {
  const berlin = parseChangeWindow("Mon-Thu 06:00-22:00", "Europe/Berlin");
  const day = (text: string) => new Date(`2026-03-${text}Z`);
  it("is open by its own time zone, over the change to summer time", () => {
    expect(windowContains(berlin, day("26T20:59:00"))).toBe(true); // Thursday 21:59 in winter
    expect(windowContains(berlin, day("26T21:00:00"))).toBe(false);
    expect(windowContains(berlin, day("27T12:00:00"))).toBe(false); // Friday
    expect(windowContains(berlin, day("30T04:00:00"))).toBe(true); // Monday 06:00 in summer
    expect(windowContains(berlin, day("30T03:59:00"))).toBe(false);
    expect(nextOpening(berlin, day("27T12:00:00")).toISOString()).toBe("2026-03-30T04:00:00.000Z");
    expect(nextOpening(berlin, day("30T05:00:30")).toISOString()).toBe("2026-03-30T05:00:30.000Z");
  });

  it("may pass midnight and use odd zones", () => {
    const night = parseChangeWindow("Fri,Sun 22:07-02:00", "Asia/Kathmandu"); // UTC+5:45
    const opening = nextOpening(night, day("24T00:00:00"));
    expect(opening.toISOString()).toBe("2026-03-27T16:22:00.000Z");
    expect(windowContains(night, new Date(opening.getTime() + 3 * 3_600_000))).toBe(true); // Saturday 01:07
    expect(windowContains(night, new Date(opening.getTime() + 4 * 3_600_000))).toBe(false);
  });

  it.each([
    "Mon 06:00",
    "Mo-Th 06:00-22:00",
    "Mon 06:00-06:00",
    "Mon 24:00-25:00",
    "Mon-Tue-Wed 06:00-07:00",
    "Mon 06:61-07:00",
  ])("refuses %s", (text) => {
    expect(() => parseChangeWindow(text, "UTC")).toThrow(UserError);
  });
  it("refuses a zone that is none", () =>
    expect(() => parseChangeWindow("Mon 06:00-07:00", "Berlin")).toThrow(UserError));
});

describe("small things", () => {
  it("codecs have one name whatever the source", () => {
    expect(["audio/pcmu", "PCMU/8000", "G.729a", "opus/48000/2", "g722"].map(codecOf)).toEqual([
      "PCMU",
      "PCMU",
      "G729",
      "OPUS",
      "G722",
    ]);
    expect(codecOf("AMR")).toBeUndefined();
    expect(genesysCodec("PCMA")).toBe("audio/pcma");
    expect(sharedCodecs(["PCMU", "G729"], ["G729", "PCMU"])).toEqual(["PCMU", "G729"]);
  });

  it("the safe wait is 48 h or the longest old TTL", () => {
    const ttl = (normal: number) => ({ ttlSeconds: { normal, lowered: 300 } });
    expect(safeWaitSeconds([ttl(3600), ttl(14400)])).toBe(172_800);
    expect(safeWaitSeconds([ttl(259_200)])).toBe(259_200);
    expect([safeWaitSeconds([]), settleSeconds([]), settleSeconds([ttl(3600)])]).toEqual([0, 0, 330]);
  });

  it("slugs are ASCII, stable and never empty", () => {
    expect(["Main inbound", "  Réception & Co. ", "ÄÖÜ", "日本"].map(flowSlug)).toEqual([
      "main-inbound",
      "reception-co",
      "aou",
      "x65e5672c",
    ]);
  });

  it("regions have an API and a BYOC domain", () => {
    expect([apiDomain("us-east-1"), byocDomain("us-east-1")]).toEqual(["mypurecloud.com", "byoc.use1.pure.cloud"]);
    expect(byocDomains("us-east-1")).toEqual([
      "byoc.use1.pure.cloud",
      "byoc.mypurecloud.com",
      "byoc.use1.genesys.cloud",
    ]);
    expect(byocDomains("eu-central-1")).toContain("byoc.euc1.genesys.cloud");
    expect(byocDomains("ap-northeast-2")).toContain("byoc.apne2.pure.cloud");
    for (const name of REGION_NAMES) expect(byocDomains(name).every((d) => /^byoc\.[a-z0-9.-]+$/.test(d))).toBe(true);
    expect(() => apiDomain("mars-1")).toThrow(UserError);
  });

  it("a mistyped key finds its neighbour, a strange one none", () => {
    expect(nearest("codec", ["codecs", "carrier"])).toBe("codecs");
    expect(nearest("zebra", ["codecs", "carrier"])).toBeUndefined();
  });
});
