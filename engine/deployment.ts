/** One running operation: its old and new states, its providers, its failures. The rooms beside this file act on it. */
import { DEFAULT_ABORT, Slots } from "./slots";
import type { Loaded } from "./checkpoint";
import type { Plugins } from "./plugins";
import type { Finding, PolicyPack, Subject } from "./policy";
import type { Project } from "./project";
import type { Provider } from "./provider";
import type { Reporter, Step } from "./result";
import { Code, StatusError } from "./rpc";
import type { Snapshot } from "./snapshot";
import type { State } from "./state";
import type { Targets } from "./targets";
import { isProviderType, makeUrn, nameOf, packageOfProvider, parseReference, STACK_TYPE } from "./urn";
import type { Props } from "./values";

export interface DeploymentOptions {
  project: Project;
  stack: string;
  config: Record<string, string>;
  secretKeys: string[];
  preview: boolean;
  parallel: number;
  /** Go on with what does not depend on a failed step. */
  continueOnError: boolean;
  targets: Targets;
  loaded: Loaded;
  snapshot: Snapshot;
  reporter: Reporter;
  plugins: Plugins;
  packs: PolicyPack[];
}

/** One operation on a stack: what was, what is wanted and what has come of it so far; every step reads and writes it here. */
export class Deployment {
  readonly slots: Slots;
  /** Live old states by URN. */
  readonly olds = new Map<string, State>();
  /** New states by URN, as soon as their step is done. */
  readonly news = new Map<string, State>();
  /** States that a registration is to bring about, by URN. */
  readonly planned = new Map<string, State>();
  /** URNs that the program registered in this run. */
  readonly seen = new Set<string>();
  /** Old states that a registration took over: they are not deleted at the end. */
  readonly claimed = new Set<State>();
  /** URN of a new state to the URN its old state had, where they differ. */
  readonly aliased = new Map<string, string>();
  /** Old URNs deleted in this run because what they hang on is being replaced, with the keys they hang by. */
  readonly deletedForReplacement = new Map<string, string[]>();
  /** URNs that failed or were skipped while the operation goes on. */
  readonly unmade = new Set<string>();
  /** Old states of what failed or was skipped: they stay, and what they refer to stays with them. */
  readonly left = new Set<State>();
  /** URNs that would have been created, but are no targets. */
  readonly untargetedCreates = new Set<string>();
  /** Those of them that something needs, as was told. */
  readonly toldUntargeted = new Set<string>();
  /** URNs replaced in this run. */
  readonly replaced = new Set<string>();
  /** Steps of components whose outputs are still to come. */
  readonly awaitingOutputs = new Map<string, Step>();
  readonly deleteBeforeReplace = new Map<string, boolean>();
  private readonly providers = new Map<string, { provider: Provider; state: State }>();
  private readonly oldProviders = new Map<string, State>();
  private readonly loadedProviders = new Map<string, Promise<Provider>>();
  /** Set by the first failure: nothing new starts. */
  aborted = false;
  /** The operation ends failed. */
  failed = false;
  /** A step failed or a registration was refused: the stack as a whole is not judged. (A preview that only found faults is.) */
  broken = false;
  /** Somebody ended the operation; nothing of it failed. */
  cancelled = false;
  /** A registration was refused before its step: the CLI then tells of that and says no more. */
  bailed = false;
  onAbort: () => void = DEFAULT_ABORT;
  stackOutputs: Props | undefined;
  /** Packs are up and leftovers of an earlier run are gone: registrations may be looked at. */
  ready: Promise<void> = Promise.resolve();
  private readonly open = new Set<Promise<unknown>>();

  constructor(readonly o: DeploymentOptions) {
    this.slots = new Slots(o.parallel);
    for (const s of o.loaded.states) {
      o.reporter.hide(s.inputs);
      o.reporter.hide(s.outputs);
      if (!s.delete) this.olds.set(s.urn, s);
      if (isProviderType(s.type)) this.oldProviders.set(`${s.urn}::${s.id}`, s);
    }
  }

  get preview(): boolean {
    return this.o.preview;
  }

  get stackUrn(): string {
    return makeUrn(this.o.stack, this.o.project.name, "", STACK_TYPE, `${this.o.project.name}-${this.o.stack}`);
  }

  /** Follows a call of the program's, so that the end can wait for those under way. */
  track<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<unknown> = work.then(
      () => this.open.delete(ended),
      () => this.open.delete(ended),
    );
    this.open.add(ended);
    return work;
  }

  /** Resolves when no call of the program's is under way. */
  async settled(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  /** Throws what makes the SDK go quiet (it ends by itself when its monitor is unavailable). */
  ensureRunning(): void {
    if (this.aborted) throw new StatusError(Code.UNAVAILABLE, "the operation is ending");
  }

  /** Tells of an error, stops the operation (told to go on or not) and throws for the caller's answer. */
  die(urn: string, message: string): never {
    this.bailed = true;
    this.fault(urn, message);
    this.abort();
    throw new StatusError(Code.UNAVAILABLE, message);
  }

  /** Tells of an error; unless told to go on, nothing new starts from here on. */
  fault(urn: string, message: string): void {
    this.cancelled = false;
    this.o.reporter.say("error", message, urn || undefined);
    this.stop();
  }

  /** Tells of a fault that a preview goes on after, so that all are told of at once; an update stops there. */
  flaw(urn: string, message: string): void {
    if (!this.preview) this.die(urn, message);
    this.o.reporter.say("error", message, urn || undefined);
    this.failed = true;
  }

  /** Ends the operation as failed without a message of its own (a policy told it already). */
  stop(): void {
    this.failed = true;
    this.broken = true;
    if (!this.o.continueOnError) this.abort();
  }

  /** Ends the operation in order: what is under way is finished, nothing new starts. */
  cancel(): void {
    if (this.aborted) return;
    this.cancelled = !this.failed;
    this.failed = true;
    this.broken = true;
    this.abort();
  }

  private abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.onAbort();
  }

  addProvider(state: State, provider: Provider): void {
    this.providers.set(state.urn, { provider, state });
  }

  /** The state of a registered provider, for policies. */
  providerState(ref: string): State | undefined {
    return ref ? this.providers.get(parseReference(ref).urn)?.state : undefined;
  }

  /** A provider by reference: registered in this run, or else loaded from the old state. */
  provider(ref: string): Promise<Provider> {
    const { urn } = parseReference(ref);
    // A provider replaced in this run serves what the old one made as well: one process for a provider resource.
    const here = this.providers.get(urn) ?? this.providers.get(this.o.snapshot.renamed.get(urn) ?? "");
    if (here) return Promise.resolve(here.provider);
    const old = this.oldProvider(ref);
    if (!old) return Promise.reject(new Error(`the state names a provider that it does not hold: ${ref}`));
    let p = this.loadedProviders.get(ref);
    if (!p) {
      p = this.o.plugins.configure(old.urn, old.type, packageOfProvider(old.type), old.id, old.inputs);
      this.loadedProviders.set(ref, p);
    }
    return p;
  }

  /** Was the provider of this reference registered in this run, as it is? */
  hasProvider(ref: string): boolean {
    const { urn, id } = parseReference(ref);
    return this.providers.get(urn)?.state.id === id;
  }

  oldProvider(ref: string): State | undefined {
    return this.oldProviders.get(ref);
  }

  /** Runs the packs on a resource: remediation first, then judgement. Returns the inputs to go on with. */
  async judge(s: Subject): Promise<Props> {
    const { reporter, packs } = this.o;
    let properties = s.properties;
    for (const pack of packs) {
      const { properties: after, changed } = await pack.remediate({ ...s, properties });
      for (const c of changed) reporter.remediation(c.finding, c.before, c.after);
      const failed = changed.map((c) => c.finding.policy);
      reporter.policySummary("policyRemediateSummaryEvent", of(pack), pack.policyNames, failed, s.state.urn);
      properties = after;
    }
    const answers = await Promise.all(packs.map((pack) => pack.analyze({ ...s, properties })));
    const findings = answers.flatMap((a) => a.findings);
    for (const f of findings) reporter.finding(f);
    answers.forEach((a, i) => {
      const failed = a.findings.map((f) => f.policy);
      reporter.policySummary("policyAnalyzeSummaryEvent", of(packs[i] as PolicyPack), a.evaluated, failed, s.state.urn);
    });
    if (findings.some((f) => f.level === "mandatory")) this.violated(s.state.urn);
    return properties;
  }

  /** Runs the stack policies over all new states. */
  async judgeStack(): Promise<void> {
    const subjects = [...this.news.values()].map((state) => this.subject(state, state.outputs));
    for (const pack of this.o.packs) {
      const { findings, evaluated } = await pack.analyzeStack(subjects, this.stackUrn);
      for (const f of findings) this.o.reporter.finding(f);
      const failed = findings.map((f: Finding) => f.policy);
      this.o.reporter.policySummary("policyAnalyzeStackSummaryEvent", of(pack), evaluated, failed);
      if (findings.some((f) => f.level === "mandatory")) this.failed = true;
    }
  }

  subject(state: State, properties: Props): Subject {
    const deleteBeforeReplace = this.deleteBeforeReplace.get(state.urn);
    return { state, properties, provider: this.providerState(state.provider), deleteBeforeReplace };
  }

  // A preview goes on, to show all violations at once, and fails at its end. An update stops before it writes.
  private violated(urn: string): void {
    this.failed = true;
    if (this.preview) return;
    this.bailed = true;
    this.broken = true;
    this.abort();
    throw new StatusError(Code.UNAVAILABLE, `resource ${nameOf(urn)} violates a mandatory policy`);
  }
}

const of = (p: PolicyPack) => ({ pack: p.name, version: p.version });
