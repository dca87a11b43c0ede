import type { NumberRange } from "../../model/types";
import { type DeskConfirmation, type DeskRequest, DeskWatcher, writeConfirmation } from "../porting/desk-files";
import type { WorldTime } from "../porting/port-order";
import type { Random } from "../random";

/** What the operator does in the organisation's own screens (sandbox/genesys `GenesysStore`). */
export interface OrganisationScreens {
  /** Takes numbers out of the GCV inventory; throws (409) while one of them is bound. */
  operatorRemoveFromInventory(ranges: NumberRange[]): unknown;
  /** Queues, and the way to put agents on one. */
  readonly flows?: {
    readonly queues: { all(): readonly { name: string; memberCount: number }[] };
    staff(name: string, agents: number): void;
  };
}

export interface OperatorOptions {
  clock: WorldTime;
  random: Random;
  /** The stack's desk directory. */
  dir: string;
  organisation: OrganisationScreens;
  /** World hours between a request and the operator's doing it, at least and at most. Default 1 to 12. */
  hours?: readonly [number, number];
  /** Added to every request: a holiday, a sick note. Default 0. */
  lateHours?: number;
  /** Requests that are never carried out (by a text in their note or id, or all with `*`). Default none. */
  forgets?: readonly string[];
  /** How long to wait after a refusal before trying again, world minutes. Default 30. */
  retryMinutes?: number;
}

const MINUTE_MS = 60_000;
/** Agents put on a queue that has none. */
const AGENTS = 5;

/**
 * A person of the organisation who carries out what no API can: taking numbers out of the GCV inventory, putting agents on new queues.
 * Works through `requests/` of kind `inventory-removal` and signs them off in `confirmations/`.
 */
export class Operator {
  #watcher: DeskWatcher;
  #pending = new Map<string, { cancel(): void }>();
  #staffing = new Set<string>();
  #writing: Promise<void> = Promise.resolve();
  #options: Required<Pick<OperatorOptions, "lateHours" | "forgets">>;
  /** Requests carried out, refused attempts (409), requests forgotten and queues staffed so far. */
  readonly counts = { done: 0, refusedAttempts: 0, forgotten: 0, staffed: 0 };

  constructor(private readonly o: OperatorOptions) {
    this.#options = { lateHours: o.lateHours ?? 0, forgets: o.forgets ?? [] };
    this.#watcher = new DeskWatcher({
      dir: o.dir,
      kinds: ["inventory-removal"],
      onRequest: (request) => this.#take(request),
      afterLook: async () => this.#lookAtQueues(),
    });
  }

  async start(): Promise<void> {
    await this.#watcher.start();
  }

  /** Changes the operator's manners at run time (control API `POST /operator`); requests already planned keep their date. */
  set(change: { lateHours?: number; forgets?: readonly string[] }): void {
    Object.assign(this.#options, change);
  }

  /** Looks into the in-tray now and waits until what was signed off is on disk. */
  async scan(): Promise<void> {
    await this.#watcher.scan();
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#watcher.stop();
    await this.#writing;
  }

  #take(request: DeskRequest): void {
    this.#pending.get(request.id)?.cancel();
    this.#pending.delete(request.id);
    if (request.withdrawn) return;
    if (this.#forgets(request)) {
      this.counts.forgotten++;
      return;
    }
    this.#plan(request, this.#dueAfter(new Date(request.at), request.id));
  }

  /** When the operator comes round to something that was there at `at`. */
  #dueAfter(at: Date, what: string): Date {
    const [min, max] = this.o.hours ?? [1, 12];
    const hours = min + this.o.random.stream(`operator/${what}`).next() * (max - min) + this.#options.lateHours;
    return new Date(at.getTime() + hours * 60 * MINUTE_MS);
  }

  /** A queue that nobody works in is noticed and staffed, as a supervisor would. */
  #lookAtQueues(): void {
    const flows = this.o.organisation.flows;
    for (const { name, memberCount } of flows?.queues.all() ?? []) {
      if (memberCount > 0 || this.#staffing.has(name)) continue;
      this.#staffing.add(name);
      this.o.clock.at(this.#dueAfter(this.o.clock.now(), `queue ${name}`), "operator-staffs", name, () => {
        this.#staffing.delete(name);
        // It may be gone again by then.
        if (!flows?.queues.all().some((q) => q.name === name && q.memberCount === 0)) return;
        flows.staff(name, AGENTS);
        this.counts.staffed++;
      });
    }
  }

  #plan(request: DeskRequest, due: Date): void {
    const handle = this.o.clock.at(due, "inventory-removed", describe(request), () => {
      this.#pending.delete(request.id);
      this.#carryOut(request);
      return this.#writing;
    });
    this.#pending.set(request.id, handle);
  }

  #carryOut(request: DeskRequest): void {
    try {
      this.o.organisation.operatorRemoveFromInventory(request.ranges as NumberRange[]);
    } catch (error) {
      // Bound still, most likely: the screen says so, and the operator comes back later.
      this.counts.refusedAttempts++;
      const again = new Date(this.o.clock.now().getTime() + (this.o.retryMinutes ?? 30) * MINUTE_MS);
      this.#last = error instanceof Error ? error.message : String(error);
      this.#plan(request, again);
      return;
    }
    this.counts.done++;
    this.#sign({
      id: request.id,
      at: this.o.clock.now().toISOString(),
      status: "done",
      note: `${describe(request)} taken out of the inventory`,
    });
  }

  /** What the screen said the last time a removal was refused, null when none was. */
  get lastRefusal(): string | null {
    return this.#last;
  }
  #last: string | null = null;

  #forgets(request: DeskRequest): boolean {
    const text = `${request.id} ${String(request.name ?? "")} ${String(request.note ?? "")}`;
    return this.#options.forgets.some((f) => f === "*" || text.includes(f));
  }

  #sign(confirmation: DeskConfirmation): void {
    this.#writing = this.#writing
      .then(() => writeConfirmation(this.o.dir, confirmation))
      .catch((error) => {
        process.stderr.write(
          `sandbox: the operator could not write confirmation ${confirmation.id}: ${String(error)}\n`,
        );
      });
  }
}

function describe(request: DeskRequest): string {
  const ranges = (request.ranges ?? []) as NumberRange[];
  const first = ranges[0];
  return first ? `${request.id}: ${first.from} and ${ranges.length} ranges in all` : request.id;
}
