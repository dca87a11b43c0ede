/** A running API with a logged-in client, for the tests of this folder. */

import {
  type Conversation,
  type GenesysOptions,
  type GenesysStore,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
} from "../store";
import { type TestClock, testStore } from "../testing";
import { type ApiOptions, GenesysApi } from "./server";

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
export type Json = any;

export class TestApi {
  private constructor(
    readonly store: GenesysStore,
    readonly clock: TestClock,
    readonly api: GenesysApi,
    readonly url: string,
  ) {}
  token = "";

  static async start(options: ApiOptions = {}, genesys: GenesysOptions = {}): Promise<TestApi> {
    const { store, clock } = testStore(genesys);
    const api = new GenesysApi(store, options);
    const started = new TestApi(store, clock, api, await api.listen());
    started.token = await started.logIn();
    return started;
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** A new token. Throws with the status when refused. */
  async logIn(id = SANDBOX_CLIENT_ID, secret = SANDBOX_CLIENT_SECRET): Promise<string> {
    const basic = Buffer.from(`${id}:${secret}`).toString("base64");
    const headers = { Authorization: `Basic ${basic}`, "Content-Type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", headers, body: "grant_type=client_credentials" };
    const response = await fetch(`${this.url}/login/oauth/token`, init);
    const body = (await response.json()) as { access_token?: string; message?: string };
    if (!body.access_token) throw new Error(`${response.status} ${body.message}`);
    return body.access_token;
  }

  /** One request; paths are below /api/v2 unless they start with it. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    bearer = this.token,
  ): Promise<{ status: number; body: Json; headers: Headers }> {
    const headers = { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${this.url}${path.startsWith("/api") ? path : `/api/v2${path}`}`, init);
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
  }

  /** The body of a request that must succeed. */
  async ok(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** An ended call to +12125550100 by GCV, numbered so that tests can tell them apart. */
export function conversation(start: Date, n: string, more: Partial<Conversation> = {}): Conversation {
  const base: Conversation = {
    id: `00000000-0000-4000-8000-${n.padStart(12, "0")}`,
    direction: "inbound",
    path: "gcv",
    trunkId: null,
    ani: "+13105550001",
    dnis: "+12125550100",
    start,
    end: new Date(start.getTime() + 30_000),
    answeredAt: start,
    flowName: "Claims",
    queue: "Claims",
    recorded: true,
    sipResponseCodes: [200],
    disconnectType: "client",
  };
  return { ...base, ...more };
}
