import { UserError } from "../../model/errors";
import type { Clock } from "../lib/clock";
import { HttpClient, HttpError, type Method } from "../lib/http";
import { Budget } from "../lib/limiter";

/** API domain of each AWS region (provider `awsRegion`), from the official provider's own table. */
const DOMAINS: Record<string, string> = {
  "us-east-1": "mypurecloud.com",
  "us-east-2": "use2.us-gov-pure.cloud",
  "us-west-2": "usw2.pure.cloud",
  "ca-central-1": "cac1.pure.cloud",
  "sa-east-1": "sae1.pure.cloud",
  "mx-central-1": "mxc1.pure.cloud",
  "eu-west-1": "mypurecloud.ie",
  "eu-west-2": "euw2.pure.cloud",
  "eu-central-1": "mypurecloud.de",
  "eu-central-2": "euc2.pure.cloud",
  "eusc-de-east-1": "edee1.eusc-pure.cloud",
  "me-central-1": "mec1.pure.cloud",
  "ap-southeast-2": "mypurecloud.com.au",
  "ap-southeast-1": "apse1.pure.cloud",
  "ap-northeast-1": "mypurecloud.jp",
  "ap-northeast-2": "apne2.pure.cloud",
  "ap-northeast-3": "apne3.pure.cloud",
  "ap-south-1": "aps1.pure.cloud",
};
/** Regions the plug-in knows. */
export const REGIONS = Object.keys(DOMAINS);

/** Genesys' limit per token for client credentials, and for changes of IVRs over all clients; both a minute. */
const REQUESTS_PER_MINUTE = 300;
const IVR_PUTS_PER_MINUTE = 100;
const PAGE_SIZE = 100;

/** Address in front of the API, as the official provider's `gateways`. */
export interface Gateway {
  protocol?: string;
  host?: string;
  port?: string | number;
  pathParams?: { pathName: string; pathValue: string }[];
}

export interface GenesysOptions {
  gateways?: Gateway[];
  awsRegion?: string;
  clock: Clock;
  /** A clock other than the machine's was configured. */
  steeredClock: boolean;
  /** Policies that a rehearsal leaves out, of those that this provider holds a layer of. */
  without?: readonly string[];
  signal: AbortSignal;
  env: Record<string, string | undefined>;
  log?(message: string): void;
}

/** Base URLs of the API and of the login service. Throws UserError for an unknown region or a gateway that would leak credentials. */
export function endpoints(o: Pick<GenesysOptions, "gateways" | "awsRegion" | "steeredClock">): {
  api: string;
  login: string;
} {
  const gateway = o.gateways?.[0];
  if (!gateway) {
    const region = o.awsRegion ?? "us-east-1";
    const domain = DOMAINS[region];
    if (!domain) throw new UserError(`genesyscloud:awsRegion is "${region}"; expected one of ${REGIONS.join(", ")}.`);
    if (o.steeredClock)
      throw new UserError(
        "genesyscloud:clock is set for a real organisation; a sandbox's clock goes with a loopback genesyscloud:gateways only. Remove it.",
      );
    return { api: `https://api.${domain}`, login: `https://login.${domain}` };
  }
  if (!gateway.host) throw new UserError(`genesyscloud:gateways[0] has no host; expected {"protocol","host","port"}.`);
  const protocol = gateway.protocol ?? "https";
  const loopback = /^(127(\.\d{1,3}){3}|\[::1\]|::1|localhost)$/.test(gateway.host);
  if (protocol !== "http" && protocol !== "https")
    throw new UserError(`genesyscloud:gateways[0].protocol is "${protocol}"; expected http or https.`);
  if (protocol === "http" && !loopback) {
    throw new UserError(
      `genesyscloud:gateways[0] is http://${gateway.host}: the OAuth client's secret would travel in the clear. Use https, or a loopback address for a sandbox.`,
    );
  }
  if (o.steeredClock && !loopback)
    throw new UserError(
      `genesyscloud:clock is set but genesyscloud:gateways[0] is ${gateway.host}; a sandbox's clock goes with a loopback gateway only. Remove it.`,
    );
  const base = `${protocol}://${gateway.host}${gateway.port ? `:${gateway.port}` : ""}`;
  const prefix = (name: string) => {
    const value = gateway.pathParams?.find((p) => p.pathName === name)?.pathValue;
    return value ? `/${value.replace(/^\/+|\/+$/g, "")}` : "";
  };
  return { api: base + prefix("api"), login: base + prefix("login") };
}

/** What every Genesys object has, as far as we look. */
export interface Entity {
  id?: string;
  name?: string;
  version?: number;
  state?: string;
  [key: string]: unknown;
}

interface Page {
  entities?: Entity[];
  pageCount?: number;
  total?: number;
}

/** The Genesys Cloud Platform API v2 with its token, budgets and habits. Does nothing until it is first asked. */
export class GenesysClient {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Policies left out; empty for every real organisation. */
  readonly without: ReadonlySet<string>;
  private token: Promise<string> | undefined;
  private readonly login: HttpClient;
  /** Budget of the token in use; a new token has its own. */
  private budget: Budget;

  constructor(private readonly o: GenesysOptions) {
    const { api, login } = endpoints(o);
    // A sandbox's clock goes with a loopback organisation only: together they mark what no production stack can carry.
    if (o.without?.length && !o.steeredClock)
      throw new UserError(
        `genesyscloud:withoutPolicies: seen ${o.without.join(", ")}; expected nothing, since no sandbox clock is configured (genesyscloud:clock): policies are left out in rehearsals only. Remove it.`,
      );
    this.without = new Set(o.without);
    this.clock = o.clock;
    this.signal = o.signal;
    const common = { clock: o.clock, signal: o.signal, log: o.log };
    const told = (what: string) => (seconds: number) => o.log?.(`${what} used up, waiting ${seconds.toFixed(0)} s`);
    this.budget = new Budget(REQUESTS_PER_MINUTE, 60, o.clock, told("budget of 300 requests a minute"));
    const ivrs = new Budget(IVR_PUTS_PER_MINUTE, 60, o.clock, told("budget of 100 IVR changes a minute"));
    this.login = new HttpClient({ ...common, baseUrl: login });
    this.http = new HttpClient({
      ...common,
      baseUrl: api,
      authorize: async (renew) => `Bearer ${await this.bearer(renew)}`,
      limit: async (method: Method, path: string) => {
        if (method === "PUT" && path.startsWith("/api/v2/architect/ivrs/")) await ivrs.take(o.signal);
        await this.budget.take(o.signal);
      },
    });
  }

  /** Every entity of a listing, page by page (100 each, the API's default is 25). `onPage` hears how many there are before each page's own come. */
  async *list(
    path: string,
    query: Record<string, string | undefined> = {},
    onPage?: (total: number | undefined) => void,
  ): AsyncGenerator<Entity> {
    for (let pageNumber = 1; ; pageNumber++) {
      const page = await this.http.json<Page>("GET", path, { query: { ...query, pageSize: PAGE_SIZE, pageNumber } });
      const entities = page.entities ?? [];
      onPage?.(page.total);
      yield* entities;
      const last = page.pageCount === undefined ? entities.length < PAGE_SIZE : pageNumber >= page.pageCount;
      if (last || entities.length === 0) return;
    }
  }

  private async bearer(renew: boolean): Promise<string> {
    if (renew) this.token = undefined;
    this.token ??= this.acquire().catch((e: unknown) => {
      this.token = undefined;
      throw e;
    });
    return this.token;
  }

  private async acquire(): Promise<string> {
    const id = this.o.env.GENESYSCLOUD_OAUTHCLIENT_ID;
    const secret = this.o.env.GENESYSCLOUD_OAUTHCLIENT_SECRET;
    if (!id || !secret) {
      const missing = [id ? "" : "GENESYSCLOUD_OAUTHCLIENT_ID", secret ? "" : "GENESYSCLOUD_OAUTHCLIENT_SECRET"].filter(
        Boolean,
      );
      throw new UserError(
        `${missing.join(" and ")} not set; expected the id and secret of a client-credentials OAuth client in the environment.`,
      );
    }
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    const init = {
      body: "grant_type=client_credentials",
      headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
    };
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.login.json<{ access_token?: string }>("POST", "/oauth/token", init);
        if (!answer?.access_token)
          throw new UserError(
            "POST /oauth/token answered without an access_token; check genesyscloud:gateways or genesyscloud:awsRegion.",
          );
        return answer.access_token;
      } catch (e) {
        if (!(e instanceof HttpError)) throw e;
        if (e.status === 400 || e.status === 401) {
          throw new UserError(
            `Genesys Cloud refuses the OAuth client ${id}: ${e.message}. Check GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET and the region.`,
          );
        }
        // A second token does no harm, so unlike other POSTs this one may be repeated.
        if (!e.ambiguous || attempt >= 3) throw e;
        await this.clock.sleep(attempt, this.signal);
      }
    }
  }
}
