import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { UserError } from "../../model/errors";
import type { Target } from "./target";

/**
 * How far one step has come. Up to `asked` nothing was changed; from `applying` on the engine may have changed something, so a run that
 * finds this brings it to its end first. `done` is the end of a step, with `end` saying which.
 */
export type Stage = "asked" | "applying" | "soaking" | "returning" | "done";

/** `held`: the soak ended without an answer. `failed`: the up did; what it changed is not known. */
export type End = "good" | "returned" | "refused" | "declined" | "failed" | "held" | "dry";

/** One step, kept on disk before and after everything that it does. */
export interface Journal {
  schema: "cutover/advance/v1";
  id: string;
  stack: string;
  direction: "forward" | "back";
  from: Target;
  to: Target;
  /** Where a broken limit leads; missing where there is no such way. */
  retreat?: Target;
  stage: Stage;
  end?: End;
  /** Why it ended so, or why it goes back. */
  why?: string;
  /** Digest of the plan that the step was asked with. */
  digest: string;
  /** Who asked, `user@host`. */
  by: string;
  /** By the clock of the stack, ISO 8601. */
  askedAt: string;
  /** Soak: since the up ended, and how many looks in a row saw a broken limit. */
  soak?: { since: string; looks: number; broken: number };
}

/** What one process needs of a directory to advance a stack: one step's journal, who holds the stack, and whether somebody asked to pause. */
export class JournalDir {
  readonly journalFile: string;
  readonly pauseFile: string;
  private readonly holderFile: string;

  constructor(readonly dir: string) {
    this.journalFile = join(dir, "journal.json");
    this.pauseFile = join(dir, "pause.json");
    this.holderFile = join(dir, "holder.json");
  }

  load(): Journal | undefined {
    const text = readOr(this.journalFile);
    if (text === undefined) return undefined;
    try {
      const journal = JSON.parse(text) as Journal;
      if (journal.schema === "cutover/advance/v1") return journal;
    } catch {
      // told below
    }
    throw new UserError(
      `${this.journalFile}: seen no journal of this version; expected what an earlier advance wrote; fix: look where the stack stands with cutover status, then remove the file.`,
    );
  }

  /** On disk when it returns: a power cut after it finds the new journal, one before it the old one, never a half. */
  save(journal: Journal): void {
    mkdirSync(this.dir, { recursive: true });
    const next = `${this.journalFile}.${process.pid}`;
    writeDurably(next, `${JSON.stringify(journal, null, 2)}\n`, "w");
    renameSync(next, this.journalFile);
    syncDir(this.dir);
  }

  /**
   * Takes the stack for this process alone. The holder of a process that is gone, on this host, counts for nothing.
   * @returns what gives it back.
   * @throws UserError while another process holds it.
   */
  hold(): () => void {
    mkdirSync(this.dir, { recursive: true });
    const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: new Date().toISOString() });
    for (let attempt = 0; ; attempt++) {
      try {
        writeDurably(this.holderFile, mine, "wx");
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const text = readOr(this.holderFile);
      const holder = text === undefined ? undefined : parseHolder(text);
      if (text !== undefined && (attempt > 2 || !holder || !isGone(holder)))
        throw new UserError(
          `${this.holderFile}: seen ${holder ? `process ${holder.pid} on ${holder.host} advancing this stack since ${holder.at}` : "a holder that cannot be read"}; expected nobody; fix: wait for it, ask it to stop with cutover pause, or remove the file when it is gone.`,
        );
      if (text !== undefined) this.setAside(text);
    }
    const release = () => {
      process.off("exit", release);
      if (readOr(this.holderFile) === mine) rmSync(this.holderFile, { force: true });
    };
    process.once("exit", release);
    return release;
  }

  /** Takes a dead holder away. Of two processes that found the same one, the second may move a living holder: it puts it back. */
  private setAside(dead: string): void {
    const aside = `${this.holderFile}.${process.pid}`;
    try {
      renameSync(this.holderFile, aside);
      if (readOr(aside) !== dead) linkSync(aside, this.holderFile);
    } catch {
      // another process was first: the next attempt meets it
    }
    rmSync(aside, { force: true });
  }

  /** Who holds the stack now; undefined when nobody does, or only a process of this host that is gone. */
  holder(): Holder | undefined {
    const holder = parseHolder(readOr(this.holderFile) ?? "");
    return holder && !isGone(holder) ? holder : undefined;
  }

  /** Who asked to pause, when and why; undefined when nobody did. */
  paused(): { by: string; at: string; why?: string } | undefined {
    const text = readOr(this.pauseFile);
    if (text === undefined) return undefined;
    try {
      const asked = JSON.parse(text) as { by: string; at: string; why?: string } | null;
      if (typeof asked?.by === "string" && typeof asked.at === "string") return asked;
    } catch {
      // told below
    }
    // Somebody wanted it: a file that cannot be read pauses too.
    return { by: "unknown", at: "unknown" };
  }

  pause(why: string | undefined): void {
    mkdirSync(this.dir, { recursive: true });
    const asked = { by: whoAmI(), at: new Date().toISOString(), ...(why ? { why } : {}) };
    writeDurably(this.pauseFile, `${JSON.stringify(asked)}\n`, "w");
  }

  /** @returns whether there was a pause to end. */
  resume(): boolean {
    const was = this.paused() !== undefined;
    rmSync(this.pauseFile, { force: true });
    return was;
  }
}

/** `user@host` of this process. */
export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}@${hostname()}`;
  }
}

/** A process that advances a stack. */
export interface Holder {
  pid: number;
  host: string;
  at: string;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Known to be gone: on another host nobody here can tell. */
function isGone({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes and syncs a whole file (`w`), a new one (`wx`), or a line at the end (`a`). */
export function writeDurably(file: string, text: string, flag: "w" | "wx" | "a"): void {
  const fd = openSync(file, flag, 0o600);
  try {
    if (flag === "a") writeSync(fd, text);
    else writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncDir(dir: string): void {
  const fd = openSync(dir, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
