/** Runs lists of compiled actions. */

import type { Outcome, Run, Step } from "./program";
import { FlowRuntimeError, textOf, type Value } from "./values";

/** Architect ends an interaction that runs more actions than this (help: action limit of a flow). */
const ACTIONS_MAX = 10_000;

/**
 * Runs actions until one leaves the list.
 * @throws FlowRuntimeError when the call's action budget is used up.
 */
export async function runSteps(steps: readonly Step[], run: Run): Promise<Outcome> {
  for (const step of steps) {
    if (run.host.ended?.()) return { kind: "end" };
    if (++run.budget.actions > ACTIONS_MAX) throw new FlowRuntimeError(`more than ${ACTIONS_MAX} actions in one call`);
    const pending = step(run);
    const outcome = pending instanceof Promise ? await pending : pending;
    if (outcome) return outcome;
  }
  return undefined;
}

/** Plays what an audio expression gave; NOT_SET and empty text are silence. */
export async function playAudioValue(run: Run, audio: Value): Promise<undefined> {
  const text = textOf(audio);
  if (text) await run.host.play(text);
}
