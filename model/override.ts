import { isIsoDate } from "./isoDate";

/** A policy set aside by name, for a reason and until a date (ISO 8601). */
export interface Override {
  reason: string;
  until: string;
}

/** How the text of `cutover:override` stands: overrides by policy name, or why it cannot be read. */
export function readOverrides(text: string | undefined): { overrides: Record<string, Override>; problem?: string } {
  if (!text) return { overrides: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return { overrides: value as Record<string, Override> };
  } catch {
    // told below
  }
  return {
    overrides: {},
    problem: 'cutover:override is not JSON of the form {"<policy>": {"reason": "...", "until": "<date>"}}',
  };
}

/** Whether an override counts at `now`: it names a reason, and a date that is not over. Otherwise why not. */
export function overrideState(override: Override | undefined, now: Date): { active: boolean; why?: string } {
  if (!override) return { active: false };
  if (typeof override.reason !== "string" || override.reason.trim() === "")
    return { active: false, why: "its override names no reason" };
  if (!isIsoDate(override.until))
    return { active: false, why: `its override has no ISO date in until (seen ${JSON.stringify(override.until)})` };
  const until = Date.parse(override.until);
  if (until <= now.getTime()) return { active: false, why: `its override ended on ${override.until}` };
  return { active: true };
}
