/** The course of a preview or an update: program, leftovers, stack policies, outputs; and what a crash left to tell. */
import { deleteLeftovers, deletePending } from "./deletes";
import type { Deployment } from "./deployment";
import type { Current } from "./monitor";
import type { PolicyPack } from "./policy";
import type { ProgramStarter, Run } from "./program";
import type { Reporter } from "./result";
import type { PendingOperation } from "./state";
import type { Props } from "./values";

export interface ProgramRun {
  packs: Promise<PolicyPack[]>;
  program: ProgramStarter;
  /** Address of the monitor and engine services. */
  address: string;
  /** Makes this operation the one the services answer for. */
  become(current: Current, run: Run): void;
}

/** Runs the program to its end, then deletes what it no longer names, then judges the stack. */
export async function runProgram(d: Deployment, o: ProgramRun): Promise<void> {
  const finished = gate();
  const signal = gate();
  const { reporter, config, secretKeys } = d.o;
  // The program starts to load while packs start and leftovers of an earlier run are deleted.
  d.ready = Promise.all([o.packs, deletePending(d)]).then(([packs]) => {
    d.o.packs = packs;
    if (packs.length > 0) reporter.event({ policyLoadEvent: {} });
    reporter.prelude(config, secretKeys);
  });
  d.ready.catch(() => undefined);
  const run = o.program.run(
    {
      stack: d.o.stack,
      dryRun: d.preview,
      parallel: d.o.parallel,
      monitor: o.address,
      engine: o.address,
      config,
      secretKeys,
    },
    (text, isError) => reporter.say(isError ? "info#err" : "info", text, d.stackUrn),
  );
  d.onAbort = () => void run.stop();
  const current: Current = {
    deployment: d,
    // The next operation's program loads while this one's waits for the world.
    first: () => o.program.prepare(),
    signal: () => {
      signal.open();
      return finished.opened;
    },
  };
  o.become(current, run);
  try {
    await course(d, run, signal.opened);
  } finally {
    finished.open();
    if (d.failed) void run.stop();
    await run.ended;
    o.program.prepare();
  }
}

async function course(d: Deployment, run: Run, signal: Promise<void>): Promise<void> {
  await d.ready.catch((e) => {
    d.failed = true;
    throw e;
  });
  const early = await Promise.race([signal.then(() => undefined), run.ended]);
  if (early && !d.aborted) programFailed(d, early);
  await d.settled();
  if (!d.failed) await deleteLeftovers(d);
  finishStack(d);
  if (!d.failed) await d.judgeStack();
}

function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((ok) => {
    open = ok;
  });
  return { open, opened };
}

/** The program ended before it said it was done. */
function programFailed(d: Deployment, end: { ok: boolean; told: boolean; code: number | null }): void {
  if (!end.ok && !end.told) {
    const how = end.code === null ? "a signal" : `non-zero exit code: ${end.code}`;
    d.o.reporter.say("error", `Program exited with ${how}`, d.stackUrn);
  }
  // The program has said what is wrong: nothing is to be added to it.
  if (end.told) d.bailed = true;
  // Without the signal it is not known whether the program declared all it wanted: nothing may be deleted.
  d.failed = true;
}

/** The Stack's outputs come last of all. A failed program's are laid over the old ones, which stay. */
function finishStack(d: Deployment): void {
  const state = d.news.get(d.stackUrn);
  if (!state) return;
  const old: Props = d.olds.get(d.stackUrn)?.outputs ?? {};
  const news = d.stackOutputs ?? {};
  state.outputs = d.failed ? { ...old, ...news } : news;
  d.o.snapshot.changed(state);
  const step = d.awaitingOutputs.get(d.stackUrn);
  if (step && d.stackOutputs) d.o.reporter.outputs(step);
}

/** Pending operations of a crash that stay in the file: only a person can tell what became of a creation. */
export function pendingToKeep(pending: readonly PendingOperation[], preview: boolean): PendingOperation[] {
  return preview ? [...pending] : pending.filter((p) => p.type === "creating");
}

/** Warns of what was under way when an earlier engine died. */
export function tellPending(reporter: Reporter, pending: readonly PendingOperation[]): void {
  if (pending.length === 0) return;
  const lines = pending.map((p) => `  * ${p.resource.urn}, interrupted while ${p.type}`);
  reporter.say(
    "warning",
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${lines.join("\n")}\n` +
      "What became of them is not known: look whether they exist, then export, edit and import the stack",
  );
}
