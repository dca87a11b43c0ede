import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { diagnose, writeAnswers } from "../daily/doctor/command";
import type { RunProbe } from "../daily/probes";
import { FINDINGS } from "../model/findings";
import { loadPlan } from "../model/plan";
import type { ProbeDoc } from "../model/facts";
import { runProbe } from "../probes/run";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import { createWorld, type World } from "../sandbox/world";

/** The open questions about an organisation, asked of worlds that answer them differently. */
const probe: RunProbe = async (name, settings) =>
  (await runProbe(name, JSON.stringify(settings))) as unknown as ProbeDoc;
const env = { ...process.env, ...SANDBOX_CREDENTIALS } as NodeJS.ProcessEnv;

describe.each(["org-wide", "by-pool"] as const)("an organisation that matches numbers %s", (matching) => {
  const dir = mkdtempSync(join(tmpdir(), "cutover-doctor-"));
  const estate = join(dir, "estate");
  const file = join(dir, "world.json");
  let world: World;
  beforeAll(async () => {
    for (const [key, value] of Object.entries(SANDBOX_CREDENTIALS)) vi.stubEnv(key, value);
    cpSync("test/estates/guide", estate, { recursive: true });
    const plan = loadPlan(estate);
    world = await createWorld({ plan, seed: 1, mode: "auto", desk: join(dir, "desk"), matching });
    writeFileSync(file, `${JSON.stringify(world.addresses())}\n`);
  });
  afterAll(async () => {
    await world?.close();
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true, force: true });
  });

  const look = (testCalls: boolean, probeWrites: boolean) =>
    diagnose({ world: file, plan: estate, env, may: { testCalls, probeWrites } }, probe);
  const writes = () => world.dns.route53.requests().writes;

  it("before the trunk is there: what can be read is answered, nothing is written, the rest says what it needs", async () => {
    const { findings, answers } = await look(false, false);
    expect(Object.keys(answers)).toEqual(["trunkTemplate"]);
    const of = (check: string) => findings.find((f) => f.check === check);
    expect(of("question inboundMatching")).toMatchObject({ status: "skip", seen: expect.stringContaining("parallel") });
    expect(of("dns write route53 guide.example")).toMatchObject({ status: "skip" });
    expect(writes()).toBe(0);
  });

  it("a page or a document of something else at the API's address is never an organisation that answers", async () => {
    for (const body of ["<html>sign in</html>", "{}", "[]", "null", ""]) {
      const portal = createServer((req, res) => {
        req.resume();
        res.end(req.url?.includes("/oauth/") ? '{"access_token":"t","expires_in":3600}' : body);
      });
      await new Promise<void>((up) => portal.listen(0, "127.0.0.1", up));
      const genesys = `http://127.0.0.1:${(portal.address() as AddressInfo).port}`;
      const other = join(dir, "portal.json");
      writeFileSync(other, `${JSON.stringify({ ...world.addresses(), genesys })}\n`);
      const may = { testCalls: false, probeWrites: false };
      const { findings } = await diagnose({ world: other, plan: estate, env, may }, probe);
      expect(findings.find((f) => f.check === "genesys api")?.status, body).toBe("fail");
      expect(JSON.stringify(findings)).not.toMatch(/undefined|\[object/);
      await new Promise((down) => portal.close(down));
    }
  });

  it("a provider that serves the zone and that the plan does not know is told", async () => {
    expect((await look(false, false)).findings.find((f) => f.check === "resolvers")?.status).toBe("ok");
    const addresses = world.addresses();
    const twice = { ...addresses, dns: [...addresses.dns, { ...addresses.dns[0]!, provider: "cloudflare" }] };
    const other = join(dir, "two-providers.json");
    writeFileSync(other, `${JSON.stringify(twice)}\n`);
    const may = { testCalls: false, probeWrites: false };
    const { findings } = await diagnose({ world: other, plan: estate, env, may }, probe);
    expect(findings.find((f) => f.check === "resolvers")).toMatchObject({
      status: "fail",
      seen: expect.stringMatching(/^ns:cloudflare:public:.* serves sip\.guide\.example too/),
    });
  });

  it("with leave to write: the zone takes a record and gives it back, a pool keeps or changes its provider", async () => {
    const pools = () => JSON.stringify(world.store.numbers.pools.all().map((p) => [p.startPhoneNumber, p.provider]));
    const before = pools();
    const { findings, answers } = await look(false, true);
    expect(findings.filter((f) => f.status === "fail")).toEqual([]);
    expect(findings.find((f) => f.check === "dns write route53 guide.example")?.status).toBe("ok");
    expect(writes()).toBe(2);
    expect(answers.poolProviderChange?.answer).toMatch(/^(yes|no)$/);
    expect(pools()).toBe(before);
  });

  it("with the trunk there: a test call tells the matching, and the plan keeps the answers and its digest", async () => {
    const plan = loadPlan(estate);
    world.store.trunks.create({
      name: plan.trunk.name,
      trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json" },
      trunkType: "EXTERNAL",
      inboundSite: { id: world.store.sites.sites.all().find((s) => !s.managed)!.id },
      properties: {
        trunk_type: { value: { instance: "external.pcv.byoc.carrier" } },
        trunk_enabled: { value: { instance: true } },
        trunk_transport_serverProxyList: { value: { instance: [`${plan.carrier.sipDomain}:5061`] } },
        trunk_transport_protocolVariant: { value: { instance: "tls" } },
        trunk_sip_termination_uri: { value: { instance: plan.trunk.terminationId } },
        trunk_access_acl_allowList: { value: { instance: plan.trunk.allowlist } },
        trunk_media_codec: { value: { instance: ["audio/pcmu", "audio/pcma"] } },
        trunk_media_srtpCipherSuites: { value: { instance: plan.trunk.srtpCipherSuites } },
      },
    });
    const [spare] = plan.carrier.testNumbers;
    world.store.numbers.create({ startPhoneNumber: spare, endPhoneNumber: spare, provider: "PURE_CLOUD" });
    const { answers, findings } = await look(true, true);
    expect(answers.emptyDnisClears?.answer).toMatch(/^(yes|no)$/);
    expect(findings.filter((f) => f.check.startsWith("question") && f.status === "fail")).toEqual([]);
    expect(
      answers.inboundMatching?.answer,
      JSON.stringify(findings.filter((f) => f.check.startsWith("question"))),
    ).toBe(matching);
    expect(Object.keys(answers).sort()).toEqual(expect.arrayContaining(["mixedOutboundRoute", "trunkStatusFilled"]));
    const text = readFileSync(join(estate, "plan.yaml"), "utf8");
    writeAnswers(estate, answers);
    const after = loadPlan(estate);
    expect(readFileSync(join(estate, "plan.yaml"), "utf8").startsWith(text)).toBe(true);
    expect(after.digest).toBe(plan.digest);
    expect(after.findings?.inboundMatching?.answer).toBe(matching);
    // Written once more, an answer replaces the one before.
    writeAnswers(estate, { inboundMatching: { answer: "x", at: "2026-01-01T00:00:00Z", how: "again" } });
    expect(loadPlan(estate).findings?.inboundMatching?.answer).toBe("x");
    expect(FINDINGS).toContain("emptyDnisClears");
  }, 60_000);
});
