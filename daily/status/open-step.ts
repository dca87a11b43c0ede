import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Position } from "../../model/types";
import { checkAudit } from "../advance/audit";
import type { Holder, Journal, JournalDir } from "../advance/journal";
import { samePlace, targetText } from "../advance/target";

/** What `cutover advance` left or is about on this machine. */
export interface OpenStep {
  /** `state`: its stage, or `held` or `failed` for one that ended so and is not settled yet. */
  step?: { from: string; to: string; state: string; askedBy: string; askedAt: string };
  /** Who runs it now; undefined when nobody does any more. */
  by?: Holder;
  paused?: { by: string; at: string; why?: string };
  /** Lines of the audit log that do not follow from the one before, 1-based. */
  auditBroken?: number[];
}

/** Reads journal, holder, pause and audit log; undefined when none of them has anything to say. `at`: where the record says the stack stands. */
export function openStep(dir: JournalDir, at: Position | undefined): OpenStep | undefined {
  const [last, by, paused] = [dir.load(), dir.holder(), dir.paused()];
  const state = last && stateOf(last, by !== undefined, at);
  const auditBroken = brokenLines(join(dir.dir, "audit.jsonl"));
  const found: OpenStep = {
    ...(last && state
      ? {
          step: {
            from: targetText(last.from),
            to: targetText(last.to),
            state,
            askedBy: last.by,
            askedAt: last.askedAt,
          },
        }
      : {}),
    ...(by ? { by } : {}),
    ...(paused ? { paused } : {}),
    ...(auditBroken.length > 0 ? { auditBroken } : {}),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}

/** The state of a step that wants somebody: one that was only asked by a process that is gone changed nothing and wants nobody. */
function stateOf({ stage, end, from, to }: Journal, running: boolean, at: Position | undefined): string | undefined {
  if (stage !== "done") return stage !== "asked" || running ? stage : undefined;
  // Where the stack stands elsewhere by now, somebody settled it by another way.
  if (end === "held") return at && samePlace(at, to) ? end : undefined;
  if (end === "failed") return at && samePlace(at, from) ? end : undefined;
  return undefined;
}

const brokenLines = (file: string): number[] => (existsSync(file) ? checkAudit(readFileSync(file, "utf8")) : []);
