import { UserError } from "../../model/errors";
import { expandRanges, formatRanges, toRanges } from "../../model/ranges";
import type { NumberRange } from "../../model/types";
import type { Clock } from "../lib/clock";
import { HttpError } from "../lib/http";
import type {
  CarrierAdapter,
  CarrierSurvey,
  EmergencyState,
  PortOrderRecord,
  PortOrderSettings,
  RouteSettings,
  RouteState,
} from "./adapter";
import { normalRanges } from "./e164";
import { tooLate } from "./manual";
import type {
  Fqdn,
  FqdnConnection,
  NumberRecord,
  PortingOrder,
  PortingPhoneNumber,
  TelnyxClient,
  VoiceSettings,
} from "./telnyx-client";
import { e164, exception, focOf, routeOf, statusOf, summary, surveyNumbers, surveyRoutes } from "./telnyx-reading";

const CANCEL_POLL_SECONDS = 600;
const CANCEL_WAIT_SECONDS = 24 * 3600;
const DAY_MS = 86_400_000;

/** Name of the FQDN connection that dials these hosts: the same for every route that does. */
const connectionName = (host: string, nextHost?: string) => `cutover ${host}${nextHost ? ` then ${nextHost}` : ""}`;

export interface Transport {
  protocol: "TLS" | "TCP" | "UDP";
  port: number;
}

/** Telnyx' API v2. What it lacks for a cutover stands in README.md beside this file. */
export class TelnyxCarrier implements CarrierAdapter {
  readonly name = "telnyx";
  readonly #connections = new Map<string, Promise<string>>();

  constructor(
    private readonly api: TelnyxClient,
    private readonly clock: Clock,
    private readonly transport: Transport = { protocol: "TLS", port: 5061 },
    private readonly signal?: AbortSignal,
  ) {}

  async putRoute(route: RouteSettings, dropped: NumberRange[]): Promise<RouteState> {
    const connection_id = await this.#connection(route.host, route.nextHost);
    const body = {
      connection_id,
      customer_reference: route.name,
      voice: { translated_number: route.calledNumber ?? "" },
    };
    await this.api.job("update_phone_numbers", [...expandRanges(route.ranges)], body, `Route ${route.name}`);
    if (dropped.length > 0) await this.#clear(route.name, dropped);
    return "active";
  }

  async readRoute(name: string): Promise<(RouteSettings & { state: RouteState }) | null> {
    const numbers = await this.api.list<VoiceSettings>("/v2/phone_numbers/voice", {
      "filter[customer_reference]": name,
    });
    if (numbers.length === 0) return null;
    const hosts = await this.#hostsOf(numbers);
    return routeOf(name, numbers, hosts);
  }

  async removeRoute(name: string, ranges: NumberRange[]): Promise<void> {
    const numbers = await this.api.list<VoiceSettings>("/v2/phone_numbers/voice", {
      "filter[customer_reference]": name,
    });
    const ours = new Set(expandRanges(ranges));
    // Only numbers that still carry this route's name: another route may have taken some over since.
    const left = numbers.map((n) => n.phone_number).filter((n) => ours.has(n));
    if (left.length > 0) await this.#clear(name, toRanges(left));
  }

  async putEmergencyAddress(address: string, ranges: NumberRange[], dropped: NumberRange[]): Promise<EmergencyState> {
    const emergency_address_id = await this.#addressId(address);
    if (!emergency_address_id) {
      throw new UserError(
        `Emergency address ${address}: the carrier account has no address with that customer reference; expected one, verified. Add it in the carrier's portal: the plan holds references only, never street addresses.`,
      );
    }
    const what = `Emergency address ${address}`;
    await this.api.job(
      "update_emergency_settings",
      [...expandRanges(ranges)],
      { emergency_enabled: true, emergency_address_id },
      what,
    );
    if (dropped.length > 0) {
      await this.api.job("update_emergency_settings", [...expandRanges(dropped)], { emergency_enabled: false }, what);
    }
    return (await this.readEmergencyAddress(address))?.state ?? "pending";
  }

  async readEmergencyAddress(address: string): Promise<{ ranges: NumberRange[]; state: EmergencyState } | null> {
    const id = await this.#addressId(address);
    return id ? this.#emergencyOf(id) : null;
  }

  async removeEmergencyAddress(address: string, ranges: NumberRange[]): Promise<void> {
    const held = await this.readEmergencyAddress(address);
    if (!held) return;
    const ours = new Set(expandRanges(ranges));
    const numbers = [...expandRanges(held.ranges)].filter((n) => ours.has(n));
    if (numbers.length > 0) {
      await this.api.job(
        "update_emergency_settings",
        numbers,
        { emergency_enabled: false },
        `Emergency address ${address}`,
      );
    }
  }

  async submitPortOrder(order: PortOrderSettings): Promise<{ orderId: string; submittedAt: string }> {
    let orders = await this.#open(order.orderName);
    if (orders.length === 0) {
      const phone_numbers = [...expandRanges(order.ranges)];
      orders = await this.api.send<PortingOrder[]>("POST", "/v2/porting_orders", {
        phone_numbers,
        customer_reference: order.orderName,
      });
    } else await this.#assertSameNumbers(order, orders);
    for (const draft of orders.filter((o) => o.status.value === "draft")) await this.#confirm(draft, order);
    const read = await this.#open(order.orderName);
    const refused = read.find((o) => o.status.value === "exception");
    if (refused) throw exception(order.orderName, refused);
    return summary(read.length > 0 ? read : orders);
  }

  async readPortOrder(orderName: string): Promise<PortOrderRecord | null> {
    const orders = await this.#open(orderName);
    if (orders.length === 0) return null;
    const numbers = (await Promise.all(orders.map((o) => this.#numbersOf(o.id)))).flat();
    const { orderId, submittedAt } = summary(orders);
    const requested = orders[0]?.activation_settings.foc_datetime_requested;
    const days = requested ? Math.round((Date.parse(requested) - Date.parse(submittedAt)) / DAY_MS) : undefined;
    return {
      orderId,
      submittedAt,
      status: statusOf(orders),
      foc: focOf(orders),
      settings: { orderName, ranges: toRanges(numbers.map((n) => e164(n.phone_number))), focInDays: days },
    };
  }

  async reschedulePortOrder(order: PortOrderSettings): Promise<void> {
    for (const open of await this.#open(order.orderName)) {
      if (open.activation_settings.foc_datetime_actual) {
        throw new UserError(
          `Port order ${order.orderName}: its date is confirmed for ${open.activation_settings.foc_datetime_actual}; expected no change of requested_foc_in_days after that. Ask the carrier's porting desk for another date and keep ports.csv as it was.`,
        );
      }
      const from = new Date(open.submitted_at ?? open.created_at);
      await this.#requestFoc(open.id, from, order.focInDays);
    }
  }

  async cancelPortOrder(orderName: string): Promise<void> {
    for (const order of await this.#open(orderName)) {
      try {
        if (order.status.value === "draft") await this.api.send("DELETE", `/v2/porting_orders/${order.id}`);
        else await this.api.send("POST", `/v2/porting_orders/${order.id}/actions/cancel`);
      } catch (error) {
        if (!(error instanceof HttpError) || error.status !== 422) throw error;
        const foc = order.activation_settings.foc_datetime_actual;
        if (foc) throw tooLate(orderName, foc);
        throw new UserError(
          `Port order ${orderName}: the carrier refused to cancel it: ${error.serverMessage}; the order stays. Call its porting desk.`,
        );
      }
    }
    await this.#waitForCancel(orderName);
  }

  async survey(): Promise<CarrierSurvey> {
    const now = await this.clock.now();
    const [orders, numbers, voice, addresses] = await Promise.all([
      this.api.list<PortingOrder>("/v2/porting_orders"),
      this.api.list<PortingPhoneNumber>("/v2/porting_phone_numbers"),
      this.api.list<VoiceSettings>("/v2/phone_numbers/voice"),
      this.api.list<{ id: string; customer_reference: string }>("/v2/addresses"),
    ]);
    const hosts = await this.#hostsOf(voice);
    const emergency = await Promise.all(
      addresses
        .filter((a) => a.customer_reference)
        .map(async (a) => ({ address: a.customer_reference, held: await this.#emergencyOf(a.id) })),
    );
    return {
      numbers: surveyNumbers(orders, numbers, now),
      routes: surveyRoutes(voice, hosts),
      orders: orders
        .filter((o) => o.status.value !== "cancelled")
        .map((o) => ({
          id: o.customer_reference ?? o.id,
          orderId: o.id,
          status: o.status.value,
          foc: o.activation_settings.foc_datetime_actual,
          ...(o.status.details?.length ? { why: o.status.details.map((d) => d.code).join(", ") } : {}),
        })),
      emergency: emergency.flatMap(({ address, held }) => (held ? [{ address, ...held }] : [])),
    };
  }

  /** Looked up by name before it is made, and made once however many routes ask at the same time. */
  #connection(host: string, nextHost?: string): Promise<string> {
    const name = connectionName(host, nextHost);
    const known = this.#connections.get(name);
    if (known) return known;
    const made = this.#ensureConnection(name, [host, ...(nextHost ? [nextHost] : [])]);
    this.#connections.set(name, made);
    made.catch(() => this.#connections.delete(name));
    return made;
  }

  async #ensureConnection(connection_name: string, hosts: string[]): Promise<string> {
    const found = await this.api.list<FqdnConnection>("/v2/fqdn_connections", {
      "filter[connection_name][contains]": connection_name,
    });
    const { protocol: transport_protocol, port } = this.transport;
    const connection =
      found.find((c) => c.connection_name === connection_name) ??
      (await this.api.send<FqdnConnection>("POST", "/v2/fqdn_connections", {
        connection_name,
        active: true,
        transport_protocol,
      }));
    const present = (await this.#fqdns(connection.id)).map((f) => f.fqdn);
    // One after another: the order in which they are added is the order in which they are tried.
    for (const fqdn of hosts) {
      if (!present.includes(fqdn)) {
        await this.api.send("POST", "/v2/fqdns", { connection_id: connection.id, fqdn, dns_record_type: "a", port });
      }
    }
    return connection.id;
  }

  async #fqdns(connectionId: string): Promise<Fqdn[]> {
    return this.api.list<Fqdn>("/v2/fqdns", { "filter[connection_id]": connectionId });
  }

  async #hostsOf(numbers: VoiceSettings[]): Promise<Map<string, string[]>> {
    const ids = [...new Set(numbers.map((n) => n.connection_id).filter(Boolean))];
    return new Map(
      await Promise.all(ids.map(async (id) => [id, (await this.#fqdns(id)).map((f) => f.fqdn)] as [string, string[]])),
    );
  }

  async #clear(name: string, ranges: NumberRange[]): Promise<void> {
    const body = { connection_id: "", customer_reference: "", voice: { translated_number: "" } };
    await this.api.job("update_phone_numbers", [...expandRanges(ranges)], body, `Route ${name}`);
  }

  async #addressId(address: string): Promise<string | undefined> {
    const found = await this.api.list<{ id: string; customer_reference: string }>("/v2/addresses", {
      "filter[customer_reference][eq]": address,
    });
    return found.find((a) => a.customer_reference === address)?.id;
  }

  async #emergencyOf(id: string): Promise<{ ranges: NumberRange[]; state: EmergencyState } | null> {
    const numbers = await this.api.list<NumberRecord>("/v2/phone_numbers", { "filter[emergency_address_id]": id });
    const enabled = numbers.filter((n) => n.emergency_enabled);
    if (enabled.length === 0) return null;
    const waiting = enabled.some((n) => n.emergency_status !== undefined && n.emergency_status !== "active");
    return { ranges: toRanges(enabled.map((n) => n.phone_number)), state: waiting ? "pending" : "active" };
  }

  /** Orders of this name that are not cancelled: several when the carrier split it. */
  async #open(orderName: string): Promise<PortingOrder[]> {
    const orders = await this.api.list<PortingOrder>("/v2/porting_orders", { "filter[customer_reference]": orderName });
    return orders.filter((o) => o.customer_reference === orderName && o.status.value !== "cancelled");
  }

  async #numbersOf(orderId: string): Promise<PortingPhoneNumber[]> {
    return this.api.list<PortingPhoneNumber>("/v2/porting_phone_numbers", { "filter[porting_order_id]": orderId });
  }

  async #assertSameNumbers(order: PortOrderSettings, orders: PortingOrder[]): Promise<void> {
    const held = (await Promise.all(orders.map((o) => this.#numbersOf(o.id)))).flat().map((n) => e164(n.phone_number));
    if (JSON.stringify(toRanges(held)) === JSON.stringify(normalRanges(order.ranges))) return;
    throw new UserError(
      `Port order ${order.orderName}: the carrier holds one of that name for other numbers (${formatRanges(toRanges(held))}); cancel it or correct ports.csv and numbers.csv.`,
    );
  }

  async #confirm(draft: PortingOrder, order: PortOrderSettings): Promise<void> {
    await this.#requestFoc(draft.id, await this.clock.now(), order.focInDays);
    await this.api.send("POST", `/v2/porting_orders/${draft.id}/actions/confirm`);
  }

  async #requestFoc(id: string, from: Date, days: number): Promise<void> {
    const foc_datetime_requested = new Date(from.getTime() + days * DAY_MS).toISOString();
    await this.api.send("PATCH", `/v2/porting_orders/${id}`, { activation_settings: { foc_datetime_requested } });
  }

  async #waitForCancel(orderName: string): Promise<void> {
    for (let waited = 0; ; waited += CANCEL_POLL_SECONDS) {
      const open = await this.#open(orderName);
      if (open.length === 0) return;
      if (waited >= CANCEL_WAIT_SECONDS) {
        throw new UserError(
          `Port order ${orderName}: still ${statusOf(open)} ${CANCEL_WAIT_SECONDS / 3600} hours after its cancellation; expected cancelled. Ask the carrier's porting desk and run again.`,
        );
      }
      await this.clock.sleep(CANCEL_POLL_SECONDS, this.signal);
    }
  }
}
