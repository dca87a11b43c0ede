import { randomUUID } from "node:crypto";
import { UserError } from "../../model/errors";
import { checkMove } from "../../model/moves";
import type { Plan } from "../../model/types";
import type { Standing } from "../standing";
import { type Journal, type JournalDir, whoAmI } from "./journal";
import { type Ports, type Rules, StepMachine } from "./machine";
import {
  here,
  nextTarget,
  previousTarget,
  reached,
  retreatFrom,
  samePlace,
  type Target,
  targetText,
  type Until,
} from "./target";

export interface AdvanceOptions {
  plan: Plan;
  stack: string;
  direction: "forward" | "back";
  /** Without it, one step. */
  until?: Until;
  wave?: string;
  rules: Rules;
  /** Whether `complete` is really made; else it is previewed. */
  reallyComplete: boolean;
}

/** What the driver needs besides a step's ports. */
export interface DriverPorts extends Ports {
  standing(): Promise<Standing>;
  /** `cutover:canaryPercent` of the stack's configuration. */
  canaryPercent(): number | undefined;
}

/** How it ended. `paused` and `held` end without an answer; `stuck` is a way back that failed. */
export interface AdvanceResult {
  end: NonNullable<Journal["end"]> | "paused" | "stuck" | "there";
  steps: Journal[];
  /** Where the stack stands now, for people. */
  at: string;
  why?: string;
}

/** Makes one step, or steps until a place; first brings an interrupted step to its end. @throws UserError where there is no such step. */
export async function advance(o: AdvanceOptions, dir: JournalDir, ports: DriverPorts): Promise<AdvanceResult> {
  const steps: Journal[] = [];
  const interrupted = await finishInterrupted(o, dir, ports);
  if (interrupted) {
    steps.push(interrupted.journal);
    const end = endOf(interrupted);
    if (o.until === undefined || end !== "good")
      return { end, steps, at: standsAt(interrupted.journal, end), why: interrupted.journal.why };
  }
  for (;;) {
    const { at, floor } = await ports.standing();
    const from = here(o.plan, at, ports.canaryPercent());
    if (o.until && reached(o.until, from)) return { end: "there", steps, at: targetText(from) };
    const asked = targetOf(o, dir, from);
    if (!asked) return { end: "there", steps, at: targetText(from), why: noFurther(o, from) };
    const move = checkMove(o.plan, at, asked.to, floor);
    if (move.direction === "illegal") throw new UserError(move.why!);
    const journal = await begin(o, ports, asked.from, asked.to);
    const dry = o.rules.dry || (asked.to.phase === "complete" && !o.reallyComplete);
    const result = await runStep(journal, dir, ports, { ...o.rules, dry });
    steps.push(result.journal);
    const end = endOf(result);
    if (o.until === undefined || end !== "good")
      return { end, steps, at: standsAt(result.journal, end), why: result.journal.why };
  }
}

function endOf({ journal, paused }: { journal: Journal; paused?: boolean }): AdvanceResult["end"] {
  if (paused) return "paused";
  return journal.stage === "done" ? journal.end! : "stuck";
}

/** Where a step left the stack. Of an up that failed half way nobody knows more than its two ends. */
function standsAt({ from, to, retreat }: Journal, end: AdvanceResult["end"]): string {
  if (end === "good" || end === "held") return targetText(to);
  if (end === "returned") return targetText(retreat ?? from);
  if (end === "failed") return `between ${targetText(from)} and ${targetText(to)}`;
  if (end === "stuck") return `between ${targetText(to)} and ${targetText(retreat ?? from)}`;
  return targetText(from);
}

const runStep = (journal: Journal, dir: JournalDir, ports: Ports, rules: Rules) => {
  dir.save(journal);
  return new StepMachine(journal, ports, rules).run();
};

/**
 * A step that a kill, a pause or a failed way back left open. A step that was only asked is dropped: nothing was changed, and it is judged anew.
 * `back` does not wait for a soak's end: it turns the step round.
 */
async function finishInterrupted(o: AdvanceOptions, dir: JournalDir, ports: DriverPorts) {
  const last = dir.load();
  // A soak that ended without an answer is watched on before anything else moves forward.
  const held = last?.end === "held" && last.retreat !== undefined && o.direction === "forward";
  const { end: _, ...again } = last ?? ({} as Journal);
  const open: Journal | undefined = held ? { ...again, stage: "soaking" } : last;
  if (!open || open.stage === "done" || open.stage === "asked") return undefined;
  if (open.stack !== o.stack)
    throw new UserError(`${dir.journalFile}: seen a step of stack ${open.stack}; expected ${o.stack}.`);
  const told = `${targetText(open.from)} -> ${targetText(open.to)}, asked by ${open.by} at ${open.askedAt}`;
  if (o.direction === "back" && open.direction === "forward" && open.stage !== "returning") {
    ports.say(`the step ${told} was interrupted while ${open.stage}; it is taken back`);
    return runStep(await begin(o, ports, open.to, open.from), dir, ports, o.rules);
  }
  ports.say(`resuming an interrupted step (${open.stage}): ${told}`);
  const at = (await ports.now()).toISOString();
  ports.audit({
    step: open.id,
    event: "resumed",
    stack: open.stack,
    from: targetText(open.from),
    to: targetText(open.to),
    by: whoAmI(),
    at,
    digest: o.plan.digest,
    what: `at stage ${open.stage}`,
  });
  return new StepMachine(open, ports, o.rules).run();
}

/** The step to make. One that failed half way is tried again (or taken back) by its own ends, since the record alone does not show it. */
function targetOf(o: AdvanceOptions, dir: JournalDir, from: Target): { from: Target; to: Target } | undefined {
  const last = dir.load();
  const failed = last?.stage === "done" && last.end === "failed" && last.direction === "forward" ? last : undefined;
  if (failed && (samePlace(failed.from, from) || samePlace(failed.to, from)))
    return o.direction === "forward" ? { from: failed.from, to: failed.to } : { from: failed.to, to: failed.from };
  const to = o.direction === "forward" ? nextTarget(o.plan, from, o.wave) : previousTarget(o.plan, from, o.wave);
  return to && { from, to };
}

const noFurther = (o: AdvanceOptions, from: Target): string =>
  o.direction === "forward" ? "the stack is complete" : `there is no way back from ${targetText(from)}`;

async function begin(o: AdvanceOptions, ports: DriverPorts, from: Target, to: Target): Promise<Journal> {
  const retreat = o.direction === "forward" ? retreatFrom(from, to) : undefined;
  const journal: Journal = {
    schema: "cutover/advance/v1",
    id: randomUUID(),
    stack: o.stack,
    direction: o.direction,
    from,
    to,
    ...(retreat ? { retreat } : {}),
    stage: "asked",
    digest: o.plan.digest,
    by: whoAmI(),
    askedAt: (await ports.now()).toISOString(),
  };
  const { id: step, stack, by, digest, askedAt: at } = journal;
  ports.audit({ step, event: "asked", stack, from: targetText(from), to: targetText(to), by, at, digest });
  return journal;
}
