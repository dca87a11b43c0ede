import { judge } from "../../model/evidence";
import type { EntitlementDoc, Facts, RecordDoc, Verdict } from "../../model/facts";
import { readWaves } from "../../model/gates/position";
import { phaseAtLeast } from "../../model/phases";
import { groupedCallRoutes, partedByEmergency } from "../../model/rules/emergencyGroups";
import type { Plan } from "../../model/types";
import { GenesysClient } from "../../providers/genesyscloud/client";
import { clockFrom } from "../../providers/lib/clock";
import { type FoundOrganisation, readOrganisation } from "../discover/organisation";
import type { RunProbe } from "../probes";
import { probeSettings, type StackSettings } from "../settings";
import { fail, few, type Finding, finding, ok, skip, warn } from "./check";

/** Largest difference between this machine's clock and the API's that is not worth a word, seconds. */
const SKEW_SECONDS_MAX = 60;

function clientFor(settings: StackSettings, plan: Plan, env: NodeJS.ProcessEnv): GenesysClient {
  return new GenesysClient({
    gateways: settings.gateways,
    awsRegion: settings.region ?? plan.organisation.region,
    clock: clockFrom(settings.clock),
    steeredClock: settings.clock !== undefined,
    signal: new AbortController().signal,
    env,
  });
}

/** The API answers, and its clock (the Date header) agrees with this machine's: tokens and signatures depend on it. */
export async function reachable(settings: StackSettings, plan: Plan, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const cure = "check credentials, the region and the way through the firewall";
  let date: string | undefined;
  const api = await finding("genesys api", cure, async () => {
    const answer = await clientFor(settings, plan, env).http.request("GET", "/api/v2/organizations/me", {
      retry: false,
    });
    date = answer.headers.date;
    const name = (answer.body as { name?: unknown } | null | undefined)?.name;
    if (typeof name !== "string")
      return fail(
        "genesys api",
        `GET /api/v2/organizations/me was answered without an organisation's name`,
        "see what stands between: a proxy, a portal, another server",
      );
    return ok("genesys api", `the organisation "${name}" answers`);
  });
  if (date === undefined) return [api, skip("clock", "no answer to compare with")];
  const skew = Math.round(Math.abs(Date.now() - Date.parse(date)) / 1000);
  if (skew <= SKEW_SECONDS_MAX) return [api, ok("clock", `${skew} s from the API's clock`)];
  return [api, warn("clock", `${skew} s from the API's clock`, "set this machine's clock (NTP)")];
}

/** Organisation, licence and rights by the gates of `baseline`: what the doctor says is what the gate will say. */
export async function entitlement(settings: StackSettings, plan: Plan, probe: RunProbe): Promise<Finding[]> {
  const doc = (await probe("entitlement", probeSettings(settings, plan.porting.provider, {}))) as EntitlementDoc;
  const facts: Facts = { entitlement: doc };
  const now = await clockFrom(settings.clock).now();
  const none = { phase: "none", waves: {} } as const;
  const verdicts = judge(plan, none, { phase: "baseline", waves: {} }, facts, now);
  const wanted = ["organisation-answers", "licence-present", "permissions-granted"];
  return [...verdicts.filter((v) => wanted.includes(v.gate)).map(verdictFinding), oldPath(doc)];
}

/**
 * The customer's emergency groups turn the calls of both paths: which of them name a call route of the plan, and whether its BYOC one is
 * there too. Before there are BYOC call routes that is nobody's fault; from `porting` on calls come to them directly.
 */
export async function emergencyGroups(settings: StackSettings, plan: Plan, probe: RunProbe): Promise<Finding> {
  const check = "emergency groups";
  const ask = probeSettings(settings, plan.porting.provider, { emergencyGroups: true });
  const doc = (await probe("record", ask)) as RecordDoc;
  if (doc.status !== "ok" || !doc.emergencyGroups)
    return warn(check, doc.error ?? "not read", "give the OAuth client's role routing:emergencyGroup:view");
  const phase = doc.record?.phase ?? "none";
  const waves = readWaves(doc.record?.waves) ?? {};
  const grouped = [...groupedCallRoutes(plan, doc.emergencyGroups)].sort();
  const parted = partedByEmergency(plan, { phase, waves }, doc.emergencyGroups);
  if (grouped.length === 0 && parted.length === 0) return ok(check, "none names a call route of the plan");
  if (phase === "none" || !phaseAtLeast(phase, "parallel"))
    return ok(check, `${few(grouped)}: their BYOC call routes belong there too, which the phase canary asks for`);
  if (parted.length === 0) return ok(check, `${few(grouped)}: on both paths`);
  const cure = "add them (Admin, Call Routing, the BYOC call route, Emergency): emergency-groups-kept waits for it";
  return phaseAtLeast(phase, "porting") ? fail(check, few(parted), cure) : warn(check, few(parted), cure);
}

/** GCV has to answer until its traffic is zero: an organisation without the product has nothing to fall back on. */
function oldPath({ products }: EntitlementDoc): Finding {
  if (!products) return skip("gcv licence", "the products of the organisation are not known");
  const voice = products.filter((p) => /voice/i.test(p) && !/byoc/i.test(p));
  if (voice.length > 0) return ok("gcv licence", few(voice));
  return warn(
    "gcv licence",
    `no Genesys Cloud Voice among the products ${few(products)}`,
    "keep Genesys Cloud Voice licensed until the phase complete",
  );
}

const verdictFinding = (v: Verdict): Finding =>
  v.status === "passed" ? ok(v.gate, v.seen) : fail(v.gate, v.seen, v.fix);

/** What the plan names exists, and each number is where the plan believes it: in the GCV inventory, bound to its IVR. */
export async function objects(settings: StackSettings, plan: Plan, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const found: { organisation?: FoundOrganisation } = {};
  const read = await finding("organisation", "check the rights of the OAuth client", async () => {
    found.organisation = await readOrganisation(clientFor(settings, plan, env));
    return ok("organisation", "read");
  });
  const { organisation } = found;
  if (!organisation) return [read];
  return [
    region(plan, organisation),
    named(
      "IVRs",
      plan.numbers.map((n) => n.callRoute),
      organisation.ivrs.map((i) => i.name),
      "numbers.csv, column call_route (flow where there is none)",
    ),
    flows(plan, organisation),
    named(
      "sites",
      plan.numbers.map((n) => n.site),
      organisation.sites,
      "numbers.csv, column site",
    ),
    named("failover queue", [plan.inbound.failoverQueue], organisation.queues, "inbound.failoverQueue"),
    inventory(plan, organisation),
    gcvTrunk(plan, organisation),
  ];
}

function region(plan: Plan, { region: seen }: FoundOrganisation): Finding {
  if (seen === undefined)
    return warn("region", "the organisation does not tell its region", "compare organisation.region by hand");
  if (seen === plan.organisation.region) return ok("region", seen);
  return fail("region", `${seen}, the plan says ${plan.organisation.region}`, "correct organisation.region");
}

function named(check: string, wanted: readonly string[], there: readonly string[], where: string): Finding {
  const names = [...new Set(wanted)];
  const missing = names.filter((n) => !there.includes(n));
  if (missing.length === 0) return ok(check, few(names.sort()));
  return fail(check, `missing: ${few(missing)}`, `correct ${where}, or create it in Genesys Cloud`);
}

function flows(plan: Plan, { ivrs }: FoundOrganisation): Finding {
  const flowOf = new Map(plan.numbers.map((n) => [n.callRoute, n.flow]));
  const used = ivrs.filter((i) => flowOf.has(i.name));
  // From canary on the IVRs run the front flows, which is as it should be.
  const fronts = used.filter((i) => i.flow === `${i.name} front`);
  const other = used.filter((i) => i.flow !== flowOf.get(i.name) && !fronts.includes(i));
  if (other.length === 0)
    return ok("flows", `each IVR runs its flow${fronts.length > 0 ? `, ${fronts.length} by the front flow` : ""}`);
  return warn(
    "flows",
    few(other.map((i) => `${i.name} runs ${i.flow ?? "no flow"}, the plan says ${flowOf.get(i.name)}`)),
    "correct numbers.csv, column flow, or have the IVR run the plan's flow",
  );
}

/** Numbers of the plan that are not where it says. After `released` they are gone on purpose, hence a warning. */
function inventory(plan: Plan, organisation: FoundOrganisation): Finding {
  const at = new Map(organisation.numbers.map((n) => [n.number, n.ivr]));
  const gone = plan.numbers.filter((n) => !at.has(n.number)).map((n) => n.number);
  const elsewhere = plan.numbers
    .filter((n) => at.has(n.number) && at.get(n.number) !== n.callRoute)
    .map((n) => `${n.number} (${at.get(n.number) ?? "no IVR"})`);
  const planned = new Set(plan.numbers.map((n) => n.number));
  const unplanned = organisation.numbers.filter((n) => n.ivr !== undefined && !planned.has(n.number)).length;
  if (gone.length > 0)
    return warn(
      "numbers",
      `${gone.length} not in the GCV inventory: ${few(gone)}`,
      "expected once a wave is released; before that, correct numbers.csv",
    );
  if (elsewhere.length > 0)
    return warn(
      "numbers",
      `${elsewhere.length} not bound to their IVR: ${few(elsewhere)}`,
      "expected once a wave is released; before that, correct column call_route (flow where there is none)",
    );
  const rest = unplanned > 0 ? `; ${unplanned} more in the inventory are not in the plan` : "";
  return ok("numbers", `${plan.numbers.length} in the GCV inventory, each bound to its IVR${rest}`);
}

/** Recording and caller id order are lost at the cutover unless the plan carries them over. */
function gcvTrunk(plan: Plan, { gcvTrunk: trunk }: FoundOrganisation): Finding {
  if (!trunk) return warn("gcv trunk", "none found", "check gcv.recording and gcv.callerIdPriority by hand");
  if (trunk.recording === undefined && trunk.callerIdPriority === undefined)
    return warn(
      "gcv trunk",
      `${trunk.name}: its settings are not shown to this client`,
      "give its role managed:all:all for this look, or check gcv.recording and gcv.callerIdPriority by hand",
    );
  const differs: string[] = [];
  if (trunk.recording !== undefined && trunk.recording !== plan.gcv.recording)
    differs.push(`recording is ${trunk.recording}, the plan says ${plan.gcv.recording}`);
  const order = trunk.callerIdPriority?.join(", ");
  if (order !== undefined && order !== plan.gcv.callerIdPriority.join(", "))
    differs.push(`caller id order is ${order}, the plan says ${plan.gcv.callerIdPriority.join(", ")}`);
  if (differs.length > 0) return fail("gcv trunk", differs.join("; "), "correct gcv in the plan");
  return ok("gcv trunk", `${trunk.name}: recording and caller id order as in the plan`);
}
