import type { Phase, WaveStep } from "../../model/types";
import type { PlanView } from "./view";

/** What a phase does, in one sentence for a reviewer (docs/phases.md). */
const DOES: Record<Phase, string> = {
  baseline: "Adopts what exists by import and changes nothing: IVRs, outbound routes, DNS records.",
  parallel:
    "Builds the BYOC side beside the running one: trunk, site, shadows, front flows, tables. No caller uses it.",
  "ttl-lowered": "Lowers the TTL of the DNS records; their targets stay.",
  canary: "Points the existing IVRs at the front flow; a share of callers takes the BYOC path.",
  porting: "Puts R1 and emergency addresses on file at the carrier, test-calls them, then submits the port orders.",
  cutover: "Opens the waves; no number changes its path until `cutover:waves` names it.",
  complete: "Closes the GCV side: closed standby, shadows gone, TTL restored.",
};

const STEP_DOES: Record<WaveStep, string> = {
  waiting: "goes back to waiting: GCV is the normal path again.",
  live: "goes live: BYOC is the normal path, GCV stays warm.",
  released: "leaves its GCV IVR; the operator is asked for exactly these numbers.",
  adopted: "is pooled and bound to its BYOC IVR; DNS moves before the first R2.",
};

/** What leaving a phase backwards does. */
const UNDOES: Record<Phase, string> = {
  baseline: "Forgets what was adopted; nothing is changed.",
  parallel: "Goes back: deletes the BYOC side, which no call uses.",
  "ttl-lowered": "Goes back: raises the TTL of the DNS records again.",
  canary: "Goes back: points the IVRs at the existing flows again; no caller takes the BYOC path.",
  porting: "Goes back: cancels the port orders (refused after the carrier's deadline) and takes the routes back.",
  cutover: "Goes back: closes the waves; what was adopted stays pooled and bound.",
  complete: "Has no way back.",
};

/** What a part does that comes back to a step from the one after it. */
const STEP_UNDOES: Record<WaveStep, string> = {
  waiting: "goes back to waiting: GCV is the normal path again.",
  live: "is bound to its GCV IVR again, as far as the inventory still holds its numbers; BYOC stays the normal path.",
  released: "goes back to R1, and DNS with the last such part; its numbers stay pooled and bound at BYOC.",
  adopted: "is adopted.",
};

const BACK: Record<Phase, string> = {
  baseline: "Forget the stack's state; nothing was changed.",
  parallel: "Set `cutover:phase: baseline`: the BYOC side is deleted, no call uses it.",
  "ttl-lowered": "Set `cutover:phase: parallel`: the TTL goes up again.",
  canary: "Set `cutover:phase: ttl-lowered`: the IVRs point at the existing flows again.",
  porting: "Set `cutover:phase: canary` before the carrier's deadline: the orders are cancelled.",
  cutover: "Set `cutover:phase: porting` while no part has been live, or take the wave's step back in `cutover:waves`.",
  complete: "None. `complete` has no way back.",
};

const STEP_BACK: Record<WaveStep, string> = {
  waiting: "Name the part in `cutover:waves` again.",
  live: "Take the part out of `cutover:waves`: its row goes back to GCV.",
  released: "Set the part back to `live` while the GCV inventory still holds its numbers: they are bound again.",
  adopted: "Set the part back to `released`: R1 again, DNS back. The numbers stay pooled and bound at BYOC.",
};

/** What the step does, one sentence each. */
export function whatItDoes({ from, to, move }: Pick<PlanView, "from" | "to" | "move">): string[] {
  if (move.direction === "illegal") return [move.why ?? "This move does not exist."];
  if (move.direction === "none") return ["Nothing moves: the stack stands where the configuration asks."];
  const back = move.direction === "back";
  if (move.entering.length > 0) {
    const does = back ? STEP_UNDOES : STEP_DOES;
    return move.entering.map((e) => `\`${e.part}\` (${e.numbers} numbers) ${does[e.step]}`);
  }
  if (back && from.phase !== "none") return [UNDOES[from.phase]];
  return to.phase === "none" ? [] : [DOES[to.phase]];
}

/** How to undo the step once it is applied. */
export function wayBack({ from, to, move }: Pick<PlanView, "from" | "to" | "move">): string[] {
  if (move.direction === "back")
    return [
      `Set the line forward again${from.phase === "none" ? "" : ` (\`${from.phase}\`)`}; the gates judge it anew.`,
    ];
  if (move.entering.length > 0) return [...new Set(move.entering.map((e) => STEP_BACK[e.step]))];
  return to.phase === "none" ? [] : [BACK[to.phase]];
}

/** Where the point of no return lies, and what has passed it. */
export function lastReversible({ plan, to, floor, move }: Pick<PlanView, "plan" | "to" | "floor" | "move">): string {
  const rule =
    "The last reversible step of a wave is **`released`**: its numbers can be bound at GCV again until the operator takes them out of the GCV inventory.";
  if (to.phase === "complete")
    return `${rule} This step is behind it for every wave, and \`complete\` itself has no way back.`;
  const beyond = plan.parts.filter((p) => floor[p.id] === "adopted").map((p) => p.id);
  const forward = move.direction === "forward" ? move.entering : [];
  const entering = forward.filter((e) => e.step === "adopted").map((e) => e.part);
  const released = forward.filter((e) => e.step === "released").map((e) => e.part);
  const said = [
    released.length > 0 ? `This step brings ${released.join(", ")} to it.` : "",
    entering.length > 0 ? `This step takes ${entering.join(", ")} beyond it.` : "",
    beyond.length > 0 ? `Already beyond it: ${some(beyond)}.` : "",
  ].filter(Boolean);
  return [rule, ...(said.length > 0 ? said : move.direction === "forward" ? ["This step is before it."] : [])].join(
    " ",
  );
}

/** The first names and how many more there are. */
export function some(names: readonly string[], shown = 12): string {
  return names.length <= shown
    ? names.join(", ")
    : `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}
