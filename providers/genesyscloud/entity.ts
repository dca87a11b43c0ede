import { UserError } from "../../model/errors";
import { diffInputs } from "../lib/diff";
import { HttpError, type RequestInit } from "../lib/http";
import { liveInputs } from "../lib/live";
import {
  type AnyResource,
  type Failure,
  type OutputSpec,
  PartialFailure,
  type PropertyDiff,
  type PropertySpec,
  resource,
} from "../lib/provider";
import type { Props } from "../lib/values";
import type { Entity, GenesysClient } from "./client";
import { type Making, make } from "./making";

/** Waits, in seconds, between re-reads of an object that the API has just made or is about to forget. */
const REREAD_SECONDS = [0.5, 1, 2, 4, 8];
/** A delete that the API refuses because of what still hangs on it: ten tries, 22.5 s of waits, as the official provider. */
const DELETE_TRIES = 10;
const VERSION_TRIES = 5;

/** `{id}` as the API wants references, undefined for none. */
export const ref = (id: string | undefined | null): { id: string } | undefined => (id ? { id } : undefined);
/** Id of a reference in an answer. */
export const idOf = (r: unknown): string | undefined => (r as { id?: string } | null | undefined)?.id;
/** Ids of a list of references. */
export const idsOf = (rs: unknown): string[] | undefined =>
  Array.isArray(rs) ? rs.map(idOf).filter((id): id is string => id !== undefined) : undefined;
/** A path with its parts escaped. */
export function path(strings: TemplateStringsArray, ...parts: string[]): string {
  return strings.reduce(
    (text, s, i) => text + s + (i < parts.length ? encodeURIComponent(parts[i] as string) : ""),
    "",
  );
}

/** GET that waits for a new object to appear, since reads may lag behind writes for seconds; returns `made` if it never does. */
export async function appeared(
  client: GenesysClient,
  at: string,
  made: Entity,
  init: RequestInit = {},
): Promise<Entity> {
  for (const wait of [0, ...REREAD_SECONDS]) {
    if (wait > 0) await client.clock.sleep(wait, client.signal);
    const found = await client.http.find<Entity>(at, init);
    if (found) return found;
  }
  return made;
}

/** GET for a Read; a soft-deleted object is gone. */
export async function present(client: GenesysClient, at: string, init: RequestInit = {}): Promise<Entity | null> {
  const found = await client.http.find<Entity>(at, init);
  return found && found.state !== "deleted" && found.deleted !== true ? found : null;
}

/** Whether an error says that somebody else wrote in between. */
export function isConflict(e: unknown): boolean {
  return (
    e instanceof HttpError &&
    (e.status === 409 || (e.status === 400 && /version/i.test(`${e.code} ${e.serverMessage}`)))
  );
}

/** GET, PUT of `build(current)`; on a version conflict the object is read again, at most five times. */
export async function putVersioned(
  client: GenesysClient,
  at: string,
  build: (current: Entity) => object | Promise<object>,
  init: RequestInit = {},
): Promise<Entity> {
  for (let attempt = 1; ; attempt++) {
    const current = await client.http.json<Entity>("GET", at, init);
    const body = await build(current);
    try {
      return await client.http.json<Entity>("PUT", at, { body: { ...body, version: current.version } });
    } catch (e) {
      if (!isConflict(e) || attempt >= VERSION_TRIES) throw e;
      await client.clock.sleep(0.2 * attempt, client.signal);
    }
  }
}

/** DELETE until it is done: 404 is done, the listed refusals (something still hangs on it) are tried again, then reads must say gone. */
export async function remove(
  client: GenesysClient,
  at: string,
  retryOn: number[],
  query?: RequestInit["query"],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.http.request("DELETE", at, { query });
      break;
    } catch (e) {
      if (e instanceof HttpError && (e.status === 404 || e.status === 410)) return;
      if (!(e instanceof HttpError && retryOn.includes(e.status)) || attempt >= DELETE_TRIES) throw e;
      await client.clock.sleep(0.5 * attempt, client.signal);
    }
  }
  for (const wait of [0, ...REREAD_SECONDS, 16]) {
    if (wait > 0) await client.clock.sleep(wait, client.signal);
    if (!(await present(client, at))) return;
  }
  throw new UserError(`DELETE ${at} was accepted but the object is still there after 30 s; run the update again.`);
}

/** A resource that is one object under one path: most of them. */
export interface EntitySpec<I> {
  /** What it is called in messages. */
  noun: string;
  path: string;
  inputs: Record<string, PropertySpec>;
  outputs?: Record<string, OutputSpec>;
  query?: RequestInit["query"];
  /** DELETE answers that mean "not yet". Default 409. */
  retryDeleteOn?: number[];
  deleteQuery?: RequestInit["query"];
  check?(news: I, olds: I | null, client: GenesysClient): Failure[];
  diff?(base: PropertyDiff[], args: { news: I; oldInputs: I }): PropertyDiff[];
  /** Body of POST (`current` null) and PUT. */
  toBody(news: I, client: GenesysClient, current: Entity | null): object | Promise<object>;
  /** The object in the resource's property names: inputs and outputs. `olds` are the last inputs, null on import. */
  fromApi(entity: Entity, client: GenesysClient, olds: I | null): object | Promise<object>;
  /** Carried out after POST and PUT; what it does shows in the next `fromApi`. */
  after?(id: string, news: I, olds: I | null, client: GenesysClient): Promise<void>;
  /** Outputs of a fresh object that the API tells only once. */
  once?(made: Entity, news: I): object;
  /** The listing takes `name`, so fewer pages are read. */
  listsByName?: boolean;
  /** Whether an object has this one's name. Default: its `name` is the same. */
  isNamed?(e: Entity, news: I): boolean;
  /** The name in messages. Default: `name`. */
  label?(news: I): string;
  /** The API refuses a second object of the same name, as its documentation says: nobody need ask before. */
  namesUnique?: boolean;
  /** Properties that `after` sets: not there yet in a half-made object. */
  setAfter?: (keyof I & string)[];
}

/** The table entry of such a resource. */
export function entityResource<I extends object>(s: EntitySpec<I>): AnyResource {
  const at = (id: string) => `${s.path}/${encodeURIComponent(id)}`;
  const init: RequestInit = s.query ? { query: s.query } : {};
  /** What the program said wins over how the server puts it, so that text and order stay the program's. */
  const outputs = async (entity: Entity, news: I, client: GenesysClient) => ({
    ...strip(await s.fromApi(entity, client, news)),
    ...news,
  });
  return resource<I, object, GenesysClient>({
    inputs: s.inputs,
    outputs: s.outputs,
    check: s.check ? (news, olds, { client }) => s.check?.(news, olds, client) ?? [] : undefined,
    diff: s.diff ? (base, args) => s.diff?.(base, args) ?? base : undefined,
    resumes: true,
    async create(news, { client, interrupted }) {
      const { entity: made, adopted } = await make(client, interrupted, await making(s, news, client));
      const id = made.id;
      if (!id) throw new Error(`POST ${s.path} answered without an id`);
      await finish(s, id, made, news, client, at(id));
      const entity = await appeared(client, at(id), made, init);
      return { id, outputs: { ...(await outputs(entity, news, client)), ...s.once?.(made, news) }, adopted };
    },
    async read(id, state, { client }) {
      const entity = await present(client, at(id), init);
      if (!entity) return null;
      const live = strip(await s.fromApi(entity, client, state.inputs));
      const inputs = liveInputs<I>(s.inputs, live, state.inputs);
      return { inputs, outputs: { ...state.outputs, ...live, ...inputs } };
    },
    async update(id, news, olds, { client }) {
      let entity = await putVersioned(client, at(id), (current) => s.toBody(news, client, current), init);
      if (s.after) {
        await s.after(id, news, olds.inputs, client);
        entity = await client.http.json<Entity>("GET", at(id), init);
      }
      return { ...pick(olds.outputs, Object.keys(s.outputs ?? {})), ...(await outputs(entity, news, client)) };
    },
    async delete(id, _olds, { client }) {
      await remove(client, at(id), s.retryDeleteOn ?? [409], s.deleteQuery);
    },
  });
}

/** How such an object is made, and found again. */
async function making<I extends object>(s: EntitySpec<I>, news: I, client: GenesysClient): Promise<Making> {
  const name = (news as { name?: string }).name ?? "";
  const body = await s.toBody(news, client, null);
  const told = s.once ? Object.keys(s.once({ id: "", secret: "secret" }, news)) : [];
  return {
    what: `${s.noun} "${s.label?.(news) ?? name}"`,
    send: () => client.http.json<Entity>("POST", s.path, { body }),
    async named() {
      const found: Entity[] = [];
      for await (const e of client.list(s.path, s.listsByName ? { name } : {})) {
        if (!e.id || !(s.isNamed ? s.isNamed(e, news) : e.name === name)) continue;
        // A listing may be brief, and may still show what is deleted.
        const whole = await present(client, `${s.path}/${encodeURIComponent(e.id)}`, s.query ? { query: s.query } : {});
        if (whole) found.push(whole);
      }
      return found;
    },
    async differs(e) {
      const live = liveInputs<Props>(s.inputs, strip(await s.fromApi(e, client, news)), news as Props);
      const later = new Set<string>(s.setAfter ?? []);
      const paths = diffInputs(s.inputs, live, news as Props).map((d) => d.path);
      return paths.filter((p) => !later.has(p.split(/[.[]/)[0] as string));
    },
    askFirst: !s.namesUnique,
    ...(told.length > 0 ? { lost: `its ${told.join(", ")} was told to the run that died, and to nobody else` } : {}),
  };
}

/** What follows the POST. When it fails the object exists, and the engine must know. */
async function finish<I extends object>(
  s: EntitySpec<I>,
  id: string,
  made: Entity,
  news: I,
  client: GenesysClient,
  at: string,
): Promise<void> {
  if (!s.after) return;
  try {
    await appeared(client, at, made);
    await s.after(id, news, null, client);
  } catch (e) {
    throw new PartialFailure(id, { ...news }, news, [e instanceof Error ? e.message : String(e)]);
  }
}

/** Without keys that hold nothing. */
export function strip(o: object): object {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined && v !== null));
}

function pick(o: object, keys: string[]): object {
  return Object.fromEntries(Object.entries(o).filter(([k]) => keys.includes(k)));
}
