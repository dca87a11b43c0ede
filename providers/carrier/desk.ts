import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../model/errors";
import type { Clock } from "../lib/clock";
import { checkConfirmation, checkRequest } from "./desk-form";

/** A dated request to people: `<deskDir>/requests/<id>.json`. The payload's keys stand beside these. */
export interface DeskRequest {
  id: string;
  kind: string;
  /** What the request is about; of several with one kind and subject the newest counts. */
  subject: string;
  at: string;
  by: string;
  withdrawn?: boolean;
  [key: string]: unknown;
}

/** A person's answer: `<deskDir>/confirmations/<id>.json`. */
export interface DeskConfirmation {
  id: string;
  at: string;
  status: "done" | "refused";
  note?: string;
  [key: string]: unknown;
}

/** File-name part of a subject: letters, digits and dashes only, so that no subject can leave the directory or meet another's. */
function slug(subject: string): string {
  const plain = subject
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return plain === subject
    ? plain
    : `${plain.slice(0, 60) || "x"}-${createHash("sha256").update(subject).digest("hex").slice(0, 6)}`;
}

/** JSON with sorted keys: equal payloads give equal text whatever order their keys came in. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  if (value && typeof value === "object") {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${stableJson(v)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

async function readJson(path: string): Promise<Record<string, unknown> | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    const value = JSON.parse(text) as unknown;
    if (value && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below: people write these files by hand
  }
  throw new UserError(
    `${path}: seen no JSON object; expected one with id, at and status; fix: correct the file by hand.`,
  );
}

/** Written beside its place and renamed into it: a reader never sees half a file. */
async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  await rename(draft, path);
}

/**
 * The desk between the program and people: requests are written here, confirmations are read. One directory per stack,
 * under version control in production, so that every request has an author, a date and an answer.
 */
export class Desk {
  readonly #requests: string;
  readonly #confirmations: string;
  #writes: Promise<unknown> = Promise.resolve();

  constructor(
    readonly dir: string,
    private readonly clock: Clock,
  ) {
    this.#requests = join(dir, "requests");
    this.#confirmations = join(dir, "confirmations");
  }

  /** All requests of one kind (or all), oldest first. */
  async requests(kind?: string): Promise<DeskRequest[]> {
    const wanted = (await this.#names()).filter((n) => !kind || n.startsWith(`${kind}-`));
    const read = await Promise.all(
      wanted.map(async (n) => {
        const request = await readJson(join(this.#requests, n));
        if (request) checkRequest(join(this.#requests, n), n.slice(0, -5), request);
        return request;
      }),
    );
    const found = read.filter((r): r is Record<string, unknown> => r !== null) as unknown as DeskRequest[];
    return found.filter((r) => !kind || r.kind === kind).sort((a, b) => sequence(a) - sequence(b));
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#requests)).filter((n) => n.endsWith(".json"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  /** The newest request of a kind about a subject, withdrawn ones too; null when there is none. */
  async latest(kind: string, subject: string): Promise<DeskRequest | null> {
    return (await this.requests(kind)).filter((r) => r.subject === subject).at(-1) ?? null;
  }

  async confirmation(id: string): Promise<DeskConfirmation | null> {
    const found = await readJson(join(this.#confirmations, `${id}.json`));
    if (!found) return null;
    checkConfirmation(join(this.#confirmations, `${id}.json`), found);
    return found as unknown as DeskConfirmation;
  }

  /** Every confirmation file whose id starts with `prefix`. */
  async confirmations(prefix: string): Promise<DeskConfirmation[]> {
    const names = await readdir(this.#confirmations).catch(() => [] as string[]);
    const ids = names.filter((n) => n.startsWith(prefix) && n.endsWith(".json")).map((n) => n.slice(0, -5));
    const read = await Promise.all(ids.map((id) => this.confirmation(id)));
    return read.filter((c): c is DeskConfirmation => c !== null);
  }

  /**
   * Writes a request, unless the newest one about the subject, of whatever kind, asks for the same and is neither withdrawn nor
   * refused: then that one is returned, so that a run repeated after a crash asks nobody twice.
   */
  request(kind: string, subject: string, payload: Record<string, unknown>): Promise<DeskRequest> {
    // One after another: two requests written at once must not take the same number.
    const next = this.#writes.then(() => this.#write(kind, subject, payload));
    this.#writes = next.catch(() => undefined);
    return next;
  }

  async #write(kind: string, subject: string, payload: Record<string, unknown>): Promise<DeskRequest> {
    // One running number per subject over all kinds: which of a request and what takes it back is newer is told by it.
    const ours = (await this.#names()).filter((n) => n.replace(/-\d+\.json$/, "").endsWith(`-${slug(subject)}`));
    const last = Math.max(0, ...ours.map((n) => sequence({ id: n.slice(0, -5) })));
    const newest = await this.latest(kind, subject);
    const standing = newest !== null && !newest.withdrawn && sequence(newest) === last;
    if (standing && stableJson(payloadOf(newest)) === stableJson(payload)) {
      const answer = await this.confirmation(newest.id);
      if (answer?.status !== "refused") return newest;
    }
    const request: DeskRequest = {
      id: `${kind}-${slug(subject)}-${last + 1}`,
      kind,
      subject,
      at: (await this.clock.now()).toISOString(),
      by: "cutover",
      ...payload,
    };
    await mkdir(this.#requests, { recursive: true });
    await writeJson(join(this.#requests, `${request.id}.json`), request);
    return request;
  }

  /** Marks a request as no longer wanted; a request that does not exist is none. */
  async withdraw(id: string): Promise<void> {
    const path = join(this.#requests, `${id}.json`);
    const request = await readJson(path);
    if (!request || request.withdrawn === true) return;
    await writeJson(path, { ...request, withdrawn: true, withdrawnAt: (await this.clock.now()).toISOString() });
  }
}

/** The running number at the end of a request's id. */
export function sequence(request: { id: string }): number {
  return Number(/-(\d+)$/.exec(request.id)?.[1] ?? 0);
}

/** A request without its head. */
export function payloadOf(request: DeskRequest): Record<string, unknown> {
  const {
    id: _id,
    kind: _kind,
    subject: _subject,
    at: _at,
    by: _by,
    withdrawn: _withdrawn,
    withdrawnAt: _when,
    ...payload
  } = request;
  return payload;
}
