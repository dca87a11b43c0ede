import { UserError } from "../../model/errors";
import type { Clock } from "../../providers/lib/clock";
import { HttpClient, HttpError } from "../../providers/lib/http";
import { bareName, below, type FoundCname } from "./zones";

/** Cloudflare's own address. */
export const CLOUDFLARE = "https://api.cloudflare.com/client/v4";
/** Largest page of zones that the API v4 gives; record lists take more, but one size serves both. */
const PAGE = 50;
/** TTL 1 means automatic: 300 s by Cloudflare's documentation. */
const AUTOMATIC_SECONDS = 300;

interface Page<T> {
  result: T[];
  result_info?: { total_pages?: number };
}
interface ZoneJson {
  id: string;
  name: string;
  /** `internal`: a zone that only Cloudflare Internal DNS answers. */
  type?: string;
}
interface RecordJson {
  name: string;
  type: string;
  content: string;
  ttl: number;
  proxied?: boolean;
}

/** Reads Cloudflare's API v4, and nothing else: zones and their CNAMEs, page by page. */
export class CloudflareReader {
  private readonly http: HttpClient;

  /** `url`: a sandbox's base address with its path; Cloudflare's own without. */
  constructor(token: string, clock: Clock, url?: string) {
    this.http = new HttpClient({ baseUrl: url ?? CLOUDFLARE, clock, authorize: async () => `Bearer ${token}` });
  }

  /** CNAMEs of the zones named, or of every zone the token sees. @throws UserError when Cloudflare refuses. */
  async cnames(zones: readonly string[]): Promise<FoundCname[]> {
    const wanted = new Set(zones.map(bareName));
    const found: FoundCname[] = [];
    for (const zone of await this.all<ZoneJson>("/zones", {})) {
      const name = bareName(zone.name);
      if (wanted.size > 0 && !wanted.has(name)) continue;
      const path = `/zones/${encodeURIComponent(zone.id)}/dns_records`;
      for (const r of await this.all<RecordJson>(path, { type: "CNAME" })) {
        const record = below(bareName(r.name), name);
        if (record === undefined) continue;
        found.push({
          provider: "cloudflare",
          view: zone.type === "internal" ? "private" : "public",
          zone: name,
          record,
          target: bareName(r.content),
          ttlSeconds: r.ttl === 1 ? AUTOMATIC_SECONDS : r.ttl,
          ...(r.ttl === 1 ? { automaticTtl: true } : {}),
          ...(r.proxied ? { proxied: true } : {}),
        });
      }
    }
    return found;
  }

  private async all<T>(path: string, query: Record<string, string>): Promise<T[]> {
    const rows: T[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.http
        .json<Page<T>>("GET", path, { query: { ...query, page, per_page: PAGE } })
        .catch((error: unknown) => {
          if (!(error instanceof HttpError)) throw error;
          throw new UserError(
            `${error.message}; expected to list zones and records; fix: give CLOUDFLARE_API_TOKEN the right Zone DNS Read.`,
          );
        });
      rows.push(...answer.result);
      if (answer.result.length === 0 || page >= (answer.result_info?.total_pages ?? 1)) return rows;
    }
  }
}
