/** The course of a preview or an update: program, leftovers, stack policies, outputs. */
import { deleteLeftBehind, deleteLeftovers } from "./deletes";
import type { Deployment } from "./deployment";
import type { Current } from "./monitor";
import type { PolicyPack } from "./policy";
import type { ProgramStarter, Run } from "./program";
import { refreshAll, refreshBlurred } from "./refresh";
import { UserError } from "../model/errors";
import type { Props } from "./values";

export interface ProgramRun {
  packs: Promise<PolicyPack[]>;
  program: ProgramStarter;
  /** Address of the monitor and engine services. */
  address: string;
  /** What must be done before the program's first registration is looked at. */
  before(): Promise<void>;
  /** Makes this operation the one the services answer for. */
  become(current: Current, run: Run): void;
}

/** Runs the program to its end, then deletes what it no longer names, then judges the stack. */
export async function runProgram(d: Deployment, o: ProgramRun): Promise<void> {
  const finished = gate();
  const signal = gate();
  const { reporter, config, secretKeys } = d.o;
  // The program starts to load while packs start and the state is read back, if that is asked for.
  d.ready = Promise.all([o.packs, o.before()]).then(([packs]) => {
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
    first: () => o.program.prepareNext(),
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
    o.program.prepareNext();
  }
}

/** Reads the stack back. Throws UserError when a target is none of its resources. */
export async function refresh(d: Deployment): Promise<void> {
  refuseUnknown(d);
  await refreshAll(d, true);
}

/** Deletes what the stack holds, read back before it when `refreshed`. Throws UserError when a target is none of its resources. */
export async function destroy(d: Deployment, refreshed: boolean): Promise<void> {
  refuseUnknown(d);
  await (refreshed ? refreshAll(d, false) : refreshBlurred(d));
  if (!d.aborted) await deleteLeftBehind(d);
  if (!d.aborted) await deleteLeftovers(d);
}

// No program can still declare them: nothing needs to be tried first.
function refuseUnknown(d: Deployment): void {
  const [first] = unknownTargets(d);
  if (first)
    throw new UserError(
      `--target ${first} names no resource of the stack: expected a URN of \`cutover export\`, or a pattern such as '**::name'`,
    );
}

async function course(d: Deployment, run: Run, signal: Promise<void>): Promise<void> {
  await d.ready.catch((e) => {
    d.failed = true;
    throw e;
  });
  const early = await Promise.race([signal.then(() => undefined), run.ended]);
  if (early && !d.aborted) programFailed(d, early);
  await d.settled();
  const declared = !d.aborted && !early;
  const unknown = declared ? unknownTargets(d) : [];
  if (declared) await deleteLeftBehind(d);
  if (declared) await deleteLeftovers(d);
  tellUnknown(d, unknown);
  finishStack(d);
  if (declared && !d.broken) await d.judgeStack();
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

/** Tells of targets that are none; the operation fails with it. */
function tellUnknown(d: Deployment, targets: readonly string[]): void {
  for (const u of targets) {
    const hint = u.includes("$") ? "" : " Did you forget to escape $ in your shell?";
    d.fault("", `Target '${u}' could not be found in the stack.${hint}`);
    d.bailed = true;
  }
}

/** Targets that name nothing the stack has or the program declares. */
function unknownTargets(d: Deployment): string[] {
  const known = (u: string) => d.seen.has(u) || d.o.loaded.states.some((s) => s.urn === u);
  return d.o.targets.literals.filter((u) => !known(u));
}
