import type { Facts, Verdict } from "../facts";
import { parseChangeWindow, windowContains } from "../changeWindow";
import type { Move } from "../moves";
import { type Position, WAVE_STEPS, type WaveStates, type WaveStep } from "../types";
import { document, failed, judged, type Need, passed, Unusable } from "../verdict";
import { formatWaves, parseWaves } from "../waves";
import type { GateRule } from "./context";

/** Waves as the record holds them, text or object; undefined when they cannot be read. */
export function readWaves(value: string | WaveStates | null | undefined): WaveStates | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "string") return value;
  try {
    return parseWaves(value);
  } catch {
    return undefined;
  }
}

/** A sentence of moves.ts, `<rule>; seen <this>; expected <that>; <what to do>.`, as a verdict: the rule is what is required. */
function refusedBy(gate: string, why: string, need: Need): Verdict {
  const [rule = "", ...rest] = why.replace(/\.$/, "").split("; ");
  const told = (word: string) => rest.find((part) => part.startsWith(`${word} `))?.slice(word.length + 1);
  const fix = rest.filter((part) => !/^(seen|expected) /.test(part)).join("; ");
  const expected = told("expected");
  return failed(gate, told("seen") ?? rule, {
    required: `${rule.charAt(0).toLowerCase()}${rule.slice(1)}${expected ? `: ${expected}` : ""}`,
    fix: fix || need.fix,
  });
}

/** The form of the move: one phase, or one step of each part, and not too many numbers. */
export const phaseMovesOneStep: GateRule = {
  name: "phase-moves-one-step",
  judge({ from, to, move }) {
    const need = {
      required: "one phase at a time, or waves inside cutover one step at a time",
      fix: "change cutover:phase or cutover:waves by one step",
    };
    if (move.direction === "illegal") return refusedBy(this.name, move.why ?? "an illegal move", need);
    const seen = `${from.phase} ${formatWaves(from.waves)} to ${to.phase} ${formatWaves(to.waves)}`
      .replace(/\s+/g, " ")
      .trim();
    return passed(this.name, seen, need);
  },
};

/** How many numbers one update may bring into a step: a mistake then meets a few callers, not all of them. */
export const blastRadius: GateRule = {
  name: "blast-radius",
  judge({ plan, move }) {
    const max = plan.limits.maxNumbersPerUpdate;
    const need = {
      required: `at most ${max} numbers entering a step in one update (limits.maxNumbersPerUpdate)`,
      fix: "move fewer parts at once",
    };
    if (move.crowded) return refusedBy(this.name, move.crowded, need);
    const most = Math.max(0, ...WAVE_STEPS.map((step) => numbersEntering(move, step)));
    return passed(this.name, `${most} numbers entering a step`, need);
  },
};

const numbersEntering = (move: Move, step: WaveStep): number =>
  move.entering.filter((e) => e.step === step).reduce((sum, e) => sum + e.numbers, 0);

/** What callers notice happens when people are there to see it. The ports' own minute is nobody's choice: nothing happens then. */
export const changeWindow: GateRule = {
  name: "change-window",
  judge({ plan, now }) {
    const { changeWindow: text, timezone } = plan.limits;
    const need = {
      required: `a time in ${text} (${timezone}, limits.changeWindow)`,
      fix: "run the update in the window",
    };
    const window = parseChangeWindow(text, timezone);
    if (!Number.isFinite(now.getTime()))
      return { gate: this.name, status: "inconclusive", seen: "a time that is not known", ...need };
    const seen = `${localTime(now, timezone)} there`;
    return windowContains(window, now) ? passed(this.name, seen, need) : failed(this.name, seen, need);
  },
};

const localTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit" }).format(at);

/** The record says what the program started from: otherwise somebody else has moved the stack meanwhile. */
export const recordAgrees: GateRule = {
  name: "record-agrees",
  judge({ plan, from, facts, now }) {
    const expected = placeOf(from);
    const need = {
      required: `the phase record at ${expected}`,
      fix: "run the update again: it starts from the record as it stands now",
    };
    return judged(this.name, need, () => {
      const seen = positionText(document(plan, facts, "record", now));
      return seen === expected ? passed(this.name, seen, need) : failed(this.name, seen, need);
    });
  },
};

/** A position as the phase record would say it. */
const placeOf = ({ phase, waves }: Position): string =>
  phase === "none" ? "no record" : `${phase} ${formatWaves(waves)}`.trim();

/**
 * Whether the phase record was read and stands elsewhere than a move says it begins. Such a move is neither a way back nor a stay, whatever it
 * calls itself: those are asked for no evidence because of where the stack stands. A record that could not be read contradicts nobody.
 */
export function recordContradicts(from: Position, { record }: Facts): boolean {
  if (record?.status !== "ok") return false;
  try {
    return positionText(record) !== placeOf(from);
  } catch (error) {
    if (error instanceof Unusable || error instanceof TypeError) return false;
    throw error;
  }
}

function positionText({ record }: NonNullable<Facts["record"]>): string {
  if (record === undefined) throw new Unusable("inconclusive", "no phase record in the record document");
  if (record === null) return "no record";
  const waves = readWaves(record.waves);
  if (!waves) throw new Unusable("inconclusive", "waves in the phase record that cannot be read");
  return `${record.phase} ${formatWaves(waves)}`.trim();
}
