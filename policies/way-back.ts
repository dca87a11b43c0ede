import { checkMove } from "../model/moves";
import { readWaves } from "../model/gates/position";
import type { Facts } from "../model/facts";
import type { Plan, Position } from "../model/types";

/**
 * Whether the operation that is being analysed takes the stack back. The gate says so: it is declared before everything that depends on
 * it. A way back is stopped by no policy, not even by one that finds something: it is how calls get away from what was found.
 */
let back = false;

/** A new operation begins: nothing is known of it yet. */
export function forgetMove(): void {
  back = false;
}

/** Learns the direction from a gate's inputs. Only a move from where the phase record stands is believed to be a way back. */
export function learnMove(plan: Plan, from: Position, to: Position, facts: Facts): void {
  const agrees = facts.record?.record?.phase === from.phase;
  back = agrees && checkMove(plan, from, to, readWaves(facts.record?.record?.floor) ?? {}).direction === "back";
}

/** Whether this run is a way back, as far as the gate has told by now. */
export const goesBack = (): boolean => back;
