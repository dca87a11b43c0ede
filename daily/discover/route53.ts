import { XMLParser } from "fast-xml-parser";
import { UserError } from "../../model/errors";
import type { Clock } from "../../providers/lib/clock";
import { HttpClient, HttpError } from "../../providers/lib/http";
import { type Credentials, signedHeaders } from "../../providers/lib/sigv4";
import { bareName, below, type FoundCname } from "./zones";

/** Route 53 is one global service with one address (AWS General Reference). */
export const ROUTE53 = "https://route53.amazonaws.com";
/** The one version of its interface. */
export const ROUTE53_API = "/2013-04-01";
const API = ROUTE53_API;
/** AWS answers "later" with HTTP 400, so the client below cannot see it by the status. */
const LATER = /<Code>(Throttling|ThrottlingException|RequestLimitExceeded)<\/Code>/;
const TRIES_MAX = 10;

const LISTS = ["HostedZone", "ResourceRecordSet", "ResourceRecord"];
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: (name) => LISTS.includes(name) });

interface ZoneXml {
  Id: string;
  Name: string;
  Config?: { PrivateZone?: string };
}
interface SetXml {
  Name: string;
  Type: string;
  TTL?: string;
  ResourceRecords?: { ResourceRecord?: { Value: string }[] };
}

/** Credentials of the DNS account, or undefined when there are none. */
export function awsCredentials(env: NodeJS.ProcessEnv): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
}

/** Reads Route 53, and nothing else: hosted zones and their CNAMEs, page by page. */
export class Route53Reader {
  private readonly http: HttpClient;
  private readonly base: string;

  /** `url`: a sandbox's address; AWS' own without. */
  constructor(
    private readonly credentials: Credentials,
    private readonly clock: Clock,
    url?: string,
  ) {
    this.base = url ?? ROUTE53;
    this.http = new HttpClient({ baseUrl: this.base, clock });
  }

  /** CNAMEs of the zones named, or of every zone the credentials see. @throws HttpError when AWS refuses. */
  async cnames(zones: readonly string[]): Promise<FoundCname[]> {
    const wanted = new Set(zones.map(bareName));
    const found: FoundCname[] = [];
    for (const zone of await this.zones()) {
      const name = bareName(zone.Name);
      if (wanted.size > 0 && !wanted.has(name)) continue;
      const view = zone.Config?.PrivateZone === "true" ? "private" : "public";
      for (const set of await this.sets(zone.Id.replace(/^\/hostedzone\//, ""))) {
        const record = below(bareName(set.Name), name);
        const target = set.ResourceRecords?.ResourceRecord?.[0]?.Value;
        // An alias set has no TTL of its own and is no CNAME on the wire.
        if (set.Type !== "CNAME" || record === undefined || target === undefined || set.TTL === undefined) continue;
        found.push({
          provider: "route53",
          view,
          zone: name,
          record,
          target: bareName(target),
          ttlSeconds: Number(set.TTL),
        });
      }
    }
    return found;
  }

  private async zones(): Promise<ZoneXml[]> {
    const zones: ZoneXml[] = [];
    for (let marker: string | undefined; ; ) {
      const answer = (await this.get("/hostedzone", { marker }, "ListHostedZonesResponse")) as {
        HostedZones?: { HostedZone?: ZoneXml[] };
        IsTruncated?: string;
        NextMarker?: string;
      };
      zones.push(...(answer.HostedZones?.HostedZone ?? []));
      if (answer.IsTruncated !== "true" || !answer.NextMarker) return zones;
      marker = answer.NextMarker;
    }
  }

  private async sets(zoneId: string): Promise<SetXml[]> {
    const sets: SetXml[] = [];
    for (let next: Record<string, string | undefined> = {}; ; ) {
      const answer = (await this.get(
        `/hostedzone/${encodeURIComponent(zoneId)}/rrset`,
        next,
        "ListResourceRecordSetsResponse",
      )) as {
        ResourceRecordSets?: { ResourceRecordSet?: SetXml[] };
        IsTruncated?: string;
        NextRecordName?: string;
        NextRecordType?: string;
        NextRecordIdentifier?: string;
      };
      sets.push(...(answer.ResourceRecordSets?.ResourceRecordSet ?? []));
      if (answer.IsTruncated !== "true" || !answer.NextRecordName) return sets;
      next = { name: answer.NextRecordName, type: answer.NextRecordType, identifier: answer.NextRecordIdentifier };
    }
  }

  private async get(path: string, query: Record<string, string | undefined>, root: string): Promise<object> {
    for (let attempt = 1; ; attempt++) {
      const url = new URL(this.base + API + path);
      for (const [k, v] of Object.entries(query)) if (v !== undefined) url.searchParams.set(k, v);
      try {
        // The signature carries the machine's time whatever clock rules the run: AWS compares it with its own.
        const headers = signedHeaders({ method: "GET", url, body: "" }, this.credentials, new Date());
        const { body } = await this.http.request("GET", API + path, { query, headers });
        const parsed = parser.parse(String(body)) as Record<string, object | undefined>;
        return parsed[root] ?? {};
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        if (LATER.test(error.serverMessage) && attempt < TRIES_MAX) {
          await this.clock.sleep(Math.min(0.2 * 2 ** attempt, 5));
          continue;
        }
        const code = /<Code>([^<]+)<\/Code>/.exec(error.serverMessage)?.[1] ?? error.code ?? String(error.status);
        throw new UserError(
          `Route 53 answered ${code} to GET ${path}; expected to list zones and records; fix: give the AWS credentials the rights route53:ListHostedZones and route53:ListResourceRecordSets.`,
        );
      }
    }
  }
}
