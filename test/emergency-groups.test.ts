import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { diagnose } from "../daily/doctor/command";
import type { RunProbe } from "../daily/probes";
import type { ProbeDoc } from "../model/facts";
import { desiredState } from "../model/phases";
import { loadPlan } from "../model/plan";
import type { EmergencyGroup } from "../model/rules/emergencyGroups";
import type { Phase } from "../model/types";
import { runProbe } from "../probes/run";
import { judgeCall } from "../rehearsal/ledger";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import { EVACUATION } from "../sandbox/genesys/seed";
import { createWorld, type World } from "../sandbox/world";
import { declare } from "./pack/declare";

/** A customer's own emergency group: what the program declares beside it, what the doctor says of it, what the world plays of it. */

const planDir = "test/estates/hospital";
const plan = loadPlan(planDir);
const workDir = mkdtempSync(join(tmpdir(), "cutover-groups-"));
afterAll(() => rmSync(workDir, { recursive: true, force: true }));
const NAMED = ["Emergency desk", "Main line 0800"];
const evacuation = (...callRoutes: string[]): EmergencyGroup => ({
  name: EVACUATION,
  enabled: false,
  flows: [{ flow: EVACUATION, callRoutes }],
});

describe("the program", () => {
  const declared = (phase: Phase, groups: EmergencyGroup[]) =>
    declare(plan, desiredState(plan, phase, {}), { planDir, workDir: join(workDir, phase), floor: {}, groups });
  const one = async (phase: Phase, groups: EmergencyGroup[], type: RegExp) =>
    (await declared(phase, groups)).filter((d) => type.test(d.type)).map((d) => d.props);

  it("never declares the customer's group, and leaves its call routes out of the migration's own", async () => {
    const [standby, ...more] = await one("canary", [evacuation(...NAMED)], /ArchitectEmergencygroup$/);
    expect(more).toEqual([]);
    expect(standby).toMatchObject({
      name: "Cutover standby hospital",
      emergencyCallFlows: [{ ivrIds: ["ivr-Billing"] }],
    });
    const [all] = await one("canary", [evacuation("Billing", ...NAMED)], /ArchitectEmergencygroup$/);
    expect(all!.emergencyCallFlows).toEqual([]);
    const [none] = await one("canary", [], /ArchitectEmergencygroup$/);
    expect((none!.emergencyCallFlows as { ivrIds: string[] }[])[0]!.ivrIds).toHaveLength(3);
  });

  it("asks people for the BYOC call routes from canary on, for the same whether they are there or not", async () => {
    const requests = (phase: Phase, groups: EmergencyGroup[]) => one(phase, groups, /^gates:index:Request$/);
    expect(await requests("ttl-lowered", [evacuation(...NAMED)])).toEqual([]);
    const byoc = NAMED.map((n) => `${n} BYOC`);
    const asked = await requests("canary", [evacuation(...NAMED)]);
    expect(asked).toMatchObject([
      { kind: "emergency-group", groups: [{ group: EVACUATION, flow: EVACUATION, callRoutes: byoc }] },
    ]);
    expect(await requests("porting", [evacuation(...NAMED, ...byoc)])).toEqual(asked);
    expect(await requests("porting", [])).toEqual([]);
  });
});

describe("a world with an alarm", () => {
  const env = { ...process.env, ...SANDBOX_CREDENTIALS } as NodeJS.ProcessEnv;
  const probe: RunProbe = async (name, settings) =>
    (await runProbe(name, JSON.stringify(settings))) as unknown as ProbeDoc;
  let world: World;
  beforeAll(async () => {
    for (const [key, value] of Object.entries(SANDBOX_CREDENTIALS)) vi.stubEnv(key, value);
    world = await createWorld({ plan, seed: 1, mode: "auto", desk: join(workDir, "desk") });
  });
  afterAll(async () => {
    await world?.close();
    vi.unstubAllEnvs();
  });

  it("leads callers of the group's call routes to the alarm's queue, and others to their own; off again, all to their own", async () => {
    const control = async (path: string, body?: unknown) => {
      const method = body === undefined ? "GET" : "POST";
      const answer = await fetch(world.addresses().control + path, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
      return answer.json();
    };
    const queues = async (on: boolean) => {
      await control("/alarm", { on });
      const before = world.callers.records(0).next;
      world.callers.start({ perSecond: 40, talkMs: 50, mediaShare: 0, outboundPerSecond: 0, intruderPerSecond: 0 });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      world.callers.stop();
      await world.callers.drain();
      const calls = world.callers.records(before).records.filter((c) => c.answered);
      expect(calls.length).toBeGreaterThan(20);
      for (const c of calls) expect(c.heard.join(), c.number).toContain(`queue="${c.queueExpected}"`);
      return [...new Set(calls.map((c) => `${c.flow}: ${c.queueExpected}`))].sort();
    };
    const own = ["Billing: Billing", "Hospital main menu v3: Hospital main menu v3"];
    expect(await queues(false)).toEqual(own);
    expect(await queues(true)).toEqual(["Billing: Billing", `Hospital main menu v3: ${EVACUATION}`]);
    expect(await queues(false)).toEqual(own);
  });

  it("is closed at night: callers hear so, and a call route that lost its schedules shows as misrouted calls", async () => {
    const { ivrs } = world.store;
    const night = new Date("2026-06-02T23:30:00Z");
    await world.clock.jump(night);
    const placed = async () => {
      const before = world.callers.records(0).next;
      world.callers.start({ perSecond: 40, talkMs: 50, mediaShare: 0, outboundPerSecond: 0, intruderPerSecond: 0 });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      world.callers.stop();
      await world.callers.drain();
      const calls = world.callers.records(before).records.filter((c) => c.answered);
      const outcomes = calls.map(
        (c) => `${plan.numbers.find((n) => n.number === c.number)!.callRoute}: ${judgeCall(c, true).outcome}`,
      );
      return [...new Set(outcomes)].sort();
    };
    const right = ["Billing: answered", "Emergency desk: answered", "Main line 0800: answered"];
    expect(await placed()).toEqual(right);
    const { id, closedHoursFlow: _flow, scheduleGroup: _group, ...bare } = ivrs.ivrs.named("Main line 0800")!;
    ivrs.update(id, bare);
    expect(await placed()).toEqual([...right.slice(0, 2), "Main line 0800: misrouted"]);
  });

  it("the doctor names the group before there are BYOC call routes", async () => {
    const file = join(workDir, "world.json");
    writeFileSync(file, `${JSON.stringify(world.addresses())}\n`);
    const { findings } = await diagnose({ world: file, plan: planDir, env }, probe);
    expect(findings.find((f) => f.check === "emergency groups")).toMatchObject({
      status: "ok",
      seen: `${NAMED.join(", ")}: their BYOC call routes belong there too, which the phase canary asks for`,
    });
  });

  it("refuses to delete a call route that the group names, as long as it does", () => {
    const { ivrs } = world.store;
    const flow = world.store.flows.flows.named("Billing")!;
    const made = ivrs.create({ name: "Billing BYOC", dnis: [], openHoursFlow: { id: flow.id } }, true);
    world.store.operatorSeats(EVACUATION, EVACUATION, ["Billing BYOC"], true);
    expect(() => ivrs.remove(made.id)).toThrow(/emergency group 'Evacuation'/);
    world.store.operatorSeats(EVACUATION, EVACUATION, ["Billing BYOC"], false);
    ivrs.remove(made.id);
    expect(ivrs.ivrs.named("Billing BYOC")).toBeUndefined();
  });
});
