import fc from "fast-check";
import { parse, stringify } from "yaml";
import { byocDomain, REGION_NAMES } from "./regions";
import { arbitraryEstate, type EstateTexts } from "./testing";

/**
 * Estates of every form the documentation allows, for tests that walk on paper: what `arbitraryEstate` draws, in any region, with hours of
 * any place, several records in both views, any codecs and source ranges, an account's main number, one number alone.
 */
interface Wide {
  region: string;
  inboundMatching: "org-wide" | "by-pool" | "unknown";
  window: string;
  timezone: string;
  soakHours: number;
  lrnSettleHours: number;
  evidenceMinutes: number;
  records: { provider: "route53" | "cloudflare"; view: "public" | "private"; normal: number; lowered: number }[];
  dials: Record<string, string>;
  codecs: { trunk: string[]; carrier: string[] };
  sources: string[];
  recording: "inherit-from-gcv" | "on" | "off";
  gcvRecords: boolean;
  callerIdPriority: string[];
  peak: number | undefined;
  networks: string[] | undefined;
  kind: string;
  onlyFirst: boolean;
  wholeInOneWave: boolean;
  focInDays: number[];
  billing: boolean;
}

const WINDOWS = [
  "Mon-Thu 06:00-22:00",
  "Sun-Sat 00:00-24:00",
  "Tue 02:00-03:00",
  "Fri,Sat 22:00-02:00",
  "Sun 00:00-24:00",
  "Sat-Sun 01:30-03:30",
];
/** Offsets of half and quarter hours, summer time of half an hour, both hemispheres, the date line, and no summer time. */
const ZONES = [
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "Asia/Tokyo",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Pacific/Kiritimati",
  "America/Sao_Paulo",
  "Pacific/Chatham",
];

/** Codecs that agree: of PCMU, PCMA and G729 the trunk takes each that the carrier offers, and they share one. */
const codecPairs = fc
  .uniqueArray(fc.constantFrom("PCMU", "PCMA", "G729", "G722", "OPUS"), { minLength: 1 })
  .chain((carrier) =>
    fc
      .subarray(["PCMU", "PCMA", "G729", "G722", "OPUS"])
      .map((more) => ({ carrier, trunk: [...new Set([...carrier, ...more])] })),
  );

const wide: fc.Arbitrary<Wide> = fc.record({
  region: fc.constantFrom(...REGION_NAMES),
  inboundMatching: fc.constantFrom("org-wide" as const, "by-pool" as const, "unknown" as const),
  window: fc.constantFrom(...WINDOWS),
  timezone: fc.constantFrom(...ZONES),
  soakHours: fc.constantFrom(1, 24, 72, 8760),
  lrnSettleHours: fc.constantFrom(1, 24, 720),
  evidenceMinutes: fc.constantFrom(1, 30, 1440),
  records: fc.uniqueArray(
    fc.record({
      provider: fc.constantFrom("route53" as const, "cloudflare" as const),
      view: fc.constantFrom("public" as const, "private" as const),
      normal: fc.constantFrom(600, 3600, 86_400),
      lowered: fc.constantFrom(30, 60, 300),
    }),
    { maxLength: 4, selector: (r) => `${r.provider} ${r.view}` },
  ),
  dials: fc.constantFrom<Record<string, string>>(
    {},
    { routeHost: "genesys-name" },
    { routeHost: "genesys-name", tlsNameCheck: "strict" },
    { routeHost: "genesys-name", requestHost: "customer-name" },
    { tlsNameCheck: "none" },
  ),
  codecs: codecPairs,
  sources: fc.constantFrom(
    ["203.0.113.10/32"],
    ["203.0.113.0/24", "198.51.100.4/30"],
    ["2001:db8::10/124", "203.0.113.10/31"],
    ["203.0.113.10", "203.0.113.11", "192.0.2.164"],
  ),
  recording: fc.constantFrom("inherit-from-gcv" as const, "on" as const, "off" as const),
  gcvRecords: fc.boolean(),
  callerIdPriority: fc.constantFrom(["Source", "Trunk"], ["Trunk", "Source", "Site"], ["Source"]),
  peak: fc.constantFrom(undefined, 1, 90),
  networks: fc.constantFrom(undefined, ["mobile-1", "cable-2"]),
  kind: fc.constantFrom("local", "national", "toll_free", "mobile", "shared_cost"),
  onlyFirst: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  wholeInOneWave: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  focInDays: fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 1, maxLength: 4 }),
  billing: fc.boolean(),
});

/** Estates of arbitraryEstate, widened. */
export const arbitraryWideEstate: fc.Arbitrary<EstateTexts> = fc
  .tuple(arbitraryEstate, wide)
  .map(([texts, w]) => ({ plan: planText(texts.plan, w), ...csvTexts(texts, w) }));

function planText(text: string, w: Wide): string {
  const plan = parse(text);
  Object.assign(plan.organisation, { region: w.region, inboundMatching: w.inboundMatching });
  const to = `${plan.trunk.terminationId}.${byocDomain(w.region)}`;
  const { allowlist: _a, ...trunk } = plan.trunk;
  plan.trunk = { ...trunk, codecs: w.codecs.trunk, allowlist: w.sources, recording: recordingOf(w) };
  plan.carrier.codecs = w.codecs.carrier;
  plan.carrier.sourceRanges = w.sources;
  delete plan.carrier.routeHost;
  const dials = w.records.some((r) => r.view === "public") ? w.dials : { ...w.dials, routeHost: "genesys-name" };
  Object.assign(plan.carrier, dials, w.networks ? { testNetworks: w.networks } : {});
  plan.dns = w.records.map(({ provider, view, normal, lowered }) => ({
    ...{ provider, zone: "test.example", record: "sip", type: "CNAME", view, from: "gcv.test.example", to },
    ttlSeconds: { normal, lowered },
  }));
  const peak = w.peak === undefined ? {} : { peakConcurrentCalls: w.peak };
  plan.gcv = { recording: w.gcvRecords, callerIdPriority: w.callerIdPriority, ...peak };
  const { soakHours, lrnSettleHours, evidenceMinutes, timezone } = w;
  Object.assign(plan.limits, { changeWindow: w.window, timezone, soakHours, lrnSettleHours, evidenceMinutes });
  return stringify(plan, { aliasDuplicateObjects: false });
}

/** A trunk that records at least what GCV does. */
const recordingOf = ({ recording, gcvRecords }: Wide) => (recording === "off" && gcvRecords ? "on" : recording);

function csvTexts(texts: EstateTexts, w: Wide): Omit<EstateTexts, "plan"> {
  const [head, ...rows] = texts.numbers.trimEnd().split("\n");
  const kept = w.onlyFirst ? rows.slice(0, 1) : rows;
  const numbers = kept.map((row) => row.replace(",local,", `,${w.kind},`));
  const [portHead, ...ports] = texts.ports.trimEnd().split("\r\n");
  const ordered = ports.filter((port) => numbers.some((row) => row.includes(`,${port.split(",")[0]},`)));
  // The billing number is the last order's own, or one that stays: the rest of the account has gone by then.
  const days = ordered.map((_, i) => w.focInDays[i % w.focInDays.length]!);
  const last = days.indexOf(Math.max(...days));
  const main = numbers.find((row) => row.includes(`,${ordered[last]!.split(",")[0]},`))!.split(",")[0];
  const dated = ordered.map((port, i) => {
    const cells = port.split(",");
    cells[3] = String(days[i]);
    return w.billing ? [...cells, main].join(",") : cells.join(",");
  });
  const whole = (row: string) => (w.wholeInOneWave ? row.replace(/,w\d,/, ",w1,") : row);
  return {
    numbers: `${[head, ...numbers.map(whole)].join("\n")}\n`,
    ports: `${[w.billing ? `${portHead},billing_number` : portHead, ...dated.map(whole)].join("\r\n")}\r\n`,
  };
}
