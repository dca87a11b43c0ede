import { type DeskConfirmation, type DeskRequest, DeskWatcher, writeConfirmation } from "./desk-files";
import type { WorldTime } from "./port-order";

export interface InTrayOptions {
  /** Whose tray, for messages about a disk that is full: `the operator`. */
  who: string;
  clock: WorldTime;
  /** Desk directory with `requests/` and `confirmations/`. */
  dir: string;
  /** Kinds of request that are taken; others are somebody else's. */
  kinds: readonly string[];
  /** When a request will be carried out; null for never (it may have been signed off here already). */
  due(request: DeskRequest): Date | null;
  /** How the dated event of a request is called in the world's list of events. */
  event(request: DeskRequest): { kind: string; detail: string };
  /** Carries a request out. What it signs is on disk before the world's clock goes on. */
  carryOut(request: DeskRequest): void;
  /** Told of a request that is no longer wanted, carried out or not. */
  withdrawn?(request: DeskRequest): void;
  /** Called after each look into the tray, whether something was new or not. */
  afterLook?(): Promise<void> | void;
}

/**
 * A person's in-tray: takes dated requests, carries each out in its time and signs it off. A request that was withdrawn before its turn is
 * not carried out; one that was changed is carried out in its newest form only.
 */
export class InTray {
  readonly #watcher: DeskWatcher;
  readonly #pending = new Map<string, { cancel(): void }>();
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly o: InTrayOptions) {
    this.#watcher = new DeskWatcher({
      dir: o.dir,
      kinds: o.kinds,
      onRequest: (request) => this.#take(request),
      afterLook: async () => o.afterLook?.(),
    });
  }

  /** Creates the desk's folders when needed and starts to look at them. */
  start(): Promise<void> {
    return this.#watcher.start();
  }

  /** Looks into the tray now and waits until what was signed off is on disk. */
  async scan(): Promise<void> {
    // A look that was under way already may have missed the newest file: the second one has not.
    await this.#watcher.scan();
    await this.#watcher.scan();
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#watcher.stop();
    await this.#writing;
  }

  /** Resolves when everything signed off so far is on disk. */
  written(): Promise<void> {
    return this.#writing;
  }

  /** Carries a request out at an instant of world time: again, after a refusal. */
  plan(request: DeskRequest, due: Date): void {
    const { kind, detail } = this.o.event(request);
    const handle = this.o.clock.at(due, kind, detail, () => {
      this.#pending.delete(request.id);
      this.o.carryOut(request);
      return this.#writing;
    });
    this.#pending.set(request.id, handle);
  }

  /** Takes a request that is still waiting out of the tray; false when there is none such. */
  drop(id: string): boolean {
    const waiting = this.#pending.get(id);
    waiting?.cancel();
    return this.#pending.delete(id);
  }

  /** Signs a request off. One after another: two sign-offs of one request land in their own order. */
  sign(id: string, status: DeskConfirmation["status"], note: string, payload: Record<string, unknown> = {}): void {
    const confirmation = { id, at: this.o.clock.now().toISOString(), status, note, ...payload };
    this.#writing = this.#writing
      .then(() => writeConfirmation(this.o.dir, confirmation))
      .catch((error) => {
        process.stderr.write(`sandbox: ${this.o.who} could not write confirmation ${id}: ${String(error)}\n`);
      });
  }

  #take(request: DeskRequest): void {
    this.#pending.get(request.id)?.cancel();
    this.#pending.delete(request.id);
    if (request.withdrawn) {
      this.o.withdrawn?.(request);
      return;
    }
    const due = this.o.due(request);
    if (due) this.plan(request, due);
  }
}
