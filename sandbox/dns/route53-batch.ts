import { XMLParser } from "fast-xml-parser";
import type { ZoneCopy } from "./copies";
import { absolute, isWithin, nameProblem, normalName } from "./names";
import { isRecordType, valueProblem } from "./rdata";
import type { RecordSet } from "./zone";

/** An error as Route 53 reports it: HTTP status, code and message. */
export class Route53Error extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Change {
  action: "CREATE" | "DELETE" | "UPSERT";
  set: RecordSet;
}

/** Quotas of one request (Route 53 developer guide, "Quotas on API requests"). */
const RECORDS_MAX = 1_000;
const VALUE_CHARACTERS_MAX = 32_000;
const TTL_MAX = 2_147_483_647;

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  isArray: (name) => name === "Change" || name === "ResourceRecord",
});

interface XmlSet {
  Name?: string;
  Type?: string;
  TTL?: string;
  SetIdentifier?: string;
  Weight?: string;
  AliasTarget?: unknown;
  ResourceRecords?: { ResourceRecord?: { Value?: string }[] };
}

const invalidInput = (message: string) => new Route53Error(400, "InvalidInput", message);
const invalidBatch = (problems: readonly string[]) =>
  new Route53Error(400, "InvalidChangeBatch", `[${problems.join(", ")}]`);

/** Reads a ChangeResourceRecordSetsRequest. @throws Route53Error MalformedInput, InvalidInput or InvalidChangeBatch. */
export function parseBatch(xml: string): Change[] {
  let changes: { Action?: string; ResourceRecordSet?: XmlSet }[] | undefined;
  try {
    changes = parser.parse(xml, true).ChangeResourceRecordSetsRequest?.ChangeBatch?.Changes?.Change;
  } catch {
    throw new Route53Error(400, "MalformedInput", "Unexpected element: the request body is not well-formed XML");
  }
  if (!changes || changes.length === 0)
    throw new Route53Error(400, "MalformedInput", "Expected at least one Change in Changes");
  const parsed = changes.map(({ Action, ResourceRecordSet }) => {
    if (Action !== "CREATE" && Action !== "DELETE" && Action !== "UPSERT") {
      throw invalidInput(
        `Invalid XML ; Value '${Action}' of Action is not facet-valid with respect to enumeration '[CREATE, DELETE, UPSERT]'`,
      );
    }
    return { action: Action, set: parseSet(ResourceRecordSet ?? {}) } satisfies Change;
  });
  checkQuotas(parsed);
  return parsed;
}

function parseSet(xml: XmlSet): RecordSet {
  const name = normalName(xml.Name ?? "");
  const type = xml.Type ?? "";
  const problem = nameProblem(name);
  if (problem) throw invalidBatch([`FATAL problem: DomainLabelInvalid (the name '${xml.Name}' ${problem})`]);
  if (!isRecordType(type))
    throw invalidInput(`Invalid XML ; Value '${type}' of Type is not a record type this sandbox serves`);
  if (xml.AliasTarget !== undefined)
    throw invalidInput("Alias record sets are not served by this sandbox; use a CNAME");
  const values = (xml.ResourceRecords?.ResourceRecord ?? []).map((each) => String(each.Value ?? ""));
  if (values.length === 0)
    throw invalidInput(
      "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]], but found none",
    );
  const ttlSeconds = Number(xml.TTL);
  if (!/^\d+$/.test(xml.TTL ?? "") || ttlSeconds > TTL_MAX)
    throw invalidInput(`Invalid TTL '${xml.TTL}': expected 0 to ${TTL_MAX}`);
  for (const value of values) {
    const expected = valueProblem(type, value);
    if (expected)
      throw invalidBatch([
        `Invalid Resource Record: 'FATAL problem: ${type} encountered with '${value}', expected ${expected}'`,
      ]);
  }
  if (new Set(values).size < values.length)
    throw invalidBatch([`Duplicate Resource Record in the set [name='${absolute(name)}', type='${type}']`]);
  const set: RecordSet = { name, type, ttlSeconds, values };
  if (xml.SetIdentifier === undefined) {
    if (xml.Weight !== undefined) throw invalidInput("Invalid request: Missing field 'SetIdentifier' in Change");
    return set;
  }
  const weight = Number(xml.Weight);
  if (!/^\d+$/.test(xml.Weight ?? "") || weight > 255)
    throw invalidInput(`Invalid Weight '${xml.Weight}': expected 0 to 255`);
  return { ...set, setIdentifier: xml.SetIdentifier, weight };
}

/** An UPSERT counts twice in both quotas. */
function checkQuotas(changes: readonly Change[]): void {
  let records = 0;
  let characters = 0;
  for (const { action, set } of changes) {
    const times = action === "UPSERT" ? 2 : 1;
    records += times * set.values.length;
    characters += times * set.values.reduce((sum, value) => sum + value.length, 0);
  }
  if (records > RECORDS_MAX) throw invalidBatch([`Number of records limit of ${RECORDS_MAX} exceeded.`]);
  if (characters > VALUE_CHARACTERS_MAX)
    throw invalidBatch([`Number of characters limit of ${VALUE_CHARACTERS_MAX} exceeded.`]);
}

const sameKey = (a: RecordSet, b: RecordSet) => a.type === b.type && a.setIdentifier === b.setIdentifier;
const sameValues = (a: RecordSet, b: RecordSet) =>
  a.ttlSeconds === b.ttlSeconds &&
  a.weight === b.weight &&
  JSON.stringify([...a.values].map(normalName).sort()) === JSON.stringify([...b.values].map(normalName).sort());

/**
 * Carries out all changes on what the copy holds, or none (Route 53: a batch is one transaction).
 * @returns the names changed. @throws Route53Error InvalidChangeBatch with every problem found.
 */
export function applyBatch(copy: ZoneCopy, changes: readonly Change[]): string[] {
  const drafts = new Map<string, RecordSet[]>();
  const problems: string[] = [];
  for (const change of changes) {
    const { name } = change.set;
    const draft = drafts.get(name) ?? [...copy.held.of(name)];
    drafts.set(name, draft);
    const problem = isWithin(name, copy.origin)
      ? applyOne(draft, change, copy.origin)
      : `RRSet with DNS name ${absolute(name)} is not permitted in zone ${absolute(copy.origin)}`;
    if (problem) problems.push(problem);
  }
  for (const [name, draft] of drafts) problems.push(...coexistence(name, draft, copy.origin));
  if (problems.length > 0) throw invalidBatch(problems);
  for (const [name, draft] of drafts) copy.held.replace(name, draft);
  return [...drafts.keys()];
}

function applyOne(draft: RecordSet[], { action, set }: Change, origin: string): string | null {
  const what = `resource record set [name='${absolute(set.name)}', type='${set.type}'${set.setIdentifier === undefined ? "" : `, set identifier='${set.setIdentifier}'`}]`;
  const at = draft.findIndex((each) => sameKey(each, set));
  const present = draft[at];
  if (action === "DELETE") {
    if (set.name === origin && (set.type === "SOA" || set.type === "NS")) {
      return `A HostedZone must contain exactly one SOA record and at least one NS record for the zone itself: tried to delete ${what}`;
    }
    if (!present) return `Tried to delete ${what} but it was not found`;
    if (!sameValues(present, set))
      return `Tried to delete ${what} but the values provided do not match the current values`;
    draft.splice(at, 1);
    return null;
  }
  if (action === "CREATE" && present) return `Tried to create ${what} but it already exists`;
  if (present) draft[at] = set;
  else draft.push(set);
  return null;
}

/** What one name may not hold together. */
function coexistence(name: string, draft: readonly RecordSet[], origin: string): string[] {
  const problems: string[] = [];
  const aliases = draft.filter((set) => set.type === "CNAME");
  const zone = absolute(origin);
  if (aliases.length > 0 && name === origin)
    problems.push(`RRSet of type CNAME with DNS name ${absolute(name)} is not permitted at apex in zone ${zone}`);
  else if (aliases.length > 0 && draft.length > aliases.length) {
    problems.push(
      `RRSet of type CNAME with DNS name ${absolute(name)} is not permitted as it conflicts with other records with the same DNS name in zone ${zone}`,
    );
  }
  if (aliases.some((set) => set.values.length > 1))
    problems.push(`RRSet of type CNAME with DNS name ${absolute(name)} can have only one value`);
  for (const set of draft) {
    if (
      set.setIdentifier !== undefined &&
      draft.some((each) => each.type === set.type && each.setIdentifier === undefined)
    ) {
      problems.push(
        `RRSet with DNS name ${absolute(name)}, type ${set.type}, SetIdentifier ${set.setIdentifier} cannot be created as a non-weighted set exists with the same name and type`,
      );
    }
  }
  return problems;
}
