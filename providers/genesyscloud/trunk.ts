import type { Failure, PropertySpec } from "../lib/provider";
import { canonical } from "../lib/diff";
import { isProps, own, type Props, UNKNOWN, type Value } from "../lib/values";

import type { GenesysClient } from "./client";
import { entityResource, idOf, ref } from "./entity";

export interface TrunkInputs {
  name: string;
  description?: string;
  inboundSiteId?: string;
  managed?: boolean;
  properties?: string;
  siteId?: string;
  state?: string;
  trunkMetaBaseId: string;
  trunkType: string;
}

/** `{"<key>": {"value": {"instance": x}}}` -> `{"<key>": x}`; only `value.instance` counts, the rest is the server's own description. */
export function instances(properties: Value): Props {
  const parsed = (
    typeof properties === "string" ? JSON.parse(properties === "" ? "{}" : properties) : properties
  ) as Value;
  if (!isProps(parsed)) throw new TypeError("not an object");
  const out: Props = {};
  for (const [key, entry] of Object.entries(parsed)) {
    const value = isProps(entry) ? own(entry, "value") : undefined;
    if (!isProps(value) || !("instance" in value)) throw new TypeError(`${key} is not {"value": {"instance": ...}}`);
    out[key] = value.instance;
  }
  return out;
}

const inputs: Record<string, PropertySpec> = {
  name: { type: "string", required: true },
  description: { type: "string", default: "" },
  inboundSiteId: { type: "string" },
  managed: { type: "boolean", default: false },
  // Holds the SIP digest password. Keys the program leaves out keep what the server has, so they are no difference.
  properties: { type: "string", computed: true, secret: true, view: instances, partial: true },
  siteId: { type: "string", computed: true },
  state: { type: "string", computed: true },
  trunkMetaBaseId: { type: "string", required: true },
  trunkType: { type: "string", required: true, enum: ["EXTERNAL", "PHONE", "EDGE"] },
};

/** Trunk base settings. Keys set once stay set: write a default out to undo a setting. The preview names the keys that change. */
export const trunkbasesettings = entityResource<TrunkInputs>({
  noun: "trunk base settings",
  path: "/api/v2/telephony/providers/edges/trunkbasesettings",
  inputs,
  query: { ignoreHidden: true },
  // 400 while a site or an outbound route still uses the trunk.
  retryDeleteOn: [400, 409],
  check: checkTrunk,
  toBody: (news, _client, current) => ({
    name: news.name,
    description: news.description ?? "",
    managed: news.managed ?? false,
    trunkMetabase: ref(news.trunkMetaBaseId),
    trunkType: news.trunkType,
    site: ref(news.siteId) ?? (current?.site as object | undefined),
    inboundSite: ref(news.inboundSiteId),
    properties: merge(current?.properties, news.properties),
  }),
  fromApi: (e, _client, olds) => ({
    name: e.name,
    description: e.description,
    managed: e.managed,
    trunkMetaBaseId: idOf(e.trunkMetabase),
    trunkType: e.trunkType,
    siteId: idOf(e.site),
    inboundSiteId: idOf(e.inboundSite),
    state: e.state,
    properties: liveProperties(e.properties, olds?.properties),
  }),
});

/** The identifier a trunk is dialled by, or undefined where the properties do not say or cannot be read. */
function terminationOf(properties: string | undefined): Value | undefined {
  try {
    return isKnown(properties) ? instances(properties).trunk_sip_termination_uri : undefined;
  } catch {
    return undefined;
  }
}

/** The carriers' routes and the customer's CNAME end at this name: another one leaves them at a trunk that is gone. */
function renamed(news: TrunkInputs, olds: TrunkInputs | null): Failure[] {
  const [was, is] = [terminationOf(olds?.properties), terminationOf(news.properties)];
  if (was === undefined || is === undefined || was === is) return [];
  return [
    {
      property: "properties",
      reason: `would change trunk_sip_termination_uri from ${JSON.stringify(was)} to ${JSON.stringify(is)}; policy never-replaced: the name a trunk is dialled by never changes: declare a second trunk and move the numbers (no override lets it through)`,
    },
  ];
}

function checkTrunk(news: TrunkInputs, olds: TrunkInputs | null, client: Pick<GenesysClient, "without">): Failure[] {
  const out: Failure[] = client.without.has("never-replaced") ? [] : renamed(news, olds);
  if (news.managed === true)
    out.push({
      property: "managed",
      reason:
        "is true; a trunk managed by Genesys cannot be declared, look it up with getTelephonyProvidersEdgesTrunkbasesettings",
    });
  if (isKnown(news.trunkMetaBaseId)) {
    const byoc = news.trunkMetaBaseId.includes("external_sip_pcv_byoc");
    if (byoc && !news.inboundSiteId)
      out.push({
        property: "inboundSiteId",
        reason: `is missing; ${news.trunkMetaBaseId} needs the site whose number plan reads its inbound calls`,
      });
    if (!byoc && news.inboundSiteId)
      out.push({ property: "inboundSiteId", reason: `is set; the API refuses it for ${news.trunkMetaBaseId}` });
  }
  if (isKnown(news.properties)) {
    try {
      instances(news.properties);
    } catch (e) {
      // A parser's message may quote the text, and the text holds the password.
      const why = e instanceof SyntaxError ? "it is not JSON" : (e as Error).message;
      out.push({
        property: "properties",
        reason: `cannot be used: ${why}; expected {"<key>": {"value": {"instance": <value>}}}`,
      });
    }
  }
  return out;
}

const isKnown = (v: string | undefined): v is string => v !== undefined && (v as Value) !== UNKNOWN;

/** The server's properties with ours over them, as a PUT replaces all. */
function merge(current: unknown, ours: string | undefined): object {
  const base = (isProps(current) ? current : {}) as Props;
  const next: Props = { ...base };
  for (const [key, entry] of Object.entries(JSON.parse(ours || "{}") as Props)) {
    const old = own(base, key);
    next[key] = isProps(old) ? { ...old, ...(entry as Props) } : entry;
  }
  return next;
}

/**
 * What the server has under the keys the program named (all keys on import), in the program's own text when that says the same.
 * A password that the server hides or leaves out is taken to be the one last set.
 */
function liveProperties(live: unknown, olds: string | undefined): string | undefined {
  if (!isProps(live)) return olds;
  const wrap = (o: Props) =>
    JSON.stringify(Object.fromEntries(Object.entries(o).map(([k, v]) => [k, { value: { instance: v } }])));
  const all: Props = {};
  for (const [key, entry] of Object.entries(live)) {
    const value = isProps(entry) ? own(entry, "value") : undefined;
    if (isProps(value) && "instance" in value && value.instance !== undefined) all[key] = value.instance;
  }
  if (olds === undefined) return wrap(all);
  const before = instances(olds);
  const now: Props = {};
  for (const [key, value] of Object.entries(before)) {
    const hidden = /password/i.test(key) && (!all[key] || /^\*+$/.test(String(all[key])));
    if (hidden) now[key] = value;
    else if (Object.hasOwn(all, key)) now[key] = all[key];
  }
  return canonical(now) === canonical(before) ? olds : wrap(now);
}
