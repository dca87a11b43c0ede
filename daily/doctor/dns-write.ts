import { XMLParser } from "fast-xml-parser";
import type { DnsProvider, Plan } from "../../model/types";
import { clockFrom } from "../../providers/lib/clock";
import { HttpClient } from "../../providers/lib/http";
import { signedHeaders } from "../../providers/lib/sigv4";
import { CLOUDFLARE } from "../discover/cloudflare";
import { awsCredentials, ROUTE53, ROUTE53_API } from "../discover/route53";
import { bareName } from "../discover/zones";
import type { StackSettings } from "../settings";
import { type Finding, finding, ok, skip } from "./check";

/** Label of the record that is made and removed; no carrier and no caller asks for it. */
const LABEL = "_cutover-doctor";
const TEXT = '"the right to write, tried by cutover doctor"';
const TTL_SECONDS = 60;

/**
 * Whether the credentials may write each zone: a TXT record of the doctor's own is made and removed. No read-only call tells it: a policy
 * simulation needs rights of its own, and a token does not list its own. So it is asked for, or not tried.
 */
export function dnsWrites(
  plan: Plan,
  settings: StackSettings,
  env: NodeJS.ProcessEnv,
  may: boolean,
): Promise<Finding[]> {
  const zones = [...new Map(plan.dns.map((d) => [`${d.provider} ${d.view} ${bareName(d.zone)}`, d])).values()];
  return Promise.all(
    zones.map((d) => {
      const check = `dns write ${d.provider} ${d.zone}${d.view === "private" ? " (private)" : ""}`;
      if (!may) return skip(check, "not tried: it makes and removes a TXT record; ask with --probe-writes");
      const cure = `give the credentials the right to change records of ${d.zone}; remove ${LABEL}.${d.zone} if it was left behind`;
      return finding(check, cure, async () => {
        const zone = { name: bareName(d.zone), isPrivate: d.view === "private" };
        await (WRITE[d.provider] satisfies Write)(zone, settings, env);
        return ok(check, `${LABEL} was made and removed`);
      });
    }),
  );
}

type Write = (
  zone: { name: string; isPrivate: boolean },
  settings: StackSettings,
  env: NodeJS.ProcessEnv,
) => Promise<void>;

const WRITE: Record<DnsProvider, Write> = { route53: writeRoute53, cloudflare: writeCloudflare };

async function writeRoute53(
  zone: { name: string; isPrivate: boolean },
  settings: StackSettings,
  env: NodeJS.ProcessEnv,
) {
  const base = settings.route53 ?? ROUTE53;
  const http = new HttpClient({ baseUrl: base, clock: clockFrom(settings.clock) });
  const keys = awsCredentials(env) ?? { accessKeyId: "", secretAccessKey: "" };
  const send = async (method: "GET" | "POST", path: string, body = "") => {
    const url = new URL(base + ROUTE53_API + path);
    // The signature carries the machine's time whatever clock rules the run: AWS compares it with its own.
    const headers = {
      ...signedHeaders({ method, url, body }, keys, new Date()),
      ...(body ? { "content-type": "text/xml" } : {}),
    };
    const query = Object.fromEntries(url.searchParams);
    return String((await http.request(method, url.pathname, { query, headers, ...(body ? { body } : {}) })).body);
  };
  const listed = new XMLParser({ isArray: (name) => name === "HostedZone", parseTagValue: false }).parse(
    await send("GET", `/hostedzonesbyname?dnsname=${encodeURIComponent(zone.name)}`),
  ) as {
    ListHostedZonesByNameResponse?: {
      HostedZones?: { HostedZone?: { Id: string; Name: string; Config?: { PrivateZone?: string } }[] };
    };
  };
  const zones = listed.ListHostedZonesByNameResponse?.HostedZones?.HostedZone ?? [];
  const own = zones.find(
    (z) => bareName(z.Name) === zone.name && (z.Config?.PrivateZone === "true") === zone.isPrivate,
  );
  if (!own) throw new Error(`no hosted zone ${zone.name} is listed`);
  const path = `/hostedzone/${own.Id.replace(/^\/hostedzone\//, "")}/rrset`;
  for (const action of ["UPSERT", "DELETE"]) await send("POST", path, change(action, `${LABEL}.${zone.name}.`));
}

const change = (action: string, name: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>TXT</Type><TTL>${TTL_SECONDS}</TTL><ResourceRecords><ResourceRecord><Value>${TEXT}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;

async function writeCloudflare(
  zone: { name: string; isPrivate: boolean },
  settings: StackSettings,
  env: NodeJS.ProcessEnv,
) {
  const token = env.CLOUDFLARE_API_TOKEN ?? "";
  const http = new HttpClient({
    baseUrl: settings.cloudflare ?? CLOUDFLARE,
    clock: clockFrom(settings.clock),
    authorize: async () => `Bearer ${token}`,
  });
  const zones = await http.json<{ result: { id: string; name: string }[] }>("GET", "/zones", {
    query: { name: zone.name },
  });
  const own = zones.result.find((z) => bareName(z.name) === zone.name);
  if (!own) throw new Error(`no zone ${zone.name} is listed`);
  const path = `/zones/${encodeURIComponent(own.id)}/dns_records`;
  const body = { type: "TXT", name: `${LABEL}.${zone.name}`, content: TEXT, ttl: TTL_SECONDS };
  const made = await http.json<{ result: { id: string } }>("POST", path, { body });
  await http.json("DELETE", `${path}/${encodeURIComponent(made.result.id)}`);
}
