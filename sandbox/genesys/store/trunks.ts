/** Trunk base settings. */

import { byocDomain } from "../../../model/regions";
import { type Body, Collection, clientFields, type Entity, type Ref, refId, type StoreContext } from "./collection";
import { badRequest, conflict } from "./errors";
import {
  GCV_METABASE,
  isByoc,
  METABASES,
  readTrunkSettings,
  type TrunkProperties,
  type TrunkSettings,
  withTemplate,
} from "./trunk-settings";

export interface TrunkBase extends Entity {
  trunkMetabase: Ref;
  trunkType: "EXTERNAL" | "PHONE" | "EDGE";
  managed: boolean;
  properties: TrunkProperties;
  site?: Ref;
  inboundSite?: Ref;
}

/** Trunk base settings, and which trunk a dialled host means. */
export class Trunks {
  readonly bases: Collection<TrunkBase>;
  private readonly domains: string[];
  private readonly settings = new Map<string, { version: number; settings: TrunkSettings }>();
  private byHost: Map<string, TrunkBase> | null = null;

  /** `siteName` gives a site's name, or undefined when there is none of that id. */
  constructor(
    context: StoreContext,
    region: string,
    private readonly siteName: (id: string) => string | undefined,
  ) {
    this.bases = new Collection<TrunkBase>(context, {
      what: "trunk base settings",
      path: "/api/v2/telephony/providers/edges/trunkbasesettings",
      uniqueNames: true,
    });
    this.domains = byocDomains(region);
  }

  /** The managed trunk of Genesys Cloud Voice; only seeding makes one. */
  seedGcv(name: string, given: TrunkProperties): TrunkBase {
    const properties = withTemplate(GCV_METABASE, given);
    return this.bases.create({
      name,
      trunkMetabase: ref(GCV_METABASE),
      trunkType: "EXTERNAL",
      managed: true,
      properties,
    });
  }

  gcv(): TrunkBase | undefined {
    return this.bases.all().find((base) => base.trunkMetabase.id === GCV_METABASE);
  }

  /** @throws ApiError 400 or 409. */
  create(body: Body): TrunkBase {
    this.bases.checkName(body.name, null);
    const fields = this.read(body, null);
    this.byHost = null;
    return this.bases.create({ ...fields, name: body.name, managed: false });
  }

  /** The version is required, as the Edge API wants it. @throws ApiError 400, 404, 409. */
  update(id: string, body: Body): TrunkBase {
    const old = this.bases.get(id);
    if (old.managed)
      throw badRequest(
        `The trunk base settings '${old.name}' are managed by Genesys Cloud and cannot be changed.`,
        "object.managed",
      );
    if (typeof body.version !== "number") throw badRequest("The version of the trunk base settings is required.");
    this.bases.checkVersion(old, body.version);
    const fields = this.read({ ...body, name: body.name ?? old.name }, old);
    this.byHost = null;
    return this.bases.update(id, fields, body.version);
  }

  /** Deleting is refused with 400 while a route uses the trunk; `users` names them. */
  remove(id: string, users: string[]): void {
    const old = this.bases.get(id);
    if (old.managed)
      throw badRequest(
        `The trunk base settings '${old.name}' are managed by Genesys Cloud and cannot be deleted.`,
        "object.managed",
      );
    if (users.length > 0)
      throw badRequest(`The trunk base settings '${old.name}' are in use by ${users.join(", ")}.`, "trunkbase.in.use");
    this.bases.remove(id);
    this.byHost = null;
  }

  /** Settings as the edge needs them, parsed once per version. */
  settingsOf(base: TrunkBase): TrunkSettings {
    const cached = this.settings.get(base.id);
    if (cached?.version === base.version) return cached.settings;
    const settings = readTrunkSettings({
      id: base.id,
      name: base.name,
      metabase: base.trunkMetabase.id,
      inboundSiteId: base.inboundSite?.id ?? null,
      properties: base.properties,
    });
    this.settings.set(base.id, { version: base.version, settings });
    return settings;
  }

  /** The enabled BYOC trunk whose name a request was sent to (`<terminationId>.byoc.<domain>`, port and final dot ignored), or null. */
  byHostName(host: string): TrunkSettings | null {
    this.byHost ??= this.hostIndex();
    const base = this.byHost.get(hostKey(host));
    return base ? this.settingsOf(base) : null;
  }

  private hostIndex(): Map<string, TrunkBase> {
    const index = new Map<string, TrunkBase>();
    for (const base of this.bases.all()) {
      const { terminationId, enabled } = this.settingsOf(base);
      if (terminationId !== null && enabled)
        for (const domain of this.domains) index.set(`${terminationId}.${domain}`, base);
    }
    return index;
  }

  private read(body: Body, old: TrunkBase | null): Omit<TrunkBase, keyof Entity | "managed"> & { name?: string } {
    const fields = clientFields(body);
    const metabase = refId(body.trunkMetabase, "trunkMetabase") ?? old?.trunkMetabase.id;
    if (metabase === undefined || !METABASES.has(metabase))
      throw badRequest(`Unknown trunk metabase '${String(metabase)}'.`);
    if (metabase === GCV_METABASE)
      throw badRequest("A trunk of Genesys Cloud Voice is made by Genesys Cloud only.", "object.managed");
    if (body.trunkType !== "EXTERNAL" && !(body.trunkType === undefined && old))
      throw badRequest(`trunkType must be EXTERNAL for ${metabase}.`);
    const inboundSite = this.siteRef(body.inboundSite, "inboundSite");
    if (isByoc(metabase) && !inboundSite)
      throw badRequest("inboundSite is required for a BYOC Cloud trunk.", "inboundsite.required");
    const given = readProperties(body.properties, old);
    const properties = withTemplate(metabase, given);
    this.checkByoc(properties, old?.id ?? null);
    return {
      ...(typeof fields.name === "string" ? { name: fields.name } : {}),
      ...(typeof fields.description === "string" ? { description: fields.description } : {}),
      trunkMetabase: ref(metabase),
      trunkType: "EXTERNAL",
      properties,
      ...(inboundSite ? { inboundSite } : {}),
      ...(this.siteRef(body.site, "site") ? { site: this.siteRef(body.site, "site") as Ref } : {}),
    };
  }

  private siteRef(value: unknown, what: string): Ref | undefined {
    const id = refId(value, what);
    if (id === undefined) return undefined;
    const name = this.siteName(id);
    if (name === undefined) throw badRequest(`The site ${id} of ${what} was not found.`);
    return { id, name };
  }

  private checkByoc(properties: TrunkProperties, ownId: string | null): void {
    const value = (name: string) => properties[name]?.value?.instance;
    const terminationId = String(value("trunk_sip_termination_uri") ?? "").toLowerCase();
    if (terminationId !== "" && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(terminationId))
      throw badRequest(`trunk_sip_termination_uri '${terminationId}' must be one DNS label.`);
    for (const base of this.bases.all()) {
      if (base.id !== ownId && terminationId !== "" && this.settingsOf(base).terminationId === terminationId)
        throw conflict(
          `The termination identifier '${terminationId}' is already in use.`,
          "termination.identifier.in.use",
        );
    }
    const proxies = value("trunk_transport_serverProxyList");
    if (!Array.isArray(proxies) || proxies.length === 0)
      throw badRequest("trunk_transport_serverProxyList must name at least one server.");
  }
}

const ref = (id: string): Ref => ({ id, name: id });

/** Lower case, without port and final dot. */
function hostKey(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
}

/** Two sources disagree on the name of us-east-1 (a third-party mapping and Genesys' help pages): both answer. */
function byocDomains(region: string): string[] {
  const domain = byocDomain(region);
  return region === "us-east-1" ? [...new Set([domain, "byoc.use1.pure.cloud", "byoc.mypurecloud.com"])] : [domain];
}

/** An update leaves keys that it does not name as they are (the provider depends on it; so a key cannot be reset by leaving it out). */
function readProperties(value: unknown, old: TrunkBase | null): TrunkProperties {
  if (value === undefined || value === null) return old?.properties ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw badRequest("properties must be an object.");
  for (const [name, property] of Object.entries(value)) {
    if (typeof property !== "object" || property === null || !("value" in property))
      throw badRequest(`The property '${name}' must have the form {"value": {"instance": ...}}.`);
  }
  return { ...(old?.properties ?? {}), ...(value as TrunkProperties) };
}

/** Part of the interface of the edge. */
export type { TrunkSettings } from "./trunk-settings";
