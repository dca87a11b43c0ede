import type { SipDoc, TestAsk } from "../../model/facts";
import { planCallRoutes } from "../../model/phases";
import { FINDINGS, type Finding as Answer, type FindingName } from "../../model/findings";
import { trunkHost } from "../../model/regions";
import type { Plan } from "../../model/types";
import { type Entity, GenesysClient } from "../../providers/genesyscloud/client";
import { clockFrom } from "../../providers/lib/clock";
import { HttpError } from "../../providers/lib/http";
import type { RunProbe } from "../probes";
import { probeSettings, type StackSettings } from "../settings";
import { fail, type Finding, ok, skip } from "./check";

/** What the doctor may do beyond reading. */
export interface Permissions {
  /** Place test calls to one number of the plan, which ring where its flow leads. */
  testCalls: boolean;
  /** Make and remove objects of its own, on spare numbers and under names of its own. */
  probeWrites: boolean;
}

export type Answers = Partial<Record<FindingName, Answer>>;

interface Asked {
  plan: Plan;
  settings: StackSettings;
  client: GenesysClient;
  probe: RunProbe;
  may: Permissions;
  /** The BYOC trunk's base settings, once the stack has made them. */
  trunk?: Entity;
}

type Found = { answer: string; how: string } | { unknown: string; cure: string };

const EDGES = "/api/v2/telephony/providers/edges";
const METABASE = "external_sip_pcv_byoc_carrier.json";
const NEEDS_TRUNK = { unknown: "the BYOC trunk is not there yet", cure: "ask again from parallel on" };
const needsFlag = (flag: string, what: string) => ({ unknown: `not tried: ${what}`, cure: `ask with ${flag}` });

async function all(client: GenesysClient, path: string, query: Record<string, string> = {}): Promise<Entity[]> {
  const rows: Entity[] = [];
  for await (const row of client.list(path, query)) rows.push(row);
  return rows;
}

const ASK: Record<FindingName, (o: Asked) => Promise<Found>> = {
  inboundMatching,
  poolProviderChange,
  trunkTemplate,
  mixedOutboundRoute,
  emptyDnisClears,
  trunkStatusFilled,
};

/** How this organisation answers what no document tells (facts of the platform, open questions); each line stands for itself. */
export async function openQuestions(
  plan: Plan,
  settings: StackSettings,
  env: NodeJS.ProcessEnv,
  probe: RunProbe,
  may: Permissions,
): Promise<{ findings: Finding[]; answers: Answers }> {
  const clock = clockFrom(settings.clock);
  const client = new GenesysClient({
    gateways: settings.gateways,
    awsRegion: settings.region ?? plan.organisation.region,
    clock,
    steeredClock: settings.clock !== undefined,
    signal: new AbortController().signal,
    env,
  });
  let trunks: Entity[];
  try {
    trunks = await all(client, `${EDGES}/trunkbasesettings`, { name: plan.trunk.name, expand: "properties" });
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return {
      findings: [fail("questions", error.message, "give the client the rights of the plan and ask again")],
      answers: {},
    };
  }
  const asked: Asked = { plan, settings, client, probe, may, trunk: trunks.find((t) => t.name === plan.trunk.name) };
  const findings: Finding[] = [];
  const answers: Answers = {};
  // One after another: they share objects, and the last ones clean up what they made.
  for (const name of FINDINGS) {
    const check = `question ${name}`;
    try {
      const found = await ASK[name](asked);
      if ("unknown" in found) findings.push(known(plan, name) ?? skip(check, `${found.unknown}; ${found.cure}`));
      else {
        answers[name] = { ...found, at: (await clock.now()).toISOString() };
        findings.push(ok(check, `${found.answer} (${found.how})`));
      }
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const cure = "look whether an object named Cutover doctor was left behind, and ask again";
      findings.push(fail(check, error.message, cure));
    }
  }
  return { findings, answers };
}

/** What an earlier doctor wrote into the plan stands until a new answer. */
function known(plan: Plan, name: FindingName): Finding | undefined {
  const before = plan.findings?.[name];
  return before && skip(`question ${name}`, `${before.answer}, answered ${before.at} (${before.how})`);
}

/** A GCV number dialled at the BYOC trunk's own name: does it ring there by itself? */
async function inboundMatching({ plan, settings, probe, may, client, trunk }: Asked): Promise<Found> {
  if (!trunk) return NEEDS_TRUNK;
  if (!may.testCalls) return needsFlag("--test-calls", "a test call would ring in a queue");
  const bound = new Set((await all(client, "/api/v2/architect/ivrs")).flatMap((i) => (i.dnis as string[]) ?? []));
  const pools = await all(client, `${EDGES}/didpools`);
  const inGcv = (n: string) =>
    pools.some(
      (p) =>
        p.provider === "PURE_CLOUD_VOICE" &&
        n >= String(p.startPhoneNumber) &&
        n <= String(p.endPhoneNumber) &&
        n.length === String(p.startPhoneNumber).length,
    );
  const number = plan.numbers.map((n) => n.number).find((n) => bound.has(n) && inGcv(n));
  if (!number)
    return {
      unknown: "no number of the plan is held and bound by GCV any more",
      cure: "nothing: it no longer matters",
    };
  const tests: TestAsk[] = [{ number, purpose: "R2", host: trunkHost(plan) }];
  const doc = (await probe("sip", probeSettings(settings, plan.porting.provider, { tests }))) as SipDoc;
  const test = doc.tests?.[0];
  if (doc.status !== "ok" || !test)
    return {
      unknown: doc.error ?? "the carrier placed no test call",
      cure: "have the carrier place one, then ask again",
    };
  const how = `test call to ${number} at ${trunkHost(plan)}: ${test.code ?? "no answer"}`;
  if (test.answered && test.seenByOrg) return { answer: "org-wide", how };
  if (test.code === 404) return { answer: "by-pool", how };
  return { unknown: how, cure: "compare the SIP traces of that call" };
}

/** Whether a pool's `provider` may be changed in place; tried on the pool of a spare test number and taken back. */
async function poolProviderChange({ plan, client, may }: Asked): Promise<Found> {
  if (!may.probeWrites) return needsFlag("--probe-writes", "it changes the pool of a spare number for a moment");
  const spare = plan.carrier.testNumbers[0]!;
  const pools = await all(client, `${EDGES}/didpools`);
  const held = pools.find(
    (p) => p.startPhoneNumber === spare && p.endPhoneNumber === spare && p.provider === "PURE_CLOUD",
  );
  const body = {
    startPhoneNumber: spare,
    endPhoneNumber: spare,
    provider: "PURE_CLOUD",
    description: "Cutover doctor",
  };
  const pool = held ?? (await client.http.json<Entity>("POST", `${EDGES}/didpools`, { body }));
  const path = `${EDGES}/didpools/${String(pool.id)}`;
  try {
    await client.http.json("PUT", path, { body: { ...pool, provider: "PURE_CLOUD_VOICE" } });
    const after = await client.http.json<Entity>("GET", path);
    const accepted = after.provider === "PURE_CLOUD_VOICE";
    if (accepted) await client.http.json("PUT", path, { body: { ...pool, version: after.version } });
    return {
      answer: accepted ? "yes" : "no",
      how: `PUT with another provider on the pool of ${spare}: ${accepted ? "changed, and changed back" : "ignored"}`,
    };
  } catch (error) {
    if (!(error instanceof HttpError) || error.status >= 500) throw error;
    return { answer: "no", how: `PUT with another provider on the pool of ${spare}: HTTP ${error.status}` };
  } finally {
    if (!held) await client.http.request("DELETE", path);
  }
}

/** Keys that the trunk has and the organisation's template does not list: stored and ignored, presumably. */
async function trunkTemplate({ client, trunk }: Asked): Promise<Found> {
  const template = await client.http.find<Entity>(`${EDGES}/trunkbasesettings/template`, {
    query: { trunkMetabaseId: METABASE },
  });
  const keys = Object.keys((template?.properties as object | undefined) ?? {});
  if (keys.length === 0)
    return { unknown: `no template of ${METABASE} is served`, cure: "compare the trunk's keys by hand" };
  const how = `template of ${METABASE}: ${keys.length} keys`;
  const own = Object.keys((trunk?.properties as object | undefined) ?? {});
  if (own.length === 0) return { answer: `${keys.length} keys`, how };
  const strange = own.filter((k) => !keys.includes(k)).sort();
  return {
    answer: strange.length === 0 ? "all keys of the trunk" : `all keys of the trunk but ${strange.join(", ")}`,
    how,
  };
}

/** Whether one outbound route holds GCV and BYOC trunks together: read where there is one, else tried on a route of the doctor's own. */
async function mixedOutboundRoute({ client, trunk, may }: Asked): Promise<Found> {
  const trunks = await all(client, `${EDGES}/trunkbasesettings`);
  const gcv = new Set(trunks.filter((t) => t.managed === true).map((t) => t.id));
  const sites = await all(client, `${EDGES}/sites`);
  for (const site of sites) {
    for (const route of await all(client, `${EDGES}/sites/${String(site.id)}/outboundroutes`)) {
      const ids = ((route.externalTrunkBases as { id: string }[]) ?? []).map((t) => t.id);
      if (ids.some((id) => gcv.has(id)) && ids.some((id) => !gcv.has(id)))
        return { answer: "yes", how: `route ${String(route.name)} of site ${String(site.name)} holds both` };
    }
  }
  if (!trunk) return NEEDS_TRUNK;
  const own = sites.find((s) => s.managed !== true);
  const other = [...gcv][0];
  if (!own || other === undefined) return { unknown: "no GCV trunk or no site of its own is there", cure: "nothing" };
  if (!may.probeWrites) return needsFlag("--probe-writes", "it makes a disabled route and removes it");
  const path = `${EDGES}/sites/${String(own.id)}/outboundroutes`;
  const body = {
    name: "Cutover doctor",
    enabled: false,
    distribution: "SEQUENTIAL",
    classificationTypes: ["Cutover doctor"],
    externalTrunkBases: [{ id: trunk.id }, { id: other }],
  };
  try {
    const made = await client.http.json<Entity>("POST", path, { body });
    await client.http.request("DELETE", `${path}/${String(made.id)}`);
    return { answer: "yes", how: `a disabled route with both on site ${String(own.name)}, removed again` };
  } catch (error) {
    if (!(error instanceof HttpError) || error.status >= 500) throw error;
    return { answer: "no", how: `a disabled route with both on site ${String(own.name)}: HTTP ${error.status}` };
  }
}

/** Whether a PUT without `dnis` takes an IVR's numbers away; tried on an IVR of the doctor's own with a spare number. */
async function emptyDnisClears({ plan, client, trunk, may }: Asked): Promise<Found> {
  if (!trunk) return NEEDS_TRUNK;
  if (!may.probeWrites) return needsFlag("--probe-writes", "it makes an IVR with a spare number and removes it");
  const bound = new Set((await all(client, "/api/v2/architect/ivrs")).flatMap((i) => (i.dnis as string[]) ?? []));
  const spare = planCallRoutes(plan)
    .map((f) => f.spare)
    .find((n) => !bound.has(n));
  if (!spare)
    return { unknown: "every spare test number is bound", cure: "ask again before the first wave is released" };
  const made = await client.http.json<Entity>("POST", "/api/v2/architect/ivrs", {
    body: { name: "Cutover doctor", dnis: [spare] },
  });
  const path = `/api/v2/architect/ivrs/${String(made.id)}`;
  try {
    const { dnis: _, ...without } = made;
    await client.http.json("PUT", path, { body: without });
    const after = ((await client.http.json<Entity>("GET", path)).dnis as string[] | undefined) ?? [];
    return {
      answer: after.length === 0 ? "yes" : "no",
      how: `PUT without dnis on an IVR with ${spare}: ${after.length} numbers left`,
    };
  } finally {
    await client.http.request("DELETE", path);
  }
}

/** Whether OPTIONS status and call counts are served for a BYOC Cloud trunk. */
async function trunkStatusFilled({ client, trunk }: Asked): Promise<Found> {
  if (!trunk) return NEEDS_TRUNK;
  const [seen] = await all(client, `${EDGES}/trunks`, { "trunkBase.id": String(trunk.id) });
  if (!seen) return { unknown: "no trunk of these settings is listed", cure: "ask again in some minutes" };
  const options = ((seen.optionsStatus as unknown[] | undefined) ?? []).length > 0;
  const metrics = await client.http.json<{ calls?: { inboundCallCount?: number } }[]>(
    "GET",
    `${EDGES}/trunks/metrics`,
    {
      query: { trunkIds: String(seen.id) },
    },
  );
  const counts = typeof metrics[0]?.calls?.inboundCallCount === "number";
  const answer = options && counts ? "both" : options ? "options only" : counts ? "counts only" : "neither";
  return {
    answer,
    how: `trunk ${String(seen.name)}: optionsStatus ${options ? "filled" : "empty"}, call counts ${counts ? "served" : "missing"}`,
  };
}
