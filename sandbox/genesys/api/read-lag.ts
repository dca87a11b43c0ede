/** Eventual consistency: a read soon after a write sees how things were before it. */

import { ApiError } from "../store/errors";

/** What a read answers while the write has not come through: the old state, or that there is no such thing yet. */
type Old = { body: string } | { missing: true };

/** Always consistent: data tables and rows are read with parameters that change the answer, a job is asked for its own progress. */
const CONSISTENT = ["/api/v2/flows/datatables", "/api/v2/flows/jobs"];

/** Old answers by path. */
export class ReadLag {
  readonly #old = new Map<string, { untilMs: number; old: Old }>();

  /** `seconds` of world time for which the old state is shown; 0 = never. */
  constructor(
    private readonly now: () => Date,
    private readonly seconds: number,
  ) {}

  /** True when a write to this path must be preceded by a look at the old state. */
  concerns(path: string): boolean {
    return this.seconds > 0 && !CONSISTENT.some((start) => path.startsWith(start));
  }

  /** After a change of what `path` shows. An older state that is still shown stays the one that is shown. */
  changed(path: string, before: unknown): void {
    this.#keep(path, { body: JSON.stringify(before) });
  }

  /** After a creation: what was made is not found yet. */
  created(body: unknown): void {
    const uri = (body as { selfUri?: unknown } | undefined)?.selfUri;
    if (typeof uri === "string" && this.concerns(uri)) this.#keep(uri, { missing: true });
  }

  /** The old answer of a path, or undefined when the new one may be given. @throws ApiError 404 for what is not there yet. */
  answer(path: string): { body: unknown } | undefined {
    const old = this.#kept(path);
    if (!old) return undefined;
    if ("missing" in old) throw new ApiError(404, "not.found", `The requested resource ${path} was not found.`);
    return { body: JSON.parse(old.body) };
  }

  /**
   * A listing as it is seen: what was changed shows its old state, what was made is not in it yet. What was deleted is gone from it at once,
   * and what filters chose was chosen by the new state.
   */
  listed<T>(entities: readonly T[]): T[] {
    return entities.flatMap((entity) => {
      const uri = (entity as { selfUri?: unknown }).selfUri;
      const kept = typeof uri === "string" ? this.#kept(uri) : undefined;
      if (!kept) return [entity];
      return "missing" in kept ? [] : [JSON.parse(kept.body) as T];
    });
  }

  /** What is still shown of a path instead of its new state. */
  #kept(path: string): Old | undefined {
    const kept = this.#old.get(path);
    if (!kept) return undefined;
    if (kept.untilMs > this.now().getTime()) return kept.old;
    this.#old.delete(path);
    return undefined;
  }

  #keep(path: string, old: Old): void {
    const nowMs = this.now().getTime();
    const kept = this.#old.get(path);
    if (kept && kept.untilMs > nowMs) return;
    this.#old.set(path, { untilMs: nowMs + this.seconds * 1000, old });
  }
}
