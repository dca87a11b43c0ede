import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";
import { genesysCodec } from "../model/codecs";
import type { Codec, Plan } from "../model/types";

/** What a BYOC Cloud trunk is told, in the field's words; rendered into Genesys' `properties` keys below. */
export interface ByocTrunkArgs {
  name: string;
  /** Label of the trunk's FQDN `<terminationId>.byoc.<domain>`; unique in the region. */
  terminationId: string;
  transport: "tls" | "tcp" | "udp";
  srtpCipherSuites: string[];
  /** In order of preference. */
  codecs: Codec[];
  /** Addresses or CIDRs an INVITE may come from. */
  allowlist: string[];
  /** `host:port` of the carrier's SBCs for outbound calls. */
  proxies: string[];
  digest?: { realm: string; username: string; password: pulumi.Input<string> };
  /** Order in which a caller id is looked for, such as `["Source", "Trunk"]`; carried over from the GCV trunk. */
  callerIdPriority: string[];
  /** Recording is a trunk setting: not carried over, it stops at the cutover. */
  recording: boolean;
  /** `<calls>/<seconds>s`. */
  maxCallRate: string;
  maxConcurrentCalls: number;
  inboundSiteId: pulumi.Input<string>;
}

/**
 * The keys of Genesys' trunk base settings (`external_sip_pcv_byoc_carrier.json`) for a typed trunk. No key for a channel
 * limit is published: `maxConcurrentCalls` goes under the name Genesys' template would list, and is ignored where it does not.
 */
export function trunkProperties(args: ByocTrunkArgs): Record<string, unknown> {
  const keys: Record<string, unknown> = {
    trunk_type: "external.pcv.byoc.carrier",
    trunk_label: args.name,
    trunk_enabled: true,
    trunk_protocol: "SIP",
    trunk_transport_protocolVariant: args.transport,
    trunk_sip_termination_uri: args.terminationId,
    trunk_sip_routingAddress: "Request-URI",
    trunk_transport_serverProxyList: args.proxies,
    trunk_access_acl_allowList: args.allowlist,
    trunk_media_codec: args.codecs.map((c) => genesysCodec(c)),
    trunk_media_srtpCipherSuites: args.srtpCipherSuites,
    trunk_calling_id_priority: args.callerIdPriority,
    trunk_recording_enabled: args.recording,
    trunk_maxCallRate: args.maxCallRate,
    trunk_maxConcurrentCalls: args.maxConcurrentCalls,
    trunk_maxDialTimeout: "2m",
    trunk_media_disconnectOnIdleRTP: true,
    trunk_transport_retryableReasonCodes: "500-599",
  };
  if (args.digest) {
    keys.trunk_sip_authentication_credentials_realm = args.digest.realm;
    keys.trunk_sip_authentication_credentials_username = args.digest.username;
    keys.trunk_sip_authentication_credentials_password = args.digest.password;
  }
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, { value: { instance: value } }]));
}

/** A BYOC Cloud trunk. Its properties hold the SIP digest password, so the whole text is a secret. */
export class ByocTrunk extends pulumi.ComponentResource {
  readonly trunk: genesyscloud.TelephonyProvidersEdgesTrunkbasesettings;

  constructor(name: string, args: ByocTrunkArgs, opts: pulumi.ComponentResourceOptions & { protectTrunk: boolean }) {
    super("cutover:index:ByocTrunk", name, {}, opts);
    this.trunk = new genesyscloud.TelephonyProvidersEdgesTrunkbasesettings(
      `${name}-trunk`,
      {
        name: args.name,
        trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
        trunkType: "EXTERNAL",
        inboundSiteId: args.inboundSiteId,
        properties: pulumi.secret(pulumi.jsonStringify(trunkProperties(args))),
      },
      { parent: this, protect: opts.protectTrunk, additionalSecretOutputs: ["properties"] },
    );
    this.registerOutputs({ trunkId: this.trunk.id });
  }
}

/** The typed trunk of a plan. */
export function trunkOf(
  plan: Plan,
  inboundSiteId: pulumi.Input<string>,
  password?: pulumi.Input<string>,
): ByocTrunkArgs {
  const { trunk, carrier, gcv } = plan;
  const port = trunk.transport === "tls" ? 5061 : 5060;
  return {
    name: trunk.name,
    terminationId: trunk.terminationId,
    transport: trunk.transport,
    srtpCipherSuites: trunk.srtpCipherSuites,
    codecs: trunk.codecs,
    allowlist: trunk.allowlist,
    proxies: [`${carrier.sipDomain}:${port}`],
    digest:
      trunk.digest && password ? { realm: carrier.sipDomain, username: trunk.digest.username, password } : undefined,
    callerIdPriority: gcv.callerIdPriority,
    recording: trunk.recording === "inherit-from-gcv" ? gcv.recording : trunk.recording === "on",
    maxCallRate: trunk.maxCallRate,
    maxConcurrentCalls: trunk.maxConcurrentCalls,
    inboundSiteId,
  };
}
