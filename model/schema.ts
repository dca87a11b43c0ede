import { z } from "zod";
import { isCidr } from "./allowlist";
import { isTimezone, parseChangeWindow } from "./changeWindow";
import { CODEC_NAMES } from "./codecs";
import { FINDINGS, type FindingName } from "./findings";
import { REGION_NAMES } from "./regions";
import { type Codec, FACT_NAMES, type FactName } from "./types";

/** Marks the message of an unknown key: the known keys of the object follow. Read by planYaml.ts. */
export const KNOWN_KEYS = "known keys: ";

/** An object that refuses unknown keys, naming the known ones. */
function strict<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? KNOWN_KEYS + Object.keys(shape).join(", ") : "a group of keys",
  });
}

const text = (expected: string) => z.string({ error: expected }).min(1, { error: expected });
const matching = (pattern: RegExp, expected: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected });
const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: values.length === 1 ? `"${values[0]}"` : `one of ${values.join(", ")}` });
const flag = z.boolean({ error: "true or false" });

function number(expected: string, min: number, max: number, whole = true) {
  return z
    .number({ error: expected })
    .refine((n) => n >= min && n <= max && (!whole || Number.isInteger(n)), { error: expected });
}

const label = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;
const domain = matching(
  /^(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/,
  "a domain name without trailing dot, such as sip.example.com",
);
const cidr = z
  .string({ error: "an IP address or CIDR range" })
  .refine(isCidr, { error: "an IP address or CIDR range such as 203.0.113.10/32" });
const cidrs = z.array(cidr, { error: "a list of CIDR ranges" }).min(1, { error: "at least one CIDR range" });
const codec = z.enum(CODEC_NAMES as [Codec, ...Codec[]], { error: `one of ${CODEC_NAMES.join(", ")}` });
const codecs = z.array(codec, { error: "a list of codecs" }).min(1, { error: "at least one codec" });
const e164 = matching(/^\+[1-9]\d{1,14}$/, "a number in +E.164, such as +12125550123, in quotes");
const csvFile = matching(/^[^/\\]+\.csv$/, "the name of a CSV file in the same directory");

const ttlSeconds = strict({
  normal: number("whole seconds from 1 to 2147483647", 1, 2_147_483_647),
  lowered: number("whole seconds from 1 to 2147483647", 1, 2_147_483_647),
});

const dnsRecord = strict({
  provider: oneOf("route53", "cloudflare"),
  zone: domain,
  record: matching(/^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/, "the label below the zone, such as sip"),
  type: oneOf("CNAME"),
  view: oneOf("public", "private"),
  from: domain,
  to: domain,
  ttlSeconds,
  resolvers: z
    .array(matching(/^(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-fA-F:]+\]?)(:\d{1,5})?$/, "ip or ip:port of a resolver"), {
      error: "a list of resolvers",
    })
    .optional(),
});

const organisation = strict({
  name: text("the organisation's name as Genesys Cloud shows it"),
  region: z.enum(REGION_NAMES as [string, ...string[]], { error: `one of ${REGION_NAMES.join(", ")}` }),
  inboundMatching: oneOf("org-wide", "by-pool", "unknown").default("unknown"),
});

const trunk = strict({
  name: text("the trunk's name"),
  terminationId: matching(label, "the inbound termination identifier, one DNS label such as acme-primary"),
  transport: oneOf("tls", "tcp", "udp"),
  tlsVersion: oneOf("1.2").default("1.2"),
  srtpCipherSuites: z
    .array(
      matching(
        /^AES_(CM_128|192_CM|256_CM|CM_192|CM_256)_HMAC_SHA1_(80|32)$/,
        "an SRTP suite such as AES_CM_128_HMAC_SHA1_80",
      ),
      { error: "a list of SRTP suites" },
    )
    .default([]),
  codecs,
  allowlist: cidrs,
  digest: strict({ username: text("the user name of SIP digest authentication") }).optional(),
  callerId: strict({
    header: text("the header that carries the caller, such as P-Asserted-Identity"),
    format: text("the form of the caller's number, such as e164"),
  }),
  maxConcurrentCalls: number("a whole number of channels from 1 to 100000", 1, 100_000),
  maxCallRate: matching(/^[1-9]\d*\/[1-9]\d*s$/, "calls per seconds, such as 40/5s").optional(),
  recording: oneOf("inherit-from-gcv", "on", "off").default("inherit-from-gcv"),
});

const carrier = strict({
  name: text("the gaining carrier's name"),
  sipDomain: domain,
  sourceRanges: cidrs,
  codecs,
  tlsNameCheck: oneOf("target", "strict", "none").default("target"),
  requestHost: oneOf("customer-name", "target").default("target"),
  routeHost: oneOf("customer-name", "genesys-name").optional(),
  rewrites: flag.default(true),
  shadowNumbers: z.array(e164, { error: "a list of numbers" }).default([]),
  testNumbers: z.array(e164, { error: "a list of numbers" }).default([]),
  testNetworks: z
    .array(text("the name of a callers' network"), { error: "a list of networks" })
    .min(1, { error: "at least one network" })
    .optional(),
  retryOn: z
    .array(number("a SIP failure code from 400 to 699", 400, 699), { error: "a list of SIP codes" })
    .default([408, 480, 503, 504]),
});

const limits = strict({
  maxNumbersPerUpdate: number("a whole number from 1 to 100000", 1, 100_000),
  changeWindow: text("a window such as Mon-Thu 06:00-22:00").refine(readableWindow, {
    error: "a window such as Mon-Thu 06:00-22:00",
  }),
  timezone: text("an IANA time zone")
    .refine(isTimezone, { error: "an IANA time zone such as Europe/Berlin" })
    .default("UTC"),
  soakHours: number("hours from 1 to 8760", 1, 8760, false).default(72),
  lrnSettleHours: number("hours from 1 to 720", 1, 720, false).default(24),
  evidenceMinutes: number("minutes from 1 to 1440", 1, 1440, false).default(30),
  freshMinutes: strict(
    Object.fromEntries(
      FACT_NAMES.map((fact) => [fact, number("minutes from 1 to 525600", 1, 525_600, false).optional()]),
    ) as Record<FactName, z.ZodOptional<ReturnType<typeof number>>>,
  ).optional(),
});

function readableWindow(window: string): boolean {
  try {
    parseChangeWindow(window, "UTC");
    return true;
  } catch {
    return false;
  }
}

/** An answer of `cutover doctor --write`. */
const finding = strict({
  answer: text("what was found"),
  at: text("when, an ISO date and time"),
  how: text("how it was found"),
});

/** plan.yaml, key by key; what two keys mean together is checked by planRules.ts. Defaults of optional keys stand here. */
export const planSchema = strict({
  apiVersion: oneOf("cutover/v1"),
  name: matching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "a short name of lower-case letters, digits and hyphens"),
  sandbox: flag.default(false),
  organisation,
  trunk,
  carrier,
  dns: z.array(dnsRecord, { error: "a list of records" }).default([]),
  numbers: csvFile.default("numbers.csv"),
  inbound: strict({
    failoverQueue: text("the name of a queue"),
    codecFallbackQueue: text("the name of a queue"),
    standbyMessage: text("what a caller hears on the closed standby"),
  }),
  canary: strict({
    percent: number("a percentage from 1 to 25: a canary call takes two channels", 1, 25, false),
    minCalls: number("a whole number of calls, at least 1", 1, 1_000_000),
    minMos: number("a mean opinion score from 1 to 4.5", 1, 4.5, false),
    maxFailureRate: number("a share from 0 to 0.1", 0, 0.1, false),
  }),
  porting: strict({ provider: oneOf("manual", "telnyx"), orders: csvFile.default("ports.csv") }),
  gcv: strict({
    recording: flag.default(true),
    callerIdPriority: z
      .array(text("a source of the caller id, such as Source"), { error: "a list" })
      .min(1, { error: "at least one source" })
      .default(["Source", "Trunk"]),
    peakConcurrentCalls: number("a whole number of calls from 1 to 100000", 1, 100_000).optional(),
  }).default({ recording: true, callerIdPriority: ["Source", "Trunk"] }),
  limits,
  findings: strict(
    Object.fromEntries(FINDINGS.map((name) => [name, finding.optional()])) as Record<
      FindingName,
      ReturnType<typeof finding.optional>
    >,
  ).optional(),
});

export type PlanFile = z.infer<typeof planSchema>;
