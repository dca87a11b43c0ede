import { fileURLToPath } from "node:url";
import { loadPlan } from "../../model/plan";
import { GenesysStore } from "../genesys/store";
import { offerSdp } from "../media";
import { newSrtpKey } from "../media/srtp";
import { claimSubnet } from "../net";
import { createAuthority } from "../pki";
import { Random } from "../random";
import { type InviteOptions, type OutgoingCall, SipEndpoint } from "../sip";
import { type EdgeOptions, SipEdge } from "./edge";

/** Address of a carrier on the trunk's allowlist, and one that is on none (both mapped documentation addresses). */
export const CARRIER_SOURCE = "127.0.113.10";
export const STRANGER_SOURCE = "127.99.100.1";
export const TRUNK_HOST = "guide-primary.byoc.use1.pure.cloud";
export const SHADOW = "+16175550100";
export const SBC_NAME = "sip.carrier-domain.com";

export type TrunkChanges = Record<string, unknown>;

const property = (instance: unknown) => ({ value: { instance } });

/** Fields of a trunk as a client would send them. */
function trunkBody(siteId: string, changes: TrunkChanges) {
  const values: TrunkChanges = {
    trunk_enabled: true,
    trunk_transport_protocolVariant: "tls",
    trunk_sip_termination_uri: "guide-primary",
    trunk_transport_serverProxyList: [`${SBC_NAME}:5061`],
    trunk_access_acl_allowList: ["203.0.113.10/31"],
    trunk_sip_authentication_credentials_realm: SBC_NAME,
    trunk_sip_authentication_credentials_username: "carrier_user_01",
    trunk_sip_authentication_credentials_password: "not-a-secret",
    trunk_media_codec: ["audio/pcmu", "audio/pcma"],
    trunk_recording_enabled: true,
    trunk_calling_id_priority: ["Source", "Trunk"],
    trunk_maxCallRate: "1000/1s",
    ...changes,
  };
  return {
    name: "BYOC",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json" },
    trunkType: "EXTERNAL",
    inboundSite: { id: siteId },
    properties: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, property(value)])),
  };
}

/** A flow out of actions; JSON is YAML. */
export function flowText(name: string, actions: unknown[]): string {
  const supportedLanguages = {
    "en-us": { defaultLanguageSkill: { noValue: true }, textToSpeech: { defaultEngine: { voice: "Jill" } } },
  };
  const tasks = [{ task: { name: "Main", refId: "Main_10", actions } }];
  const startUpRef = "/inboundCall/tasks/task[Main_10]";
  return JSON.stringify({ inboundCall: { name, startUpRef, defaultLanguage: "en-us", supportedLanguages, tasks } });
}

/** The guide estate with a BYOC trunk, a shadow number and a running edge on addresses of its own. */
export async function startEdge(changes: TrunkChanges = {}, options: Partial<EdgeOptions> = {}) {
  const subnet = await claimSubnet();
  const authority = await createAuthority();
  const plan = loadPlan(fileURLToPath(new URL("../../test/estates/guide", import.meta.url)));
  const store = new GenesysStore(plan, { now: () => new Date() }, new Random("edge-test"));
  const site = store.sites.sites.named("West");
  if (!site) throw new Error("the guide estate has no site West");
  const trunk = store.trunks.create(trunkBody(site.id, changes));
  store.numbers.create({ startPhoneNumber: SHADOW, endPhoneNumber: SHADOW, provider: "PURE_CLOUD" });
  const flow = store.flows.flows.named("Main inbound");
  if (!flow) throw new Error("the guide estate has no flow Main inbound");
  store.ivrs.create({ name: "Main inbound BYOC", dnis: [SHADOW], openHoursFlow: { id: flow.id } });
  const [edgePair, gcvPair] = await Promise.all([
    authority.issue([TRUNK_HOST]),
    authority.issue(["gcv.guide.example"]),
  ]);
  const hosts = { byoc: subnet.addr(10), gcv: subnet.addr(11), sbc: subnet.addr(20), pstn: subnet.addr(21) };
  const edge = new SipEdge({
    store,
    now: () => new Date(),
    random: new Random("edge-test"),
    byoc: { host: hosts.byoc, ...edgePair },
    gcv: { host: hosts.gcv, ...gcvPair },
    ca: authority.ca,
    resolve: async (host) => (host === SBC_NAME ? [hosts.sbc] : []),
    gcvCarrier: { host: hosts.pstn, port: 5060 },
    failoverQueues: [plan.inbound.failoverQueue],
    pickupMs: [5, 15],
    ...options,
  });
  await edge.start();
  const ends: (() => Promise<void>)[] = [() => edge.close(), () => subnet.release()];
  return {
    edge,
    store,
    trunk,
    site,
    plan,
    hosts,
    authority,
    /** Another SIP party of the test, closed with the world. */
    async party(o: Partial<ConstructorParameters<typeof SipEndpoint>[0]> = {}): Promise<SipEndpoint> {
      const endpoint = new SipEndpoint({ name: "test party", ca: authority.ca, ...o });
      await endpoint.listen();
      ends.unshift(() => endpoint.close());
      return endpoint;
    },
    async close(): Promise<void> {
      for (const end of ends) await end();
    },
  };
}

export type World = Awaited<ReturnType<typeof startEdge>>;

export interface CallOptions {
  from?: string;
  number?: string;
  host?: string;
  source?: string;
  transport?: "tls" | "tcp" | "udp";
  plain?: boolean;
  codecs?: Parameters<typeof offerSdp>[0]["codecs"];
  sdp?: string;
  headers?: Record<string, string>;
}

/** A call of a carrier to the BYOC edge as it should be, but for what `o` changes. */
export function callByoc(world: World, party: SipEndpoint, o: CallOptions = {}): OutgoingCall {
  const { from = "+12125550123", number = SHADOW, host = TRUNK_HOST, transport = "tls" } = o;
  const source = o.source ?? CARRIER_SOURCE;
  const keys = o.plain || transport !== "tls" ? [] : [newSrtpKey()];
  const invite: InviteOptions = {
    uri: `sip:${number}@${host}`,
    from: `<sip:${from}@carrier.example>`,
    to: `<sip:${number}@${host}>`,
    sdp: o.sdp ?? offerSdp({ address: source, port: 9, codecs: o.codecs ?? ["PCMU"] }, keys),
    target: {
      transport,
      host: world.hosts.byoc,
      port: transport === "tls" ? 5061 : 5060,
      localAddress: source,
      checkName: TRUNK_HOST,
    },
    ...(o.headers ? { headers: o.headers } : {}),
  };
  return party.invite(invite);
}

/** A call of the losing carrier's network to the GCV endpoint. */
export function callGcv(
  world: World,
  party: SipEndpoint,
  number: string,
  headers?: Record<string, string>,
  sdp?: string,
): OutgoingCall {
  return party.invite({
    uri: `sip:${number}@gcv.guide.example`,
    from: "<sip:+12125550123@losing.example>",
    to: `<sip:${number}@gcv.guide.example>`,
    sdp: sdp ?? offerSdp({ address: world.hosts.pstn, port: 9, codecs: ["PCMU"] }),
    target: { transport: "udp", host: world.hosts.gcv, port: 5060 },
    ...(headers ? { headers } : {}),
  });
}

export type Outcome = { code: number; reason: string; heard?: string; headers: (name: string) => string | undefined };

/** Final answer of a call. */
export function outcomeOf(call: OutgoingCall): Promise<Outcome> {
  return new Promise((resolve) => {
    call.once("answered", (msg) =>
      resolve({
        code: 200,
        reason: msg.reason ?? "",
        heard: msg.headers.get("X-Sandbox-Heard"),
        headers: (n) => msg.headers.get(n),
      }),
    );
    call.once("failed", ({ code, reason, msg }) => resolve({ code, reason, headers: (n) => msg?.headers.get(n) }));
  });
}
