/**
 * The state of a running update: what is done, what is under way, what is still as it was. Each provider call that
 * writes is announced in the file before it starts (pending operation), so a killed engine leaves a trace of it.
 */
import { type Loaded, manifest } from "./checkpoint";
import { writeAtomically } from "./disk";
import { verifyIntegrity } from "./integrity";
import { type PendingOperation, references, type State, sealState } from "./state";

/** The checkpoint while an operation runs: states in the order that the CLI writes, and what is under way. */
export class Snapshot {
  private readonly fresh: State[] = [];
  private readonly done = new Set<State>();
  private readonly pending = new Map<object, PendingOperation>();
  /** Old URN to new URN of renamed resources, for states that still name the old one. */
  readonly renamed = new Map<string, string>();
  private readonly texts = new WeakMap<State, string>();
  private saved = "";
  private dirty = false;
  private writing: Promise<void> | undefined;

  /** `file` undefined: nothing is ever written (a preview). `kept`: pending operations of an earlier crash. */
  constructor(
    private readonly loaded: Loaded,
    private readonly file: string | undefined,
    private readonly stackName: string,
    private kept: readonly PendingOperation[],
  ) {
    // What the file holds already need not be written again.
    if (file) this.saved = this.body();
  }

  /** A new state is final. */
  add(state: State, replaces?: State): void {
    if (replaces) this.leave(replaces);
    this.fresh.push(state);
    this.touch();
  }

  /** A state that was there is gone. */
  drop(state: State): void {
    this.leave(state);
    this.touch();
  }

  private leave(state: State): void {
    const at = this.fresh.indexOf(state);
    if (at >= 0) this.fresh.splice(at, 1);
    else this.done.add(state);
  }

  /** A state was changed in place. */
  changed(state: State): void {
    this.texts.delete(state);
    this.touch();
  }

  /** Announces a provider call and waits until the announcement is in the file. Returns what ends it. */
  async begin(type: PendingOperation["type"], resource: State): Promise<() => void> {
    const key = {};
    this.pending.set(key, { type, resource });
    this.touch();
    await this.save();
    return () => {
      this.pending.delete(key);
      this.texts.delete(resource);
      this.touch();
    };
  }

  /** The outcome of what was interrupted on `urn` is known: nothing is left to tell of it. */
  resolved(urn: string): void {
    this.kept = this.kept.filter((p) => p.resource.urn !== urn);
    this.touch();
  }

  /** All states in an order that holds the integrity rules. */
  states(): State[] {
    return [...this.fresh, ...this.loaded.states.filter((s) => !this.done.has(s))];
  }

  /** Writes what is not written yet. `anyway`: also when nothing changed, for the time in the manifest. */
  async flush(anyway: boolean): Promise<void> {
    while (this.writing) await this.writing;
    this.writing = this.write(anyway).finally(() => {
      this.writing = undefined;
    });
    await this.writing;
  }

  private touch(): void {
    this.dirty = true;
    // A finished step is saved at once, but steps that finish together share one write.
    // (An error shows again at the next begin or at the final flush.)
    if (this.file && !this.writing) setImmediate(() => this.save().catch(() => undefined));
  }

  /** Resolves when a write that began after this call has ended. */
  private async save(): Promise<void> {
    if (!this.file) return;
    while (this.dirty || this.writing) {
      if (this.writing) {
        await this.writing;
        continue;
      }
      this.writing = this.write(false).finally(() => {
        this.writing = undefined;
      });
    }
  }

  private async write(anyway: boolean): Promise<void> {
    if (!this.file) return;
    this.dirty = false;
    const body = this.body();
    if (body === this.saved && !anyway) return;
    const head = JSON.stringify({ manifest: manifest(), secrets_providers: this.secrets() }).slice(0, -1);
    await writeAtomically(
      this.file,
      `{"version":3,"checkpoint":{"stack":${JSON.stringify(this.stackName)},"latest":${head},${body}}}}\n`,
    );
    this.saved = body;
  }

  private secrets(): unknown {
    return { type: "passphrase", state: { salt: this.loaded.crypter.salt } };
  }

  private body(): string {
    const states = arrange(this.states().map((s) => this.rename(s)));
    const wrong = verifyIntegrity(states);
    // Never a user's mistake: a checkpoint that breaks the rules would be refused by both engines.
    if (wrong) throw new Error(`the engine was about to save a damaged checkpoint: ${wrong}`);
    const now = [...this.pending.values()];
    // A creation that is tried again stands there once, however often it was interrupted.
    const again = new Set(now.filter((p) => p.type === "creating").map((p) => p.resource.urn));
    const pending = [...this.kept.filter((p) => !again.has(p.resource.urn)), ...now].map(
      (p) => `{"resource":${this.text(this.rename(p.resource))},"type":"${p.type}"}`,
    );
    return (
      `"resources":[${states.map((s) => this.text(s)).join(",\n")}]` +
      (pending.length > 0 ? `,"pending_operations":[${pending.join(",")}]` : "") +
      ',"metadata":{}'
    );
  }

  // Turning a state into text costs far more than joining texts, and most states do not change between two writes.
  private text(s: State): string {
    let t = this.texts.get(s);
    if (t === undefined) {
      t = JSON.stringify(sealState(s, this.loaded.book));
      this.texts.set(s, t);
    }
    return t;
  }

  private rename(s: State): State {
    if (this.renamed.size === 0) return s;
    const to = (urn: string) => this.renamed.get(urn) ?? urn;
    const moved = [s.parent, s.deletedWith, ...s.dependencies, ...s.replaceWith].some((u) => this.renamed.has(u));
    const at = s.provider.lastIndexOf("::");
    const byProvider = at > 0 && this.renamed.has(s.provider.slice(0, at));
    const byProperty = Object.values(s.propertyDependencies).some((l) => l.some((u) => this.renamed.has(u)));
    if (!moved && !byProvider && !byProperty) return s;
    const properties = Object.entries(s.propertyDependencies).map(([k, l]) => [k, l.map(to)] as const);
    return {
      ...s,
      parent: to(s.parent),
      deletedWith: to(s.deletedWith),
      dependencies: s.dependencies.map(to),
      replaceWith: s.replaceWith.map(to),
      propertyDependencies: Object.fromEntries(properties),
      provider: byProvider ? to(s.provider.slice(0, at)) + s.provider.slice(at) : s.provider,
    };
  }
}

/**
 * The states in their order, but each after those it refers to: one that is kept as it was, because it is no target, may refer to one
 * that this run has not come to.
 */
function arrange(states: readonly State[]): State[] {
  const open = new Map<string, State>();
  for (const s of states) if (!open.has(s.urn)) open.set(s.urn, s);
  const begun = new Set<State>();
  const placed: State[] = [];
  const seen = new Set<string>();
  const place = (s: State): void => {
    if (begun.has(s)) return;
    begun.add(s);
    for (const u of references(s)) {
      const needed = seen.has(u) ? undefined : open.get(u);
      if (needed) place(needed);
    }
    seen.add(s.urn);
    placed.push(s);
  };
  for (const s of states) place(s);
  return placed;
}
