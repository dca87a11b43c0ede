import { UserError } from "../../model/errors";
import { HttpError } from "../lib/http";
import { liveInputs } from "../lib/live";
import { type Failure, type PropertySpec, resource } from "../lib/provider";
import { equal, isProps, type Props, UNKNOWN, type Value } from "../lib/values";
import type { Entity, GenesysClient } from "./client";
import { appeared, entityResource, idOf, path, ref, remove, strip } from "./entity";
import { make } from "./making";

interface Column {
  name: string;
  type: string;
  title?: string;
  default?: string;
}
export interface DatatableInputs {
  name: string;
  description?: string;
  divisionId?: string;
  properties: Column[];
}
interface SchemaProperty {
  type?: string;
  title?: string;
  default?: Value;
  displayOrder?: number;
}

const BASE = "/api/v2/flows/datatables";

/** A data table. The order of its columns is their order of display; column `key` of type string is the row key. */
export const datatable = entityResource<DatatableInputs>({
  noun: "data table",
  path: BASE,
  listsByName: true,
  query: { expand: "schema" },
  // Without force the API refuses to delete a table that has rows.
  deleteQuery: { force: true },
  inputs: {
    name: { type: "string", required: true },
    description: { type: "string", default: "" },
    divisionId: { type: "string", computed: true },
    properties: {
      type: "array",
      required: true,
      minItems: 1,
      items: {
        type: "object",
        properties: {
          name: { type: "string", required: true },
          type: { type: "string", required: true, enum: ["boolean", "string", "integer", "number"] },
          title: { type: "string", computed: true },
          default: { type: "string", computed: true },
        },
      },
    },
  },
  check(news): Failure[] {
    if (!Array.isArray(news.properties)) return [];
    const names = news.properties.map((p) => p.name);
    const out: Failure[] = [];
    if (
      !names.some((n) => (n as Value) === UNKNOWN) &&
      !news.properties.some((p) => p.name === "key" && p.type === "string")
    ) {
      out.push({
        property: "properties",
        reason: `has the columns ${names.join(", ")}; expected one called "key" of type string: it is the row key`,
      });
    }
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    if (twice !== undefined) out.push({ property: "properties", reason: `names the column "${twice}" twice` });
    return out;
  },
  toBody: (news, _client, current) => ({
    name: news.name,
    description: news.description ?? "",
    division: ref(news.divisionId) ?? current?.division,
    schema: {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      additionalProperties: false,
      required: ["key"],
      properties: Object.fromEntries(
        news.properties.map((p, displayOrder) => [
          p.name,
          strip({
            $id: `/properties/${p.name}`,
            type: p.type,
            title: p.title ?? p.name,
            default: typedDefault(p),
            displayOrder,
          }),
        ]),
      ),
    },
  }),
  fromApi: (e) => ({ name: e.name, description: e.description, divisionId: idOf(e.division), properties: columns(e) }),
});

function typedDefault(p: Column): Value {
  if (p.default === undefined) return undefined;
  if (p.type === "string") return p.default;
  const value = p.type === "boolean" ? { true: true, false: false }[p.default] : Number(p.default);
  if (value === undefined || Number.isNaN(value))
    throw new UserError(`Data table column "${p.name}" has the default "${p.default}"; expected a ${p.type}.`);
  return value;
}

const schemaOf = (e: Entity): Record<string, SchemaProperty> =>
  (e.schema as { properties?: Record<string, SchemaProperty> } | undefined)?.properties ?? {};

function columns(e: Entity): object[] | undefined {
  const all = Object.entries(schemaOf(e)).sort((a, b) => (a[1].displayOrder ?? 0) - (b[1].displayOrder ?? 0));
  if (all.length === 0) return undefined;
  return all.map(([name, p]) =>
    strip({
      name,
      type: p.type,
      title: p.title,
      default: p.default === undefined || p.default === null ? undefined : String(p.default),
    }),
  );
}

export interface RowInputs {
  datatableId: string;
  keyValue: string;
  propertiesJson?: string;
}

const parseRow = (v: Value): Value => (typeof v === "string" ? (JSON.parse(v === "" ? "{}" : v) as Value) : v);
const frozenRow =
  "a row is its table and key; declare another row, and remove this one when nothing looks it up any more.";
const rowInputs: Record<string, PropertySpec> = {
  datatableId: { type: "string", required: true, frozen: frozenRow },
  keyValue: { type: "string", required: true, frozen: frozenRow },
  propertiesJson: { type: "string", computed: true, view: parseRow },
};

const rows = (table: string) => path`/api/v2/flows/datatables/${table}/rows`;

/** Splits `<table>/<key>`; the key itself may hold slashes. */
function splitRowId(id: string): { table: string; key: string } {
  const at = id.indexOf("/");
  if (at <= 0 || at === id.length - 1)
    throw new UserError(`Data table row id "${id}" is not understood; expected <tableId>/<key>.`);
  return { table: id.slice(0, at), key: id.slice(at + 1) };
}

const body = (news: RowInputs): Props => ({ ...(parseRow(news.propertiesJson ?? "") as Props), key: news.keyValue });

/** A row. A change of its values is one PUT: the atomic switch of call routing. */
export const datatableRow = resource<RowInputs, object, GenesysClient>({
  inputs: rowInputs,
  check(news) {
    if (news.propertiesJson === undefined || (news.propertiesJson as Value) === UNKNOWN) return [];
    try {
      const parsed = parseRow(news.propertiesJson);
      if (!isProps(parsed))
        return [{ property: "propertiesJson", reason: "is not a JSON object; expected {column: value}" }];
      if (Object.hasOwn(parsed, "key"))
        return [{ property: "propertiesJson", reason: "holds `key`; the row key is keyValue" }];
      return [];
    } catch (e) {
      return [{ property: "propertiesJson", reason: `is not JSON (${(e as Error).message})` }];
    }
  },
  resumes: true,
  async create(news, { client, interrupted }) {
    const at = rows(news.datatableId);
    const id = `${news.datatableId}/${news.keyValue}`;
    const own = `${at}/${encodeURIComponent(news.keyValue)}`;
    const whole = { query: { showbrief: false } };
    const { entity, adopted } = await make(client, interrupted, {
      what: `row "${news.keyValue}" of data table ${news.datatableId}`,
      send: () => client.http.json<Entity>("POST", at, { body: body(news) }),
      named: async () => [await client.http.find<Entity>(own, whole)].filter((e) => e !== null),
      differs: async (e) =>
        Object.entries(body(news)).flatMap(([k, v]) => (equal((e as Props)[k], v) ? [] : [`propertiesJson.${k}`])),
      idOf: () => id,
      askFirst: true,
    });
    const row = await appeared(client, own, entity ?? {}, whole);
    return { id, outputs: { ...news, propertiesJson: news.propertiesJson ?? rowText(row) }, adopted };
  },
  async read(id, state, { client }) {
    const { table, key } = splitRowId(id);
    const row = await client.http.find<Entity>(`${rows(table)}/${encodeURIComponent(key)}`, {
      query: { showbrief: false },
    });
    if (!row) return null;
    const live = {
      datatableId: table,
      keyValue: key,
      propertiesJson: await liveRow(client, table, row, state.inputs?.propertiesJson),
    };
    const inputs = liveInputs<RowInputs>(rowInputs, live, state.inputs);
    return { inputs, outputs: { ...live, ...inputs } };
  },
  async update(id, news, _olds, { client }) {
    const { table, key } = splitRowId(id);
    const row = await client.http.json<Entity>("PUT", `${rows(table)}/${encodeURIComponent(key)}`, {
      body: body(news),
    });
    return { ...news, propertiesJson: news.propertiesJson ?? rowText(row ?? {}) };
  },
  async delete(id, _olds, { client }) {
    const { table, key } = splitRowId(id);
    try {
      await remove(client, `${rows(table)}/${encodeURIComponent(key)}`, [409]);
    } catch (e) {
      // A table that is gone has taken its rows along.
      if (!(e instanceof HttpError) || (await client.http.find(`${BASE}/${encodeURIComponent(table)}`))) throw e;
    }
  },
});

function rowText(row: Entity): string {
  const { key, KEY, ...values } = row as Record<string, unknown>;
  return JSON.stringify(values);
}

/** Columns that the program leaves out and the server filled with their defaults are not its business. */
async function liveRow(client: GenesysClient, table: string, row: Entity, olds: string | undefined): Promise<string> {
  const text = rowText(row);
  if (olds === undefined) return text;
  const [live, before] = [parseRow(text) as Props, parseRow(olds) as Props];
  const extra = Object.keys(live).filter((k) => !Object.hasOwn(before, k));
  if (extra.length === 0) return text;
  const definition = await client.http.find<Entity>(`${BASE}/${encodeURIComponent(table)}`, {
    query: { expand: "schema" },
  });
  const schema = definition ? schemaOf(definition) : {};
  const empty: Record<string, Value> = { boolean: false, string: "", integer: 0, number: 0 };
  for (const k of extra) {
    const p = schema[k];
    if (equal(live[k], p?.default ?? empty[p?.type ?? ""])) delete live[k];
  }
  return JSON.stringify(live);
}
