import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { discover } from "../daily/discover/command";
import { diagnose } from "../daily/doctor/command";
import { makePlan } from "../daily/plan/command";
import type { RunProbe } from "../daily/probes";
import { nextPositions, readStatus } from "../daily/status/read";
import { statusText } from "../daily/status/text";
import type { UserError } from "../model/errors";
import type { ProbeDoc } from "../model/facts";
import { loadPlan } from "../model/plan";
import { runProbe } from "../probes/run";
import { SANDBOX_CREDENTIALS, stackConfig } from "../rehearsal/stack";
import { createWorld, type World } from "../sandbox/world";

/** The daily verbs against the world of `meridian`: what they read is the sandbox's own APIs, servers and desks. */
const DEV = "stacks/dev";
const dir = mkdtempSync(join(tmpdir(), "cutover-daily-"));
const out = join(dir, "estate");
const config = join(dir, "Pulumi.dev.yaml");
const env = { ...process.env, ...SANDBOX_CREDENTIALS } as NodeJS.ProcessEnv;
let world: World;

/** The same probes in this process: the built program is tested by the gates. */
const probe: RunProbe = async (name, settings) =>
  (await runProbe(name, JSON.stringify(settings))) as unknown as ProbeDoc;

function settings() {
  const { genesys, clock, route53, cloudflare } = world.addresses();
  const url = new URL(genesys);
  return { gateways: [{ protocol: "http", host: url.hostname, port: url.port }], clock, route53, cloudflare };
}

function writeStack(phase: "baseline" | "parallel" | "canary", change: Record<string, string> = {}): void {
  const files = { name: "dev", dir, stateDir: dir, passphrase: "", trunkPassword: "" };
  const at = { phase, waves: {} };
  const values = stackConfig(files, at, world.addresses(), {
    planDir: DEV,
    adapter: "telnyx",
    confirm: false,
    region: "us-east-1",
  });
  writeFileSync(config, stringify({ config: { ...values, ...change } }));
}

beforeAll(async () => {
  for (const [key, value] of Object.entries(SANDBOX_CREDENTIALS)) vi.stubEnv(key, value);
  world = await createWorld({ plan: loadPlan(DEV), seed: 1, mode: "auto", desk: join(dir, "desk") });
});
afterAll(async () => {
  await world?.close();
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

describe("discover", () => {
  it("the estate equals stacks/dev in every column and key that an organisation and its DNS know", async () => {
    const estate = await discover({ out, settings: settings(), zones: [], records: [], force: false, env });
    expect(estate.counts).toEqual({ numbers: 2400, flows: 4, sites: 3, dns: 3 });
    expect(estate.notes).toEqual([]);
    const columns = (file: string) =>
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","))
        .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
    const [known, truth] = [columns(join(out, "numbers.csv")), columns(join(DEV, "numbers.csv"))];
    const pick = (rows: string[][]) => rows.map(([number, , kind, flow, site]) => [number, kind, flow, site]);
    expect(pick(known)).toEqual(pick(truth));
    // Wave, order and address are in no organisation: all of them are asked, none is guessed.
    expect(known.every(([, wave, , , , order, address]) => [wave, order, address].every((c) => c === "?"))).toBe(true);
  });

  it("reads only", () => {
    // Whatever the verbs above asked, no API was written to.
    expect(world.dns.route53.requests().writes + world.dns.cloudflare.requests().writes).toBe(0);
    expect(
      world.store.ivrs.ivrs
        .all()
        .map((i) => i.name)
        .sort(),
    ).toEqual(["Claims", "Main inbound", "Members", "Providers"]);
  });

  it("is refused as a plan until every question is answered, and is the same plan afterwards", () => {
    const problems = (() => {
      try {
        loadPlan(out);
      } catch (e) {
        return (e as UserError).problems;
      }
      return [];
    })();
    expect(problems.filter((p) => p.startsWith("numbers.csv"))).toHaveLength(3);
    expect(problems.every((p) => p.includes('seen "?"'))).toBe(true);

    const found = parse(readFileSync(join(out, "plan.yaml"), "utf8")) as Record<string, unknown>;
    const dev = parse(readFileSync(join(DEV, "plan.yaml"), "utf8")) as Record<string, unknown>;
    const byKey = (d: { provider: string; view: string }) => `${d.provider}/${d.view}`;
    const order = (dev.dns as { provider: string; view: string }[]).map(byKey);
    (found.dns as { provider: string; view: string }[]).sort(
      (a, b) => order.indexOf(byKey(a)) - order.indexOf(byKey(b)),
    );
    const answered = answer(found, dev) as Record<string, unknown>;
    // The two keys of the proposal that are the user's own choice.
    writeFileSync(
      join(out, "plan.yaml"),
      stringify({ ...answered, name: dev.name, limits: { ...(answered.limits as object), timezone: "UTC" } }),
    );
    for (const file of ["numbers.csv", "ports.csv"]) writeFileSync(join(out, file), readFileSync(join(DEV, file)));
    expect({ ...loadPlan(out), digest: "" }).toEqual({ ...loadPlan(DEV), digest: "" });
    expect(loadPlan(out).digest).toBe(loadPlan(DEV).digest);
  });

  it("does not overwrite answers", async () => {
    const again = discover({ out, settings: settings(), zones: [], records: [], force: false, env });
    await expect(again).rejects.toThrow(/answers would be lost/);
  });

  it("without credentials for DNS it says so; a site that nobody noted beside a range is asked", async () => {
    const pool = world.store.numbers.ordered()[0]!;
    const { comments } = pool;
    pool.comments = `${comments} and others`;
    const { AWS_ACCESS_KEY_ID: _a, CLOUDFLARE_API_TOKEN: _c, ...bare } = env;
    const told: string[] = [];
    const estate = await discover({
      out: join(dir, "bare"),
      settings: settings(),
      zones: [],
      records: [],
      force: false,
      env: bare,
      progress: (what, done, total) => told.push(`${what} ${done}/${total}`),
    });
    pool.comments = comments;
    expect(estate.notes).toHaveLength(2);
    expect(estate.plan).toContain("dns: []");
    expect(readFileSync(join(dir, "bare", "numbers.csv"), "utf8")).toContain(`${pool.startPhoneNumber},?,local,`);
    const size = Number(pool.endPhoneNumber.slice(1)) - Number(pool.startPhoneNumber.slice(1)) + 1;
    expect(estate.questions.find((q) => q.key === "site")!.rows).toBe(size);
    expect(told).toContain("IVRs 0/4");
  });

  it("settings that are not shown to the client are questions, and doctor does not call them well", async () => {
    const { store } = world;
    const role = store.access.roles.all().find((r) => r.name === "Master Admin")!;
    const kept = role.permissionPolicies;
    const domains = [
      "telephony",
      "routing",
      "architect",
      "authorization",
      "oauth",
      "directory",
      "analytics",
      "conversation",
    ];
    const all = domains.map((domain) => ({ domain, entityName: "*", actionSet: ["*"] }));
    store.access.updateRole(role.id, { ...role, permissionPolicies: all });
    const where = { settings: settings(), zones: [], records: [], force: true, env };
    const estate = await discover({ ...where, out: join(dir, "unseen") });
    writeStack("baseline");
    const { findings } = await diagnose({ stack: "dev", config, env }, probe);
    store.access.updateRole(role.id, { ...role, permissionPolicies: kept });
    expect(estate.questions.map((q) => q.key)).toEqual(
      expect.arrayContaining(["gcv.recording", "gcv.callerIdPriority"]),
    );
    expect(findings.find((f) => f.check === "gcv trunk")).toMatchObject({
      status: "warn",
      seen: expect.stringContaining("not shown to this client"),
    });
  });
});

/** `found` with each question answered by what `truth` has in its place; a list of one question by the whole list. */
function answer(found: unknown, truth: unknown): unknown {
  if (found === "?" || (Array.isArray(found) && found.length === 1 && found[0] === "?")) return truth;
  if (Array.isArray(found)) return found.map((v, i) => answer(v, (truth as unknown[] | undefined)?.[i]));
  if (found === null || typeof found !== "object") return found;
  return Object.fromEntries(
    Object.entries(found).map(([k, v]) => [k, answer(v, (truth as Record<string, unknown> | undefined)?.[k])]),
  );
}

describe("doctor", () => {
  const check = async (args: Partial<Parameters<typeof diagnose>[0]> = {}) => {
    const { findings, ok } = await diagnose({ stack: "dev", config, env, ...args }, probe);
    return { ok, of: (name: string) => findings.find((f) => f.check === name), findings };
  };

  it("a world as it should be has no failure", async () => {
    writeStack("baseline");
    const { ok, findings } = await check();
    expect(findings.filter((f) => f.status === "fail" || f.status === "warn")).toEqual([]);
    expect(ok).toBe(true);
    expect(findings.length).toBeGreaterThan(20);
  });

  it("each thing that is broken is named with its cure", async () => {
    const { store } = world;
    const role = store.access.roles.all().find((r) => r.name === "Master Admin")!;
    const kept = role.permissionPolicies;
    store.access.updateRole(role.id, {
      ...role,
      permissionPolicies: [
        { domain: "telephony", entityName: "*", actionSet: ["*"] },
        { domain: "routing", entityName: "*", actionSet: ["*"] },
      ],
    });
    const members = store.ivrs.ivrs.all().find((i) => i.name === "Members")!;
    const [gone] = members.dnis;
    store.ivrs.update(members.id, { ...members, dnis: members.dnis.slice(1) });
    const { ok, of } = await check();
    store.access.updateRole(role.id, { ...role, permissionPolicies: kept });
    store.ivrs.update(members.id, { ...store.ivrs.ivrs.get(members.id), dnis: members.dnis });
    expect(ok).toBe(false);
    expect(of("permissions-granted")).toMatchObject({
      status: "fail",
      seen: expect.stringContaining("architect:datatable:add"),
    });
    expect(of("numbers")).toMatchObject({ status: "warn", seen: expect.stringContaining(`${gone} (no IVR)`) });
  });

  it("a client without any right of telephony costs the other findings nothing", async () => {
    const role = world.store.access.roles.all().find((r) => r.name === "Master Admin")!;
    const kept = role.permissionPolicies;
    const some = [{ domain: "architect", entityName: "*", actionSet: ["*"] }];
    world.store.access.updateRole(role.id, { ...role, permissionPolicies: some });
    const { of } = await check();
    world.store.access.updateRole(role.id, { ...role, permissionPolicies: kept });
    expect(of("questions")).toMatchObject({
      status: "fail",
      seen: expect.stringMatching(/trunkbasesettings answered 403/),
    });
    expect(of("permissions-granted")).toMatchObject({ status: "fail" });
    expect(of("resolvers")?.status).toBe("ok");
  });

  it("wrong credentials, silent resolvers and a missing key do not hide the other findings", async () => {
    writeStack("baseline", {
      "cutover:resolvers": JSON.stringify([{ name: "dead", address: "127.0.0.9:1", view: "public" }]),
    });
    const { TELNYX_API_KEY: _t, ...bare } = env;
    const { of } = await check({ env: { ...bare, GENESYSCLOUD_OAUTHCLIENT_SECRET: "wrong" } });
    writeStack("baseline");
    expect(of("genesys api")).toMatchObject({
      status: "fail",
      seen: expect.stringContaining("refuses the OAuth client"),
    });
    expect(of("credentials carrier")).toMatchObject({ status: "fail", cure: "set TELNYX_API_KEY in the environment" });
    expect(of("resolvers")?.status).toBe("fail");
    expect(of("dns api cloudflare")?.status).toBe("ok");
  });
});

describe("plan", () => {
  const plan = (args: Partial<Parameters<typeof makePlan>[0]> = {}) =>
    makePlan({ stack: "dev", config, ...args }, probe);

  it("from no record to baseline: every gate passes on evidence of the world, and it may be merged", async () => {
    writeStack("baseline");
    const { markdown, mergeable, why } = await plan();
    expect(why).toEqual([]);
    expect(mergeable).toBe(true);
    expect(markdown).toContain('| organisation-answers | organisation "Meridian Ltd"');
    expect(markdown).toContain(" s of 30 min | ✅ passed |");
    expect(markdown).toContain("in the last 24 full hours: 0");
  });

  it("a jump over phases may not be merged, and says which comes first", async () => {
    const { mergeable, why } = await plan({ to: "canary" });
    expect(mergeable).toBe(false);
    expect(why[0]).toMatch(/starts at baseline/);
  });

  it("an organisation that does not answer is never a fresh stack", async () => {
    vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_SECRET", "wrong");
    const { mergeable, why, markdown } = await plan();
    vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_SECRET", SANDBOX_CREDENTIALS.GENESYSCLOUD_OAUTHCLIENT_SECRET);
    expect(mergeable).toBe(false);
    expect(why[0]).toMatch(/phase record could not be read/);
    expect(markdown).toMatch(/Calls at risk\n\nNot known/);
  });

  it("counts the calls of each hour by the organisation's own records", async () => {
    const hour = Math.floor(world.clock.now().getTime() / 3_600_000) * 3_600_000;
    for (const [n, minutes] of [
      ["1", 10],
      ["2", 20],
      ["3", 70],
    ] as const) {
      const start = new Date(hour - minutes * 60_000);
      world.store.record({
        id: `00000000-0000-4000-8000-${n.padStart(12, "0")}`,
        direction: "inbound",
        path: "gcv",
        trunkId: null,
        ani: "+13105550001",
        dnis: "+12122270846",
        start,
        end: new Date(start.getTime() + 30_000),
        answeredAt: start,
        flowName: "Claims",
        queue: "Claims",
        recorded: true,
        sipResponseCodes: [200],
        disconnectType: "client",
      });
    }
    const { markdown } = await plan();
    expect(markdown).toContain("in the last 24 full hours: 3");
    const rows = [...markdown.matchAll(/^\| (\d\d:00) \| (\d+) \|/gm)].map((m) => Number(m[2]));
    expect(rows).toHaveLength(24);
    expect(rows.slice(-2)).toEqual([1, 2]);
  });
});

describe("status", () => {
  it("a stack that has not begun: what baseline waits for, nothing for people, calls on the old path", async () => {
    writeStack("baseline");
    const status = await readStatus({ stack: "dev", config }, probe);
    expect(status).toMatchObject({
      position: "no record yet",
      orders: [],
      requests: [],
      next: [{ to: "baseline", waiting: [], atTheStep: [] }],
    });
    // Three calls of the tests above, all of them today's.
    expect(status.traffic).toMatchObject({
      complete: true,
      gcv: { calls: 3, failed: 0 },
      byoc: { calls: 0 },
      canaried: 0,
    });
    expect(statusText(status)).toContain("next     baseline: ready");
  });

  it("an open request is told with its exact numbers until it is answered", async () => {
    const { desk } = world.addresses();
    const at = new Date(world.clock.now().getTime() - 7200_000).toISOString();
    const request = {
      id: "note-x-1",
      kind: "note",
      subject: "x",
      at,
      by: "t",
      ranges: [{ from: "+12122270846", to: "+12122270848" }],
    };
    mkdirSync(join(desk, "requests"), { recursive: true });
    writeFileSync(join(desk, "requests", "note-x-1.json"), JSON.stringify(request));
    expect(statusText(await readStatus({ stack: "dev", config }, probe))).toMatch(
      /people {3}note x \(note-x-1\), open for 2 h, 3 numbers: \+12122270846/,
    );
    mkdirSync(join(desk, "confirmations"), { recursive: true });
    writeFileSync(join(desk, "confirmations", "note-x-1.json"), JSON.stringify({ id: "note-x-1", at, status: "done" }));
    expect(statusText(await readStatus({ stack: "dev", config }, probe))).toContain("people   nothing to do");
  });

  it("next steps: the next phase, then each part's own step, then complete", () => {
    const plan = loadPlan(DEV);
    expect(nextPositions(plan, { phase: "porting", waves: {} })).toEqual([{ phase: "cutover", waves: {} }]);
    const inside = nextPositions(plan, { phase: "cutover", waves: { w1: "released", w3: "adopted" } });
    expect(inside[0]).toEqual({ phase: "cutover", waves: { w1: "adopted", w3: "adopted" } });
    expect(inside).toHaveLength(plan.parts.length - 1);
    const all = Object.fromEntries(plan.parts.map((p) => [p.id, "adopted" as const]));
    expect(nextPositions(plan, { phase: "cutover", waves: all })).toEqual([{ phase: "complete", waves: all }]);
    expect(nextPositions(plan, { phase: "complete", waves: all })).toEqual([]);
  });
});
