/** One writer for a stack: Pulumi's file-backend locks, `.pulumi/locks/organization/<project>/<stack>/<uuid>.json`. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, unlinkSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { UserError } from "../model/errors";

interface Holder {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

const lockDir = (stateDir: string, project: string, stack: string): string =>
  join(stateDir, ".pulumi", "locks", "organization", project, stack);

function username(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

/** Dead for certain: same host, and no process of that number, or one that was started after the lock was taken. */
function isGone(h: Holder): boolean {
  if (h.hostname !== hostname()) return false;
  try {
    process.kill(h.pid, 0);
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === "ESRCH";
  }
  const started = startOf(h.pid);
  return started !== undefined && started > Date.parse(h.timestamp) + SLACK_MS;
}

/** Clock ticks a second of /proc (USER_HZ, 100 on every Linux of today), and how far its start times may be off. */
const TICKS_PER_SECOND = 100;
const SLACK_MS = 2000;

/** When a process was started, ms since the epoch; undefined where the system does not tell (proc(5): btime, starttime). */
function startOf(pid: number): number | undefined {
  try {
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
    // The name in parentheses may hold spaces: fields are counted from behind it, where the third of the line begins.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const ticks = Number(fields[19]);
    return Number.isFinite(boot + ticks) ? boot * 1000 + (ticks / TICKS_PER_SECOND) * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the stack's lock. A lock whose process is known to be dead (same host) is cleared and told of through `warn`;
 * any other is refused with a UserError that names its holder. Returns what gives the lock back.
 */
export async function acquireLock(
  stateDir: string,
  project: string,
  stack: string,
  warn: (message: string) => void,
): Promise<() => void> {
  const dir = lockDir(stateDir, project, stack);
  await mkdir(dir, { recursive: true });
  const mine = join(dir, `${randomUUID()}.json`);
  const holder: Holder = {
    pid: process.pid,
    username: username(),
    hostname: hostname(),
    timestamp: new Date().toISOString(),
  };
  // Written before the others are read: of two that start together at least one sees the other.
  await writeFile(mine, JSON.stringify(holder));
  const release = () => {
    process.off("exit", release);
    if (existsSync(mine)) unlinkSync(mine);
  };
  // An engine that is told to end gives its lock back; only a killed one leaves it.
  process.once("exit", release);
  for (const other of (await readdir(dir)).map((f) => join(dir, f)).filter((f) => f !== mine)) {
    const h = readHolder(other);
    if (!h) continue;
    if (isGone(h)) {
      await rm(other, { force: true });
      warn(`cleared the lock of process ${h.pid}, which died during an update of ${stack} (locked ${h.timestamp})`);
      continue;
    }
    release();
    throw new UserError(
      `the stack ${stack} is locked by ${h.username}@${h.hostname} (process ${h.pid}, since ${h.timestamp}): ` +
        `wait for it to end, or clear the lock with \`cutover cancel --stack ${stack}\` when that process is gone`,
    );
  }
  return release;
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    // Given back, or still being written by an engine that will then see our lock and step back.
    return undefined;
  }
}

/** Removes every lock of the stack, whoever holds it. Returns how many there were. */
export async function clearLocks(stateDir: string, project: string, stack: string): Promise<number> {
  const dir = lockDir(stateDir, project, stack);
  const files = existsSync(dir) ? await readdir(dir) : [];
  for (const f of files) await rm(join(dir, f), { force: true });
  return files.length;
}
