/** Runs a published flow for one call. */

import type { FlowHost, Program, Run, RunnableFlow, Task } from "./program";
import { playAudioValue, runSteps } from "./steps";
import { type CallFacts, FlowRuntimeError, type Value } from "./values";

export type { FlowDirectory, FlowHost, RunnableFlow, TransferResult } from "./program";
export type { CallFacts } from "./values";

/** What `Call.Ani` holds for a withheld caller. */
const ANONYMOUS = "sip:anonymous@anonymous.invalid";

/**
 * Runs a flow until the call has left it: queue, external number, or disconnect. Transfers to other flows happen inside.
 * The flow's version is the one published when it is entered; a later publish does not touch a call in progress.
 * Resolves when the flow is done with the call. Rejects only when the host does (a bug of the host, not of the flow).
 */
export async function runFlow(flow: RunnableFlow, host: FlowHost, call: CallFacts): Promise<void> {
  const budget = { actions: 0 };
  let current: RunnableFlow | null = flow;
  while (current) {
    const run: Run = {
      host,
      call,
      flow: current,
      scope: { slots: initialSlots(current.program, call) },
      budget,
      sipHeaderRuns: 0,
    };
    current = await runOne(run);
  }
}

/** One flow; the flow it transfers to, or null when the call has left. */
async function runOne(run: Run): Promise<RunnableFlow | null> {
  const { program } = run.flow;
  try {
    for (const { slot, value } of program.initial) run.scope.slots[slot] = value(run.scope);
    if (program.greeting) await playAudioValue(run, program.greeting(run.scope));
    return await runFrom(program.start, run);
  } catch (error) {
    if (!(error instanceof FlowRuntimeError)) throw error;
    return handleError(run);
  }
}

async function runFrom(start: Task, run: Run): Promise<RunnableFlow | null> {
  let task: Task | null = start;
  while (task) {
    for (const { slot, value } of task.initial) run.scope.slots[slot] = value(run.scope);
    const outcome = await runSteps(task.steps, run);
    if (outcome?.kind === "end") return null;
    if (outcome?.kind === "flow") return outcome.flow;
    task = outcome?.kind === "jump" ? outcome.task : null;
  }
  // The sequence ran out with the call still in the flow: Architect hangs up.
  await run.host.disconnect();
  return null;
}

async function handleError(run: Run): Promise<RunnableFlow | null> {
  const { errorAudio, errorHandling } = run.flow.program;
  if (run.host.ended?.()) return null;
  try {
    if (errorAudio) await playAudioValue(run, errorAudio(run.scope));
    if (errorHandling.kind === "queue" && (await run.host.toQueue(errorHandling.name))) return null;
    if (errorHandling.kind === "task") return await runFrom(errorHandling.task, run);
  } catch (error) {
    // An error inside the error handling ends the call: no second handling.
    if (!(error instanceof FlowRuntimeError)) throw error;
  }
  await run.host.disconnect();
  return null;
}

function initialSlots(program: Program, call: CallFacts): Value[] {
  const slots: Value[] = new Array(program.slots).fill(null);
  slots[0] = call.ani === null ? ANONYMOUS : `tel:${call.ani}`;
  slots[1] = `tel:${call.calledAddress}`;
  slots[2] = `tel:${call.calledAddressOriginal ?? call.calledAddress}`;
  slots[3] = call.conversationId;
  return slots;
}
