import { describe, expect, it } from "vitest";
import { UNKNOWN_STRING, usePack } from "./testing";
import { plain, rawTrunk, stops, told, trunk } from "./testing-plain";
import { configurePack, judgeStack, type Plain } from "./testing-stack";

usePack();

describe("a trunk's properties", () => {
  const cases: [string, Plain, string[], RegExp?][] = [
    ["as they should be", trunk(), []],
    ["transport in capitals", trunk({ trunk_transport_protocolVariant: "TLS" }), []],
    ["of another kind of trunk", { ...trunk(), props: { name: "x", trunkMetaBaseId: "external_sip.json" } }, []],
    [
      "with a key that is null",
      rawTrunk('{"trunk_transport_protocolVariant":null,"trunk_media_srtpCipherSuites":{"value":null}}'),
      ["trunk-transport-secure"],
      /seen transport none, SRTP suites none; required .*; fix: set trunk_transport_protocolVariant and trunk_media_srtpCipherSuites in the trunk's properties/,
    ],
    ["left out", rawTrunk(undefined), ["trunk-transport-secure"]],
    ["without encryption", trunk({ trunk_transport_protocolVariant: "udp" }), ["trunk-transport-secure"]],
    [
      "with the whole internet as one text",
      trunk({ trunk_access_acl_allowList: "0.0.0.0/0" }),
      ["allowlist-not-too-wide"],
      /seen allowlist entry 0\.0\.0\.0\/0, which is more than any one carrier has/,
    ],
    [
      "with the whole internet in parts",
      trunk({ trunk_access_acl_allowList: ["203.0.113.10", "::/0", "0.0.0.0/1", "128.0.0.0/1"] }),
      ["allowlist-not-too-wide"],
      /seen allowlist entry ::\/0, 0\.0\.0\.0\/1, 128\.0\.0\.0\/1,/,
    ],
    [
      "with an address that is none",
      trunk({ trunk_access_acl_allowList: ["203.0.113.300", null] }),
      ["allowlist-not-too-wide"],
      /seen "203\.0\.113\.300" is not an IP address or CIDR range; expected such as 203\.0\.113\.10\/32; required/,
    ],
    [
      "with a password in plain text",
      trunk({ trunk_sip_authentication_credentials_password: "hush" }),
      ["trunk-secret-not-plain"],
    ],
  ];
  for (const [what, resource, expected, message] of cases)
    it(
      what,
      plain(async (pack) => {
        const found = await judgeStack(pack, [resource]);
        expect(stops(found)).toEqual(expected);
        if (message) expect(found.map((s) => s.message).join("\n")).toMatch(message);
        expect(JSON.stringify(found)).not.toContain("hush");
      }),
    );

  for (const text of ["null", "[]", "[1]", "7", "not json", '"text"', ""])
    it(
      `that are ${text || "empty"} end in a sentence, never in a crash`,
      plain(async (pack) => {
        const found = await judgeStack(pack, [rawTrunk(text)]);
        expect(stops(found)).toContain("trunk-transport-secure");
        for (const { message } of found.filter((s) => s.policy === "trunk-transport-secure"))
          expect(message).toMatch(
            /^trunk: seen the trunk's properties, which are no JSON text of the form \{.*; fix: /,
          );
      }),
    );

  it(
    "that are not known yet are told, and judged in the update",
    plain(async (pack) => {
      const found = await judgeStack(pack, [rawTrunk(UNKNOWN_STRING)]);
      expect(stops(found)).toEqual([]);
      expect(told(found)).toMatch(
        /trunk-transport-secure did not judge trunk: string value at \.properties can't be known during preview; the update judges it before it is made\./,
      );
    }),
  );

  it(
    "are compared with what the configuration says, for all trunks or for one by its name",
    plain(async (pack) => {
      await configurePack(pack, {
        "allowlist-covers-carrier": {
          sourceRanges: ["203.0.113.10"],
          trunks: { Frankfurt: { sourceRanges: ["2001:db8::/126"] } },
        },
        "codecs-agree": { carrierCodecs: ["PCMU", "PCMA"] },
        "recording-kept": { gcvRecording: true },
        "caller-id-preserved": { priority: ["Source", "Trunk"] },
        "channels-suffice": { peakConcurrentCalls: 80 },
      });
      const order = { trunk_media_codec: ["audio/PCMA", "PCMU", "audio/opus"] };
      const frankfurt = (allowlist: string[]) =>
        trunk({ ...order, trunk_access_acl_allowList: allowlist }, "Frankfurt");
      const six = ["2001:db8::/127", "2001:db8::2/127", "2001:db8::/126"];
      expect(stops(await judgeStack(pack, [trunk(order), frankfurt(six)]))).toEqual([]);
      const wrong = await judgeStack(pack, [
        frankfurt(["2001:db8::/127"]),
        trunk({
          trunk_access_acl_denyList: ["203.0.113.0/24"],
          trunk_media_codec: "audio/pcmu",
          trunk_recording_enabled: null,
          trunk_calling_id_priority: ["Trunk", "Source"],
          trunk_maxConcurrentCalls: 80,
        }),
      ]);
      const by = (policy: string) => wrong.filter((s) => s.policy === policy).map((s) => s.message);
      expect(stops(wrong)).toEqual([
        "allowlist-covers-carrier",
        "caller-id-preserved",
        "channels-suffice",
        "codecs-agree",
        "recording-kept",
      ]);
      expect(by("allowlist-covers-carrier")).toEqual([
        expect.stringContaining("Frankfurt: seen allowlist 2001:db8::/127; required also 2001:db8::2/127"),
        expect.stringContaining("trunk: seen denylist 203.0.113.0/24; required no address on it"),
      ]);
      expect(wrong.every((s) => !/\b(trunk|gcv)\.[a-z]/.test(s.message))).toBe(true);
    }),
  );

  it(
    "tell two hundred wrong entries in one sentence",
    plain(async (pack) => {
      const ranges = { sourceRanges: ["203.0.113.10"] };
      await configurePack(pack, { "allowlist-covers-carrier": ranges, "allowlist-not-too-wide": ranges });
      const many = Array.from({ length: 200 }, (_, i) => `198.51.${i}.0/24`);
      const found = await judgeStack(pack, [trunk({ trunk_access_acl_allowList: many })]);
      const messages = found.filter((s) => s.policy.startsWith("allowlist")).map((s) => s.message);
      expect(messages).toHaveLength(2);
      expect(messages.join("\n")).toMatch(/198\.51\.7\.0\/24 and 192 more; required also 203\.0\.113\.10\/32/);
      expect(messages.join("\n")).toMatch(/none of the carrier's and 197 more; required at most 32/);
    }),
  );
});
