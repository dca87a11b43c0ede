import { UserError } from "../model/errors";
import type { GenesysReader } from "./genesys";

/** Parts of `AnalyticsConversation` (POST /api/v2/analytics/conversations/details/query) that the probes read. */
interface RawConversation {
  conversationId: string;
  conversationStart: string;
  conversationEnd?: string;
  mediaStatsMinConversationMos?: number;
  participants?: {
    participantName?: string;
    purpose?: string;
    sessions?: {
      ani?: string;
      dnis?: string;
      sessionDnis?: string;
      direction?: string;
      mediaEndpointStats?: { codecs?: string[]; minMos?: number }[];
      segments?: {
        sipResponseCodes?: number[];
        errorCode?: string;
        disconnectType?: string;
        queueId?: string;
        segmentType?: string;
      }[];
    }[];
  }[];
}

/** One leg of a conversation: a session with the far end it was with. */
export interface Leg {
  purpose: string;
  direction: "inbound" | "outbound" | "";
  ani: string;
  dnis: string;
  sipCodes: number[];
  failed: boolean;
  /** The caller gave up before an answer: says nothing about the path. */
  abandoned: boolean;
}

/** A conversation as the probes judge it. Numbers without scheme: `+12125550100`. */
export interface Conversation {
  id: string;
  startMs: number;
  /** Null while it is in progress. */
  endMs: number | null;
  legs: Leg[];
  /** Name of the first queue it entered. */
  queue: string | null;
  minMos: number | null;
  codecs: string[];
}

/** The leg a caller came in on. */
export const inboundLeg = (c: Conversation): Leg | undefined =>
  c.legs.find((l) => l.direction !== "outbound" && l.ani !== "");

/** `tel:+1...`, `sip:+1...@host;user=phone` and bare numbers to the number alone. */
function plainNumber(address: string | undefined): string {
  return (address ?? "").replace(/^(tel|sips?):/i, "").replace(/[@;].*$/, "");
}

function legsOf(raw: RawConversation): Leg[] {
  return (raw.participants ?? []).flatMap((p) =>
    (p.sessions ?? []).map((s): Leg => {
      const sipCodes = (s.segments ?? []).flatMap((g) => g.sipResponseCodes ?? []);
      return {
        purpose: p.purpose ?? "",
        direction: s.direction === "inbound" || s.direction === "outbound" ? s.direction : "",
        ani: plainNumber(s.ani),
        dnis: plainNumber(s.sessionDnis ?? s.dnis),
        sipCodes,
        // 487 is a caller who gave up while it rang, not a fault of the path.
        abandoned: sipCodes.includes(487),
        failed:
          sipCodes.some((c) => c >= 400 && c !== 487) ||
          (!sipCodes.includes(487) && (s.segments ?? []).some((g) => g.disconnectType === "error")),
      };
    }),
  );
}

function normalise(raw: RawConversation): Conversation {
  const stats = (raw.participants ?? []).flatMap((p) => (p.sessions ?? []).flatMap((s) => s.mediaEndpointStats ?? []));
  const measured = stats.map((s) => s.minMos).filter((m): m is number => typeof m === "number");
  const acd = (raw.participants ?? []).find((p) => p.purpose === "acd");
  return {
    id: raw.conversationId,
    startMs: Date.parse(raw.conversationStart),
    endMs: raw.conversationEnd === undefined ? null : Date.parse(raw.conversationEnd),
    legs: legsOf(raw),
    queue: acd?.participantName ?? null,
    minMos: raw.mediaStatsMinConversationMos ?? (measured.length > 0 ? Math.min(...measured) : null),
    codecs: [...new Set(stats.flatMap((s) => s.codecs ?? []))],
  };
}

/** Rows of one page; the API's own bound. */
const PAGE_SIZE = 100;

export interface Found {
  conversations: Conversation[];
  /** False when the bound was reached first: then what lies before the oldest conversation is not known. */
  complete: boolean;
}

/** Whether it is an answer at all: an empty organisation's page has no list in it, but a proxy's empty answer is no page. */
function isPage(answer: unknown): boolean {
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) return false;
  const { conversations, totalHits } = answer as Record<string, unknown>;
  const ids = (list: unknown[]) => list.every((c) => typeof (c as RawConversation | null)?.conversationId === "string");
  return (
    (conversations === undefined || (Array.isArray(conversations) && ids(conversations))) &&
    (totalHits === undefined || typeof totalHits === "number")
  );
}

/**
 * Conversations of an interval, newest first, at most `pagesMax` pages of 100. `dnis` and `ani` narrow the query on the
 * server; each list is an "or" of exact values.
 */
export async function queryConversations(
  genesys: GenesysReader,
  interval: { from: Date; to: Date },
  narrow: { dnis?: string[]; ani?: string[] },
  pagesMax: number,
): Promise<Found> {
  const anyOf = (dimension: string, values: string[]) => ({
    type: "or",
    predicates: values.map((value) => ({ type: "dimension", dimension, operator: "matches", value })),
  });
  const segmentFilters = [
    ...(narrow.dnis ? [anyOf("dnis", narrow.dnis)] : []),
    ...(narrow.ani ? [anyOf("ani", narrow.ani)] : []),
  ];
  // A conversation may stand on two pages: others came in before it while the pages were read.
  const byId = new Map<string, Conversation>();
  let rows = 0;
  for (let pageNumber = 1; ; pageNumber++) {
    const answer = await genesys.send<{ conversations?: RawConversation[]; totalHits?: number }>(
      "POST",
      "/api/v2/analytics/conversations/details/query",
      {
        interval: `${interval.from.toISOString()}/${interval.to.toISOString()}`,
        order: "desc",
        orderBy: "conversationStart",
        paging: { pageSize: PAGE_SIZE, pageNumber },
        ...(segmentFilters.length > 0 ? { segmentFilters } : {}),
      },
    );
    if (!isPage(answer))
      throw new UserError(
        "POST /api/v2/analytics/conversations/details/query was answered with no page of conversations; seen that way, no call was counted.",
      );
    const page = answer.conversations ?? [];
    for (const raw of page) byId.set(raw.conversationId, normalise(raw));
    rows += page.length;
    const total = answer.totalHits ?? 0;
    const conversations = () => [...byId.values()];
    if (page.length < PAGE_SIZE && rows >= total) return { conversations: conversations(), complete: true };
    if (page.length === 0 || pageNumber >= pagesMax) {
      return { conversations: conversations(), complete: rows >= total };
    }
  }
}

/**
 * Path of a conversation by the trunks its media ran over; null when the API knows none. One leg on another trunk than the BYOC one
 * makes it `gcv`: the entries do not say which of them the call came in on, and the doubt counts against the new path.
 */
export async function pathOf(
  genesys: GenesysReader,
  conversationId: string,
  byocTrunk: string,
): Promise<"byoc" | "gcv" | null> {
  const answer = await genesys.find<{ entities?: { mediaStatistics?: { trunk?: { name?: string } }[] }[] }>(
    `/api/v2/telephony/providers/edges/mediastatistics/conversations/${conversationId}`,
  );
  const trunks = (answer?.entities ?? [])
    .flatMap((communication) => communication.mediaStatistics ?? [])
    .map((m) => m.trunk?.name)
    .filter((n): n is string => typeof n === "string" && n !== "");
  if (trunks.length === 0) return null;
  return trunks.every((name) => name === byocTrunk) ? "byoc" : "gcv";
}
