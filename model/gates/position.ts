import type { Facts } from "../facts";
import type { WaveStates } from "../types";
import { document, failed, judged, passed, Unusable } from "../verdict";
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

/** The form of the move: one phase, or one step of each part, and not too many numbers. */
export const phaseMovesOneStep: GateRule = {
  name: "phase-moves-one-step",
  judge({ from, to, move }) {
    const need = {
      required: "one phase at a time, or waves inside cutover one step at a time",
      fix: "change cutover:phase or cutover:waves by one step",
    };
    if (move.direction === "illegal") return failed(this.name, move.why ?? "an illegal move", need);
    const seen = `${from.phase} ${formatWaves(from.waves)} to ${to.phase} ${formatWaves(to.waves)}`
      .replace(/\s+/g, " ")
      .trim();
    return passed(this.name, seen, need);
  },
};

/** The record says what the program started from: otherwise somebody else has moved the stack meanwhile. */
export const recordAgrees: GateRule = {
  name: "record-agrees",
  judge({ plan, from, facts, now }) {
    const expected = from.phase === "none" ? "no record" : `${from.phase} ${formatWaves(from.waves)}`.trim();
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

function positionText({ record }: NonNullable<Facts["record"]>): string {
  if (record === undefined) throw new Unusable("inconclusive", "no phase record in the record document");
  if (record === null) return "no record";
  const waves = readWaves(record.waves);
  if (!waves) throw new Unusable("inconclusive", "waves in the phase record that cannot be read");
  return `${record.phase} ${formatWaves(waves)}`.trim();
}
