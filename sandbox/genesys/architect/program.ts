/** What publishing makes of a flow, and what running it needs: shared by the compiler and `run.ts`. */

import type { Scope } from "./compile-expression";
import type { CallFacts, Value } from "./values";

/** What a running flow does to its call. The SIP edge implements it. */
export interface FlowHost {
  /** Plays text; resolves when it has been heard (or at once, when nobody waits for it). */
  play(text: string): void | Promise<void>;
  disconnect(): void | Promise<void>;
  /** Hands the call to a queue; false when the queue cannot take it. On true the call has left the flow. */
  toQueue(name: string): boolean | Promise<boolean>;
  /** Blind external transfer (E.164); on `ok` the call has left the flow. `timeoutSeconds` bounds the wait for an answer. */
  toNumber(number: string, timeoutSeconds: number): Promise<TransferResult>;
  /** Headers of the first INVITE by name (case does not matter; [] = all); null when there are none, as on GCV. */
  sipHeaders(names: string[]): Record<string, string> | null;
  /** Row of a data table by its name and key; null when there is none. */
  lookup(table: string, key: string): Record<string, unknown> | null | Promise<Record<string, unknown> | null>;
  /** True once the caller is gone: the flow stops before its next action. */
  ended?(): boolean;
  /** Participant data set by the flow. */
  participantData?(name: string, value: string): void;
}

export type TransferResult = { ok: true } | { error: string };

/** What of the organisation a flow sees at run time. */
export interface FlowDirectory {
  runnable(flowName: string): RunnableFlow | null;
  hasQueue(name: string): boolean;
}

/** A published flow with what it may reach. */
export interface RunnableFlow {
  readonly name: string;
  readonly program: Program;
  readonly directory: FlowDirectory;
}

export type Exit =
  | { kind: "end" }
  | { kind: "return" }
  | { kind: "jump"; task: Task }
  | { kind: "flow"; flow: RunnableFlow };
/** undefined = go on with the next action. */
export type Outcome = Exit | undefined;
export type Step = (run: Run) => Outcome | Promise<Outcome>;

export interface Task {
  readonly refId: string;
  readonly name: string;
  steps: Step[];
  /** Variables of the task, set each time it is entered. */
  initial: { slot: number; value(scope: Scope): Value }[];
}

export type ErrorHandling = { kind: "disconnect" } | { kind: "queue"; name: string } | { kind: "task"; task: Task };

export interface Program {
  readonly name: string;
  readonly slots: number;
  readonly start: Task;
  readonly initial: Task["initial"];
  readonly greeting: ((scope: Scope) => Value) | null;
  readonly errorAudio: ((scope: Scope) => Value) | null;
  readonly errorHandling: ErrorHandling;
  /** Names of what the flow uses, for refusing their deletion. */
  readonly uses: { queues: ReadonlySet<string>; flows: ReadonlySet<string>; dataTables: ReadonlySet<string> };
}

/** One call in one flow. */
export interface Run {
  readonly host: FlowHost;
  readonly call: CallFacts;
  readonly flow: RunnableFlow;
  readonly scope: Scope;
  /** Actions of this call over all its flows. */
  readonly budget: { actions: number };
  sipHeaderRuns: number;
}

/** Slots of the built-in variables, the same in every flow. */
export const CALL_SLOTS = {
  "Call.Ani": 0,
  "Call.CalledAddress": 1,
  "Call.CalledAddressOriginal": 2,
  "Call.ConversationId": 3,
} as const;
export const FIRST_FREE_SLOT = 4;
