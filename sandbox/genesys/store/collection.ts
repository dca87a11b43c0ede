/** Entities of the organisation, kept as the API shows them. */

import { badRequest, conflict, notFound } from "./errors";

export interface Ref {
  id: string;
  name?: string;
}

/** What every object of the Edge and Architect APIs has. */
export interface Entity {
  id: string;
  name: string;
  version: number;
  state: string;
  dateCreated: string;
  dateModified: string;
  division?: Ref;
  description?: string;
  selfUri: string;
}

export type Body = Record<string, unknown>;

/** The parts of the store that every collection shares. */
export interface StoreContext {
  now(): Date;
  newId(): string;
  division: Ref;
}

/** Fields the server owns: never taken from a request. */
const SERVER_FIELDS = new Set([
  "id",
  "version",
  "selfUri",
  "dateCreated",
  "dateModified",
  "createdBy",
  "modifiedBy",
  "state",
]);

export interface CollectionOptions {
  /** For messages: `IVR`, `DID pool`. */
  what: string;
  /** `/api/v2/architect/ivrs`. */
  path: string;
  /** Names are unique, without regard to case. */
  uniqueNames: boolean;
}

/** Objects of one kind: ids, versions, unique names, pages. */
export class Collection<T extends Entity> {
  readonly options: CollectionOptions;
  private readonly context: StoreContext;
  private readonly byId = new Map<string, T>();

  constructor(context: StoreContext, options: CollectionOptions) {
    this.context = context;
    this.options = options;
  }

  get size(): number {
    return this.byId.size;
  }

  all(): T[] {
    return [...this.byId.values()];
  }

  find(id: string): T | undefined {
    return this.byId.get(id);
  }

  named(name: string): T | undefined {
    const wanted = name.toLowerCase();
    for (const entity of this.byId.values()) if (entity.name.toLowerCase() === wanted) return entity;
    return undefined;
  }

  /** @throws ApiError 404. */
  get(id: string): T {
    const found = this.byId.get(id);
    if (!found) throw notFound(this.options.what, id);
    return found;
  }

  /** Creates an entity from the fields given; version 1. @throws ApiError when the name is taken or missing. */
  create(fields: Omit<T, keyof Entity> & { name: string } & Partial<Entity>): T {
    this.checkName(fields.name, null);
    const now = this.context.now().toISOString();
    const id = fields.id ?? this.context.newId();
    const base = { version: 1, state: "active", division: this.context.division, dateCreated: now, dateModified: now };
    const entity = { ...base, ...fields, id, selfUri: `${this.options.path}/${id}` } as unknown as T;
    this.byId.set(id, entity);
    return entity;
  }

  /**
   * Replaces the fields given and raises the version.
   * @throws ApiError 404; 409 when `expectedVersion` is not the current one.
   */
  update(id: string, fields: Partial<T>, expectedVersion?: unknown): T {
    const old = this.get(id);
    this.checkVersion(old, expectedVersion);
    if (fields.name !== undefined) this.checkName(fields.name, id);
    const entity: T = { ...old, ...fields, version: old.version + 1, dateModified: this.context.now().toISOString() };
    this.byId.set(id, entity);
    return entity;
  }

  checkVersion(old: T, expectedVersion: unknown): void {
    if (expectedVersion !== undefined && expectedVersion !== old.version)
      throw conflict(
        `The version ${String(expectedVersion)} of ${this.options.what} ${old.id} does not match the current version ${old.version}.`,
        "version.mismatch",
      );
  }

  /** @throws ApiError 404. */
  remove(id: string): void {
    this.get(id);
    this.byId.delete(id);
  }

  checkName(name: unknown, ownId: string | null): asserts name is string {
    if (typeof name !== "string" || name.trim() === "") throw badRequest(`The ${this.options.what} must have a name.`);
    const taken = this.options.uniqueNames ? this.named(name) : undefined;
    if (taken && taken.id !== ownId)
      throw conflict(`A ${this.options.what} named '${name}' already exists.`, "general.duplicate.name");
  }
}

/** A copy of a request without the fields that the server owns. */
export function clientFields(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !SERVER_FIELDS.has(key) && value !== undefined),
  );
}

/** `{id}` of a reference in a request; undefined when absent or null. @throws ApiError 400 when malformed. */
export function refId(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = (value as Ref).id;
  if (typeof id !== "string" || id === "") throw badRequest(`The ${what} reference must have an id.`);
  return id;
}
