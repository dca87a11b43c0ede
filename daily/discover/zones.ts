import type { DnsProvider, DnsView } from "../../model/types";

/** One CNAME as a provider's API tells it, names without trailing dot and in lower case. */
export interface FoundCname {
  provider: DnsProvider;
  view: DnsView;
  zone: string;
  /** Label or labels below the zone. */
  record: string;
  target: string;
  ttlSeconds: number;
  /** Cloudflare's TTL 1: the provider decides (300 s by its documentation). */
  automaticTtl?: boolean;
  /** Cloudflare serves its own addresses for a proxied name: SIP does not pass there. */
  proxied?: boolean;
}

/** Labels that names of telephony carry, and where Genesys Cloud's own names end. */
const TELEPHONY = /(^|[.-])(sips?|voice|voip|gcv|byoc|trunks?|sbc|pbx|tel|telephony|phone)\d*([.-]|$)/;
const GENESYS = /\.(pure\.cloud|genesys\.cloud|mypurecloud\.[a-z.]+)$/;

/**
 * The CNAMEs that may be the names a carrier dials: those asked for by label when any is, else those whose label or target looks like
 * telephony. A guess by nature; each is a question in the estate.
 */
export function dialledNames(found: readonly FoundCname[], labels: readonly string[]): FoundCname[] {
  if (labels.length > 0) {
    const wanted = new Set(labels.map((l) => l.toLowerCase()));
    return found.filter((c) => wanted.has(c.record) || wanted.has(`${c.record}.${c.zone}`));
  }
  return found.filter(
    (c) => TELEPHONY.test(c.record) || TELEPHONY.test(c.target.split(".")[0]!) || GENESYS.test(c.target),
  );
}

/** A DNS name for comparison: small letters, no final dot. */
export const bareName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** Labels of a name below its zone, or undefined when it is not below it. */
export function below(name: string, zone: string): string | undefined {
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
