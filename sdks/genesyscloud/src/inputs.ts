import type { Input } from "@pulumi/pulumi";

/** Nested arguments of the resources, in their input form. */

/** When the edges of a site update themselves. */
export interface SiteEdgeAutoUpdateConfig {
  /** ISO 8601 local time. */
  start: Input<string>;
  end: Input<string>;
  /** iCalendar RRULE subset. */
  rrule: Input<string>;
  /** IANA time zone. */
  timeZone: Input<string>;
}

/** Ends of a range, both included. */
export interface SiteNumberPlanRange {
  start?: Input<string>;
  end?: Input<string>;
}

/** One number plan: how a dialled number is recognised, rewritten and classified. */
export interface SiteNumberPlan {
  name: Input<string>;
  /** Outbound routes choose by it. */
  classification: Input<string>;
  /** `digitLength`, `e164NumberList`, `interCountryCode`, `intraCountryCode`, `numberList` or `regex`. */
  matchType: Input<string>;
  /** Regular expression, with matchType `regex`. */
  matchFormat?: Input<string>;
  normalizedFormat?: Input<string>;
  digitLength?: Input<SiteNumberPlanRange>;
  numbers?: Input<Input<SiteNumberPlanRange>[]>;
}

/** A column of a data table. */
export interface DatatableProperty {
  name: Input<string>;
  /** `boolean`, `string`, `integer` or `number`. */
  type: Input<string>;
  title?: Input<string>;
  /** As text, whatever the type. */
  default?: Input<string>;
}

/** Alerting and service level of a queue's calls. */
export interface RoutingQueueMediaSettingsCall {
  /** Seconds, at least 7. */
  alertingTimeoutSec?: Input<number>;
  enableAutoAnswer?: Input<boolean>;
  autoAnswerAlertToneSeconds?: Input<number>;
  manualAnswerAlertToneSeconds?: Input<number>;
  /** Milliseconds, at least 1000. */
  serviceLevelDurationMs?: Input<number>;
  /** 0 to 1. */
  serviceLevelPercentage?: Input<number>;
}

/** An emergency flow and the IVRs it takes over. */
export interface EmergencygroupEmergencyCallFlow {
  emergencyFlowId: Input<string>;
  ivrIds: Input<Input<string>[]>;
}

/** An operand of a permission condition. */
export interface AuthRoleConditionOperand {
  /** `USER`, `QUEUE`, `SCALAR` or `VARIABLE`. */
  type: Input<string>;
  value?: Input<string>;
  queueId?: Input<string>;
  userId?: Input<string>;
}

/** A term of a permission condition. */
export interface AuthRoleConditionTerm {
  variableName: Input<string>;
  /** `EQ`, `IN`, `GE`, `GT`, `LE` or `LT`. */
  operator: Input<string>;
  operands: Input<Input<AuthRoleConditionOperand>[]>;
}

/** Permissions on one kind of entity. */
export interface AuthRolePermissionPolicy {
  domain: Input<string>;
  entityName: Input<string>;
  actionSets: Input<Input<string>[]>;
  /** Conjunction is `AND` or `OR`. */
  conditions?: Input<{ conjunction: Input<string>; terms: Input<Input<AuthRoleConditionTerm>[]> }>;
}

/** A role of an OAuth client. */
export interface OauthClientRole {
  roleId: Input<string>;
  divisionId?: Input<string>;
}
