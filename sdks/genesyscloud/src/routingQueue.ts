import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./inputs";
import { GenesysResource } from "./utilities";

/** Arguments of RoutingQueue. */
export interface RoutingQueueArgs {
  /** Name, unique in the organisation. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Home division when left out. */
  divisionId?: pulumi.Input<string>;
  /** After-call work, ms, 0 to 86400000. */
  acwTimeoutMs?: pulumi.Input<number>;
  /** Default `MANDATORY_TIMEOUT`. */
  acwWrapupPrompt?: pulumi.Input<string>;
  /** Default true. */
  autoAnswerOnly?: pulumi.Input<boolean>;
  /** Shown on outbound calls. */
  callingPartyName?: pulumi.Input<string>;
  /** Caller id of outbound calls. */
  callingPartyNumber?: pulumi.Input<string>;
  /** Audio monitoring. */
  enableAudioMonitoring?: pulumi.Input<boolean>;
  /** Default false. */
  enableManualAssignment?: pulumi.Input<boolean>;
  /** Default false. */
  enableTranscription?: pulumi.Input<boolean>;
  /** `Disabled`, `QueueMembersOnly` or `AnyAgent`. */
  lastAgentRoutingMode?: pulumi.Input<string>;
  /** Alerting and service level of calls. */
  mediaSettingsCall?: pulumi.Input<inputs.RoutingQueueMediaSettingsCall>;
  /** Music on hold. */
  onHoldPromptId?: pulumi.Input<string>;
  /** In-queue flow. */
  queueFlowId?: pulumi.Input<string>;
  /** Default `TimestampAndPriority`. */
  scoringMethod?: pulumi.Input<string>;
  /** Default `ALL`. */
  skillEvaluationMethod?: pulumi.Input<string>;
  /** Default true. */
  suppressInQueueCallRecording?: pulumi.Input<boolean>;
  /** Played to the agent first. */
  whisperPromptId?: pulumi.Input<string>;
}

/** A routing queue: the properties a cutover needs. Members and rings stay what a person set. */
export class RoutingQueue extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/routingQueue:RoutingQueue";

  /** Name, unique in the organisation. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Home division when left out. */
  declare readonly divisionId: pulumi.Output<string | undefined>;
  /** After-call work, ms, 0 to 86400000. */
  declare readonly acwTimeoutMs: pulumi.Output<number | undefined>;
  /** Default `MANDATORY_TIMEOUT`. */
  declare readonly acwWrapupPrompt: pulumi.Output<string | undefined>;
  /** Default true. */
  declare readonly autoAnswerOnly: pulumi.Output<boolean | undefined>;
  /** Shown on outbound calls. */
  declare readonly callingPartyName: pulumi.Output<string | undefined>;
  /** Caller id of outbound calls. */
  declare readonly callingPartyNumber: pulumi.Output<string | undefined>;
  /** Audio monitoring. */
  declare readonly enableAudioMonitoring: pulumi.Output<boolean | undefined>;
  /** Default false. */
  declare readonly enableManualAssignment: pulumi.Output<boolean | undefined>;
  /** Default false. */
  declare readonly enableTranscription: pulumi.Output<boolean | undefined>;
  /** `Disabled`, `QueueMembersOnly` or `AnyAgent`. */
  declare readonly lastAgentRoutingMode: pulumi.Output<string | undefined>;
  /** Alerting and service level of calls. */
  declare readonly mediaSettingsCall: pulumi.Output<pulumi.Unwrap<inputs.RoutingQueueMediaSettingsCall> | undefined>;
  /** Music on hold. */
  declare readonly onHoldPromptId: pulumi.Output<string | undefined>;
  /** In-queue flow. */
  declare readonly queueFlowId: pulumi.Output<string | undefined>;
  /** Default `TimestampAndPriority`. */
  declare readonly scoringMethod: pulumi.Output<string | undefined>;
  /** Default `ALL`. */
  declare readonly skillEvaluationMethod: pulumi.Output<string | undefined>;
  /** Default true. */
  declare readonly suppressInQueueCallRecording: pulumi.Output<boolean | undefined>;
  /** Played to the agent first. */
  declare readonly whisperPromptId: pulumi.Output<string | undefined>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): RoutingQueue {
    return new RoutingQueue(name, undefined as unknown as RoutingQueueArgs, { ...opts, id });
  }

  /** Whether an object is a RoutingQueue, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is RoutingQueue {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === RoutingQueue.__pulumiType;
  }

  constructor(name: string, args: RoutingQueueArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      RoutingQueue.__pulumiType,
      name,
      [
        "name",
        "description",
        "divisionId",
        "acwTimeoutMs",
        "acwWrapupPrompt",
        "autoAnswerOnly",
        "callingPartyName",
        "callingPartyNumber",
        "enableAudioMonitoring",
        "enableManualAssignment",
        "enableTranscription",
        "lastAgentRoutingMode",
        "mediaSettingsCall",
        "onHoldPromptId",
        "queueFlowId",
        "scoringMethod",
        "skillEvaluationMethod",
        "suppressInQueueCallRecording",
        "whisperPromptId",
      ],
      ["name"],
      args,
      opts,
    );
  }
}
