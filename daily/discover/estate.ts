import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { REGION_NAMES } from "../../model/regions";
import { QUESTION } from "../../model/questions";
import type { NumberKind } from "../../model/types";
import type { FoundNumber, FoundOrganisation } from "./organisation";
import { planText } from "./plan-text";
import type { FoundCname } from "./zones";

/** Something that neither the organisation nor DNS knows, or knows only in part. */
export interface Question {
  file: "plan.yaml" | "numbers.csv" | "ports.csv";
  /** Key or column. */
  key: string;
  question: string;
  /** Rows it stands in, for a column. */
  rows?: number;
}

export interface Estate {
  plan: string;
  numbers: string;
  ports: string;
  questions: Question[];
  /** Things a person should know before anything moves; nothing to fill in. */
  notes: string[];
  counts: { numbers: number; flows: number; sites: number; dns: number };
}

export interface EstateInput {
  organisation: FoundOrganisation;
  dns: readonly FoundCname[];
  /** DNS providers that were not read, with the reason. */
  unread: readonly string[];
  /** True for an organisation on loopback: its estate may be rehearsed as it is. */
  sandbox: boolean;
}

/** Where text is a site's name and nothing else, people meant the site. */
function siteOf(n: FoundNumber, organisation: FoundOrganisation, ivrText: ReadonlyMap<string, string>): string {
  const [only, ...more] = organisation.sites;
  if (only !== undefined && more.length === 0) return only;
  const texts = [n.poolText, ivrText.get(n.ivr ?? "") ?? ""].map((t) => t.trim().toLowerCase());
  return organisation.sites.find((site) => texts.includes(site.toLowerCase())) ?? QUESTION;
}

/** Kind of a number by its country's numbering plan (libphonenumber's metadata); a question where that does not tell. */
export function kindOf(number: string): NumberKind | typeof QUESTION {
  switch (parsePhoneNumberFromString(number)?.getType()) {
    // North America does not tell fixed from mobile; a number in a contact centre's inventory is a fixed one.
    case "FIXED_LINE":
    case "FIXED_LINE_OR_MOBILE":
      return "local";
    case "TOLL_FREE":
      return "toll_free";
    case "MOBILE":
      return "mobile";
    case "SHARED_COST":
      return "shared_cost";
    case "UAN":
    case "VOIP":
      return "national";
    default:
      return QUESTION;
  }
}

/** Quotes by RFC 4180 where a cell needs it. */
const csv = (value: string) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/**
 * The estate of an organisation: three texts and what is left to answer. Only numbers of the GCV inventory are in it. Wave, port order and
 * emergency address are always questions: they are decisions and contracts, not facts of the organisation.
 */
export function estateOf(input: EstateInput): Estate {
  const { organisation } = input;
  const ivrText = new Map(organisation.ivrs.map((i) => [i.name, i.description]));
  const counts: Record<string, number> = {};
  const cell = (column: string, value: string) => {
    if (value === QUESTION) counts[column] = (counts[column] ?? 0) + 1;
    return csv(value);
  };
  const flowOf = new Map(organisation.ivrs.map((i) => [i.name, i.flow ?? i.name]));
  // The column is there only where it says something: without it a call route has the name of its flow.
  const routes = organisation.numbers.some((n) => n.ivr !== undefined && flowOf.get(n.ivr) !== n.ivr);
  const rows = organisation.numbers.map((n) =>
    [
      n.number,
      cell("wave", QUESTION),
      cell("kind", kindOf(n.number)),
      cell("flow", n.ivr === undefined ? QUESTION : (flowOf.get(n.ivr) ?? n.ivr)),
      cell("site", siteOf(n, organisation, ivrText)),
      cell("port_order", QUESTION),
      cell("emergency_address", QUESTION),
      ...(routes ? [cell("call_route", n.ivr ?? QUESTION)] : []),
    ].join(","),
  );
  const plan = planText(input);
  const columns = Object.entries(counts).map(
    ([key, n]): Question => ({ file: "numbers.csv", key, rows: n, question: COLUMN_QUESTIONS[key] ?? "fill in" }),
  );
  const orders: Question = {
    file: "ports.csv",
    key: "port_order",
    question: "which port orders, in which wave and for which site; one order has one site and one emergency address",
  };
  return {
    plan: plan.text,
    numbers: `number,wave,kind,flow,site,port_order,emergency_address${routes ? ",call_route" : ""}\n${rows.map((r) => `${r}\n`).join("")}`,
    ports: "port_order,wave,site,requested_foc_in_days,losing_carrier,gaining_carrier\n",
    questions: [...plan.questions, ...columns, orders],
    notes: notesOf(input),
    counts: {
      numbers: rows.length,
      flows: new Set(organisation.numbers.flatMap((n) => (n.ivr === undefined ? [] : (flowOf.get(n.ivr) ?? n.ivr))))
        .size,
      sites: organisation.sites.length,
      dns: input.dns.length,
    },
  };
}

const COLUMN_QUESTIONS: Record<string, string> = {
  wave: "which wave moves it; begin with few and unimportant numbers",
  kind: "local, toll_free, national, mobile or shared_cost; the numbering plan does not tell",
  flow: "no IVR has the number: give it one, or leave the number out of the plan",
  call_route: "no IVR has the number: the name of the one that gets it",
  site: "which site's outbound calls show it; an organisation ties no site to a number of an IVR",
  port_order: "which order of ports.csv ports it",
  emergency_address: "which registered address emergency services are sent to",
};

function notesOf({ organisation, unread, dns }: EstateInput): string[] {
  const notes = unread.map((why) => `DNS: ${why}`);
  const used = new Set(organisation.numbers.flatMap((n) => n.ivr ?? []));
  for (const ivr of organisation.ivrs) {
    if (!used.has(ivr.name)) continue;
    if (ivr.flow === undefined) notes.push(`IVR "${ivr.name}" has no flow of its own for open hours.`);
    if (ivr.otherFlows.length > 0)
      notes.push(
        `IVR "${ivr.name}" also runs ${ivr.otherFlows.join(", ")} outside open hours: they are kept, and its BYOC call route gets them too.`,
      );
  }
  const others = new Map<string, number>();
  for (const n of organisation.numbers)
    if (n.ivr === undefined) others.set(n.otherOwner ?? "nobody", (others.get(n.otherOwner ?? "nobody") ?? 0) + 1);
  for (const [owner, count] of others)
    notes.push(`${count} numbers of the inventory belong to ${owner}, not to an IVR.`);
  if (organisation.otherNumbers > 0)
    notes.push(`${organisation.otherNumbers} numbers of IVRs are not in the GCV inventory and stay as they are.`);
  if (!organisation.gcvTrunk) notes.push("No GCV trunk was found: recording and caller id order are questions.");
  for (const c of dns.filter((d) => d.proxied))
    notes.push(`${c.record}.${c.zone} is proxied by Cloudflare: SIP does not pass there.`);
  if (organisation.region !== undefined && !REGION_NAMES.includes(organisation.region))
    notes.push(`The organisation's region "${organisation.region}" is not known to this version.`);
  return notes;
}
