import { UserError } from "../../model/errors";
import { countNumbers, expandRanges, formatRanges, subtractRanges, toRanges } from "../../model/ranges";
import type { NumberRange } from "../../model/types";
import type { Clock } from "../lib/clock";
import type {
  CarrierAdapter,
  CarrierSurvey,
  EmergencyState,
  PortOrderRecord,
  PortOrderSettings,
  RouteSettings,
  RouteState,
} from "./adapter";
import { type Desk, type DeskConfirmation, type DeskRequest, sequence } from "./desk";
import { normalRanges } from "./e164";

/** How often a waiting cancellation looks at the desk, and how long it waits before it gives up for this run. */
const CANCEL_POLL_SECONDS = 600;
const CANCEL_WAIT_SECONDS = 24 * 3600;
/** Nobody's desk promises to stop a port later than this before its date; Telnyx documents the same for its API. */
const CANCEL_DEADLINE_HOURS = 24;

interface RoutePayload {
  name: string;
  ranges: NumberRange[];
  host: string;
  calledNumber: string | null;
  nextHost: string | null;
}

interface PortAnswer extends DeskConfirmation {
  foc?: string;
  /** `foc`: of these numbers, where the desk dates them by themselves. */
  numbers?: { range: NumberRange; status: string; activatedAt: string | null; foc?: string | null }[];
}

const payloadOfRoute = ({ name, ranges, host, calledNumber, nextHost }: RouteSettings): RoutePayload => ({
  name,
  ranges: normalRanges(ranges),
  host,
  calledNumber: calledNumber ?? null,
  nextHost: nextHost ?? null,
});

const stateOf = (answer: DeskConfirmation | null): RouteState & EmergencyState =>
  answer === null ? "pending" : answer.status === "done" ? "active" : "refused";

/** A carrier whose desk works by hand: every change is a dated request, every answer a confirmation file. */
export class ManualCarrier implements CarrierAdapter {
  readonly name = "manual";

  constructor(
    private readonly desk: Desk,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
  ) {}

  async putRoute(route: RouteSettings, dropped: NumberRange[]): Promise<RouteState> {
    await this.#takeBack("route-removal", route.name);
    if (dropped.length > 0) await this.desk.request("route-removal", route.name, { name: route.name, ranges: dropped });
    const request = await this.desk.request("route", route.name, { ...payloadOfRoute(route) });
    await this.#takeBack("route", route.name, request);
    return stateOf(await this.desk.confirmation(request.id));
  }

  async readRoute(name: string): Promise<(RouteSettings & { state: RouteState }) | null> {
    const request = await this.#standing("route", "route-removal", name);
    if (!request) return null;
    const state = stateOf(await this.desk.confirmation(request.id));
    return { ...routeOf(request), state };
  }

  async removeRoute(name: string, ranges: NumberRange[]): Promise<void> {
    const request = await this.#standing("route", "route-removal", name);
    if (!request) return;
    await this.desk.request("route-removal", name, { name, ranges: normalRanges(ranges), whole: true });
    await this.#takeBack("route", name);
  }

  async putEmergencyAddress(address: string, ranges: NumberRange[], dropped: NumberRange[]): Promise<EmergencyState> {
    await this.#takeBack("emergency-address-removal", address);
    if (dropped.length > 0) await this.desk.request("emergency-address-removal", address, { address, ranges: dropped });
    const request = await this.desk.request("emergency-address", address, { address, ranges: normalRanges(ranges) });
    await this.#takeBack("emergency-address", address, request);
    return stateOf(await this.desk.confirmation(request.id));
  }

  async readEmergencyAddress(address: string): Promise<{ ranges: NumberRange[]; state: EmergencyState } | null> {
    const request = await this.#standing("emergency-address", "emergency-address-removal", address);
    if (!request) return null;
    return { ranges: request.ranges as NumberRange[], state: stateOf(await this.desk.confirmation(request.id)) };
  }

  async removeEmergencyAddress(address: string, ranges: NumberRange[]): Promise<void> {
    if (!(await this.#standing("emergency-address", "emergency-address-removal", address))) return;
    await this.desk.request("emergency-address-removal", address, {
      address,
      ranges: normalRanges(ranges),
      whole: true,
    });
    await this.#takeBack("emergency-address", address);
  }

  async submitPortOrder(order: PortOrderSettings): Promise<{ orderId: string; submittedAt: string }> {
    const payload = { ...order, ranges: normalRanges(order.ranges), numbers: countNumbers(order.ranges) };
    // An order that is open already is this one: asking twice would port twice.
    const open = await this.#standing("port-order", "port-cancel", order.orderName);
    if (open && !samePort(open, order)) {
      throw new UserError(
        `Port order ${order.orderName}: ${open.id} asks for other numbers (${formatRanges(open.ranges as NumberRange[])}); cancel it or correct ports.csv and numbers.csv.`,
      );
    }
    const request = open ?? (await this.desk.request("port-order", order.orderName, payload));
    const answer = await this.desk.confirmation(request.id);
    if (answer?.status === "refused") {
      throw new UserError(
        `Port order ${order.orderName} (${request.id}): the desk refused it: ${answer.note ?? "no reason given"}; correct what it names, delete the confirmation and run again.`,
      );
    }
    return { orderId: request.id, submittedAt: request.at };
  }

  async readPortOrder(orderName: string): Promise<PortOrderRecord | null> {
    const request = await this.#standing("port-order", "port-cancel", orderName);
    return request ? portRecord(request, await this.#portAnswer(request.id)) : null;
  }

  async reschedulePortOrder(order: PortOrderSettings): Promise<void> {
    const found = await this.readPortOrder(order.orderName);
    if (found?.foc) {
      throw new UserError(
        `Port order ${order.orderName}: its date is confirmed for ${found.foc}; expected no change of requested_foc_in_days after that. Ask the carrier's desk for another date and keep ports.csv as it was.`,
      );
    }
    await this.desk.request("port-reschedule", order.orderName, {
      orderName: order.orderName,
      focInDays: order.focInDays,
      order: found?.orderId,
    });
  }

  async cancelPortOrder(orderName: string): Promise<void> {
    const request = await this.#standing("port-order", "port-cancel", orderName);
    if (!request) return;
    const record = portRecord(request, await this.#portAnswer(request.id));
    const deadline = record.foc ? new Date(new Date(record.foc).getTime() - CANCEL_DEADLINE_HOURS * 3_600_000) : null;
    const now = await this.clock.now();
    if (deadline && now > deadline) throw tooLate(orderName, record.foc as string);
    const cancel = await this.desk.request("port-cancel", orderName, { orderName, order: request.id });
    await this.#waitForCancel(orderName, request.id, cancel.id);
  }

  async survey(): Promise<CarrierSurvey> {
    const [numbersAndOrders, routes, emergency] = await Promise.all([this.#ports(), this.#routes(), this.#emergency()]);
    return { ...numbersAndOrders, routes, emergency };
  }

  /**
   * Withdraws what was asked about a subject, is not carried out yet, and is no longer wanted (all of a kind, or what is older than the
   * request that stands): a desk does not promise to carry requests out in their order. A removal of some numbers only stays.
   */
  async #takeBack(
    kind: "route" | "route-removal" | "emergency-address" | "emergency-address-removal",
    subject: string,
    standing?: DeskRequest,
  ) {
    const removal = kind.endsWith("-removal");
    for (const r of await this.desk.requests(kind)) {
      if (r.subject !== subject || r.withdrawn || (removal && !isWhole(r))) continue;
      if (standing && sequence(r) >= sequence(standing)) continue;
      if (!(await this.desk.confirmation(r.id))) await this.desk.withdraw(r.id);
    }
  }

  /** The newest request about a subject that nothing took back: not withdrawn, and no carried-out or asked-for removal after it. */
  async #standing(kind: string, removal: string, subject: string): Promise<DeskRequest | null> {
    const request = await this.desk.latest(kind, subject);
    if (!request || request.withdrawn) return null;
    const gone = (await this.desk.requests(removal))
      .filter((r) => r.subject === subject && isWhole(r) && sequence(r) > sequence(request))
      .at(-1);
    if (!gone || gone.withdrawn) return request;
    // A cancellation counts when the desk has carried it out; a removal of a route or address once it is asked for.
    if (removal !== "port-cancel") return null;
    return (await this.desk.confirmation(gone.id))?.status === "done" ? null : request;
  }

  async #portAnswer(id: string): Promise<PortAnswer | null> {
    return (await this.desk.confirmation(id)) as PortAnswer | null;
  }

  async #waitForCancel(orderName: string, order: string, cancel: string): Promise<void> {
    for (let waited = 0; ; waited += CANCEL_POLL_SECONDS) {
      const answer = await this.desk.confirmation(cancel);
      if (answer?.status === "done") return this.desk.withdraw(order);
      if (answer) {
        throw new UserError(
          `Port order ${orderName}: the desk refused to cancel it (${cancel}): ${answer.note ?? "no reason given"}; the order stays. Call the desk, or go forward: a ported number is moved back by its route, never by another port.`,
        );
      }
      if (waited >= CANCEL_WAIT_SECONDS) {
        throw new UserError(
          `Port order ${orderName}: the cancellation ${cancel} is not confirmed after ${CANCEL_WAIT_SECONDS / 3600} hours; expected confirmations/${cancel}.json. Ask the desk and run again.`,
        );
      }
      await this.clock.sleep(CANCEL_POLL_SECONDS, this.signal);
    }
  }

  async #ports(): Promise<Pick<CarrierSurvey, "numbers" | "orders">> {
    const names = new Set((await this.desk.requests("port-order")).map((r) => r.subject));
    const numbers: CarrierSurvey["numbers"] = [];
    const orders: CarrierSurvey["orders"] = [];
    for (const name of names) {
      const request = await this.#standing("port-order", "port-cancel", name);
      if (!request) continue;
      const answer = await this.#portAnswer(request.id);
      const record = portRecord(request, answer);
      const why = record.status === "refused" && answer?.note ? { why: String(answer.note) } : {};
      orders.push({ id: name, orderId: record.orderId, status: record.status, foc: record.foc, ...why });
      const said = (answer?.numbers ?? []).map(({ range, status, activatedAt, foc }) => ({
        range,
        status,
        activatedAt: activatedAt ?? null,
        ...(foc && status !== "Active" ? { foc } : {}),
      }));
      const silent = subtractRanges(
        request.ranges as NumberRange[],
        said.map((s) => s.range),
      );
      numbers.push(...said.map((s) => ({ ...s, order: name })));
      numbers.push(
        ...silent.map((range) => ({
          range,
          status: record.status === "requested" ? "New" : "Pending",
          activatedAt: null,
          order: name,
        })),
      );
    }
    return { numbers, orders };
  }

  /** What the desk carried out last stands as active; what it was asked for since stands beside it as pending. */
  async #routes(): Promise<CarrierSurvey["routes"]> {
    const byName = groupBySubject(await this.desk.requests("route"));
    const routes: CarrierSurvey["routes"] = [];
    for (const [name, requests] of byName) {
      if (!(await this.#standing("route", "route-removal", name))) continue;
      const entries = await Promise.all(
        requests.map(async (r) => ({ r, state: stateOf(await this.desk.confirmation(r.id)) })),
      );
      const active = entries.filter((e) => e.state === "active" && !e.r.withdrawn).at(-1);
      const newest = entries.at(-1);
      for (const entry of new Set([active, newest])) {
        if (entry) routes.push({ ...surveyed(routeOf(entry.r)), state: entry.state });
      }
    }
    return routes;
  }

  async #emergency(): Promise<CarrierSurvey["emergency"]> {
    const names = new Set((await this.desk.requests("emergency-address")).map((r) => r.subject));
    const found = await Promise.all(
      [...names].map(async (address) => ({ address, read: await this.readEmergencyAddress(address) })),
    );
    return found.flatMap(({ address, read }) => (read ? [{ address, ...read }] : []));
  }
}

/** A removal that names numbers only (of a route that got narrower) does not take the route itself away. */
const isWhole = (r: DeskRequest) => r.kind === "port-cancel" || r.whole === true;

function groupBySubject(requests: DeskRequest[]): Map<string, DeskRequest[]> {
  const groups = new Map<string, DeskRequest[]>();
  for (const r of requests) groups.set(r.subject, [...(groups.get(r.subject) ?? []), r]);
  return groups;
}

function routeOf(request: DeskRequest): RouteSettings {
  const { name, ranges, host, calledNumber, nextHost } = request as unknown as RoutePayload;
  return { name, ranges, host, ...(calledNumber ? { calledNumber } : {}), ...(nextHost ? { nextHost } : {}) };
}

const surveyed = ({ name, ranges, host, calledNumber, nextHost }: RouteSettings) => ({
  key: name,
  ranges,
  host,
  calledNumber: calledNumber ?? null,
  ...(nextHost ? { nextHost } : {}),
});

function portRecord(request: DeskRequest, answer: PortAnswer | null): PortOrderRecord {
  const { orderName, ranges, focInDays, losingCarrier } = request as unknown as PortOrderSettings;
  const asked = [...expandRanges(ranges)].length;
  const live = countNumbers(
    toRanges((answer?.numbers ?? []).filter((n) => n.status === "Active").flatMap((n) => [...expandRanges([n.range])])),
  );
  const status =
    answer === null
      ? "requested"
      : answer.status === "refused"
        ? "refused"
        : live >= asked
          ? "ported"
          : answer.foc
            ? "foc-date-confirmed"
            : "submitted";
  return {
    orderId: request.id,
    submittedAt: request.at,
    status,
    foc: answer?.foc ?? null,
    settings: { orderName, ranges, focInDays, losingCarrier },
  };
}

const samePort = (open: DeskRequest, order: PortOrderSettings) =>
  JSON.stringify(normalRanges(open.ranges as NumberRange[])) === JSON.stringify(normalRanges(order.ranges));

/** Shared by both adapters: what a person can still do when an order can no longer be cancelled. */
export function tooLate(orderName: string, foc: string): UserError {
  return new UserError(
    `Port order ${orderName}: its date is ${foc}, and carriers cancel until ${CANCEL_DEADLINE_HOURS} hours before that; the order stays. Call the carrier's porting desk now, or go forward: a ported number is moved back by its route, never by another port.`,
  );
}
