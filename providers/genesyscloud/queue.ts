import type { PropertySpec } from "../lib/provider";
import type { Entity } from "./client";
import { entityResource, idOf, ref, strip } from "./entity";

interface MediaSettings {
  alertingTimeoutSec?: number;
  enableAutoAnswer?: boolean;
  autoAnswerAlertToneSeconds?: number;
  manualAnswerAlertToneSeconds?: number;
  serviceLevelDurationMs?: number;
  serviceLevelPercentage?: number;
}

/** The queue's own properties that a cutover needs; members, rings and scripts stay what a person set. */
export interface QueueInputs {
  name: string;
  description?: string;
  divisionId?: string;
  acwTimeoutMs?: number;
  acwWrapupPrompt?: string;
  autoAnswerOnly?: boolean;
  callingPartyName?: string;
  callingPartyNumber?: string;
  enableAudioMonitoring?: boolean;
  enableManualAssignment?: boolean;
  enableTranscription?: boolean;
  lastAgentRoutingMode?: string;
  mediaSettingsCall?: MediaSettings;
  onHoldPromptId?: string;
  queueFlowId?: string;
  scoringMethod?: string;
  skillEvaluationMethod?: string;
  suppressInQueueCallRecording?: boolean;
  whisperPromptId?: string;
}

const text: PropertySpec = { type: "string" };
const number: PropertySpec = { type: "number", computed: true };
const mediaSettings: Record<string, PropertySpec> = {
  alertingTimeoutSec: { ...number, min: 7 },
  enableAutoAnswer: { type: "boolean", default: false },
  autoAnswerAlertToneSeconds: number,
  manualAnswerAlertToneSeconds: number,
  serviceLevelDurationMs: { ...number, min: 1000 },
  serviceLevelPercentage: { ...number, min: 0, max: 1 },
};

/** Fields of a queue that only the server writes. */
const READ_ONLY = [
  "dateCreated",
  "dateModified",
  "createdBy",
  "modifiedBy",
  "memberCount",
  "userMemberCount",
  "joinedMemberCount",
  "selfUri",
  "id",
];

/** A routing queue. A change keeps everything this program does not name. */
export const routingQueue = entityResource<QueueInputs>({
  noun: "queue",
  path: "/api/v2/routing/queues",
  listsByName: true,
  inputs: {
    name: { type: "string", required: true },
    description: { type: "string", default: "" },
    divisionId: { type: "string", computed: true },
    acwTimeoutMs: { type: "integer", computed: true, min: 0, max: 86_400_000 },
    acwWrapupPrompt: {
      type: "string",
      default: "MANDATORY_TIMEOUT",
      enum: ["MANDATORY", "OPTIONAL", "MANDATORY_TIMEOUT", "MANDATORY_FORCED_TIMEOUT", "AGENT_REQUESTED"],
    },
    autoAnswerOnly: { type: "boolean", default: true },
    callingPartyName: text,
    callingPartyNumber: text,
    enableAudioMonitoring: { type: "boolean", computed: true },
    enableManualAssignment: { type: "boolean", default: false },
    enableTranscription: { type: "boolean", default: false },
    lastAgentRoutingMode: { type: "string", computed: true, enum: ["Disabled", "QueueMembersOnly", "AnyAgent"] },
    mediaSettingsCall: { type: "object", computed: true, properties: mediaSettings },
    onHoldPromptId: text,
    queueFlowId: text,
    scoringMethod: { type: "string", default: "TimestampAndPriority", enum: ["TimestampAndPriority", "PriorityOnly"] },
    skillEvaluationMethod: { type: "string", default: "ALL", enum: ["NONE", "BEST", "ALL"] },
    suppressInQueueCallRecording: { type: "boolean", default: true },
    whisperPromptId: text,
  },
  toBody: (news, _client, current) => {
    const kept = Object.fromEntries(Object.entries(current ?? {}).filter(([k]) => !READ_ONLY.includes(k)));
    const acw = strip({
      ...(current?.acwSettings as object),
      wrapupPrompt: news.acwWrapupPrompt ?? "MANDATORY_TIMEOUT",
      timeoutMs: news.acwTimeoutMs,
    });
    const media = news.mediaSettingsCall
      ? { ...(current?.mediaSettings as object), call: mediaToApi(news.mediaSettingsCall, current) }
      : current?.mediaSettings;
    return strip({
      ...kept,
      name: news.name,
      description: news.description ?? "",
      division: ref(news.divisionId) ?? current?.division,
      acwSettings: acw,
      mediaSettings: media,
      autoAnswerOnly: news.autoAnswerOnly ?? true,
      callingPartyName: news.callingPartyName,
      callingPartyNumber: news.callingPartyNumber,
      enableAudioMonitoring: news.enableAudioMonitoring ?? current?.enableAudioMonitoring,
      enableManualAssignment: news.enableManualAssignment ?? false,
      enableTranscription: news.enableTranscription ?? false,
      lastAgentRoutingMode: news.lastAgentRoutingMode ?? current?.lastAgentRoutingMode,
      onHoldPrompt: ref(news.onHoldPromptId),
      queueFlow: ref(news.queueFlowId),
      scoringMethod: news.scoringMethod ?? "TimestampAndPriority",
      skillEvaluationMethod: news.skillEvaluationMethod ?? "ALL",
      suppressInQueueCallRecording: news.suppressInQueueCallRecording ?? true,
      whisperPrompt: ref(news.whisperPromptId),
    });
  },
  fromApi: (e) => {
    const acw = e.acwSettings as { wrapupPrompt?: string; timeoutMs?: number } | undefined;
    return {
      name: e.name,
      description: e.description,
      divisionId: idOf(e.division),
      acwTimeoutMs: acw?.timeoutMs,
      acwWrapupPrompt: acw?.wrapupPrompt,
      autoAnswerOnly: e.autoAnswerOnly,
      callingPartyName: e.callingPartyName,
      callingPartyNumber: e.callingPartyNumber,
      enableAudioMonitoring: e.enableAudioMonitoring,
      enableManualAssignment: e.enableManualAssignment,
      enableTranscription: e.enableTranscription,
      lastAgentRoutingMode: e.lastAgentRoutingMode,
      mediaSettingsCall: mediaFromApi((e.mediaSettings as { call?: Entity } | undefined)?.call),
      onHoldPromptId: idOf(e.onHoldPrompt),
      queueFlowId: idOf(e.queueFlow),
      scoringMethod: e.scoringMethod,
      skillEvaluationMethod: e.skillEvaluationMethod,
      suppressInQueueCallRecording: e.suppressInQueueCallRecording,
      whisperPromptId: idOf(e.whisperPrompt),
    };
  },
});

function mediaToApi(m: MediaSettings, current: Entity | null): object {
  const was = ((current?.mediaSettings as { call?: Entity } | undefined)?.call ?? {}) as Entity;
  return strip({
    ...was,
    alertingTimeoutSeconds: m.alertingTimeoutSec ?? was.alertingTimeoutSeconds,
    enableAutoAnswer: m.enableAutoAnswer ?? false,
    autoAnswerAlertToneSeconds: m.autoAnswerAlertToneSeconds ?? was.autoAnswerAlertToneSeconds,
    manualAnswerAlertToneSeconds: m.manualAnswerAlertToneSeconds ?? was.manualAnswerAlertToneSeconds,
    serviceLevel: strip({
      ...(was.serviceLevel as object),
      percentage: m.serviceLevelPercentage,
      durationMs: m.serviceLevelDurationMs,
    }),
  });
}

function mediaFromApi(call: Entity | undefined): MediaSettings | undefined {
  if (!call) return undefined;
  const level = call.serviceLevel as { percentage?: number; durationMs?: number } | undefined;
  return strip({
    alertingTimeoutSec: call.alertingTimeoutSeconds,
    enableAutoAnswer: call.enableAutoAnswer,
    autoAnswerAlertToneSeconds: call.autoAnswerAlertToneSeconds,
    manualAnswerAlertToneSeconds: call.manualAnswerAlertToneSeconds,
    serviceLevelPercentage: level?.percentage,
    serviceLevelDurationMs: level?.durationMs,
  }) as MediaSettings;
}
