/** What is known of calls: analytics, media statistics, SIP traces and headers. */

import { createHash } from "node:crypto";
import { ApiError, badRequest, notFound } from "../store/errors";
import type { Conversation, SipTrace } from "../store/records";
import { showConversation, showMediaStatistics, showParticipants } from "./conversation-shape";
import { queryDetails } from "./details-query";
import type { ApiRequest, Routes } from "./routing";

/** The trace search answers at most this many messages. */
const TRACES_PER_ANSWER_MAX = 1000;

/** What became of calls: conversations, media statistics, SIP traces. */
export function observeRoutes(routes: Routes): void {
  const detail = "analytics:conversationDetail:view";
  routes.post("/analytics/conversations/details/query", detail, (r) => queryDetails(r.store, r.body), { reads: true });
  routes.get("/analytics/conversations/{id}/details", detail, (r) => showConversation(r.store, visible(r)));
  routes.get("/conversations/{id}", "conversation:communication:view", (r) => showParticipants(known(r)));
  routes.get("/telephony/providers/edges/mediastatistics/conversations/{id}", "telephony:plugin:all", (r) =>
    showMediaStatistics(r.store, visible(r)),
  );
  routes.get("/telephony/siptraces", "telephony:pcap:view", sipTraces);
  routes.get("/telephony/sipmessages/conversations/{id}", "telephony:pcap:view", (r) => {
    const one = known(r);
    const first = r.store.records
      .findTraces(new Date(0), r.store.clock.now(), { conversationId: one.id })
      .find((t) => t.message);
    if (!first) throw notFound("SIP message of conversation", one.id);
    return { id: one.id, message: first.message, selfUri: r.path };
  });
  routes.get("/telephony/sipmessages/conversations/{id}/headers", "telephony:pcap:view", (r) => {
    const one = known(r);
    const keys = r.query
      .getAll("keys")
      .flatMap((k) => k.split(","))
      .map((k) => k.toLowerCase());
    const entries = Object.entries(one.sipHeaders ?? {}).filter(
      ([name]) => keys.length === 0 || keys.includes(name.toLowerCase()),
    );
    return {
      id: one.id,
      headers: Object.fromEntries(entries.map(([name, value]) => [name, [value]])),
      selfUri: r.path,
    };
  });
}

function known(r: ApiRequest): Conversation {
  const one = r.store.records.conversation(r.params.id as string);
  if (!one) throw notFound("conversation", r.params.id as string);
  return one;
}

/** A conversation that analytics already shows; 404 within the lag. */
function visible(r: ApiRequest): Conversation {
  const one = known(r);
  const lastSeenMs = (one.end ?? one.start).getTime() + r.store.records.analyticsLagSeconds * 1000;
  if (lastSeenMs > r.store.clock.now().getTime()) throw notFound("conversation", one.id);
  return one;
}

function dateOf(r: ApiRequest, name: string): Date {
  const date = new Date(r.query.get(name) ?? "");
  if (Number.isNaN(date.getTime()))
    throw badRequest(`The query parameter ${name} must be an ISO 8601 date, saw '${r.query.get(name)}'.`);
  return date;
}

function sipTraces(r: ApiRequest): unknown {
  const from = dateOf(r, "dateStart");
  const to = dateOf(r, "dateEnd");
  if (to < from) throw new ApiError(400, "bad.request", "dateEnd must not be before dateStart.");
  const optional = (name: string) => r.query.get(name) ?? undefined;
  const found = r.store.records.findTraces(from, to, {
    callId: optional("callId"),
    toUser: optional("toUser"),
    fromUser: optional("fromUser"),
    conversationId: optional("conversationId"),
  });
  const shown = found.slice(-TRACES_PER_ANSWER_MAX);
  return { status: 200, message: "successfully", count: shown.length, data: shown.map(homerRecord), selfUri: r.path };
}

/** One message as the trace store (HOMER) shows it. */
function homerRecord(t: SipTrace): unknown {
  return {
    id: createHash("sha1")
      .update(`${t.callId} ${t.at.getTime()} ${t.method} ${t.status ?? ""}`)
      .digest("hex")
      .slice(0, 16),
    date: t.at.toISOString(),
    milliTs: String(t.at.getTime()),
    microTs: String(t.at.getTime() * 1000),
    method: t.status === undefined ? t.method : String(t.status),
    replyReason: t.reason ?? "",
    ruri: t.requestUri ?? "",
    ruriUser: /sips?:([^@;>]*)@/.exec(t.requestUri ?? "")?.[1] ?? "",
    fromUser: t.fromUser ?? "anonymous",
    toUser: t.toUser ?? "",
    callid: t.callId,
    cseq: t.method,
    sourceIp: t.sourceIp,
    sourcePort: String(t.sourcePort),
    destinationIp: t.destinationIp,
    destinationPort: String(t.destinationPort),
    proto: t.transport === "udp" ? "17" : "6",
    type: t.status === undefined ? "1" : "2",
    ...(t.message ? { msg: t.message } : {}),
    ...(t.conversationId ? { conversationId: t.conversationId } : {}),
  };
}
