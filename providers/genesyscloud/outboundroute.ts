import { UserError } from "../../model/errors";
import { diffInputs } from "../lib/diff";
import { HttpError } from "../lib/http";
import { liveInputs } from "../lib/live";
import { PartialFailure, type PropertySpec, resource } from "../lib/provider";
import type { Props } from "../lib/values";
import type { Entity, GenesysClient } from "./client";
import { appeared, idsOf, path, present, putVersioned, remove, strip } from "./entity";
import { make } from "./making";

export interface RouteInputs {
  name: string;
  description?: string;
  siteId: string;
  classificationTypes: string[];
  enabled?: boolean;
  distribution?: string;
  externalTrunkBaseIds?: string[];
}

/** Made by Genesys with every site: declaring it adopts it. */
const DEFAULT_ROUTE = "Default Outbound Route";

const inputs: Record<string, PropertySpec> = {
  name: { type: "string", required: true },
  description: { type: "string", default: "" },
  siteId: { type: "string", required: true, frozen: "a route belongs to one site; declare a route at the other site." },
  classificationTypes: { type: "array", required: true, set: true, items: { type: "string" } },
  enabled: { type: "boolean", default: false },
  distribution: { type: "string", default: "SEQUENTIAL", enum: ["SEQUENTIAL", "RANDOM"] },
  // Order is the order of trying, so this is no set.
  externalTrunkBaseIds: { type: "array", items: { type: "string" } },
};

const collection = (siteId: string) => path`/api/v2/telephony/providers/edges/sites/${siteId}/outboundroutes`;

/** Splits `<siteId>:<routeId>`, the id of a route here and in the official provider. */
function splitRouteId(id: string): { siteId: string; routeId: string } {
  const [siteId, routeId, ...rest] = id.split(":");
  if (!siteId || !routeId || rest.length > 0)
    throw new UserError(`Outbound route id "${id}" is not understood; expected <siteId>:<routeId>.`);
  return { siteId, routeId };
}

function toBody(news: RouteInputs): object {
  return {
    name: news.name,
    description: news.description ?? "",
    classificationTypes: news.classificationTypes,
    enabled: news.enabled ?? false,
    distribution: news.distribution ?? "SEQUENTIAL",
    externalTrunkBases: news.externalTrunkBaseIds?.map((id) => ({ id })),
  };
}

function fromApi(e: Entity, siteId: string): object {
  return strip({
    name: e.name,
    description: e.description,
    siteId,
    classificationTypes: e.classificationTypes,
    enabled: e.enabled,
    distribution: e.distribution,
    externalTrunkBaseIds: idsOf(e.externalTrunkBases),
    routeId: e.id,
  });
}

/** An outbound route of a site. One PUT moves a site's outbound calls; running calls stay on their leg. */
export const outboundRoute = resource<RouteInputs, object, GenesysClient>({
  inputs,
  outputs: { routeId: { stable: true } },
  check(news) {
    if (news.externalTrunkBaseIds && news.externalTrunkBaseIds.length === 0) {
      return [
        {
          property: "externalTrunkBaseIds",
          reason: "is empty; the API keeps the trunks it has when told none: set enabled to false, or name a trunk",
        },
      ];
    }
    return [];
  },
  resumes: true,
  async create(news, { client, interrupted }) {
    const at = collection(news.siteId);
    const automatic = news.name === DEFAULT_ROUTE ? await byName(client, at, news.name) : undefined;
    const { entity: made, adopted } = automatic
      ? { entity: automatic, adopted: false }
      : await make(client, interrupted, {
          what: `outbound route "${news.name}" of site ${news.siteId}`,
          send: () => client.http.json<Entity>("POST", at, { body: toBody(news) }),
          named: async () => [await byName(client, at, news.name)].filter((e) => e !== undefined),
          differs: async (e) => {
            const live = liveInputs<Props>(inputs, fromApi(e, news.siteId), news as unknown as Props);
            return diffInputs(inputs, live, news as unknown as Props).map((d) => d.path);
          },
          idOf: (e) => `${news.siteId}:${e.id}`,
          askFirst: true,
        });
    if (!made.id) throw new Error(`POST ${at} answered without an id`);
    const id = `${news.siteId}:${made.id}`;
    const own = `${at}/${encodeURIComponent(made.id)}`;
    try {
      const entity = automatic
        ? await putVersioned(client, own, () => toBody(news))
        : await appeared(client, own, made);
      return { id, outputs: { ...fromApi(entity, news.siteId), ...news, routeId: made.id }, adopted };
    } catch (e) {
      throw new PartialFailure(id, { ...news, routeId: made.id }, news, [(e as Error).message]);
    }
  },
  async read(id, state, { client }) {
    const { siteId, routeId } = splitRouteId(id);
    const entity = await present(client, `${collection(siteId)}/${encodeURIComponent(routeId)}`);
    if (!entity) return null;
    const live = fromApi(entity, siteId);
    const found = liveInputs<RouteInputs>(inputs, live, state.inputs);
    return { inputs: found, outputs: { ...live, ...found } };
  },
  async update(id, news, _olds, { client }) {
    const { siteId, routeId } = splitRouteId(id);
    const entity = await putVersioned(client, `${collection(siteId)}/${encodeURIComponent(routeId)}`, (current) => {
      if (current.managed === true)
        throw new UserError(
          `Outbound route "${current.name}" is managed by Genesys and cannot be changed; declare a route of your own, by another name.`,
        );
      return toBody(news);
    });
    return { ...fromApi(entity, siteId), ...news, routeId };
  },
  async delete(id, _olds, { client }) {
    const { siteId, routeId } = splitRouteId(id);
    try {
      await remove(client, `${collection(siteId)}/${encodeURIComponent(routeId)}`, [409]);
    } catch (e) {
      // A site that is gone has taken its routes along.
      if (!(e instanceof HttpError) || (await present(client, path`/api/v2/telephony/providers/edges/sites/${siteId}`)))
        throw e;
    }
  },
});

async function byName(client: GenesysClient, at: string, name: string): Promise<Entity | undefined> {
  for await (const e of client.list(at)) if (e.name === name) return e;
  return undefined;
}
