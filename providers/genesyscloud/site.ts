import { UserError } from "../../model/errors";
import { HttpError } from "../lib/http";
import type { PropertySpec } from "../lib/provider";
import type { Entity, GenesysClient } from "./client";
import { entityResource, idOf, idsOf, strip } from "./entity";

interface NumberPlan {
  name: string;
  classification: string;
  matchType: string;
  matchFormat?: string;
  normalizedFormat?: string;
  digitLength?: { start?: string; end?: string };
  numbers?: { start?: string; end?: string }[];
}

export interface SiteInputs {
  name: string;
  description?: string;
  locationId: string;
  mediaModel: string;
  mediaRegions?: string[];
  mediaRegionsUseLatencyBased?: boolean;
  callerId?: string;
  callerName?: string;
  edgeAutoUpdateConfig?: { start: string; end: string; rrule: string; timeZone: string };
  numberPlans?: NumberPlan[];
  primarySites?: string[];
  secondarySites?: string[];
  setAsDefaultSite?: boolean;
}

const BASE = "/api/v2/telephony/providers/edges/sites";
/** Plans that Genesys makes with every site; they stay when the program does not list them. */
const DEFAULT_PLANS = ["Emergency", "Extension", "National", "International", "Network", "Suicide Prevention"];

const range: Record<string, PropertySpec> = { start: { type: "string" }, end: { type: "string" } };
const text: PropertySpec = { type: "string" };
const plan: Record<string, PropertySpec> = {
  name: { type: "string", required: true },
  classification: { type: "string", required: true },
  matchType: {
    type: "string",
    required: true,
    enum: ["digitLength", "e164NumberList", "interCountryCode", "intraCountryCode", "numberList", "regex"],
  },
  matchFormat: text,
  normalizedFormat: text,
  digitLength: { type: "object", properties: range },
  numbers: { type: "array", items: { type: "object", properties: range } },
};

/** A site with its number plans. A plan list given is the order of priority; plans of the default set that it leaves out are kept. */
export const site = entityResource<SiteInputs>({
  noun: "site",
  path: BASE,
  listsByName: true,
  setAfter: ["numberPlans", "setAsDefaultSite"],
  inputs: {
    name: { type: "string", required: true },
    description: { type: "string", default: "" },
    locationId: { type: "string", required: true },
    mediaModel: {
      type: "string",
      required: true,
      enum: ["Premises", "Cloud"],
      frozen: "Genesys cannot change the media model of a site; declare a new site and move its routes.",
    },
    mediaRegions: { type: "array", items: text, set: true, computed: true },
    mediaRegionsUseLatencyBased: { type: "boolean", default: false },
    callerId: {
      type: "string",
      default: "",
      pattern: { test: /^(\+[1-9]\d{1,14})?$/, expected: "an E.164 number with leading +" },
    },
    callerName: { type: "string", default: "" },
    edgeAutoUpdateConfig: {
      type: "object",
      properties: {
        start: { ...text, required: true },
        end: { ...text, required: true },
        rrule: { ...text, required: true },
        timeZone: { ...text, required: true },
      },
    },
    numberPlans: { type: "array", computed: true, items: { type: "object", properties: plan } },
    primarySites: { type: "array", items: text, set: true, computed: true },
    secondarySites: { type: "array", items: text, set: true, computed: true },
    setAsDefaultSite: { type: "boolean", default: false },
  },
  outputs: { managed: { stable: true } },
  // 400 and 409 while a trunk or a route is still tied to the site.
  retryDeleteOn: [400, 409],
  toBody: async (news, client, current) => {
    if (current?.managed === true)
      throw new UserError(
        `Site "${current.name}" is managed by Genesys and cannot be changed; declare a site of your own.`,
      );
    const location = await client.http.find<Entity>(`/api/v2/locations/${encodeURIComponent(news.locationId)}`);
    if (!location)
      throw new UserError(
        `Site "${news.name}" names location ${news.locationId}, which does not exist; use the id of an existing location (getLocation).`,
      );
    return {
      name: news.name,
      description: news.description ?? "",
      location: strip({ id: news.locationId, emergencyNumber: location.emergencyNumber }),
      mediaModel: news.mediaModel,
      mediaRegions: news.mediaRegions ?? current?.mediaRegions,
      mediaRegionsUseLatencyBased: news.mediaRegionsUseLatencyBased ?? false,
      callerId: news.callerId ?? "",
      callerName: news.callerName ?? "",
      edgeAutoUpdateConfig: news.edgeAutoUpdateConfig,
      primarySites: news.primarySites?.map((id) => ({ id })) ?? current?.primarySites,
      secondarySites: news.secondarySites?.map((id) => ({ id })) ?? current?.secondarySites,
    };
  },
  async fromApi(e, client, olds) {
    const plans = await client.http.find<Entity[]>(`${BASE}/${e.id}/numberplans`);
    const isDefault = olds?.setAsDefaultSite
      ? (await client.http.json<Entity>("GET", "/api/v2/organizations/me")).defaultSiteId === e.id
      : undefined;
    return {
      name: e.name,
      description: e.description,
      locationId: idOf(e.location),
      mediaModel: e.mediaModel,
      mediaRegions: e.mediaRegions,
      mediaRegionsUseLatencyBased: e.mediaRegionsUseLatencyBased,
      callerId: e.callerId,
      callerName: e.callerName,
      edgeAutoUpdateConfig: e.edgeAutoUpdateConfig,
      numberPlans: livePlans(plans ?? [], olds?.numberPlans),
      primarySites: idsOf(e.primarySites),
      secondarySites: idsOf(e.secondarySites),
      setAsDefaultSite: isDefault,
      managed: e.managed ?? false,
    };
  },
  async after(id, news, olds, client) {
    const same = olds && JSON.stringify(olds.numberPlans) === JSON.stringify(news.numberPlans);
    if (news.numberPlans && !same) await putNumberPlans(client, id, news.numberPlans);
    if (news.setAsDefaultSite && !olds?.setAsDefaultSite) {
      const org = await client.http.json<Entity>("GET", "/api/v2/organizations/me");
      await client.http.json("PUT", "/api/v2/organizations/me", { body: { ...org, defaultSiteId: id } });
    }
  },
});

/** Plans of the program in order, then the default ones it leaves out. A new site may refuse them (400) for some seconds. */
async function putNumberPlans(client: GenesysClient, siteId: string, plans: NumberPlan[]): Promise<void> {
  const at = `${BASE}/${siteId}/numberplans`;
  for (let attempt = 1; ; attempt++) {
    const current = (await client.http.find<Entity[]>(at)) ?? [];
    const kept = current.filter((c) => DEFAULT_PLANS.includes(c.name ?? "") && !plans.some((p) => p.name === c.name));
    const body = [
      ...plans.map((p) =>
        toApi(
          p,
          current.find((c) => c.name === p.name),
        ),
      ),
      ...kept,
    ].map((p, i) => ({ ...p, priority: i + 1 }));
    try {
      await client.http.json("PUT", at, { body });
      return;
    } catch (e) {
      const again = e instanceof HttpError && (e.status === 400 || e.status === 409) && attempt < 4;
      if (!again) throw e;
      await client.clock.sleep(attempt, client.signal);
    }
  }
}

function toApi(p: NumberPlan, current: Entity | undefined): object {
  return strip({
    id: current?.id,
    version: current?.version,
    name: p.name,
    classification: p.classification,
    matchType: p.matchType,
    match: p.matchFormat,
    normalizedFormat: p.normalizedFormat,
    digitLength: p.digitLength,
    numbers: p.numbers,
  });
}

/** Plans in the program's names; default plans that it does not list are not its business. */
function livePlans(plans: Entity[], olds: NumberPlan[] | undefined): object[] | undefined {
  const listed = new Set(olds?.map((p) => p.name));
  const ours = plans.filter((p) => listed.has(p.name ?? "") || !DEFAULT_PLANS.includes(p.name ?? ""));
  if (ours.length === 0) return undefined;
  return [...ours]
    .sort((a, b) => Number(a.priority ?? 0) - Number(b.priority ?? 0))
    .map((p) =>
      strip({
        name: p.name,
        classification: p.classification,
        matchType: p.matchType,
        matchFormat: p.match || undefined,
        normalizedFormat: p.normalizedFormat || undefined,
        digitLength: p.digitLength,
        numbers:
          Array.isArray(p.numbers) && p.numbers.length > 0 ? p.numbers.map((n) => strip(n as object)) : undefined,
      }),
    );
}
