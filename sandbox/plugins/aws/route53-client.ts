import { XMLParser } from "fast-xml-parser";
import { UserError } from "../../../model/errors";
import type { Clock } from "../../../providers/lib/clock";
import { HttpClient, HttpError } from "../../../providers/lib/http";
import { type Credentials, signedHeaders } from "../../../providers/lib/sigv4";

/** One record set, names without trailing dot. */
export interface RecordSet {
  name: string;
  type: string;
  ttl: number;
  records: string[];
}

export interface HostedZone {
  id: string;
  name: string;
  callerReference: string;
  comment: string;
  privateZone: boolean;
  count: number;
}

/** Error codes that mean "later": AWS answers both with HTTP 400, so no status tells. */
const LATER = ["Throttling", "ThrottlingException", "PriorRequestNotComplete", "RequestLimitExceeded"];
const TRIES_MAX = 12;
/** A change is INSYNC within about a minute in real life; one that is not after this has gone wrong. */
const INSYNC_SECONDS_MAX = 300;

const LISTS = ["HostedZone", "ResourceRecordSet", "ResourceRecord", "NameServer", "VPC", "Message"];
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: (name) => LISTS.includes(name) });

const bare = (name: string) => name.replace(/\.$/, "").replace(/\\052/g, "*");
const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] as string);

function credentials(): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new UserError(
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; expected credentials of the DNS account in the environment.",
    );
  }
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
}

type Xml = { [name: string]: unknown };

/** The element down a path of names; an empty object where there is none (an empty element parses to ""). */
function at(xml: Xml, ...path: string[]): Xml {
  let here: unknown = xml;
  for (const name of path) here = here && typeof here === "object" ? (here as Xml)[name] : undefined;
  return here && typeof here === "object" ? (here as Xml) : {};
}

const listIn = <T = Xml>(xml: Xml, name: string): T[] => (Array.isArray(xml[name]) ? (xml[name] as T[]) : []);

/** Route 53's REST API (2013-04-01), as far as CNAME records need it. */
export class Route53Client {
  readonly #http: HttpClient;

  constructor(
    private readonly baseUrl: string,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
  ) {
    this.#http = new HttpClient({ baseUrl, clock, signal });
  }

  /** Zones of exactly this name, public and private ones. */
  async zonesNamed(name: string): Promise<HostedZone[]> {
    const wanted = bare(name).toLowerCase();
    const answer = await this.#send("GET", "/2013-04-01/hostedzonesbyname", {
      query: { dnsname: `${wanted}.`, maxitems: "100" },
    });
    return listIn(at(answer, "ListHostedZonesByNameResponse", "HostedZones"), "HostedZone")
      .map(zoneOf)
      .filter((z) => z.name === wanted);
  }

  async zone(id: string): Promise<{ zone: HostedZone; nameServers: string[]; vpcId?: string }> {
    const answer = at(
      await this.#send("GET", `/2013-04-01/hostedzone/${encodeURIComponent(id)}`),
      "GetHostedZoneResponse",
    );
    const vpcId = listIn(at(answer, "VPCs"), "VPC")[0]?.VPCId as string | undefined;
    return {
      zone: zoneOf(listIn(answer, "HostedZone")[0] ?? {}),
      nameServers: listIn<string>(at(answer, "DelegationSet", "NameServers"), "NameServer"),
      vpcId,
    };
  }

  /** The record set of this name and type; null when the zone has none. @throws HttpError 404 when the zone is gone. */
  async recordSet(zoneId: string, name: string, type: string): Promise<RecordSet | null> {
    const query = { name: `${bare(name)}.`, type, maxitems: "1" };
    const answer = await this.#send("GET", `/2013-04-01/hostedzone/${encodeURIComponent(zoneId)}/rrset`, { query });
    // The list begins at the name asked for, or after it when there is none.
    const found = listIn(at(answer, "ListResourceRecordSetsResponse", "ResourceRecordSets"), "ResourceRecordSet").map(
      setOf,
    )[0];
    return found && found.name === bare(name).toLowerCase() && found.type === type ? found : null;
  }

  /** Sends one change and returns when every server of the zone has it (INSYNC). */
  async change(zoneId: string, action: "CREATE" | "UPSERT" | "DELETE", set: RecordSet): Promise<void> {
    const records = set.records.map((r) => `<ResourceRecord><Value>${escaped(r)}</Value></ResourceRecord>`).join("");
    const body = `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>${escaped(set.name)}.</Name><Type>${set.type}</Type><TTL>${set.ttl}</TTL><ResourceRecords>${records}</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
    const answer = await this.#send("POST", `/2013-04-01/hostedzone/${encodeURIComponent(zoneId)}/rrset`, { body });
    const info = at(answer, "ChangeResourceRecordSetsResponse", "ChangeInfo");
    await this.#insync(String(info.Id).replace(/^\/change\//, ""), String(info.Status));
  }

  async #insync(id: string, status: string): Promise<void> {
    let now = status;
    let waited = 0;
    for (let step = 0.05; now !== "INSYNC"; step = Math.min(step * 1.5, 5)) {
      if (waited > INSYNC_SECONDS_MAX) {
        throw new UserError(
          `Route 53 change ${id} is ${now} after ${Math.round(waited)} s; expected INSYNC. Run again: the change itself was accepted.`,
        );
      }
      await this.clock.sleep(step, this.signal);
      waited += step;
      const answer = await this.#send("GET", `/2013-04-01/change/${encodeURIComponent(id)}`);
      now = String(at(answer, "GetChangeResponse", "ChangeInfo").Status);
    }
  }

  async #send(
    method: "GET" | "POST",
    path: string,
    init: { query?: Record<string, string>; body?: string } = {},
  ): Promise<Xml> {
    for (let attempt = 1; ; attempt++) {
      try {
        const url = new URL(this.baseUrl + path);
        for (const [k, v] of Object.entries(init.query ?? {})) url.searchParams.set(k, v);
        const headers: Record<string, string> = signedHeaders(
          { method, url, body: init.body ?? "" },
          credentials(),
          new Date(),
        );
        if (init.body) headers["content-type"] = "text/xml";
        const { body } = await this.#http.request(method, path, { query: init.query, body: init.body, headers });
        return parser.parse(String(body)) as Xml;
      } catch (error) {
        const told = error instanceof HttpError ? fault(error) : null;
        if (!told) throw error;
        if (!LATER.includes(told.code) || attempt >= TRIES_MAX) throw told.error;
        await this.clock.sleep(Math.min(0.1 * 2 ** attempt, 5) * (0.5 + Math.random() / 2), this.signal);
      }
    }
  }
}

/** AWS' code and message out of an error body: `<Error>`, or the older `<InvalidChangeBatch><Messages>`. */
function fault(error: HttpError): { code: string; error: HttpError } | null {
  if (!error.serverMessage.includes("<")) return null;
  const code =
    /<Code>([^<]+)<\/Code>/.exec(error.serverMessage)?.[1] ?? /<(InvalidChangeBatch)\b/.exec(error.serverMessage)?.[1];
  if (!code) return null;
  const messages = [...error.serverMessage.matchAll(/<Message>([^<]*)<\/Message>/g)].map((m) => m[1]);
  const text = messages.join("; ");
  return {
    code,
    error: new HttpError(error.method, error.path, error.status, code, text, error.contextId, error.ambiguous),
  };
}

function zoneOf(xml: Xml): HostedZone {
  const config = at(xml, "Config");
  return {
    id: String(xml.Id).replace(/^\/hostedzone\//, ""),
    name: bare(String(xml.Name)).toLowerCase(),
    callerReference: String(xml.CallerReference ?? ""),
    comment: String(config.Comment ?? ""),
    privateZone: String(config.PrivateZone) === "true",
    count: Number(xml.ResourceRecordSetCount ?? 0),
  };
}

function setOf(xml: Xml): RecordSet {
  const records = listIn<{ Value: string }>(at(xml, "ResourceRecords"), "ResourceRecord");
  return {
    name: bare(String(xml.Name)).toLowerCase(),
    type: String(xml.Type),
    ttl: Number(xml.TTL ?? 0),
    records: records.map((r) => String(r.Value)),
  };
}
