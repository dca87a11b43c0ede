/** `POST /api/v2/analytics/conversations/details/query`: interval, filters, order, paging. */

import type { GenesysStore } from "../store";
import { badRequest } from "../store/errors";
import type { Conversation } from "../store/records";
import { type AnalyticsConversation, type Segment, type Session, showConversation } from "./conversation-shape";

interface Predicate {
  type?: string;
  dimension?: string;
  metric?: string;
  operator?: string;
  value?: string | null;
  range?: { gt?: number; gte?: number; lt?: number; lte?: number };
}
interface Filter {
  type?: "and" | "or";
  predicates?: Predicate[];
  clauses?: Filter[];
}

/** The official blueprint pages by 200 and calls that the cap. */
const PAGE_SIZE_MAX = 200;

/** What a segment filter sees: a segment with its session and participant. */
interface Place {
  purpose: string;
  session: Session;
  segment: Segment;
}

type Reader<T> = (of: T) => unknown;

const CONVERSATION_FIELDS: Record<string, Reader<AnalyticsConversation>> = {
  conversationId: (c) => c.conversationId,
  conversationStart: (c) => c.conversationStart,
  conversationEnd: (c) => c.conversationEnd,
  originatingDirection: (c) => c.originatingDirection,
  divisionId: (c) => c.divisionIds,
  mediaStatsMinConversationMos: (c) => c.mediaStatsMinConversationMos,
  mediaStatsMinConversationRFactor: (c) => c.mediaStatsMinConversationRFactor,
};

const SEGMENT_FIELDS: Record<string, Reader<Place>> = {
  ani: (p) => p.session.ani,
  dnis: (p) => p.session.dnis,
  sessionDnis: (p) => p.session.sessionDnis,
  addressFrom: (p) => p.session.ani,
  addressTo: (p) => p.session.dnis,
  direction: (p) => p.session.direction,
  mediaType: (p) => p.session.mediaType,
  provider: (p) => p.session.provider,
  purpose: (p) => p.purpose,
  queueId: (p) => p.segment.queueId,
  flowId: (p) => p.session.flow?.flowId,
  flowName: (p) => p.session.flow?.flowName,
  segmentType: (p) => p.segment.segmentType,
  segmentEnd: (p) => p.segment.segmentEnd,
  disconnectType: (p) => p.segment.disconnectType,
  errorCode: (p) => p.segment.errorCode,
  recording: (p) => p.session.recording,
  sipResponseCode: (p) => p.segment.sipResponseCodes,
};

/** Answers the query: `{conversations, totalHits}`; `conversations` is absent on an empty page, as in the real API. */
export function queryDetails(
  store: GenesysStore,
  body: Record<string, unknown>,
): { conversations?: AnalyticsConversation[]; totalHits: number } {
  const [from, to] = intervalOf(body.interval);
  const { pageSize, pageNumber } = pagingOf(body.paging);
  const order = body.order === "desc" ? -1 : 1;
  const conversationFilters = filtersOf(body.conversationFilters, CONVERSATION_FIELDS, "conversationFilters");
  const segmentFilters = filtersOf(body.segmentFilters, SEGMENT_FIELDS, "segmentFilters");
  const orderBy = body.orderBy ?? "conversationStart";
  if (orderBy !== "conversationStart" && orderBy !== "conversationEnd")
    throw badRequest(`Cannot order by '${String(orderBy)}'.`);
  const candidates = necessary((body.segmentFilters ?? []) as Filter[]);
  const fits = (one: Conversation): boolean => {
    if (!candidates(one)) return false;
    const shown = showConversation(store, one);
    if (!conversationFilters.every((f) => f(shown))) return false;
    return segmentFilters.length === 0 || placesOf(shown).some((p) => segmentFilters.every((f) => f(p)));
  };
  const all = store.records.visible(from, to);
  // Shapes are built for the page only, unless a filter needs to see them.
  const hits = conversationFilters.length + segmentFilters.length === 0 ? all : all.filter(fits);
  const keyOf = (one: Conversation) => (orderBy === "conversationEnd" ? (one.end ?? one.start) : one.start).getTime();
  if (order === -1 || orderBy !== "conversationStart") hits.sort((a, b) => order * (keyOf(a) - keyOf(b)));
  const page = hits
    .slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
    .map((one) => showConversation(store, one));
  return { ...(page.length > 0 ? { conversations: page } : {}), totalHits: hits.length };
}

/**
 * A cheap test that every conversation with a fitting segment passes: looks at the numbers only. Keeps a query for a few numbers
 * from building the shape of every conversation there ever was, while calls wait.
 */
function necessary(filters: readonly Filter[]): (one: Conversation) => boolean {
  const tests = filters.map(necessaryOf);
  return (one) => tests.every((test) => test(one));
}

const CALLED = new Set(["dnis", "sessionDnis", "addressTo"]);
const CALLING = new Set(["ani", "addressFrom"]);

function necessaryOf(filter: Filter): (one: Conversation) => boolean {
  const tests = [
    ...(filter.predicates ?? []).map((p): ((one: Conversation) => boolean) => {
      const { dimension = "", value, operator = "matches", range } = p;
      if (range || operator !== "matches" || typeof value !== "string") return () => true;
      const number = value.replace(/^tel:/, "");
      if (CALLED.has(dimension)) return (one) => one.dnis === number || (one.legs ?? []).some((l) => l.dnis === number);
      if (CALLING.has(dimension) && number.startsWith("+"))
        return (one) => one.ani === number || (one.legs ?? []).some((l) => l.ani === number);
      return () => true;
    }),
    ...(filter.clauses ?? []).map(necessaryOf),
  ];
  return filter.type === "or" ? (one) => tests.some((t) => t(one)) : (one) => tests.every((t) => t(one));
}

function placesOf(conversation: AnalyticsConversation): Place[] {
  return conversation.participants.flatMap(({ purpose, sessions }) =>
    sessions.flatMap((session) => session.segments.map((segment) => ({ purpose, session, segment }))),
  );
}

/** ISO 8601 interval `start/end`. @throws ApiError 400. */
function intervalOf(text: unknown): [Date, Date] {
  const [start, end] = typeof text === "string" ? text.split("/") : [];
  const from = new Date(start ?? "");
  const to = new Date(end ?? "");
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || to <= from)
    throw badRequest(
      `The interval must be <ISO start>/<ISO end> with the end after the start, saw '${String(text)}'.`,
      "invalid.interval",
    );
  return [from, to];
}

function pagingOf(paging: unknown): { pageSize: number; pageNumber: number } {
  const { pageSize = 25, pageNumber = 1 } = (paging ?? {}) as { pageSize?: number; pageNumber?: number };
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > PAGE_SIZE_MAX)
    throw badRequest(`paging.pageSize must be between 1 and ${PAGE_SIZE_MAX}.`);
  if (!Number.isInteger(pageNumber) || pageNumber < 1) throw badRequest("paging.pageNumber must be 1 or more.");
  return { pageSize, pageNumber };
}

function filtersOf<T>(value: unknown, fields: Record<string, Reader<T>>, what: string): ((of: T) => boolean)[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(`${what} must be a list.`);
  return value.map((filter) => compileFilter(filter as Filter, fields, what));
}

function compileFilter<T>(filter: Filter, fields: Record<string, Reader<T>>, what: string): (of: T) => boolean {
  if (filter.type !== "and" && filter.type !== "or")
    throw badRequest(`Each of ${what} must have the type 'and' or 'or'.`);
  const tests = [
    ...(filter.predicates ?? []).map((p) => compilePredicate(p, fields, what)),
    ...(filter.clauses ?? []).map((clause) => compileFilter(clause, fields, what)),
  ];
  if (tests.length === 0) throw badRequest(`Each of ${what} must have predicates or clauses.`);
  return filter.type === "and" ? (of) => tests.every((test) => test(of)) : (of) => tests.some((test) => test(of));
}

function compilePredicate<T>(
  predicate: Predicate,
  fields: Record<string, Reader<T>>,
  what: string,
): (of: T) => boolean {
  const name = predicate.dimension ?? predicate.metric;
  const read = name === undefined ? undefined : fields[name];
  if (!read) throw badRequest(`Unknown dimension '${String(name)}' in ${what}.`, "invalid.dimension");
  const { range, value } = predicate;
  if (range) return (of) => inRange(read(of), range);
  const operator = predicate.operator ?? "matches";
  if (operator === "exists") return (of) => read(of) !== undefined;
  if (operator === "notExists") return (of) => read(of) === undefined;
  if (operator !== "matches") throw badRequest(`Unknown operator '${operator}' in ${what}.`, "invalid.operator");
  if (value === undefined || value === null) throw badRequest(`The predicate on '${name}' must have a value.`);
  return (of) => isValue(read(of), value);
}

function inRange(seen: unknown, range: NonNullable<Predicate["range"]>): boolean {
  const n = typeof seen === "string" ? Date.parse(seen) : seen;
  if (typeof n !== "number" || Number.isNaN(n)) return false;
  return (
    !(range.gt !== undefined && !(n > range.gt)) &&
    !(range.gte !== undefined && !(n >= range.gte)) &&
    !(range.lt !== undefined && !(n < range.lt)) &&
    !(range.lte !== undefined && !(n <= range.lte))
  );
}

/** Numbers match with and without `tel:`. */
function isValue(seen: unknown, value: string): boolean {
  if (Array.isArray(seen)) return seen.some((one) => isValue(one, value));
  if (seen === undefined) return false;
  const text = String(seen);
  return text === value || text === `tel:${value}`;
}
