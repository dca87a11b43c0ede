/** One behaviour of the real CLI, as steps of one stack. */
import { N1 } from "./scenarios-lifecycle";
import { N2 } from "./scenarios-options";
import { N3 } from "./scenarios-runs";

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

/** A behaviour shown elsewhere, or not offered: it stands in the table with its reason. */
export interface Elsewhere {
  number: number;
  name: string;
  where: string;
}

export const SCENARIOS: Scenario[] = [...N1, ...N2, ...N3];

export const ELSEWHERE: Elsewhere[] = [
  {
    number: 34,
    name: "pending operations of a crash",
    where: "not compared with the CLI; engine/engine.test.ts: killed engines, the next run tells and goes on",
  },
  { number: 37, name: "targets", where: "not offered: the embedded engine has no targeted operations" },
  {
    number: 40,
    name: "cancellation and integrity at every write",
    where:
      "engine/engine.test.ts (killed and interrupted engines), engine/snapshot.ts (rules checked before each write)",
  },
];
