import { UserError } from "./errors";
import { WAVE_STEPS, type Plan, type WaveStates, type WaveStep } from "./types";

/** Rank of a step: waiting 0, live 1, released 2, adopted 3. */
export const stepRank = (step: WaveStep): number => WAVE_STEPS.indexOf(step);

/** The later of two steps. */
const laterStep = (a: WaveStep, b: WaveStep): WaveStep => (stepRank(a) >= stepRank(b) ? a : b);

/** Step of a part; a part that is not named waits. */
export const stepOf = (waves: WaveStates, part: string): WaveStep => waves[part] ?? "waiting";

/** What a wave may be called: the text form uses `=` and `,`, and `.` numbers the parts of a split wave. */
export const WAVE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

/**
 * Reads `w1=adopted,w2.1=released` (spaces allowed, order free). Parts written as waiting are left out of the result.
 * Throws UserError with one problem for each bad entry.
 */
export function parseWaves(text: string): WaveStates {
  const problems: string[] = [];
  const waves: Record<string, WaveStep> = {};
  const seen = new Set<string>();
  for (const entry of text.split(",").map((e) => e.trim())) {
    if (entry === "") {
      if (text.trim() !== "") problems.push(waveProblem(text, "an empty entry", "remove the extra comma"));
      continue;
    }
    const match = /^([A-Za-z0-9][A-Za-z0-9_-]{0,31}(?:\.[1-9]\d*)?)\s*=\s*([a-z]+)$/.exec(entry);
    const part = match?.[1];
    const step = match?.[2] as WaveStep | undefined;
    if (!part || !step) problems.push(waveProblem(text, `"${entry}"`, "write <part>=<step>"));
    else if (!WAVE_STEPS.includes(step)) {
      problems.push(waveProblem(text, `step "${step}" of ${part}`, `use one of ${WAVE_STEPS.join(", ")}`));
    } else if (seen.has(part)) problems.push(waveProblem(text, `${part} twice`, "name each part once"));
    else if (step !== "waiting") waves[part] = step;
    if (part) seen.add(part);
  }
  if (problems.length > 0) throw new UserError(problems);
  return waves;
}

const waveProblem = (text: string, seen: string, fix: string) =>
  `cutover:waves "${text}": seen ${seen}; expected text such as w1=adopted,w2.1=released; fix: ${fix}.`;

/** Text form of the states, parts in natural order (w2.1 before w2.10, w2 before w10), waiting parts left out. */
export function formatWaves(waves: WaveStates): string {
  return Object.entries(waves)
    .filter(([, step]) => step !== "waiting")
    .sort(([a], [b]) => compareNatural(a, b))
    .map(([part, step]) => `${part}=${step}`)
    .join(",");
}

/**
 * The waves themselves, when the plan has each part that they name.
 * @throws UserError otherwise: the part may be a wave of its own that was split since, or a typo.
 */
export function namedParts(plan: Pick<Plan, "parts">, waves: WaveStates, source = "cutover:waves"): WaveStates {
  const known = plan.parts.map((p) => p.id);
  const unknown = Object.keys(waves).find((part) => !known.includes(part));
  if (unknown === undefined) return waves;
  const some = known.length > 20 ? `${known.slice(0, 20).join(", ")} and ${known.length - 20} more` : known.join(", ");
  throw new UserError(
    `${source} "${formatWaves(waves)}": seen part ${unknown}; expected one of ${some}; fix: correct the name.`,
  );
}

/** Compares names with the runs of digits in them taken as numbers. */
export function compareNatural(a: string, b: string): number {
  const x = a.match(/\d+|\D+/g) ?? [];
  const y = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p, q] = [x[i]!, y[i]!];
    if (p === q) continue;
    const byValue = /^\d/.test(p) && /^\d/.test(q) ? Number(p) - Number(q) : 0;
    return byValue || (p < q ? -1 : 1);
  }
  return x.length - y.length;
}

/** Whether every part of the plan stands at the step or later. */
export const allAtLeast = (plan: Pick<Plan, "parts">, waves: WaveStates, step: WaveStep): boolean =>
  plan.parts.every((p) => stepRank(stepOf(waves, p.id)) >= stepRank(step));

/** Part by part the later step of two states: how the phase record's `floor` grows. */
export function raiseFloor(floor: WaveStates, waves: WaveStates): WaveStates {
  const raised: Record<string, WaveStep> = { ...floor };
  for (const [part, step] of Object.entries(waves)) raised[part] = laterStep(stepOf(floor, part), step);
  return raised;
}
