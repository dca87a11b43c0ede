/** Architect data tables and their rows. */

import type { ValueType } from "../architect/values";
import { type Body, Collection, type Entity, type StoreContext } from "./collection";
import { badRequest, conflict, notFound } from "./errors";

type ColumnType = "boolean" | "string" | "integer" | "number";

export interface Column {
  title?: string;
  type: ColumnType;
  $id?: string;
  displayOrder?: number;
  default?: unknown;
}

export interface DataTable extends Entity {
  schema: {
    $schema: string;
    type: "object";
    additionalProperties: boolean;
    required: string[];
    properties: Record<string, Column>;
  };
}

export type Row = Record<string, unknown>;

const VALUE_TYPES: Record<ColumnType, ValueType> = {
  boolean: "boolean",
  string: "string",
  integer: "integer",
  number: "decimal",
};

/** Data tables and their rows, by schema. */
export class Tables {
  readonly tables: Collection<DataTable>;
  private readonly rowsById = new Map<string, Map<string, Row>>();

  constructor(context: StoreContext) {
    this.tables = new Collection<DataTable>(context, {
      what: "data table",
      path: "/api/v2/flows/datatables",
      uniqueNames: true,
    });
  }

  /** Column types for the flow compiler; null when there is no such table. Exact name. */
  columns(name: string): ReadonlyMap<string, ValueType> | null {
    const table = this.tables.named(name);
    if (table?.name !== name) return null;
    return new Map(Object.entries(table.schema.properties).map(([column, { type }]) => [column, VALUE_TYPES[type]]));
  }

  /** Row by table name and key, for running flows; null when either is missing. */
  lookup(name: string, key: string): Row | null {
    const table = this.tables.named(name);
    return (table && this.rowsById.get(table.id)?.get(key)) ?? null;
  }

  create(body: Body): DataTable {
    this.tables.checkName(body.name, null);
    const table = this.tables.create({ name: body.name, schema: readSchema(body.schema), ...description(body) });
    this.rowsById.set(table.id, new Map());
    return table;
  }

  /** Columns may be added, not taken away or changed in type while rows exist. */
  update(id: string, body: Body): DataTable {
    const old = this.tables.get(id);
    const schema = body.schema === undefined ? old.schema : readSchema(body.schema);
    for (const [column, { type }] of Object.entries(old.schema.properties)) {
      const now = schema.properties[column];
      if (this.rows(id).size > 0 && now?.type !== type)
        throw badRequest(`The column '${column}' cannot be removed or change its type while rows exist.`);
    }
    return this.tables.update(id, {
      name: body.name === undefined ? old.name : String(body.name),
      schema,
      ...description(body),
    });
  }

  /** @throws ApiError 409 when it has rows or a flow uses it (`users`), unless forced. */
  remove(id: string, force: boolean, users: string[]): void {
    const table = this.tables.get(id);
    if (!force && (this.rows(id).size > 0 || users.length > 0))
      throw conflict(
        `The data table '${table.name}' has rows or is used by ${users.join(", ") || "no flow"}.`,
        "datatable.in.use",
      );
    this.tables.remove(id);
    this.rowsById.delete(id);
  }

  rows(id: string): Map<string, Row> {
    this.tables.get(id);
    return this.rowsById.get(id) as Map<string, Row>;
  }

  row(id: string, key: string): Row {
    const row = this.rows(id).get(key);
    if (!row) throw notFound("data table row", key);
    return row;
  }

  createRow(id: string, body: Body): Row {
    const row = this.readRow(id, body);
    if (this.rows(id).has(row.key as string))
      throw conflict(`A row with the key '${String(row.key)}' already exists.`, "datatable.row.exists");
    this.rows(id).set(row.key as string, row);
    return row;
  }

  /** The whole row at once: a flow sees the old one or the new one. */
  updateRow(id: string, key: string, body: Body): Row {
    this.row(id, key);
    if (body.key !== undefined && body.key !== key) throw badRequest(`The key of the row '${key}' cannot be changed.`);
    const row = this.readRow(id, { ...body, key });
    this.rows(id).set(key, row);
    return row;
  }

  removeRow(id: string, key: string): void {
    this.row(id, key);
    this.rows(id).delete(key);
  }

  private readRow(id: string, body: Body): Row {
    const { properties } = this.tables.get(id).schema;
    for (const column of Object.keys(body))
      if (!properties[column]) throw badRequest(`The data table has no column '${column}'.`);
    if (typeof body.key !== "string" || body.key === "") throw badRequest("A row must have a key.");
    const row: Row = {};
    for (const [column, { type, default: fallback }] of Object.entries(properties)) {
      const value = body[column] ?? fallback ?? emptyOf(type);
      if (!fitsColumn(value, type))
        throw badRequest(`The column '${column}' must be of type ${type}, saw ${JSON.stringify(value)}.`);
      row[column] = value;
    }
    return row;
  }
}

function description(body: Body): { description?: string } {
  return typeof body.description === "string" ? { description: body.description } : {};
}

const emptyOf = (type: ColumnType): unknown => (type === "string" ? "" : type === "boolean" ? false : 0);

function fitsColumn(value: unknown, type: ColumnType): boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  return typeof value === type;
}

function readSchema(value: unknown): DataTable["schema"] {
  const schema = value as Partial<DataTable["schema"]> | null | undefined;
  const properties = schema?.properties;
  if (typeof properties !== "object" || properties === null)
    throw badRequest("The data table must have a schema with properties.");
  for (const [column, definition] of Object.entries(properties)) {
    if (!(definition.type in VALUE_TYPES))
      throw badRequest(`The column '${column}' has the unknown type '${String(definition.type)}'.`);
  }
  if (properties.key?.type !== "string") throw badRequest("The data table must have a property 'key' of type string.");
  return {
    $schema: schema?.$schema ?? "http://json-schema.org/draft-04/schema#",
    type: "object",
    additionalProperties: schema?.additionalProperties ?? false,
    required: ["key"],
    properties,
  };
}
