import { UserError } from "../model/errors";
import { apiUrl, loginUrl } from "../model/regions";
import type { Plan } from "../model/types";
import type { Clock } from "../providers/lib/clock";
import { HttpClient, type Method } from "../providers/lib/http";
import type { ProbeSettings } from "./document";

/** Read access to the Genesys Cloud Platform API with client credentials from the environment. */
export class GenesysReader {
  readonly #http: HttpClient;
  readonly #login: HttpClient;
  #token: Promise<string> | undefined;

  constructor(
    urls: { api: string; login: string },
    clock: Clock,
    private readonly credentials: { id: string; secret: string },
  ) {
    this.#login = new HttpClient({ baseUrl: urls.login, clock });
    this.#http = new HttpClient({
      baseUrl: urls.api,
      clock,
      authorize: async (renew) => `Bearer ${await this.#currentToken(renew)}`,
    });
  }

  #currentToken(renew: boolean): Promise<string> {
    if (renew || !this.#token) this.#token = this.#newToken();
    return this.#token;
  }

  async #newToken(): Promise<string> {
    const { id, secret } = this.credentials;
    const answer = await this.#login.json<{ access_token: string }>("POST", "/oauth/token", {
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
    return answer.access_token;
  }

  get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
    return this.#http.json<T>("GET", path, { query });
  }

  /** Null for 404. */
  find<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T | null> {
    return this.#http.find<T>(path, { query });
  }

  send<T>(method: Method, path: string, body: unknown): Promise<T> {
    return this.#http.json<T>(method, path, { body });
  }

  /** All entities of a paged list; the API's largest page of 100 is used throughout. */
  async all<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T[]> {
    const rows: T[] = [];
    for (let pageNumber = 1; ; pageNumber++) {
      const page = await this.get<{ entities?: T[]; pageCount?: number }>(path, {
        ...query,
        pageSize: 100,
        pageNumber,
      });
      rows.push(...(page.entities ?? []));
      if ((page.entities ?? []).length === 0 || pageNumber >= (page.pageCount ?? 1)) return rows;
    }
  }
}

/** Looked at before anything is asked: a missing credential is not a broken connection. */
function credentialsOf(env: NodeJS.ProcessEnv): { id: string; secret: string } {
  const { GENESYSCLOUD_OAUTHCLIENT_ID: id, GENESYSCLOUD_OAUTHCLIENT_SECRET: secret } = env;
  if (id && secret) return { id, secret };
  throw new UserError(
    "GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET are not both set; expected the OAuth client (client credentials) of the migration in the environment.",
  );
}

/** One reader for all probes of a process: they log in once. */
const readers = new Map<string, GenesysReader>();

function readerAt(urls: { api: string; login: string }, clock: Clock): GenesysReader {
  // Other credentials are another reader: a token must not outlive a change of them.
  const credentials = credentialsOf(process.env);
  const key = JSON.stringify([urls.api, credentials]);
  const reader = readers.get(key) ?? new GenesysReader(urls, clock, credentials);
  readers.set(key, reader);
  return reader;
}

/** The reader for these settings: a given address (gateway: login on the same host), else the region of the plan. */
export async function openGenesys(settings: ProbeSettings, clock: Clock): Promise<GenesysReader> {
  if (settings.genesys) {
    const base = settings.genesys.replace(/\/$/, "");
    return readerAt({ api: base, login: base }, clock);
  }
  const { region } = (await loadPlanOf(settings)).organisation;
  return readerAt({ api: apiUrl(region), login: loginUrl(region) }, clock);
}

const plans = new Map<string, Plan>();

/** The plan, loaded late: its libraries are most of a probe's start-up; and once for all probes of a process. */
export async function loadPlanOf(settings: ProbeSettings): Promise<Plan> {
  const { loadPlan } = await import("../model/plan");
  const plan = plans.get(settings.plan) ?? loadPlan(settings.plan);
  plans.set(settings.plan, plan);
  return plan;
}
