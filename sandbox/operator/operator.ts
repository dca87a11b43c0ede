import type { Seat } from "../../model/rules/emergencyGroups";
import type { NumberRange } from "../../model/types";
import type { DeskRequest } from "../porting/desk-files";
import { InTray } from "../porting/in-tray";
import type { WorldTime } from "../porting/port-order";
import type { Random } from "../random";

/** What the operator does in the organisation's own screens (sandbox/genesys `GenesysStore`). */
export interface OrganisationScreens {
  /** Takes numbers out of the GCV inventory; throws (409) while one of them is bound. */
  operatorRemoveFromInventory(ranges: NumberRange[]): unknown;
  /** Adds call routes to an emergency group, under one of its flows, or takes them out; throws for names there are not. */
  operatorSeats?(group: string, flow: string, callRoutes: readonly string[], inside: boolean): void;
  /** Queues, and the way to put agents on one. */
  readonly flows?: {
    readonly queues: { all(): readonly { name: string; memberCount: number }[] };
    staff(name: string, agents: number): void;
    deactivate(name: string): void;
  };
  /** Call routes whose calls run a flow, as the flow's own screen lists them. */
  callRoutesOf?(flow: string): readonly string[];
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
  /** Flows that are taken out of service once no call route runs them any more: "nobody uses it". Default none. */
  tidies?: readonly string[];
  /** How long to wait after a refusal before trying again, world minutes. Default 30. */
  retryMinutes?: number;
}

const MINUTE_MS = 60_000;
/** Kind of the request for call routes in emergency groups. */
const GROUPS = "emergency-group";
/** Agents put on a queue that has none. */
const AGENTS = 5;

/**
 * A person of the organisation who carries out what no API can, or what is not the migration's to do: taking numbers out of the GCV inventory,
 * adding call routes to the organisation's emergency groups, putting agents on new queues; and, when told to, more than is good (`tidies`).
 * Works through `requests/` of the kinds `inventory-removal` and `emergency-group` and signs them off in `confirmations/`.
 */
export class Operator {
  readonly #tray: InTray;
  #staffing = new Set<string>();
  #tidied = new Set<string>();
  /** Call routes put into emergency groups, by the request that asked for it. */
  #seated = new Map<string, Seat[]>();
  #options: Required<Pick<OperatorOptions, "lateHours" | "forgets">>;
  /** Requests carried out, refused attempts (409), requests forgotten and queues staffed so far. */
  readonly counts = { done: 0, refusedAttempts: 0, forgotten: 0, staffed: 0 };

  constructor(private readonly o: OperatorOptions) {
    this.#options = { lateHours: o.lateHours ?? 0, forgets: o.forgets ?? [] };
    this.#tray = new InTray({
      who: "the operator",
      clock: o.clock,
      dir: o.dir,
      kinds: ["inventory-removal", GROUPS],
      due: (request) => this.#due(request),
      event: (request) =>
        request.kind === GROUPS
          ? { kind: "operator-groups", detail: request.id }
          : { kind: "inventory-removed", detail: describe(request) },
      carryOut: (request) => (request.kind === GROUPS ? this.#seat(request) : this.#carryOut(request)),
      withdrawn: (request) => this.#unseat(request),
      afterLook: () => {
        this.#lookAtQueues();
        this.#lookAtFlows();
      },
    });
  }

  start(): Promise<void> {
    return this.#tray.start();
  }

  /** Changes the operator's manners at run time (control API `POST /operator`); requests already planned keep their date. */
  set(change: { lateHours?: number; forgets?: readonly string[] }): void {
    Object.assign(this.#options, change);
  }

  /** Looks into the in-tray now and waits until what was signed off is on disk. */
  scan(): Promise<void> {
    return this.#tray.scan();
  }

  close(): Promise<void> {
    return this.#tray.close();
  }

  #due(request: DeskRequest): Date | null {
    if (this.#forgets(request)) {
      this.counts.forgotten++;
      return null;
    }
    return this.#dueAfter(new Date(request.at), request.id);
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

  /** Whether other flows still transfer to it is another screen, which nobody opens. */
  #lookAtFlows(): void {
    const { flows, callRoutesOf } = this.o.organisation;
    for (const name of this.o.tidies ?? []) {
      if (this.#tidied.has(name) || !callRoutesOf || callRoutesOf.call(this.o.organisation, name).length > 0) continue;
      this.#tidied.add(name);
      this.o.clock.at(this.#dueAfter(this.o.clock.now(), `flow ${name}`), "operator-tidies", name, () => {
        flows?.deactivate(name);
      });
    }
  }

  #seat(request: DeskRequest): void {
    try {
      for (const seat of seatsOf(request))
        this.o.organisation.operatorSeats?.(seat.group, seat.flow, seat.callRoutes, true);
    } catch (error) {
      this.#comeBack(request, error);
      return;
    }
    this.#seated.set(request.id, seatsOf(request));
    this.counts.done++;
    this.#tray.sign(request.id, "done", `${request.id}: added to the emergency groups`);
  }

  /** What was withdrawn is taken out again in its time, but for what another request asks for. */
  #unseat({ id, kind }: DeskRequest): void {
    const seats = kind === GROUPS ? this.#seated.get(id) : undefined;
    if (!seats) return;
    this.#seated.delete(id);
    this.o.clock.at(this.#dueAfter(this.o.clock.now(), `withdrawn ${id}`), "operator-groups", `${id} withdrawn`, () => {
      const kept = new Set([...this.#seated.values()].flat().flatMap(keysOf));
      for (const seat of seats) {
        const callRoutes = seat.callRoutes.filter(
          (c) => !keysOf({ ...seat, callRoutes: [c] }).some((k) => kept.has(k)),
        );
        this.o.organisation.operatorSeats?.(seat.group, seat.flow, callRoutes, false);
      }
    });
  }

  /** The screen refused: it says why, and the operator comes back later. */
  #comeBack(request: DeskRequest, error: unknown): void {
    this.counts.refusedAttempts++;
    const again = new Date(this.o.clock.now().getTime() + (this.o.retryMinutes ?? 30) * MINUTE_MS);
    this.#last = error instanceof Error ? error.message : String(error);
    this.#tray.plan(request, again);
  }

  #carryOut(request: DeskRequest): void {
    try {
      this.o.organisation.operatorRemoveFromInventory(request.ranges as NumberRange[]);
    } catch (error) {
      // Bound still, most likely.
      this.#comeBack(request, error);
      return;
    }
    this.counts.done++;
    this.#tray.sign(request.id, "done", `${describe(request)} taken out of the inventory`);
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
}

const seatsOf = (request: DeskRequest): Seat[] => (request.groups ?? []) as Seat[];
const keysOf = ({ group, flow, callRoutes }: Seat): string[] => callRoutes.map((c) => `${group}\n${flow}\n${c}`);

function describe(request: DeskRequest): string {
  const ranges = (request.ranges ?? []) as NumberRange[];
  const first = ranges[0];
  return first ? `${request.id}: ${first.from} and ${ranges.length} ranges in all` : request.id;
}
