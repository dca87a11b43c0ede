import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../evidence";
import { loadPlan } from "../plan";
import { goodFacts } from "../testing";
import type { Position } from "../types";
import {
  byocSeats,
  type EmergencyGroup,
  groupedCallRoutes,
  partedByEmergency,
  standbyGroupName,
} from "./emergencyGroups";

const plan = loadPlan(join(__dirname, "../../test/estates/hospital"));
const at = (phase: Position["phase"], waves: Position["waves"] = {}): Position => ({ phase, waves });
const group = (flows: EmergencyGroup["flows"], name = "Evacuation"): EmergencyGroup => ({
  name,
  enabled: false,
  flows,
});
const flow = (name: string, ...callRoutes: string[]) => ({ flow: name, callRoutes });
const parted = (...groups: EmergencyGroup[]) => partedByEmergency(plan, at("porting"), groups);

describe("the customer's emergency groups", () => {
  it("want the BYOC call route beside each of the plan's, in the same group with the same flow", () => {
    expect(parted(group([flow("Alarm", "Main line 0800")]))).toEqual([
      "Evacuation does not send Main line 0800 BYOC to Alarm",
    ]);
    expect(parted(group([flow("Alarm", "Main line 0800", "Main line 0800 BYOC")]))).toEqual([]);
    const elsewhere = group([flow("Alarm", "Main line 0800"), flow("Other", "Main line 0800 BYOC")]);
    expect(parted(elsewhere)).toEqual([
      "Evacuation does not send Main line 0800 BYOC to Alarm",
      "Evacuation sends Main line 0800 BYOC to Other, and not the call route beside it",
    ]);
  });

  it("say nothing of call routes that are not the plan's, nor does the migration's own group", () => {
    const others = group([flow("Alarm", "Porter's lodge", "Porter's lodge BYOC")]);
    const own = group([flow("Standby", "Main line 0800", "Billing")], standbyGroupName(plan));
    expect(parted(others, own)).toEqual([]);
    expect(byocSeats(plan, [others, own])).toEqual([]);
    expect([...groupedCallRoutes(plan, [others, own])]).toEqual([]);
  });

  it("may leave a call route out once nothing of it comes in on GCV", () => {
    const alone = group([flow("Alarm", "Billing BYOC")]);
    expect(partedByEmergency(plan, at("cutover", { w1: "live" }), [alone])).toHaveLength(1);
    expect(partedByEmergency(plan, at("cutover", { w1: "released" }), [alone])).toEqual([]);
  });

  it("are asked for the same, whoever has seen to it already", () => {
    const before = group([flow("Alarm", "Main line 0800", "Billing")]);
    const after = group([flow("Alarm", "Billing", "Main line 0800", "Main line 0800 BYOC", "Billing BYOC")]);
    const seats = [{ group: "Evacuation", flow: "Alarm", callRoutes: ["Billing BYOC", "Main line 0800 BYOC"] }];
    expect(byocSeats(plan, [before])).toEqual(seats);
    expect(byocSeats(plan, [after])).toEqual(seats);
  });
});

describe("emergency-groups-kept", () => {
  const now = new Date("2026-05-04T10:00:00Z");
  const moves: [Position, Position][] = [
    [at("canary"), at("porting")],
    [at("cutover"), at("cutover", { w1: "live" })],
    [at("cutover", { w1: "live" }), at("cutover", { w1: "released" })],
    [at("cutover", { w1: "released" }), at("cutover", { w1: "adopted" })],
  ];
  const verdict = (from: Position, to: Position, groups: EmergencyGroup[] | undefined) => {
    const facts = goodFacts(plan, from, to, now);
    facts.record!.emergencyGroups = groups;
    return judge(plan, from, to, facts, now, "emergency-groups-kept")[0];
  };

  it.each(moves)("stops the way from %o to %o until the group holds both, and says who is missing", (from, to) => {
    const both = group([flow("Alarm", "Main line 0800", "Main line 0800 BYOC")]);
    expect(verdict(from, to, [both])).toMatchObject({
      status: "passed",
      seen: "1 of the plan's call routes in emergency groups, on both paths",
    });
    expect(verdict(from, to, [])).toMatchObject({ status: "passed" });
    expect(verdict(from, to, [group([flow("Alarm", "Main line 0800")])])).toMatchObject({
      status: "failed",
      seen: "Evacuation does not send Main line 0800 BYOC to Alarm",
    });
    expect(verdict(from, to, undefined)).toMatchObject({ status: "inconclusive" });
  });

  it.each<[string, unknown]>([
    ["no name", { ...group([]), name: "" }],
    ["no flows", { ...group([]), flows: null }],
    ["a flow of no name", group([flow("", "Main line 0800")])],
    ["no call routes", group([{ flow: "Alarm" } as never])],
    ["a call route of no name", group([flow("Alarm", null as never)])],
    ["nothing", null],
  ])("takes a group with %s for none that is known", (_, told) => {
    const [from, to] = moves[0]!;
    expect(verdict(from, to, [told as EmergencyGroup])).toMatchObject({ status: "inconclusive" });
  });

  it("is not asked before calls come to the BYOC call routes, nor on a way back", () => {
    expect(judge(plan, at("ttl-lowered"), at("canary"), {}, now, "emergency-groups-kept")).toEqual([]);
    expect(judge(plan, at("porting"), at("canary"), {}, now, "emergency-groups-kept")).toEqual([]);
  });
});
