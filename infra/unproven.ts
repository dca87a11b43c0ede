import { UserError } from "../model/errors";
import { blocking, judge } from "../model/evidence";
import { type Facts, PROBES } from "../model/facts";
import { newest } from "../model/gates/calls";
import { type Override, overrideState } from "../model/override";
import type { Plan, Position } from "../model/types";
import { formatVerdict } from "../model/verdictText";

/**
 * The latest date among the documents and their test calls, which are placed after a document was begun: the time of the judgement, since all
 * was gathered just now. NaN when nothing is dated.
 */
const latest = (facts: Facts): Date =>
  newest([...PROBES.map((probe) => facts[probe]?.at), ...(facts.sip?.tests ?? []).map((test) => test.at)]);

/**
 * Refuses, in an update, to declare what a gate has not let through. The gate's provider judges the same by itself, but an update of
 * chosen resources (`--target`) passes it by, and nothing else would stop them where no policy pack is loaded. Throws UserError.
 */
export function refuseUnproven(
  plan: Plan,
  from: Position,
  to: Position,
  facts: Facts,
  aside: { overrides: Record<string, Override>; without: readonly string[] },
): void {
  const now = latest(facts);
  const failing = blocking(judge(plan, from, to, facts, now)).filter(
    ({ gate }) => !aside.without.includes(gate) && !overrideState(aside.overrides[gate], now).active,
  );
  if (failing.length === 0) return;
  throw new UserError([
    `The move from ${from.phase} to ${to.phase} is not proven, so nothing of it is declared:`,
    ...failing.map((verdict) => `- ${formatVerdict(verdict)}`),
  ]);
}
