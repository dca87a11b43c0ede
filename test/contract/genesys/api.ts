import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import { refusal } from "../harness";
import type { Sample } from "../models";

/** The sandbox's deployer (sandbox/genesys/store.ts); it opens nothing but a loopback world. */
export const CLIENT_ID = "5a4db000-c07e-4a11-9c10-000000000001";
export const CLIENT_SECRET = "sandbox-secret";

/** Everything below is one process-wide client, as the SDK has it. */
export const client = platformClient.ApiClient.instance;
export const edges = new platformClient.TelephonyProvidersEdgeApi();
export const architect = new platformClient.ArchitectApi();
export const authorization = new platformClient.AuthorizationApi();
export const oauth = new platformClient.OAuthApi();
export const routing = new platformClient.RoutingApi();

/** What the walk leaves behind for the SIP peers. */
export interface BuiltOrganisation {
  trunkHost: string;
  /** Bound to the flow of `queue`. */
  number: string;
  /** In a pool, bound to nothing. */
  unbound: string;
  queue: string;
  trunkId: string;
  /** Loopback stand-in of an allowed source (198.51.100.44). */
  source: string;
  samples: Sample[];
}

/** Keeps an answer, to be held against the models of the SDK. */
export type Keep = <T>(model: string, value: T) => T;

/** Points the SDK at a sandbox. Its own configuration file is watched unless told otherwise. */
export function pointAt(url: string): void {
  const { hostname, port } = new URL(url);
  client.config.live_reload_config = false;
  client.setGateway({
    host: hostname,
    protocol: "http",
    port: Number(port),
    path_params_login: "login",
    path_params_api: "",
  });
}

export const logIn = () => client.loginClientCredentialsGrant(CLIENT_ID, CLIENT_SECRET);

/** Refused with this status, and a body of the real form. */
export async function refused(
  promise: Promise<unknown>,
  status: number,
  about: RegExp = /./,
): Promise<Record<string, unknown>> {
  const body = await refusal(promise);
  assert.equal(body.status, status, JSON.stringify(body));
  assert.equal(typeof body.code, "string");
  assert.match(String(body.message), about);
  assert.match(String(body.contextId), /^[0-9a-f-]{36}$/);
  return body;
}

export const trunkProperties = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([key, instance]) => [key, { value: { instance } }]));

/** Inbound calls in progress on a trunk, as its metrics say. */
export async function callsOn(trunkBaseId: string): Promise<number> {
  const trunk = (await edges.getTelephonyProvidersEdgesTrunks({ trunkBaseId })).entities?.[0];
  const metrics = await edges.getTelephonyProvidersEdgesTrunkMetrics(trunk?.id as string);
  return metrics.calls?.inboundCallCount ?? 0;
}

/** Sets properties of the trunk, the others as they are. */
export async function setTrunk(trunkId: string, values: Record<string, unknown>): Promise<void> {
  const trunk = await edges.getTelephonyProvidersEdgesTrunkbasesetting(trunkId);
  const properties = { ...trunk.properties, ...trunkProperties(values) } as never;
  await edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, { ...trunk, properties });
}
