import { UserError } from "../../model/errors";
import { diffInputs } from "../lib/diff";
import { HttpError } from "../lib/http";
import { liveInputs } from "../lib/live";
import { type Failure, PartialFailure, type PropertySpec, resource } from "../lib/provider";
import { type Props, UNKNOWN, type Value } from "../lib/values";
import type { Entity, GenesysClient } from "./client";
import { E164 } from "./didpool";
import { appeared, idOf, path, present, remove, strip } from "./entity";
import { CHUNK, changeIvr, type IvrInputs, ivrBody } from "./ivr-update";
import { make } from "./making";

const IVRS = "/api/v2/architect/ivrs";

const text: PropertySpec = { type: "string" };
const inputs: Record<string, PropertySpec> = {
  name: {
    type: "string",
    required: true,
    frozen:
      "an IVR is never renamed, as the official provider would replace it and drop its numbers; keep the name, or declare a second IVR and move the numbers to it.",
  },
  description: { type: "string", default: "" },
  divisionId: { type: "string", computed: true },
  dnis: { type: "array", set: true, items: { type: "string", pattern: E164 } },
  openHoursFlowId: text,
  closedHoursFlowId: text,
  holidayHoursFlowId: text,
  scheduleGroupId: text,
};

function fromApi(e: Entity): object {
  return strip({
    name: e.name,
    description: e.description,
    divisionId: idOf(e.division),
    dnis: e.dnis,
    openHoursFlowId: idOf(e.openHoursFlow),
    closedHoursFlowId: idOf(e.closedHoursFlow),
    holidayHoursFlowId: idOf(e.holidayHoursFlow),
    scheduleGroupId: idOf(e.scheduleGroup),
  });
}

/**
 * An IVR (call route): binds numbers to flows. Its numbers change in the order of `changeIvr`: none is let go before the new ones
 * are bound, and a refused change leaves every number where it was.
 */
export const architectIvr = resource<IvrInputs, object, GenesysClient>({
  inputs,
  check(news, olds): Failure[] {
    const out: Failure[] = [];
    const had = (olds?.dnis?.length ?? 0) > 0;
    if (Array.isArray(news.dnis) ? news.dnis.length === 0 : had && news.dnis === undefined) {
      out.push({
        property: "dnis",
        reason: `is ${news.dnis === undefined ? "left out" : "empty"}; expected at least one number: an empty list is not sent by the official provider, so the last numbers would stay bound. Keep a spare test number on the IVR`,
      });
    }
    const known = (Array.isArray(news.dnis) ? news.dnis : []).filter((n) => (n as Value) !== UNKNOWN);
    const twice = [...new Set(known.filter((n, i) => known.indexOf(n) !== i))];
    if (twice.length > 0)
      out.push({ property: "dnis", reason: `names ${twice.slice(0, 5).join(", ")} twice; expected each number once` });
    if (news.scheduleGroupId && (!news.openHoursFlowId || !news.closedHoursFlowId)) {
      out.push({
        property: "scheduleGroupId",
        reason: "is set without openHoursFlowId and closedHoursFlowId; the API needs both with a schedule group",
      });
    }
    return out;
  },
  resumes: true,
  async create(news, { client, log, interrupted }) {
    const first = news.dnis?.slice(0, CHUNK);
    const { entity: made, adopted } = await make(client, interrupted, {
      what: `IVR "${news.name}"`,
      send: () => client.http.json<Entity>("POST", IVRS, { body: ivrBody(news, first, null) }),
      async named() {
        const found: Entity[] = [];
        for await (const e of client.list(IVRS, { name: news.name })) {
          const whole =
            e.id && e.name === news.name ? await present(client, path`/api/v2/architect/ivrs/${e.id}`) : null;
          if (whole) found.push(whole);
        }
        return found;
      },
      differs: async (e) => differs(news, e),
      askFirst: true,
    });
    const id = made.id;
    if (!id) throw new Error(`POST ${IVRS} answered without an id`);
    const at = path`/api/v2/architect/ivrs/${id}`;
    let entity = await appeared(client, at, made);
    if ((news.dnis?.length ?? 0) > CHUNK) entity = await bindRest(client, id, at, news, log);
    return { id, outputs: { ...fromApi(entity), ...news }, adopted };
  },
  async read(id, state, { client }) {
    const entity = await present(client, path`/api/v2/architect/ivrs/${id}`);
    if (!entity) return null;
    const live = fromApi(entity);
    const found = liveInputs<IvrInputs>(inputs, live, state.inputs);
    return { inputs: found, outputs: { ...live, ...found } };
  },
  async update(id, news, _olds, { client, log }) {
    const entity = await changeIvr(client, path`/api/v2/architect/ivrs/${id}`, news, (m) => log("info", m));
    return { ...fromApi(entity), ...news };
  },
  async delete(id, { inputs: olds }, { client }) {
    try {
      await remove(client, path`/api/v2/architect/ivrs/${id}`, [409]);
    } catch (e) {
      if (!(e instanceof HttpError && e.status === 409)) throw e;
      // The commonest holder is an emergency group of the customer's own, which is theirs to change.
      throw new UserError(
        `IVR "${olds?.name ?? id}": it cannot be deleted while something names it; seen ${e.message}; expected no emergency group with it; fix: take it out there (Admin, Call Routing, Emergency), then run the update again.`,
      );
    }
  },
});

/** What a half-made IVR says otherwise than the program. Its first numbers are bound with it, the rest may be on their way. */
function differs(news: IvrInputs, e: Entity): string[] {
  const live = liveInputs<IvrInputs>(inputs, fromApi(e), news);
  const first = news.dnis?.slice(0, CHUNK) ?? [];
  const bound = new Set(live.dnis);
  const partly = first.every((n) => bound.has(n)) && (live.dnis ?? []).every((n) => news.dnis?.includes(n));
  const paths = diffInputs(inputs, live as unknown as Props, news as unknown as Props).map((d) => d.path);
  return paths.filter((p) => !(partly && p.startsWith("dnis")));
}

/** Numbers beyond the first 50 of a new IVR. When they are refused the IVR goes again: half an IVR answers half the callers. */
async function bindRest(
  client: GenesysClient,
  id: string,
  at: string,
  news: IvrInputs,
  log: (l: "info", m: string) => void,
): Promise<Entity> {
  try {
    return await changeIvr(client, at, news, (m) => log("info", m));
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    try {
      await remove(client, at, [409]);
    } catch (left) {
      throw new PartialFailure(
        id,
        { ...news, dnis: news.dnis?.slice(0, CHUNK) },
        { ...news, dnis: news.dnis?.slice(0, CHUNK) },
        [`${why}; the new IVR could not be removed again: ${left instanceof Error ? left.message : String(left)}`],
      );
    }
    if (e instanceof Error)
      e.message = `${why}. The new IVR "${news.name}" was removed again, so none of its numbers is bound`;
    throw e;
  }
}
