import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Facts } from "../model/facts";
import { hoursDifference } from "../model/hours";
import { desiredState } from "../model/phases";
import { loadPlan } from "../model/plan";
import { goodFacts, hoursOf } from "../model/testing";
import type { Phase, Position } from "../model/types";
import { askPack, configure } from "./pack/ask";
import { type Declared, declare } from "./pack/declare";

/** What the program declares of a call route's hours, and what the pack says when they are not what they are to be. */

const planDir = "test/estates/hospital";
const plan = loadPlan(planDir);
const workDir = mkdtempSync(join(tmpdir(), "cutover-hours-"));
afterAll(() => rmSync(workDir, { recursive: true, force: true }));
const IVR = "genesyscloud:index/architectIvr:ArchitectIvr";
const JUDGES = ["one-live-path", "baseline-changes-nothing", "never-replaced"];

const declared = (phase: Phase) =>
  declare(plan, desiredState(plan, phase, {}), { planDir, workDir: join(workDir, phase), floor: {} });
const ivrNamed = (all: readonly Declared[], name: string) =>
  all.find((d) => d.type === IVR && d.props.name === name)!.props;

/** The stack at `phase` with the evidence of a first adoption, as the pack judges it. */
async function packSays(
  phase: Phase,
  change: (resources: Declared[]) => void,
  read: (facts: Facts) => void = () => {},
): Promise<string[]> {
  const resources = await declared(phase);
  change(resources);
  const [from, to]: Position[] = [
    { phase: "none", waves: {} },
    { phase: "baseline", waves: {} },
  ];
  const facts = goodFacts(plan, from!, to!, new Date());
  read(facts);
  // A position that stays is judged by its resources alone.
  const at = { phase, waves: {} };
  const props = { name: "gate", from: at, to: at, digest: plan.digest, plan: planDir, settings: {}, facts };
  const gate = { ...resources[0]!, type: "gates:index:Gate", name: "gate", urn: "urn:gate", props };
  configure({ plan: planDir, phase, waves: "", workDir: join(workDir, phase), trunkPassword: "digest-secret" });
  const reports = await askPack([gate, ...resources], (policy) => JUDGES.includes(policy));
  return reports.map((r) => `${r.policy}: ${r.message}`);
}

describe("the hours of call routes", () => {
  it("are declared as they stand, on the existing call route and on its BYOC one", async () => {
    const all = await declared("parallel");
    const routes = plan.numbers.map((n) => n.callRoute);
    // The test's organisation has call routes with hours and without.
    expect(new Set(routes.map((r) => Object.keys(hoursOf(r)).length)).size).toBe(2);
    for (const name of new Set(routes)) {
      expect(ivrNamed(all, name)).toMatchObject(hoursOf(name));
      expect(hoursDifference(ivrNamed(all, name), hoursOf(name))).toEqual([]);
      expect(hoursDifference(ivrNamed(all, `${name} BYOC`), hoursOf(name))).toEqual([]);
    }
  });

  it("are no finding as they are", async () => {
    expect(await packSays("baseline", () => {})).toEqual([]);
    expect(await packSays("parallel", () => {})).toEqual([]);
  });

  it("changed by hand at Genesys reach the BYOC call route with the next up: that is no finding", async () => {
    const name = plan.numbers.map((n) => n.callRoute).find((r) => hoursOf(r).scheduleGroupId)!;
    const found = await packSays(
      "parallel",
      () => {},
      (facts) => {
        const ivrs = facts.record!.existing!.ivrs;
        const { flow } = ivrs.find((i) => i.name === name)!;
        ivrs.push({ name: `${name} BYOC`, ranges: [], flow, hours: { ...hoursOf(name), scheduleGroupId: "before" } });
      },
    );
    expect(found).toEqual([]);
  });

  it("left out at the adoption, or added to a call route that has none, are a finding", async () => {
    const name = plan.numbers.map((n) => n.callRoute).find((r) => hoursOf(r).scheduleGroupId)!;
    const bare = plan.numbers.map((n) => n.callRoute).find((r) => !hoursOf(r).scheduleGroupId)!;
    const found = await packSays("baseline", (all) => {
      delete ivrNamed(all, name).closedHoursFlowId;
      delete ivrNamed(all, name).scheduleGroupId;
      ivrNamed(all, bare).holidayHoursFlowId = "holiday";
    });
    expect(found.sort()).toEqual([
      expect.stringMatching(new RegExp(`^baseline-changes-nothing: .*${bare} with another holiday flow than it has`)),
      expect.stringMatching(
        new RegExp(`^baseline-changes-nothing: .*${name} with another closed-hours flow, schedule group than it has`),
      ),
    ]);
  });

  it("that differ between the two paths are a finding", async () => {
    const name = plan.numbers.map((n) => n.callRoute).find((r) => hoursOf(r).scheduleGroupId)!;
    const found = await packSays("parallel", (all) => {
      ivrNamed(all, `${name} BYOC`).scheduleGroupId = "somebody's hours";
    });
    expect(found).toEqual([
      expect.stringMatching(
        new RegExp(`^one-live-path: .*call routes ${name} and ${name} BYOC with different schedule group`),
      ),
    ]);
  });
});
