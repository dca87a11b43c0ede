import { UserError } from "../model/errors";
import type { Basis } from "./basis";

/**
 * Settings of a trunk by key, from the `properties` text `{"<key>": {"value": {"instance": ...}}}`, as the API's trunk base settings have it.
 * Throws UserError when the text is not of this form.
 */
export function trunkSettings(properties: unknown): Record<string, unknown> {
  const form = '{"<key>": {"value": {"instance": ...}}}';
  // Left out, the trunk has what Genesys' template says; the policies tell what is missing.
  if (properties === undefined || properties === null) return {};
  try {
    const keys = JSON.parse(String(properties)) as Record<string, { value?: { instance?: unknown } }>;
    if (keys === null || typeof keys !== "object" || Array.isArray(keys)) throw new Error("no keys");
    return Object.fromEntries(Object.entries(keys).map(([key, v]) => [key, v?.value?.instance]));
  } catch {
    throw new UserError(`the trunk's properties, which are no JSON text of the form ${form}`);
  }
}

/** A setting that is a list of texts; [] when it is left out. One text alone, or several with commas, is a list too: it is judged as what it says. */
export function textList(settings: Record<string, unknown>, key: string): string[] {
  const value = settings[key];
  if (typeof value === "string") return value.split(/[,\s]+/).filter((text) => text !== "");
  return Array.isArray(value) ? value.map(String) : [];
}

/** Keys that make a trunk a BYOC one; the organisation's other trunks are nobody's business here. */
export const isByocTrunk = (props: Record<string, unknown>): boolean =>
  String(props.trunkMetaBaseId ?? "").startsWith("external_sip_pcv_byoc");

export const ALLOWLIST = "trunk_access_acl_allowList";
export const DENYLIST = "trunk_access_acl_denyList";
export const CODECS = "trunk_media_codec";
export const TRANSPORT = "trunk_transport_protocolVariant";
export const SUITES = "trunk_media_srtpCipherSuites";
export const RECORDING = "trunk_recording_enabled";
export const PASSWORD = "trunk_sip_authentication_credentials_password";
export const TERMINATION = "trunk_sip_termination_uri";
export const CALLER_ID = "trunk_calling_id_priority";
export const CHANNELS = "trunk_maxConcurrentCalls";

/** The carrier's source ranges, by the pack's configuration or the plan. */
export const sourceRanges = (basis: Basis): string[] =>
  basis.either("sourceRanges", "the ranges the carrier sends from", (plan) => plan.carrier.sourceRanges);

/** Configuration of the policies that compare with the carrier's ranges. */
export const SOURCE_RANGES = {
  sourceRanges: {
    type: "array" as const,
    items: { type: "string" as const },
    description: "Addresses or CIDR ranges that the carrier sends from, for a stack without a plan.",
  },
};
