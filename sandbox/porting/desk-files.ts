import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `requests/<id>.json` of a desk directory (docs/internals.md section 5). */
export interface DeskRequest {
  id: string;
  kind: string;
  /** World time, ISO. */
  at: string;
  by: string;
  withdrawn?: boolean;
  [payload: string]: unknown;
}

/** `confirmations/<id>.json`: what the person at the desk answers. */
export interface DeskConfirmation {
  id: string;
  at: string;
  status: "done" | "refused";
  note: string;
  [payload: string]: unknown;
}

/** How often the in-tray is looked at, wall milliseconds: a person would come round less often, but a rehearsal hurries. */
const POLL_MS = 60;
/** Files are looked at one by one at least this often: one edited in place does not change its directory's date. */
const FULL_LOOK_MS = 1000;
/** A directory changed this shortly before a look may change again within the same tick of its date. */
const SETTLED_MS = 50;

/**
 * Watches the in-tray of a desk. `onRequest` is called for each new or changed request file of the kinds asked for, once per
 * version, in order of their dates. Files that are not (yet) JSON are looked at again at the next round.
 */
export class DeskWatcher {
  #seen = new Map<string, string>();
  #lookedMs = 0;
  #fullMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | null = null;

  constructor(
    private readonly o: {
      dir: string;
      kinds: readonly string[];
      onRequest: (request: DeskRequest) => void;
      /** Called after each look, whether something was new or not. */
      afterLook?: () => Promise<void>;
    },
  ) {}

  async start(): Promise<void> {
    await mkdir(join(this.o.dir, "requests"), { recursive: true });
    await mkdir(join(this.o.dir, "confirmations"), { recursive: true });
    await this.scan();
    this.#timer = setInterval(() => void this.scan(), POLL_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now; calls made together share one look. */
  scan(): Promise<void> {
    this.#scanning ??= this.#look().finally(() => {
      this.#scanning = null;
    });
    return this.#scanning;
  }

  async #look(): Promise<void> {
    const dir = join(this.o.dir, "requests");
    if (await this.#maybeChanged(dir)) await this.#read(dir);
    await this.o.afterLook?.();
  }

  /** Requests are written beside their place and renamed into it, which dates the directory: cheap to ask, many times a second. */
  async #maybeChanged(dir: string): Promise<boolean> {
    const now = Date.now();
    const before = this.#lookedMs;
    this.#lookedMs = now;
    const changedMs = await stat(dir).then(
      (s) => s.mtimeMs,
      () => 0,
    );
    if (now - this.#fullMs < FULL_LOOK_MS && changedMs < before - SETTLED_MS) return false;
    this.#fullMs = now;
    return true;
  }

  async #read(dir: string): Promise<void> {
    const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(".json"));
    const fresh: DeskRequest[] = [];
    for (const name of names) {
      const request = await this.#changed(join(dir, name));
      if (request && this.o.kinds.includes(request.kind)) fresh.push(request);
    }
    fresh.sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
    for (const request of fresh) this.o.onRequest(request);
  }

  async #changed(path: string): Promise<DeskRequest | null> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${mtimeMs}/${size}/${ino}`;
      if (this.#seen.get(path) === version) return null;
      const value = JSON.parse(await readFile(path, "utf8")) as DeskRequest;
      this.#seen.set(path, version);
      return typeof value?.id === "string" && typeof value.kind === "string" && typeof value.at === "string"
        ? value
        : null;
    } catch {
      // Half-written, or gone between two calls: the next round sees it.
      return null;
    }
  }
}

/** Writes a confirmation whole or not at all: a probe may read it at any moment. `id` is refused when it is no file name. */
export async function writeConfirmation(dir: string, confirmation: DeskConfirmation): Promise<void> {
  if (!/^[\w.-]+$/.test(confirmation.id))
    throw new RangeError(`"${confirmation.id}" cannot be the name of a confirmation file`);
  const path = join(dir, "confirmations", `${confirmation.id}.json`);
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.part`;
  await writeFile(draft, `${JSON.stringify(confirmation, null, 2)}\n`);
  await rename(draft, path);
}
