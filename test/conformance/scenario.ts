/** One behaviour of the real CLI, as steps of one stack. */
import { N1 } from "./scenarios-lifecycle";
import { N2 } from "./scenarios-options";
import { N3 } from "./scenarios-runs";
import { N4 } from "./scenarios-targets";

/** A resource as engine/testdata/programs/declared.js declares it: name, kind of thing, arguments, resource options by name. */
export type Declared = {
  name: string;
  as?: "note" | "box" | "provider" | "get";
  args?: Record<string, unknown>;
} & Record<string, unknown>;

export interface Step {
  run?: "up" | "preview" | "refresh" | "destroy";
  list?: Declared[];
  outputs?: Record<string, string>;
  /** Word of an invoke. */
  say?: string;
  /** Message of an error the program throws at its end. */
  throws?: string;
  /** Steers the provider (engine/testdata/bin/tiny.js). */
  steer?: Record<string, string | boolean>;
  /** Secret configuration value `scen:token`. */
  token?: string;
  continueOnError?: boolean;
  /** Names of notes, or patterns with a `*`: the operation is for these only. */
  targets?: string[];
  targetDependents?: boolean;
  /** Read everything back first. */
  refresh?: boolean;
  /** Of a refresh: forget creations that an engine died in. */
  clearPendingCreates?: boolean;
  /** The engine is cancelled (SIGINT) or killed (SIGKILL) as soon as the provider is asked for this call, `create a`. */
  stop?: { at: string; signal: "SIGINT" | "SIGKILL" };
}

export interface Scenario {
  /** Number in section 8 of the notes on the real engine, as docs/engine.md lists them. */
  number: number;
  name: string;
  steps: Step[];
  /** The order of the provider's writes across resources is part of the behaviour. */
  ordered?: boolean;
  /** With the tests' policy pack. */
  pack?: boolean;
  /** The provider previews creations and updates itself. */
  previewing?: boolean;
}

export const SCENARIOS: Scenario[] = [...N1, ...N2, ...N3, ...N4];
