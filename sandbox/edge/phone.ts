import type { OutgoingCall, SipMessage } from "../sip";
import type { Attempt, DialResult } from "./dialer";
import type { EdgeContext } from "./edge";
import { AGENT_PACKETS, HEARD, MEDIA } from "./heard";
import type { Conversation } from "./store";

export interface OutboundRequest {
  /** Site of the user's phone, name or id: its outbound route decides. */
  site: string;
  /** The user's number, E.164: the caller id of the source. */
  from: string;
  /** Dialled number, E.164. */
  to: string;
  /** Real audio from the phone to the far end. */
  media?: boolean;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** A user's outbound call, once it is answered or has failed. */
export interface OutboundResult {
  /** 200 when answered, else the code that ended it. */
  code: number;
  reason: string;
  /** Path of the trunk that took it; of the last one tried when it failed; null when there was no route. */
  path: "gcv" | "byoc" | null;
  /** What the far end told (`X-Sandbox-Heard`), lines of later INFOs added as they come. */
  heard: string[];
  attempts: readonly Attempt[];
  leg: OutgoingCall | null;
  /** Ends the call; resolves with the far end's packet counts when it carried audio. */
  hangup(): Promise<{ sent: number; received: number; farReceived: number } | null>;
}

/** Places one outbound call of a phone and keeps the organisation's record of it. */
export async function placeOutbound(ctx: EdgeContext, o: OutboundRequest): Promise<OutboundResult> {
  const decision = ctx.store.outbound(o.site, o.to);
  const noHangup = () => Promise.resolve(null);
  if (!decision)
    return { code: 404, reason: "No outbound route", path: null, heard: [], attempts: [], leg: null, hangup: noHangup };
  const conversation: Conversation = {
    id: crypto.randomUUID(),
    direction: "outbound",
    path: pathOf(decision.trunks[0]),
    trunkId: decision.trunks[0]?.id ?? null,
    ani: o.from,
    dnis: decision.number,
    start: ctx.now(),
    recorded: false,
    sipResponseCodes: [],
  };
  ctx.store.record(conversation);
  const result = await ctx.dialer.dial({
    decision,
    ani: o.from,
    headers: { ...o.headers, ...(o.media ? { [MEDIA]: "1" } : {}) },
    real: o.media ?? false,
    ...(o.timeoutMs === undefined ? {} : { timeoutMs: o.timeoutMs }),
    conversationId: conversation.id,
  });
  const codes = result.attempts.map((a) => a.failure.code);
  const trunk = result.ok ? result.trunk : result.attempts.at(-1)?.trunk;
  conversation.path = pathOf(trunk ?? decision.trunks[0]);
  conversation.trunkId = trunk?.id ?? conversation.trunkId;
  conversation.sipResponseCodes = result.ok ? [...codes, 200] : codes;
  for (const attempt of result.attempts) ctx.forget(attempt.callId);
  if (result.ok) return answered(ctx, conversation, result, o.media ?? false);
  Object.assign(conversation, { end: ctx.now(), disconnectType: "error" });
  ctx.store.record(conversation);
  const { code, reason, attempts } = result;
  return { code, reason, path: conversation.path, heard: [], attempts, leg: null, hangup: noHangup };
}

function pathOf(trunk: { kind: string } | undefined): "gcv" | "byoc" {
  return trunk?.kind === "gcv" ? "gcv" : "byoc";
}

function answered(
  ctx: EdgeContext,
  conversation: Conversation,
  result: DialResult & { ok: true },
  real: boolean,
): OutboundResult {
  const { leg, media, trunk } = result;
  const heard = linesOf(result.answer);
  conversation.answeredAt = ctx.now();
  conversation.recorded = trunk.recording;
  conversation.protocolCallId = leg.id;
  if (media.codec) conversation.codec = media.codec;
  ctx.store.record(conversation);
  media.start();
  leg.on("info", (msg) => heard.push(...linesOf(msg)));
  leg.once("ended", (end) => {
    const mos = media.mos(ctx.quality(conversation.path));
    conversation.end = ctx.now();
    conversation.disconnectType = end.by === "local" ? "client" : end.by === "remote" ? "peer" : "error";
    if (mos !== undefined) conversation.mos = mos;
    if (real)
      Object.assign(conversation, {
        packetsReceived: media.received,
        packetsSent: media.sent,
        jitterMs: media.jitterMs,
      });
    ctx.store.record(conversation);
    result.release();
    ctx.forget(leg.id);
  });
  const hangup = async () => {
    const msg = await leg.hangup();
    if (!real) return null;
    return { sent: media.sent, received: media.received, farReceived: Number(msg?.headers.get(AGENT_PACKETS) ?? 0) };
  };
  return { code: 200, reason: "OK", path: conversation.path, heard, attempts: result.attempts, leg, hangup };
}

function linesOf(msg: SipMessage): string[] {
  const line = msg.headers.get(HEARD);
  return line ? [line] : [];
}
