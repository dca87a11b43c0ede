/** Values, static types and errors of the Architect sandbox. */

/** Architect's NOT_SET. */
export const NOT_SET = null;

export interface PhoneNumberValue {
  readonly kind: "phoneNumber";
  /** E.164 with `+`, or NOT_SET when the text was no number. */
  readonly e164: string | null;
}
export interface QueueValue {
  readonly kind: "queue";
  readonly name: string;
}
export interface AudioValue {
  readonly kind: "audio";
  readonly text: string;
}
export interface JsonValue {
  readonly kind: "json";
  readonly value: unknown;
}
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | PhoneNumberValue
  | QueueValue
  | AudioValue
  | JsonValue;

/** Static types: what a variable is declared as, and what the checker infers. `any` fits everything (NOT_SET, JSON members). */
export type ValueType =
  | "string"
  | "integer"
  | "decimal"
  | "boolean"
  | "json"
  | "queue"
  | "phoneNumber"
  | "stringCollection"
  | "audio"
  | "any";

/** What one call brings into a flow; numbers in E.164, or null for a withheld caller. */
export interface CallFacts {
  conversationId: string;
  ani: string | null;
  calledAddress: string;
  /** The number dialled before any transfer; default `calledAddress`. */
  calledAddressOriginal?: string;
}

/** A mistake in the YAML: the job ends with `Failure` and these messages. */
export class PublishError extends Error {
  readonly messages: readonly string[];
  constructor(messages: readonly string[]) {
    super(messages.join("\n"));
    this.name = "PublishError";
    this.messages = messages;
  }
}

/** A flow cannot go on (bad operand, action budget): the flow's error handling takes over. */
export class FlowRuntimeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FlowRuntimeError";
  }
}

const E164 = /^\+[1-9]\d{6,14}$/;
const ADDRESS = /(?:sips?|tel):([^@;>?\s]+)/i;

/**
 * Reads a phone number from a bare number, a `tel:`/`sip:` URI or a SIP name-addr (RFC 3261 25.1).
 * Only international form counts: without a leading `+` the country would be a guess.
 */
export function toPhoneNumber(text: string): PhoneNumberValue {
  const user = ADDRESS.exec(text)?.[1] ?? text;
  const digits = user.replace(/[\s().-]/g, "");
  return { kind: "phoneNumber", e164: E164.test(digits) ? digits : null };
}

/** The text a value has in `ToString`; NOT_SET stays NOT_SET. */
export function textOf(value: Value): string | null {
  if (value === null) return null;
  if (typeof value === "object") {
    if (!("kind" in value)) return value.join(", ");
    if (value.kind === "phoneNumber") return value.e164;
    if (value.kind === "queue") return value.name;
    if (value.kind === "audio") return value.text;
    return typeof value.value === "string" ? value.value : JSON.stringify(value.value);
  }
  return String(value);
}

/** Wraps a member of a JSON document as the nearest plain value; objects and lists stay JSON, null and absent are NOT_SET. */
export function fromJson(member: unknown): Value {
  if (member === undefined || member === null) return NOT_SET;
  if (typeof member === "string" || typeof member === "number" || typeof member === "boolean") return member;
  return { kind: "json", value: member };
}
