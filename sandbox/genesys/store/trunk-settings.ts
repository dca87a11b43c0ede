/** Trunk base settings: the template of property keys, and what the keys mean to the SIP edge. */

import type { Codec } from "../../../model/types";

export const GCV_METABASE = "external_sip_pcv_aws.json";
const BYOC_CARRIER_METABASE = "external_sip_pcv_byoc_carrier.json";
const BYOC_PBX_METABASE = "external_sip_pcv_byoc_pbx.json";

/** `{"<key>": {"value": {"instance": x}}}`; only `value.instance` counts. */
export type TrunkProperties = Record<
  string,
  { value?: { instance?: unknown; default?: unknown } } & Record<string, unknown>
>;

/** What the edge obeys of one trunk. */
export interface TrunkSettings {
  id: string;
  name: string;
  kind: "byoc" | "gcv" | "other";
  enabled: boolean;
  /** Label before `.byoc.<domain>`, lower case; null for GCV. */
  terminationId: string | null;
  transport: "udp" | "tcp" | "tls";
  /** Outbound targets in order. */
  proxies: { host: string; port: number }[];
  /** CIDRs or addresses an INVITE may come from; empty = nobody. */
  allowlist: string[];
  /** Wins over the allowlist. */
  denylist: string[];
  codecs: Codec[];
  srtpCipherSuites: string[];
  recording: boolean;
  digest: { realm: string; username: string; password: string } | null;
  maxCallRate: { calls: number; seconds: number } | null;
  maxConcurrentCalls: number | null;
  /** Wait for an answer of an outbound call, seconds. */
  maxDialTimeoutSeconds: number;
  /** Ranges of SIP codes after which the next trunk or proxy is tried. */
  retryableReasonCodes: { from: number; to: number }[];
  callingIdPriority: string[];
  /** Caller id of the trunk, E.164, or null. */
  callingAddress: string | null;
  inboundSiteId: string | null;
}

interface TemplateKey {
  type: "string" | "boolean" | "integer" | "array";
  default: unknown;
}
const key = (type: TemplateKey["type"], value: unknown): TemplateKey => ({ type, default: value });

/** Keys known for an external trunk, from the official provider's tests, Genesys' pages and exports of organisations. `trunk_maxConcurrentCalls` is by the pattern of maxCallRate, unconfirmed. */
const COMMON_KEYS: Record<string, TemplateKey> = {
  trunk_type: key("string", ""),
  trunk_label: key("string", ""),
  trunk_enabled: key("boolean", true),
  trunk_protocol: key("string", "SIP"),
  trunk_calling_id_priority: key("array", ["Source", "Trunk", "Site", "Extension"]),
  trunk_recording_enabled: key("boolean", false),
  trunk_recording_dualChannel: key("boolean", false),
  trunk_consult_recording_enabled: key("boolean", false),
  trunk_recording_audioFormat: key("string", "audio/opus"),
  trunk_language: key("string", "en-US"),
  trunk_outboundIdentity_callingAddress: key("string", ""),
  trunk_outboundIdentity_callingAddress_overrideMethod: key("string", "Unassigned DID"),
  trunk_outboundIdentity_callingName: key("string", ""),
  trunk_outboundIdentity_callingName_overrideMethod: key("string", "Unassigned DID"),
};

const BYOC_KEYS: Record<string, TemplateKey> = {
  ...COMMON_KEYS,
  trunk_transport_protocolVariant: key("string", "udp"),
  trunk_sip_termination_uri: key("string", ""),
  trunk_routing_inbound_dnis_enabled: key("boolean", false),
  trunk_sip_routingAddress: key("string", "Request-URI"),
  trunk_routing_outbound_higher_capacity: key("boolean", false),
  trunk_transport_serverProxyList: key("array", []),
  trunk_access_acl_allowList: key("array", []),
  trunk_access_acl_denyList: key("array", []),
  trunk_sip_authentication_credentials_realm: key("string", ""),
  trunk_sip_authentication_credentials_username: key("string", ""),
  trunk_sip_authentication_credentials_password: key("string", ""),
  trunk_media_codec: key("array", ["audio/opus", "audio/pcmu", "audio/pcma"]),
  trunk_media_srtpCipherSuites: key("array", ["AES_CM_128_HMAC_SHA1_80"]),
  trunk_media_dtmf_method: key("string", "RTP Events"),
  trunk_media_dtmf_payload: key("integer", 101),
  trunk_outboundIdentity_suppress_username_if_did_available: key("boolean", false),
  trunk_outboundIdentity_suppress_username_if_no_did: key("boolean", false),
  trunk_outboundIdentity_calledAddress_omitPlusPrefix: key("boolean", false),
  trunk_outboundIdentity_callingAddress_omitPlusPrefix: key("boolean", false),
  trunk_sip_uuiEnabled: key("boolean", false),
  trunk_sip_uuiHeader: key("string", "User-to-User"),
  trunk_sip_uuiEncoding: key("string", "Ascii"),
  trunk_sip_uuiPd: key("string", "00"),
  trunk_sip_conversationHeader: key("boolean", false),
  trunk_maxDialTimeout: key("string", "2m"),
  trunk_maxCallRate: key("string", "40/5s"),
  trunk_maxConcurrentCalls: key("integer", null),
  trunk_media_disconnectOnIdleRTP: key("boolean", true),
  trunk_transport_retryableReasonCodes: key("string", "500-599"),
  trunk_transport_retryableCauseCodes: key("string", "1-5,25,27,28,31,34,38,41,42,44,46,62,63,79,91,96,97,99,100,103"),
  trunk_transport_tcp_connectTimeout: key("integer", 2),
  trunk_transport_tcp_connectionIdleTimeout: key("integer", 86400),
  trunk_transport_sipDscpValue: key("integer", 24),
  trunk_media_dscpValue: key("integer", 46),
  trunk_transfer_takeback_enabled: key("boolean", false),
  trunk_rlt_enabled: key("boolean", false),
};

/** Metabases of external trunks and their keys. */
export const METABASES: ReadonlyMap<string, Record<string, TemplateKey>> = new Map([
  [BYOC_CARRIER_METABASE, { ...BYOC_KEYS, trunk_type: key("string", "external.pcv.byoc.carrier") }],
  [BYOC_PBX_METABASE, { ...BYOC_KEYS, trunk_type: key("string", "external.pcv.byoc.pbx") }],
  [GCV_METABASE, { ...COMMON_KEYS, trunk_type: key("string", "external.pcv.aws") }],
]);

/** Whether a metabase is that of a BYOC trunk. */
export const isByoc = (metabase: string): boolean => metabase.startsWith("external_sip_pcv_byoc");

/** Properties as the server shows them: every template key with its type and default, the given instances, unknown keys as they came. */
export function withTemplate(metabase: string, given: TrunkProperties): TrunkProperties {
  const result: TrunkProperties = {};
  for (const [name, { type, default: value }] of Object.entries(METABASES.get(metabase) ?? {})) {
    const instance = given[name]?.value?.instance;
    result[name] = { type, value: { default: value, instance: instance === undefined ? value : instance } };
  }
  for (const [name, property] of Object.entries(given)) result[name] ??= property;
  return result;
}

const CODECS: Record<string, Codec> = {
  "audio/pcmu": "PCMU",
  "audio/pcma": "PCMA",
  "audio/g729": "G729",
  "audio/opus": "OPUS",
  "audio/g722": "G722",
};

/** Reads what the edge needs out of the properties; a value of the wrong type counts as absent. */
export function readTrunkSettings(trunk: {
  id: string;
  name: string;
  metabase: string;
  inboundSiteId: string | null;
  properties: TrunkProperties;
}): TrunkSettings {
  const of = (name: string): unknown => trunk.properties[name]?.value?.instance;
  const text = (name: string): string => (typeof of(name) === "string" ? (of(name) as string) : "");
  const list = (name: string): string[] =>
    Array.isArray(of(name)) ? (of(name) as unknown[]).filter((x): x is string => typeof x === "string") : [];
  const kind = trunk.metabase === GCV_METABASE ? "gcv" : isByoc(trunk.metabase) ? "byoc" : "other";
  const username = text("trunk_sip_authentication_credentials_username");
  const concurrent = of("trunk_maxConcurrentCalls");
  return {
    id: trunk.id,
    name: trunk.name,
    kind,
    enabled: of("trunk_enabled") !== false,
    terminationId: kind === "byoc" ? text("trunk_sip_termination_uri").toLowerCase() || null : null,
    transport: transportOf(text("trunk_transport_protocolVariant")),
    proxies: list("trunk_transport_serverProxyList").map((p) =>
      proxyOf(p, transportOf(text("trunk_transport_protocolVariant"))),
    ),
    allowlist: list("trunk_access_acl_allowList"),
    denylist: list("trunk_access_acl_denyList"),
    codecs: list("trunk_media_codec").flatMap((c) => CODECS[c.toLowerCase()] ?? []),
    srtpCipherSuites: list("trunk_media_srtpCipherSuites"),
    recording: of("trunk_recording_enabled") === true,
    digest:
      username === ""
        ? null
        : {
            realm: text("trunk_sip_authentication_credentials_realm"),
            username,
            password: text("trunk_sip_authentication_credentials_password"),
          },
    maxCallRate: callRateOf(text("trunk_maxCallRate")),
    maxConcurrentCalls: typeof concurrent === "number" && concurrent > 0 ? concurrent : null,
    maxDialTimeoutSeconds: durationSeconds(text("trunk_maxDialTimeout")) ?? 120,
    retryableReasonCodes: codeRanges(text("trunk_transport_retryableReasonCodes")),
    callingIdPriority: list("trunk_calling_id_priority"),
    callingAddress: text("trunk_outboundIdentity_callingAddress") || null,
    inboundSiteId: trunk.inboundSiteId,
  };
}

function transportOf(text: string): "udp" | "tcp" | "tls" {
  const lower = text.toLowerCase();
  return lower === "tcp" || lower === "tls" ? lower : "udp";
}

function proxyOf(text: string, transport: string): { host: string; port: number } {
  const match = /^(.*?)(?::(\d+))?$/.exec(text);
  return { host: match?.[1] ?? text, port: match?.[2] ? Number(match[2]) : transport === "tls" ? 5061 : 5060 };
}

function callRateOf(text: string): { calls: number; seconds: number } | null {
  const match = /^(\d+)\/(\d+)s$/.exec(text);
  return match && Number(match[2]) > 0 ? { calls: Number(match[1]), seconds: Number(match[2]) } : null;
}

function durationSeconds(text: string): number | null {
  const match = /^(\d+)(ms|s|m)$/.exec(text);
  return match ? Number(match[1]) * { ms: 0.001, s: 1, m: 60 }[match[2] as "ms" | "s" | "m"] : null;
}

function codeRanges(text: string): { from: number; to: number }[] {
  return text.split(",").flatMap((part) => {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    return match ? [{ from: Number(match[1]), to: Number(match[2] ?? match[1]) }] : [];
  });
}
