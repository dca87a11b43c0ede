import { describe, expect, it } from "vitest";
import {
  analyze,
  ANSWERS,
  EXISTING,
  GATE,
  gate,
  names,
  plan,
  TRUNK,
  trunk,
  trunkText,
  UNKNOWN_STRING,
  usePack,
  withPack,
} from "./testing";

usePack();

describe("the pack in its analyzer: moves, and what is set aside", () => {
  it(
    "judges the gate's moves and evidence, and never a way back",
    withPack({}, async (pack) => {
      expect(names(await analyze(pack, GATE, gate("none", "baseline")))).toEqual([
        "baseline-changes-nothing",
        "licence-present",
        "organisation-answers",
        "permissions-granted",
        "record-agrees",
      ]);
      expect(names(await analyze(pack, GATE, gate("baseline", "canary")))).toEqual(["phase-moves-one-step"]);
      expect(await analyze(pack, GATE, gate("canary", "ttl-lowered"))).toEqual([]);
      expect(await analyze(pack, GATE, gate("canary", "canary"))).toEqual([]);
      // The pack asks the machine's clock here: whether the change window is open depends on when this runs.
      const canary = names(await analyze(pack, GATE, gate("ttl-lowered", "canary")));
      expect(canary.filter((name) => name !== "change-window")).toEqual([
        "dns-agrees-everywhere",
        "record-agrees",
        "ttl-lowered-in-time",
      ]);
      const head = { schema: "cutover/probe/v1", by: "test", status: "ok", at: new Date().toISOString() };
      const facts = {
        record: { ...head, probe: "record", record: null, existing: EXISTING },
        dns: { ...head, probe: "dns", answers: ANSWERS },
        entitlement: {
          ...head,
          probe: "entitlement",
          organisation: { id: "1", name: plan.organisation.name },
          products: ["byoc"],
          missingPermissions: [],
        },
      };
      expect(await analyze(pack, GATE, gate("none", "baseline", facts))).toEqual([]);
      const unknown = await analyze(pack, GATE, gate("none", "baseline", { ...facts, entitlement: UNKNOWN_STRING }));
      expect(names(unknown)).toContain("licence-present");
    }),
  );

  it(
    "stops no way back, whatever it finds, and only where the record stands at its beginning",
    withPack({ "cutover:phase": "ttl-lowered" }, async (pack) => {
      const narrow = trunk(trunkText({ trunk_access_acl_allowList: ["203.0.113.10/32"] }));
      const stack = () => analyze(pack, "pulumi:pulumi:Stack", {});
      const record = (phase: string) => ({
        record: { record: { phase, waves: "", floor: "", digest: plan.digest, since: {} } },
      });
      const found = async (from: string, recorded: string) => {
        expect(await stack()).toEqual([]);
        expect(await analyze(pack, GATE, gate(from, "ttl-lowered", record(recorded)))).toEqual([]);
        return names(await analyze(pack, TRUNK, narrow, ["properties"]));
      };
      expect(await found("canary", "canary")).toEqual([]);
      expect(await found("ttl-lowered", "ttl-lowered")).toEqual(["allowlist-covers-carrier"]);
      expect(await found("canary", "parallel")).toEqual(["allowlist-covers-carrier"]);
    }),
  );

  const LOOPBACK = "http://127.0.0.1:1";
  it(
    "leaves a policy out in a sandbox, and only with a sandbox's clock",
    withPack({ "cutover:withoutPolicies": "recording-kept", "cutover:clock": LOOPBACK }, async (pack) => {
      const off = trunk(trunkText({ trunk_recording_enabled: false, trunk_media_srtpCipherSuites: [] }));
      expect(names(await analyze(pack, TRUNK, off, ["properties"]))).toEqual(["trunk-transport-secure"]);
    }),
  );

  it(
    "goes on judging where the switch is not allowed",
    withPack({ "cutover:withoutPolicies": "recording-kept" }, async (pack) => {
      const off = trunk(trunkText({ trunk_recording_enabled: false }));
      expect(names(await analyze(pack, TRUNK, off, ["properties"]))).toEqual(["recording-kept"]);
    }),
  );

  it(
    "obeys an override with a reason and an end, and tells it",
    withPack(
      {
        "cutover:override": JSON.stringify({
          "licence-present": { reason: "trial licence is not listed", until: "2999-01-01" },
          "organisation-answers": { reason: "renamed", until: "2001-01-01" },
          "permissions-granted": { reason: "", until: "2999-01-01" },
        }),
      },
      async (pack) => {
        const violations = await analyze(pack, GATE, gate("none", "baseline"));
        expect(names(violations.filter((v) => v.policy !== "override-in-use"))).toEqual([
          "baseline-changes-nothing",
          "organisation-answers",
          "permissions-granted",
          "record-agrees",
        ]);
        expect(violations.find((v) => v.policy === "organisation-answers")!.message).toContain(
          "its override ended on 2001-01-01",
        );
        const told = violations.filter((v) => v.policy === "override-in-use");
        expect(told).toHaveLength(3);
        expect(told.every((v) => v.level === 0)).toBe(true);
      },
    ),
  );
});
