import { join } from "node:path";
import { type Pack, TRUNK, withPack } from "./testing";
import { configurePack, type Plain, type Said } from "./testing-stack";

/** Token of a resource of @pulumi/genesyscloud. */
export const type = (name: string) => `genesyscloud:index/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`;
export const IVR = type("ArchitectIvr");
export const POOL = type("TelephonyProvidersEdgesDidPool");
export const FLOW = type("Flow");
export const TARGET = "acme.byoc.use1.pure.cloud";

const instance = (keys: Record<string, unknown>) =>
  JSON.stringify(Object.fromEntries(Object.entries(keys).map(([k, v]) => [k, { value: { instance: v } }])));
const RIGHT = {
  trunk_transport_protocolVariant: "tls",
  trunk_media_srtpCipherSuites: ["AES_CM_128_HMAC_SHA1_80"],
  trunk_access_acl_allowList: ["203.0.113.10/32"],
  trunk_media_codec: ["audio/pcmu", "audio/pcma"],
  trunk_calling_id_priority: ["Source", "Trunk"],
  trunk_recording_enabled: true,
  trunk_maxConcurrentCalls: 100,
};
/** A BYOC trunk as it should be, with changes by key. */
export const trunk = (keys: Record<string, unknown> = {}, name = "trunk"): Plain => ({
  type: TRUNK,
  name,
  props: {
    name,
    trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
    properties: instance({ ...RIGHT, ...keys }),
  },
});
/** A BYOC trunk with this text, or none, as its properties. */
export const rawTrunk = (properties: unknown): Plain => ({ ...trunk(), props: { ...trunk().props, properties } });
export const ivr = (name: string, props: Record<string, unknown>, options: Partial<Plain> = {}): Plain => ({
  type: IVR,
  name,
  props: { name, ...props },
  ...options,
});
export const route53 = (name: string, props: Record<string, unknown>): Plain => ({
  type: "aws:route53/record:Record",
  name,
  props: { zoneId: "Z1", name: `${name}.acme.example`, type: "CNAME", ...props },
});
export const cloudflare = (
  version: "record:Record" | "dnsRecord:DnsRecord",
  props: Record<string, unknown>,
): Plain => ({
  type: `cloudflare:index/${version}`,
  name: "record",
  props: { zoneId: "z", name: "sip.acme.example", type: "CNAME", ...props },
});
export const flow = (file: string, name = "flow"): Plain => ({
  type: FLOW,
  name,
  props: { name, filepath: join(__dirname, "../test/plain", file) },
});

/** Policies that stop, sorted; what is only told apart from them. */
export const stops = (found: readonly Said[]) =>
  [...new Set(found.filter((s) => s.policy !== "not-judged").map((s) => s.policy))].sort();
/** What `not-judged` tells. */
export const told = (found: readonly Said[]) =>
  found
    .filter((s) => s.policy === "not-judged")
    .map((s) => s.message)
    .join("\n");
/** A test on a pack of which the stack has no plan, not configured by an earlier one. */
export const plain = (work: (pack: Pack) => Promise<void>) =>
  withPack({ "cutover:plan": "" }, async (pack) => {
    await configurePack(pack, {});
    await work(pack);
  });
