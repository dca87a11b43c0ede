import { flowSlug } from "../../model/flowslug";
import { byocDomain, REGION_NAMES } from "../../model/regions";
import { QUESTION } from "../../model/questions";
import type { EstateInput, Question } from "./estate";

/** Lowered TTL that is proposed, seconds: the guide's value. */
const LOWERED_SECONDS = 300;
const QUEUES_SHOWN = 10;

/** A YAML scalar: JSON text is YAML too, and safe whatever a name holds. */
const quoted = (value: unknown): string => JSON.stringify(value);

/** Writes plan.yaml line by line, so that each question stands as a comment beside its key. */
class PlanLines {
  readonly lines: string[] = [];
  readonly questions: Question[] = [];

  add(...lines: string[]): void {
    this.lines.push(...lines);
  }
  /** A key nobody but a person can fill in. `path` as the loader names it. */
  ask(indent: number, path: string, question: string, list = false): void {
    const key = path.split(".").at(-1)!;
    // Names of the organisation stand in some questions: a line break in one would end the comment.
    const line = question.replace(/\s+/g, " ");
    this.questions.push({ file: "plan.yaml", key: path, question: line });
    this.lines.push(`${" ".repeat(indent)}${key}: ${list ? `["${QUESTION}"]` : `"${QUESTION}"`} # QUESTION: ${line}`);
  }
}

/** The text of plan.yaml with what is known filled in, and the questions it holds. */
export function planText({ organisation, dns, sandbox }: EstateInput): { text: string; questions: Question[] } {
  const out = new PlanLines();
  const region = organisation.region && REGION_NAMES.includes(organisation.region) ? organisation.region : undefined;
  out.add(
    "# Written by `cutover discover`. Every QUESTION is to be answered: the plan is refused while one is open.",
    "apiVersion: cutover/v1",
    `name: ${flowSlug(organisation.name).slice(0, 40).replace(/-$/, "") || "migration"} # short name of this migration, yours to choose`,
    `sandbox: ${sandbox}`,
    "organisation:",
    `  name: ${quoted(organisation.name)}`,
  );
  if (region) out.add(`  region: ${region}`);
  else out.ask(2, "organisation.region", "the organisation's AWS region");
  trunk(out, organisation);
  carrier(out, organisation, sandbox);
  dnsRecords(out, dns, region);
  out.add("numbers: numbers.csv", "inbound:");
  const queues = organisation.queues.slice(0, QUEUES_SHOWN).map(quoted).join(", ");
  const which =
    organisation.queues.length > 0
      ? `; there are ${queues}${organisation.queues.length > QUEUES_SHOWN ? ", ..." : ""}`
      : "";
  out.ask(2, "inbound.failoverQueue", `queue that takes a call when its own cannot${which}`);
  out.ask(2, "inbound.codecFallbackQueue", "queue for callers whose codec failed; it is created when missing");
  out.ask(2, "inbound.standbyMessage", "what a caller hears on the closed standby");
  out.add(
    "# Thresholds are choices: these are the ones the rehearsal uses.",
    "canary: { percent: 10, minCalls: 200, minMos: 4.0, maxFailureRate: 0.005 }",
    "porting:",
  );
  out.ask(2, "porting.provider", "telnyx, or manual for a carrier without a porting API");
  out.add("  orders: ports.csv");
  gcv(out, organisation);
  out.add(
    "limits:",
    `  maxNumbersPerUpdate: ${Math.max(1, Math.min(800, organisation.numbers.length))} # most numbers that one update may move`,
  );
  out.ask(2, "limits.changeWindow", "when an update may run, such as Mon-Thu 06:00-22:00");
  out.ask(2, "limits.timezone", "the window's time zone, such as Europe/Berlin");
  return { text: `${out.lines.join("\n")}\n`, questions: out.questions };
}

function trunk(out: PlanLines, organisation: EstateInput["organisation"]): void {
  const existing = organisation.byocTrunks.map((t) => `${t.name}${t.terminationId ? ` (${t.terminationId})` : ""}`);
  const taken = existing.length > 0 ? `; the organisation has ${existing.join(", ")}` : "";
  out.add("trunk:");
  out.ask(2, "trunk.name", `name of the new BYOC trunk${taken}`);
  out.ask(2, "trunk.terminationId", "its inbound termination identifier, unique in the region");
  out.add("  transport: tls", '  tlsVersion: "1.2"', "  srtpCipherSuites: [AES_CM_128_HMAC_SHA1_80]");
  out.ask(2, "trunk.codecs", "codecs in order of preference that the carrier offers too", true);
  out.ask(2, "trunk.allowlist", "every address the carrier sends from, as CIDR", true);
  out.add("  digest:");
  out.ask(4, "trunk.digest.username", "user of SIP digest; without digest at the carrier remove both lines");
  out.add("  callerId: { header: P-Asserted-Identity, format: e164 }");
  const limit = organisation.maxCallCapacity ? `; Genesys allows ${organisation.maxCallCapacity} calls at once` : "";
  out.ask(2, "trunk.maxConcurrentCalls", `channels ordered at the carrier${limit}`);
  out.add("  recording: inherit-from-gcv");
}

function carrier(out: PlanLines, organisation: EstateInput["organisation"], sandbox: boolean): void {
  out.add("carrier:");
  out.ask(2, "carrier.name", "the gaining carrier; ports.csv names it as gaining_carrier");
  out.ask(2, "carrier.sipDomain", "name of its SBCs for outbound calls");
  out.ask(2, "carrier.sourceRanges", "addresses it sends from, from its own documentation", true);
  out.ask(2, "carrier.codecs", "codecs it offers", true);
  out.ask(2, "carrier.tlsNameCheck", "target, strict or none: which name it checks in the certificate");
  // A sandbox supplies spare numbers by itself.
  if (sandbox) return;
  const callRoutes = new Set(organisation.numbers.flatMap((n) => n.ivr ?? [])).size;
  out.ask(2, "carrier.shadowNumbers", `${callRoutes} spare numbers of the carrier, one for each call route`, true);
  out.ask(2, "carrier.testNumbers", `${callRoutes} more spare numbers for test calls`, true);
}

function dnsRecords(out: PlanLines, dns: EstateInput["dns"], region: string | undefined): void {
  if (dns.length === 0) {
    out.add("dns: [] # no CNAME that looks like a SIP name was found; name zones and labels with --zone and --record");
    return;
  }
  const target = region ? `<termination id>.${byocDomain(region)}` : "the BYOC trunk's name";
  out.add("dns: # found by their names: keep only those that the carrier dials");
  dns.forEach((c, i) => {
    out.add(
      `  - provider: ${c.provider}`,
      `    zone: ${c.zone}`,
      `    record: ${c.record}`,
      "    type: CNAME",
      `    view: ${c.view}`,
      `    from: ${c.target}`,
    );
    out.questions.push({ file: "plan.yaml", key: `dns[${i}].to`, question: `the new target, ${target}` });
    out.add(
      `    to: "${QUESTION}" # QUESTION: the new target, ${target}`,
      `    ttlSeconds: { normal: ${c.ttlSeconds}, lowered: ${Math.min(LOWERED_SECONDS, c.ttlSeconds)} }${c.automaticTtl ? " # automatic at Cloudflare" : ""}`,
    );
  });
}

/** Trunk settings that are lost at the cutover unless they are carried over. */
function gcv(out: PlanLines, { gcvTrunk }: EstateInput["organisation"]): void {
  out.add("gcv:");
  if (gcvTrunk?.recording !== undefined) out.add(`  recording: ${gcvTrunk.recording}`);
  else out.ask(2, "gcv.recording", "true if GCV calls are recorded today");
  if (gcvTrunk?.callerIdPriority?.length) out.add(`  callerIdPriority: ${quoted(gcvTrunk.callerIdPriority)}`);
  else out.ask(2, "gcv.callerIdPriority", "order of caller id sources on the GCV trunk", true);
  out.ask(2, "gcv.peakConcurrentCalls", "the most calls at once that GCV carried, from its concurrent usage reports");
}
