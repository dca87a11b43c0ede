/** A conversation record in the shape of analytics (AnalyticsConversation) and of the media statistics. */

import type { GenesysStore } from "../store";
import type { Conversation, Leg } from "../store/records";

export interface Segment {
  segmentStart: string;
  segmentEnd?: string;
  segmentType: string;
  conference: boolean;
  disconnectType?: string;
  queueId?: string;
  errorCode?: string;
  sipResponseCodes?: number[];
}

export interface Session {
  sessionId: string;
  mediaType: "voice";
  direction: "inbound" | "outbound";
  ani?: string;
  dnis?: string;
  sessionDnis?: string;
  addressFrom?: string;
  addressTo?: string;
  provider: string;
  edgeId?: string;
  protocolCallId?: string;
  recording?: boolean;
  flow?: { flowId: string; flowName: string; flowType: string };
  mediaEndpointStats?: Record<string, unknown>[];
  segments: Segment[];
}

export interface AnalyticsConversation {
  conversationId: string;
  conversationStart: string;
  conversationEnd?: string;
  originatingDirection: "inbound" | "outbound";
  divisionIds: string[];
  mediaStatsMinConversationMos?: number;
  mediaStatsMinConversationRFactor?: number;
  participants: {
    participantId: string;
    participantName?: string;
    purpose: string;
    sessions: Session[];
  }[];
}

/** Analytics writes addresses as tel: URIs; a withheld number as a SIP URI. */
const address = (number: string | null): string =>
  number === null ? "sip:anonymous@anonymous.invalid" : `tel:${number}`;

/** A stable id for a part of a conversation. */
const partId = (one: Conversation, part: number): string =>
  `${one.id.slice(0, -4)}${part.toString(16).padStart(4, "0")}`;

/** Shows one conversation as `POST analytics/conversations/details/query` does. */
export function showConversation(store: GenesysStore, one: Conversation): AnalyticsConversation {
  const span = {
    segmentStart: one.start.toISOString(),
    ...(one.end ? { segmentEnd: one.end.toISOString() } : {}),
    conference: false,
  };
  const queue = one.queue === undefined ? undefined : store.flows.queues.named(one.queue);
  const flow = one.flowName === undefined ? undefined : store.flows.flows.named(one.flowName);
  const session = (direction: Session["direction"], segments: Segment[]): Session => ({
    sessionId: partId(one, 0x100 + segments.length),
    mediaType: "voice",
    direction,
    ani: address(one.ani),
    dnis: address(one.dnis),
    provider: "Edge",
    segments,
  });
  const participants: AnalyticsConversation["participants"] = [
    {
      participantId: partId(one, 1),
      purpose: "external",
      sessions: [externalSession(one, span)],
    },
  ];
  if (flow) {
    const ivr = session("inbound", [{ ...span, segmentType: "ivr" }]);
    participants.push({
      participantId: partId(one, 2),
      purpose: "ivr",
      sessions: [{ ...ivr, flow: { flowId: flow.id, flowName: flow.name, flowType: "INBOUNDCALL" } }],
    });
  }
  if (queue) {
    const acd = session("inbound", [{ ...span, segmentType: "interact", queueId: queue.id }]);
    participants.push({ participantId: partId(one, 3), participantName: queue.name, purpose: "acd", sessions: [acd] });
    if (one.answeredAt)
      participants.push({
        participantId: partId(one, 4),
        purpose: "agent",
        sessions: [{ ...acd, sessionId: partId(one, 0x104) }],
      });
  }
  (one.legs ?? []).forEach((leg, i) => {
    participants.push({ participantId: partId(one, 16 + i), purpose: "external", sessions: [legSession(one, leg, i)] });
  });
  return {
    conversationId: one.id,
    conversationStart: one.start.toISOString(),
    ...(one.end ? { conversationEnd: one.end.toISOString() } : {}),
    originatingDirection: one.direction,
    divisionIds: [store.division.id],
    ...(one.mos === undefined ? {} : { mediaStatsMinConversationMos: one.mos }),
    ...(one.rFactor === undefined ? {} : { mediaStatsMinConversationRFactor: one.rFactor }),
    participants,
  };
}

function externalSession(
  one: Conversation,
  span: Pick<Segment, "segmentStart" | "segmentEnd" | "conference">,
): Session {
  const stats = one.codec === undefined && one.mos === undefined ? [] : [mediaStats(one)];
  return {
    sessionId: partId(one, 0x100),
    mediaType: "voice",
    direction: one.direction,
    ani: address(one.ani),
    dnis: address(one.dnis),
    sessionDnis: address(one.dnis),
    provider: "Edge",
    ...(one.protocolCallId ? { protocolCallId: one.protocolCallId } : {}),
    recording: one.recorded,
    mediaEndpointStats: stats,
    segments: [
      {
        ...span,
        segmentType: "interact",
        sipResponseCodes: one.sipResponseCodes,
        ...(one.disconnectType ? { disconnectType: one.disconnectType } : {}),
      },
    ],
  };
}

function mediaStats(one: Conversation): Record<string, unknown> {
  return {
    codecs: one.codec ? [one.codec] : [],
    ...(one.mos === undefined ? {} : { minMos: one.mos }),
    ...(one.rFactor === undefined ? {} : { minRFactor: one.rFactor }),
    receivedPackets: one.packetsReceived ?? 0,
    discardedPackets: 0,
    duplicatePackets: 0,
    invalidPackets: 0,
    overrunPackets: 0,
    underrunPackets: 0,
    eventTime: (one.end ?? one.start).toISOString(),
  };
}

function legSession(one: Conversation, leg: Leg, index: number): Session {
  const failed = leg.sipResponseCode >= 300;
  return {
    sessionId: partId(one, 0x200 + index),
    mediaType: "voice",
    direction: leg.direction,
    ani: address(leg.ani),
    dnis: address(leg.dnis),
    sessionDnis: address(leg.dnis),
    provider: "Edge",
    ...(leg.protocolCallId ? { protocolCallId: leg.protocolCallId } : {}),
    mediaEndpointStats:
      leg.mos === undefined && !leg.codec ? [] : [{ codecs: leg.codec ? [leg.codec] : [], minMos: leg.mos }],
    segments: [
      {
        segmentStart: leg.start.toISOString(),
        ...(leg.end ? { segmentEnd: leg.end.toISOString() } : {}),
        segmentType: "interact",
        conference: false,
        sipResponseCodes: [leg.sipResponseCode],
        ...(failed
          ? {
              disconnectType: "error",
              errorCode: `error.ininedgecontrol.connection.outbound.sip.${leg.sipResponseCode}`,
            }
          : {}),
      },
    ],
  };
}

/**
 * `mediastatistics/conversations/{id}`: a communication for each answered leg, with the trunk that its media ran over; the first is the way
 * the call came in. Analytics has no trunk id; this has.
 */
export function showMediaStatistics(store: GenesysStore, one: Conversation): unknown {
  const trunkOf = (id: string | null) => {
    const base = id === null ? undefined : store.trunks.bases.find(id);
    return base ? { trunk: { id: base.id, name: base.name, type: base.trunkType } } : {};
  };
  const communication = (
    part: number,
    trunkId: string | null,
    from: Conversation | Leg,
    packets: { received: number; sent: number },
  ) => ({
    communicationId: partId(one, part),
    dateStart: from.start.toISOString(),
    mediaStatistics: [
      {
        ...trunkOf(trunkId),
        rtp: {
          packetsReceived: packets.received,
          packetsSent: packets.sent,
          ...(from.mos === undefined ? {} : { estimatedAverageMos: from.mos }),
          averageJitter: one.jitterMs ?? 0,
        },
      },
    ],
  });
  const own = { received: one.packetsReceived ?? 0, sent: one.packetsSent ?? 0 };
  const legs = (one.legs ?? []).flatMap((leg, i) =>
    leg.sipResponseCode === 200 ? [communication(0x200 + i, leg.trunkId, leg, { received: 0, sent: 0 })] : [],
  );
  return { entities: [communication(0x100, one.trunkId, one, own), ...legs] };
}

/** `conversations/{id}`: what a flow set as participant data is shown here; analytics' query does not have it. */
export function showParticipants(one: Conversation): unknown {
  const span = {
    startTime: one.start.toISOString(),
    ...(one.end ? { endTime: one.end.toISOString() } : {}),
  };
  const external = { id: partId(one, 1), ...span, purpose: "external", attributes: one.attributes ?? {} };
  return { id: one.id, ...span, participants: [external], selfUri: `/api/v2/conversations/${one.id}` };
}
