import { describe, expect, it } from "vitest";
import {
  analyze,
  ANSWERS,
  EXISTING,
  GATE,
  gate,
  names,
  plan,
  setLevels,
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
        "gcv-stays-warm",
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
        record: { status: "ok", record: { phase, waves: "", floor: "", digest: plan.digest, since: {} } },
      });
      const found = async (from: string, recorded: string) => {
        expect(await stack()).toEqual([]);
        const told = names(await analyze(pack, GATE, gate(from, "ttl-lowered", record(recorded))));
        expect(told.filter((name) => name !== "change-window")).toEqual(from === recorded ? [] : ["record-agrees"]);
        return names(await analyze(pack, TRUNK, narrow, ["properties"]));
      };
      expect(await found("canary", "canary")).toEqual([]);
      expect(await found("ttl-lowered", "ttl-lowered")).toEqual(["allowlist-covers-carrier"]);
      expect(await found("canary", "parallel")).toEqual(["allowlist-covers-carrier"]);
    }),
  );

  it(
    "keeps the levels on the way forward; on the way back an override that has ended stops nothing",
    withPack({ "cutover:phase": "ttl-lowered", "cutover:confirm": "levels" }, async (pack) => {
      await setLevels(pack, { "recording-kept": 0 });
      const record = (phase: string) => ({
        record: { status: "ok", record: { phase, waves: "", floor: "", digest: plan.digest, since: {} } },
      });
      const move = async (from: string, to: string) => {
        const stack = await analyze(pack, "pulumi:pulumi:Stack", {});
        const own = await analyze(pack, GATE, gate(from, to, record(from)));
        return [...stack, ...own].filter((v) => v.policy === "levels-kept").map((v) => v.message);
      };
      expect(await move("canary", "ttl-lowered")).toEqual([]);
      const [said, ...more] = await move("ttl-lowered", "canary");
      expect(said).toContain("seen recording-kept at level advisory");
      expect(more).toEqual([]);
      expect(await move("ttl-lowered", "ttl-lowered")).toHaveLength(1);
    }),
  );

  it(
    "knows a secret also where a stack makes trunk-secret-not-plain mandatory",
    withPack({ "cutover:confirm": "secret-level" }, async (pack) => {
      await setLevels(pack, { "trunk-secret-not-plain": 1 });
      expect(await analyze(pack, TRUNK, trunk(trunkText()), ["properties"])).toEqual([]);
      expect(names(await analyze(pack, TRUNK, trunk(trunkText(), false), ["properties"]))).toEqual([
        "trunk-secret-not-plain",
      ]);
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
          // Read by a clock of any zone, or by none: no end that everybody reads alike.
          "baseline-changes-nothing": { reason: "known", until: "01/02/2999 10:00" },
          "*": { reason: "all of them", until: "2999-01-01" },
          "licence-presnt": { reason: "misspelt", until: "2999-01-01" },
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
        expect(told).toHaveLength(6);
        expect(told.map((v) => v.message).join()).toContain(
          "licence-presnt is no policy, so nothing is set aside by it; the nearest name is licence-present",
        );
        expect(told.every((v) => v.level === 0)).toBe(true);
      },
    ),
  );
});
