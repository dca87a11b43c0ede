import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { discover } from "../daily/discover/command";
import { diagnose } from "../daily/doctor/command";
import { makePlan } from "../daily/plan/command";
import type { RunProbe } from "../daily/probes";
import type { ProbeDoc } from "../model/facts";
import { loadPlan } from "../model/plan";
import { runProbe } from "../probes/run";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import { createWorld, type World } from "../sandbox/world";

/** The daily verbs in an organisation whose call routes have other names than their flows; two of them open one flow. */
const HOSPITAL = "test/estates/hospital";
const dir = mkdtempSync(join(tmpdir(), "cutover-hospital-"));
const env = { ...process.env, ...SANDBOX_CREDENTIALS } as NodeJS.ProcessEnv;
const probe: RunProbe = async (name, settings) =>
  (await runProbe(name, JSON.stringify(settings))) as unknown as ProbeDoc;
let world: World;

beforeAll(async () => {
  for (const [key, value] of Object.entries(SANDBOX_CREDENTIALS)) vi.stubEnv(key, value);
  world = await createWorld({ plan: loadPlan(HOSPITAL), seed: 1, mode: "auto", desk: join(dir, "desk") });
});
afterAll(async () => {
  await world?.close();
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

it("discover tells call route and flow of each number, and that the hours are kept", async () => {
  const { genesys, clock, route53, cloudflare } = world.addresses();
  const url = new URL(genesys);
  const settings = { gateways: [{ protocol: "http", host: url.hostname, port: url.port }], clock, route53, cloudflare };
  const out = join(dir, "estate");
  const estate = await discover({ out, settings, zones: [], records: [], force: false, env });
  const found = readFileSync(join(out, "numbers.csv"), "utf8").trim().split("\n");
  expect(found[0]).toBe("number,wave,kind,flow,site,port_order,emergency_address,call_route");
  const routes = found.slice(1).map((row) => {
    const [number, , , flow, , , , callRoute] = row.split(",");
    return { number, flow, callRoute };
  });
  const planned = loadPlan(HOSPITAL).numbers.map(({ number, flow, callRoute }) => ({ number, flow, callRoute }));
  expect(routes.sort((a, b) => (a.number! < b.number! ? -1 : 1))).toEqual(planned);
  expect(estate.counts).toMatchObject({ numbers: 15, flows: 2 });
  expect(estate.notes.filter((n) => n.includes("kept, and its BYOC call route gets them too"))).toHaveLength(2);
});

it("doctor finds each call route with its flow, and tells one that runs another", async () => {
  const file = join(dir, "world.json");
  writeFileSync(file, `${JSON.stringify(world.addresses())}\n`);
  const look = async (check: string) => {
    const { findings } = await diagnose({ world: file, plan: HOSPITAL, env }, probe);
    return findings.find((f) => f.check === check);
  };
  expect(await look("IVRs")).toMatchObject({ status: "ok" });
  expect(await look("flows")).toMatchObject({ status: "ok", seen: "each IVR runs its flow" });
  expect(await look("numbers")).toMatchObject({ status: "ok" });
  const { ivrs, flows } = world.store;
  const { id, ...desk } = ivrs.ivrs.named("Emergency desk")!;
  ivrs.update(id, { ...desk, openHoursFlow: { id: flows.flows.named("Billing")!.id } });
  expect(await look("flows")).toMatchObject({
    status: "warn",
    seen: "Emergency desk runs Billing, the plan says Hospital main menu v3",
  });
  ivrs.update(id, { ...desk, version: undefined });
});

it("the plan comment names call routes with the flows they open", async () => {
  const { markdown } = await makePlan({ plan: HOSPITAL, waves: "w2=live" }, probe);
  expect(markdown).toContain(
    "| Clinic | 6 | Emergency desk -> Hospital main menu v3, Main line 0800 -> Hospital main menu v3 |",
  );
});
