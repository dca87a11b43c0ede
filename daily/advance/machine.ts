import { UserError } from "../../model/errors";
import type { Verdict } from "../../model/facts";
import type { Position } from "../../model/types";
import type { AuditEntry, AuditEvent, Evidence } from "./audit";
import type { Journal } from "./journal";
import { type Limit, lookStatus } from "./limits";
import { samePlace, type Target, targetText } from "./target";

/** What an engine said of one preview or up. */
export interface Outcome {
  ok: boolean;
  /** Operations that change something, with their counts. */
  changes: Record<string, number>;
  /** Policies and proofs that refused, `name: message`. */
  refusals: string[];
  errors: string[];
}

/** Gates of a move as far as they can be judged without placing a test call. */
export interface Judgement {
  waiting: Verdict[];
  verdicts: Verdict[];
  evidence: Evidence[];
}

/** Everything outside that a step touches: each may fail, and the process may end at any of them. */
export interface Ports {
  save(journal: Journal): void;
  audit(entry: AuditEntry): void;
  /** Where the phase record says that the stack stands. */
  where(): Promise<Position>;
  judge(to: Target): Promise<Judgement>;
  preview(to: Target): Promise<Outcome>;
  up(to: Target): Promise<Outcome>;
  /** Evidence that the engine's own gate was passed with. */
  evidence(): Promise<Evidence[]>;
  /** Whether callers can notice the step: only then is it watched. */
  isWatched(from: Target, to: Target): boolean;
  look(from: Target, to: Target, since: string, tests: boolean): Promise<{ limits: Limit[]; evidence: Evidence[] }>;
  confirm(journal: Journal): Promise<boolean>;
  now(): Promise<Date>;
  sleep(seconds: number): Promise<void>;
  paused(): { by: string; at: string; why?: string } | undefined;
  say(text: string): void;
}

/** How a step is made; all times by the clock of the stack, seconds. */
export interface Rules {
  soakSeconds: number;
  /** A soak without an answer, such as too few calls, ends here and is told as held. */
  soakSecondsMax: number;
  lookSeconds: number;
  /** Looks in a row that have to see a broken limit before it goes back: one may be a fluke. */
  brokenLooks: number;
  /** Whether gates that do not pass yet are waited for. */
  wait: boolean;
  waitSecondsMax: number;
  pollSeconds: number;
  pollSecondsMax: number;
  /** Preview only. */
  dry: boolean;
}

/** Seconds between a broken look and the one that confirms it, at most. */
const CONFIRM_SECONDS = 60;
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

/** What the machine needs of a journal that is not done when it hands it back: `paused` before anything was changed, or the way back failed. */
export interface StepResult {
  journal: Journal;
  paused?: boolean;
}

/** Brings one step to its end, from whatever stage its journal stands at. Each stage may be repeated: a kill costs no more than that. */
export class StepMachine {
  private j: Journal;

  constructor(
    journal: Journal,
    private readonly ports: Ports,
    private readonly rules: Rules,
  ) {
    this.j = journal;
  }

  async run(): Promise<StepResult> {
    for (;;) {
      switch (this.j.stage) {
        case "asked":
          if (!(await this.ask())) return { journal: this.j, paused: true };
          break;
        case "applying":
          await this.apply();
          break;
        case "soaking":
          await this.soak();
          break;
        case "returning":
          if (!(await this.goBack())) return { journal: this.j };
          break;
        case "done":
          return { journal: this.j };
      }
    }
  }

  private async record(event: AuditEvent, more: Partial<AuditEntry> = {}): Promise<void> {
    const { id: step, stack, from, to, by, digest } = this.j;
    const at = (await this.ports.now()).toISOString();
    this.ports.audit({ step, event, stack, from: targetText(from), to: targetText(to), by, at, digest, ...more });
  }

  private move(change: Partial<Journal>): void {
    this.j = { ...this.j, ...change };
    this.ports.save(this.j);
  }

  private async end(end: NonNullable<Journal["end"]>, event: AuditEvent, why: string | undefined, more = {}) {
    await this.record(event, { ...(why ? { what: why } : {}), ...more });
    this.move({ stage: "done", end, ...(why ? { why } : {}) });
  }

  /** Nothing is changed here. @returns false when somebody paused. */
  private async ask(): Promise<boolean> {
    const { from, to, direction } = this.j;
    const begun = (await this.ports.now()).getTime();
    for (let poll = this.rules.pollSeconds; ; poll = Math.min(poll * 2, this.rules.pollSecondsMax)) {
      if (this.isPaused()) return false;
      const at = await this.whereNow(poll);
      if (!at) continue;
      // A way back also starts where an up got stuck on the way from there.
      if (!samePlace(at, from) && !(direction === "back" && samePlace(at, to))) {
        await this.end(
          "refused",
          "refused",
          `the stack stands at ${targetText(at)} by now, not at ${targetText(from)}`,
        );
        return true;
      }
      const why = await this.obstacle();
      if (why === undefined) break;
      const waited = ((await this.ports.now()).getTime() - begun) / 1000;
      if (!this.rules.wait || why.final || waited >= this.rules.waitSecondsMax) {
        await this.end("refused", "refused", why.text, why.more);
        return true;
      }
      this.sayWaiting(why.text, waited);
      await this.ports.sleep(poll);
    }
    if (this.rules.dry) {
      this.move({ stage: "done", end: "dry" });
      return true;
    }
    if (!(await this.ports.confirm(this.j))) {
      await this.end("declined", "declined", undefined);
      return true;
    }
    if (this.isPaused()) return false;
    await this.record("confirmed");
    this.move({ stage: "applying" });
    return true;
  }

  /** Where the stack stands; undefined after a pause when nobody could tell and there is time to ask again. */
  private async whereNow(poll: number): Promise<Position | undefined> {
    try {
      return await this.ports.where();
    } catch (error) {
      if (!this.rules.wait || !(error instanceof UserError)) throw error;
      this.ports.say(error.message);
      await this.ports.sleep(poll);
      return undefined;
    }
  }

  private told = { gates: "", atSeconds: 0 };

  /** Told when other gates stand in the way than before, and once a day: hundreds of looks would hide what happens. */
  private sayWaiting(text: string, waited: number): void {
    const gates = [...text.matchAll(/(?:^|; )([a-z0-9-]+)(?: \(|:)/g)].map((m) => m[1]).join();
    if (gates === this.told.gates && waited - this.told.atSeconds < DAY_SECONDS) return;
    this.told = { gates, atSeconds: waited };
    this.ports.say(`waiting for ${text}`);
  }

  private isPaused(): boolean {
    const pause = this.ports.paused();
    if (!pause) return false;
    this.ports.say(
      `paused by ${pause.by} since ${pause.at}${pause.why ? `: ${pause.why}` : ""}; cutover resume ends it`,
    );
    return true;
  }

  /** Why the step cannot be made now; undefined when its preview went through. A `final` one is not a matter of time. */
  private async obstacle(): Promise<{ text: string; final: boolean; more: Partial<AuditEntry> } | undefined> {
    const { to, direction } = this.j;
    const gates =
      direction === "forward" ? await this.ports.judge(to) : { waiting: [], verdicts: [], evidence: [] as Evidence[] };
    const verdicts = gates.verdicts.map(({ gate, status, seen }) => ({ gate, status, seen }));
    const more = { verdicts, evidence: gates.evidence };
    if (gates.waiting.length > 0) {
      const text = gates.waiting.map((v) => `${v.gate} (${v.status}): ${v.seen}; required ${v.required}`).join("; ");
      return { text, final: false, more };
    }
    this.ports.say(`previewing ${targetText(to)}`);
    const preview = await this.ports.preview(to);
    if (preview.ok) {
      await this.record("previewed", { ...more, changes: preview.changes });
      return undefined;
    }
    const text = [...preview.refusals, ...preview.errors].join("; ") || "the preview failed without a reason";
    return { text, final: preview.refusals.length === 0, more };
  }

  private async apply(): Promise<void> {
    const { from, to, direction } = this.j;
    await this.record("applying");
    this.ports.say(`${direction === "back" ? "going back to" : "applying"} ${targetText(to)}`);
    const up = await this.ports.up(to);
    const problem = await this.notThere(up, to);
    if (problem !== undefined) {
      await this.end("failed", "failed", problem);
      return;
    }
    await this.record("applied", { changes: up.changes, evidence: await this.ports.evidence() });
    if (direction === "back" || !this.ports.isWatched(from, to)) {
      await this.end("good", "good", undefined);
      return;
    }
    this.move({ stage: "soaking", soak: { since: (await this.ports.now()).toISOString(), looks: 0, broken: 0 } });
  }

  /** Why an up did not bring the stack to the target, by the engine or by the record, which is written last of all. */
  private async notThere(up: Outcome, to: Target): Promise<string | undefined> {
    if (!up.ok) return [...up.refusals, ...up.errors].join("; ") || "the up failed without a reason";
    const at = await this.ports.where();
    return samePlace(at, to) ? undefined : `the up ended well, but the phase record says ${targetText(at)}`;
  }

  /** A pause holds the next step, never the watch: callers are on the new path already. */
  private async soak(): Promise<void> {
    const { from, to, soak } = this.j;
    const since = Date.parse(soak!.since);
    const elapsed = async () => ((await this.ports.now()).getTime() - since) / 1000;
    for (;;) {
      const { soakSeconds, soakSecondsMax, lookSeconds, brokenLooks } = this.rules;
      const before = await elapsed();
      // Test calls ring in the customer's queues: at the first look, at the last, and to confirm a broken one.
      const tests = this.j.soak!.looks === 0 || this.j.soak!.broken > 0 || before >= soakSeconds;
      const { limits, evidence } = await this.ports.look(from, to, soak!.since, tests);
      const status = lookStatus(limits);
      const told = limits.map((l) => `${l.name} ${l.status}: ${l.seen}`).join("; ");
      const broken = status === "broken" ? this.j.soak!.broken + 1 : 0;
      await this.record(status === "broken" ? "limit-broken" : "look", { what: told, evidence });
      this.move({ soak: { since: soak!.since, looks: this.j.soak!.looks + 1, broken } });
      this.sayLook(told, before);
      if (broken >= brokenLooks) return this.limitBroken(told);
      if (status === "good" && before >= soakSeconds) return this.end("good", "good", told);
      // A broken look is confirmed first, also where nobody looked for a long time.
      if (before >= soakSecondsMax && broken === 0) return this.end("held", "held", told);
      const rest = before < soakSeconds ? soakSeconds - before : lookSeconds;
      await this.ports.sleep(Math.max(1, Math.min(lookSeconds, rest, broken > 0 ? CONFIRM_SECONDS : lookSeconds)));
    }
  }

  private lookTold = { text: "", atSeconds: 0 };

  /** Told when it sees something else than before, and once an hour: a night without calls is a hundred looks that see the same. */
  private sayLook(text: string, elapsed: number): void {
    if (text === this.lookTold.text && elapsed - this.lookTold.atSeconds < HOUR_SECONDS) return;
    this.lookTold = { text, atSeconds: elapsed };
    this.ports.say(`${Math.round(elapsed / 60)} min of ${Math.round(this.rules.soakSeconds / 60)}: ${text}`);
  }

  private async limitBroken(told: string): Promise<void> {
    const { retreat } = this.j;
    if (!retreat)
      return this.end("held", "held", `a limit is broken and this step has no way back of its own: ${told}`);
    await this.record("returning", { what: told });
    this.move({ stage: "returning", why: told });
  }

  /** @returns false when the way back failed: the stage stays, so that whoever runs next goes back first. */
  private async goBack(): Promise<boolean> {
    const to = this.j.retreat!;
    this.ports.say(`a limit is broken: going back to ${targetText(to)} by itself`);
    const up = await this.ports.up(to);
    const problem = await this.notThere(up, to);
    if (problem !== undefined) {
      await this.record("failed", { what: `way back to ${targetText(to)}: ${problem}` });
      this.ports.say(`the way back failed: ${problem}`);
      return false;
    }
    await this.end("returned", "returned", this.j.why, { changes: up.changes });
    return true;
  }
}
