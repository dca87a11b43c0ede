import { HttpError } from "../../providers/lib/http";
import { UserError } from "../../model/errors";

/**
 * One line of `cutover doctor`. `fail`: a rehearsal or a stack would stop here. `warn`: it works, but somebody should look.
 * `skip`: not looked at, because something before it failed or is not used.
 */
export interface Finding {
  check: string;
  status: "ok" | "warn" | "fail" | "skip";
  seen: string;
  /** What to do; only for warn and fail. */
  cure?: string;
}

/** The four ways a check comes out: as it should be; worth a look; in the way of a migration; not looked at. */
export const ok = (check: string, seen: string): Finding => ({ check, status: "ok", seen });
export const warn = (check: string, seen: string, cure: string): Finding => ({ check, status: "warn", seen, cure });
export const fail = (check: string, seen: string, cure: string): Finding => ({ check, status: "fail", seen, cure });
export const skip = (check: string, seen: string): Finding => ({ check, status: "skip", seen });

/** Runs one check; what it throws is its finding: a doctor that dies of the first illness finds no second one. */
export async function finding(check: string, cure: string, look: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError) return fail(check, error.problems.join(" "), cure);
    if (error instanceof HttpError) return fail(check, error.message, cure);
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(check, code && !message.includes(code) ? `${message} (${code})` : message, cure);
  }
}

/** First few names and how many more. */
export const few = (names: readonly string[], shown = 5): string =>
  names.length <= shown ? names.join(", ") : `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
