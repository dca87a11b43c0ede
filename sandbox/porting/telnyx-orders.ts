import { ApiError, type ApiRequest, type ApiResponse, type ApiServer, badRequest, listPage, notFound } from "./http";
import { isE164 } from "./numbers";
import {
  type ActivationJob,
  type PortEvent,
  type PortedNumber,
  type PortOrder,
  PortRefusal,
  type WorldTime,
} from "./port-order";
import type { PortRegistry } from "./registry";

/** First day after now for which a FOC may be requested, and how many days are listed. */
const FOC_WINDOW_DAYS_FIRST = 1;
const FOC_WINDOW_DAYS = 60;
const DAY_MS = 86_400_000;

/** Porting endpoints of Telnyx' API v2: orders, their actions, numbers, events, portability checks. */
export function addPortingOrders(server: ApiServer, ports: PortRegistry, clock: WorldTime): void {
  server.on("GET", ORDERS, (r) => listPage(r.query, ports.orders(), ORDER_FILTERS, (o) => renderOrder(o, ports)));
  onOrder(server, "POST", "", (r) => create(r, ports));
  onOrder(server, "GET", "/:id", (r) => one(ports.get(r.params.id!), ports));
  onOrder(server, "PATCH", "/:id", (r) => patch(r, ports, clock));
  onOrder(server, "DELETE", "/:id", (r) => {
    ports.remove(r.params.id!);
    return { status: 204 };
  });
  onOrder(server, "POST", "/:id/actions/confirm", (r) => {
    requireFields(ports.get(r.params.id!));
    return one(ports.confirm(r.params.id!), ports);
  });
  onOrder(server, "POST", "/:id/actions/cancel", (r) => one(ports.cancel(r.params.id!), ports));
  onOrder(server, "GET", "/:id/allowed_foc_windows", (r) => focWindows(r, ports, clock));
  addActivation(server, ports);
  server.on("GET", "/v2/porting_phone_numbers", (r) =>
    listPage(r.query, ports.numbers(), numberFilters(ports), (number) => renderNumber(number, ports)),
  );
  server.on("GET", "/v2/porting/events", (r) =>
    // Telnyx has no event for a number that went live: that is seen at /v2/porting_phone_numbers only.
    listPage(
      r.query,
      ports.events().filter((event) => event.type !== "porting_order.number_activated"),
      EVENT_FILTERS,
      (event) => renderEvent(event, ports),
    ),
  );
  server.on("POST", "/v2/portability_checks", (r) => portability(r, ports));
}

/** Activation on demand and its jobs. */
function addActivation(server: ApiServer, ports: PortRegistry): void {
  onOrder(server, "POST", "/:id/actions/activate", (r) => {
    const order = ports.get(r.params.id!);
    if (!ports.isFastPort(order))
      throw unprocessable(`Porting order ${order.id} is not FastPort eligible: its numbers activate at the FOC date.`);
    return { status: 202, body: { data: renderJob(order, ports.activate(order.id)) } };
  });
  onOrder(server, "GET", "/:id/activation_jobs", (r) => {
    const order = ports.get(r.params.id!);
    return listPage(r.query, order.activation?.jobs ?? [], {}, (job) => renderJob(order, job));
  });
  onOrder(server, "GET", "/:id/activation_jobs/:job", (r) => {
    const order = ports.get(r.params.id!);
    const job = order.activation?.jobs.find(({ id }) => id === r.params.job);
    if (!job) throw notFound(`Activation job ${r.params.job}`);
    return { status: 200, body: { data: renderJob(order, job) } };
  });
}

const ORDERS = "/v2/porting_orders";

/** An endpoint of orders; what the registry refuses becomes Telnyx' own answer. */
function onOrder(server: ApiServer, method: string, path: string, handler: (r: ApiRequest) => ApiResponse): void {
  server.on(method, `${ORDERS}${path}`, (request) => {
    try {
      return handler(request);
    } catch (error) {
      if (!(error instanceof PortRefusal)) throw error;
      throw error.code === 404 ? notFound(`Porting order ${request.params.id}`) : unprocessable(error.message);
    }
  });
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const unprocessable = (detail: string) => new ApiError(422, { code: "10016", title: "Unprocessable Entity", detail });

const ORDER_FILTERS: Record<string, (order: PortOrder) => string | null> = {
  status: (o) => o.status,
  customer_reference: (o) => o.reference,
  customer_group_reference: (o) => o.groupReference,
  parent_support_key: (o) => (o.parentId ? supportKey(o.parentId) : null),
  "activation_settings.foc_datetime_requested": (o) => o.focRequested?.toISOString() ?? null,
};

const EVENT_FILTERS: Record<string, (event: PortEvent) => string | null> = {
  type: (e) => e.type,
  porting_order_id: (e) => e.orderId,
};

function numberFilters(ports: PortRegistry): Record<string, (number: PortedNumber) => string | null> {
  return {
    porting_order_id: (n) => n.orderId,
    porting_order_status: (n) => ports.get(n.orderId).status,
    activation_status: (n) => n.status,
    phone_number: (n) => n.number,
    support_key: (n) => supportKey(n.orderId),
  };
}

function create(r: ApiRequest, ports: PortRegistry): ApiResponse {
  const numbers = numbersOf(r.body.phone_numbers);
  const order = ports.create({
    reference: text(r.body.customer_reference) ?? "",
    groupReference: text(r.body.customer_group_reference) ?? null,
    numbers,
  });
  // A list, because Telnyx may split one request by country, type and carrier.
  return { status: 201, body: { data: [renderOrder(order, ports)] } };
}

function numbersOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw badRequest("phone_numbers must be a list of at least one number.", "/phone_numbers");
  for (const number of value) {
    if (!isE164(number))
      throw badRequest(`"${String(number)}" is not a number in E.164 form such as +13035550000.`, "/phone_numbers");
  }
  return [...new Set(value as string[])];
}

function patch(r: ApiRequest, ports: PortRegistry, clock: WorldTime): ApiResponse {
  const { activation_settings: activation, customer_reference, customer_group_reference, ...rest } = r.body;
  const change: Parameters<PortRegistry["update"]>[1] = { extra: {} };
  const wanted = (activation as { foc_datetime_requested?: unknown } | undefined)?.foc_datetime_requested;
  if (wanted === null) change.focRequested = null;
  else if (wanted !== undefined) change.focRequested = focDate(wanted, clock);
  if (typeof customer_reference === "string") change.reference = customer_reference;
  if (typeof customer_group_reference === "string") change.groupReference = customer_group_reference;
  for (const key of ["end_user", "documents", "misc", "phone_number_configuration", "webhook_url", "user_feedback"]) {
    if (rest[key] !== undefined) change.extra![key] = rest[key];
  }
  return one(ports.update(r.params.id!, change), ports);
}

function focDate(value: unknown, clock: WorldTime): Date {
  const date = new Date(String(value));
  const pointer = "/activation_settings/foc_datetime_requested";
  if (Number.isNaN(date.getTime())) throw badRequest(`"${String(value)}" is not an ISO 8601 date and time.`, pointer);
  const daysAhead = (date.getTime() - clock.now().getTime()) / DAY_MS;
  if (daysAhead < 0 || daysAhead > FOC_WINDOW_DAYS_FIRST + FOC_WINDOW_DAYS) {
    throw badRequest(`${date.toISOString()} is in none of the allowed FOC windows.`, pointer);
  }
  return date;
}

/** The desk cannot send an order without a reference on: the losing carrier's answer could not be told apart. */
function requireFields(order: PortOrder): void {
  if (!order.reference) throw unprocessable("customer_reference is needed before a porting order can be confirmed.");
}

function focWindows(r: ApiRequest, ports: PortRegistry, clock: WorldTime): ApiResponse {
  ports.get(r.params.id!);
  const midnight = Math.floor(clock.now().getTime() / DAY_MS) * DAY_MS;
  const windows = Array.from({ length: FOC_WINDOW_DAYS }, (_, i) => midnight + (FOC_WINDOW_DAYS_FIRST + i) * DAY_MS);
  return listPage(r.query, windows, {}, (start) => ({
    record_type: "allowed_foc_window",
    started_at: new Date(start).toISOString(),
    ended_at: new Date(start + DAY_MS - 1000).toISOString(),
  }));
}

function portability(r: ApiRequest, ports: PortRegistry): ApiResponse {
  const data = numbersOf(r.body.phone_numbers).map((number) => {
    const portable = ports.isPortable(number);
    return {
      record_type: "portability_check_result",
      phone_number: number,
      phone_number_type: "local",
      portable,
      fast_portable: false,
      messaging_capable: false,
      carrier_name: portable ? "Genesys Cloud Voice" : "",
      not_portable_reason: portable ? null : "no_coverage",
    };
  });
  return { status: 200, body: { data } };
}

function one(order: PortOrder, ports: PortRegistry): ApiResponse {
  return {
    status: 200,
    body: {
      data: renderOrder(order, ports),
      meta: { phone_numbers_url: `/v2/porting_phone_numbers?filter[porting_order_id]=${order.id}` },
    },
  };
}

const supportKey = (id: string) => `sr_${id.slice(0, 6)}`;

function renderOrder(order: PortOrder, ports: PortRegistry): Record<string, unknown> {
  const statuses = new Set(order.numbers.map((n) => ports.numberOf(n)?.status));
  return {
    record_type: "porting_order",
    id: order.id,
    customer_reference: order.reference || null,
    customer_group_reference: order.groupReference,
    support_key: supportKey(order.id),
    parent_support_key: order.parentId ? supportKey(order.parentId) : null,
    status: { value: order.status, details: order.details },
    activation_settings: {
      foc_datetime_requested: order.focRequested?.toISOString() ?? null,
      foc_datetime_actual: order.focActual?.toISOString() ?? null,
      fast_port_eligible: ports.isFastPort(order),
      activation_status: statuses.size === 1 ? [...statuses][0] : null,
    },
    phone_number_type: "local",
    porting_phone_numbers_count: order.numbers.length,
    // As at Telnyx, the list is cut short: the numbers themselves are at /v2/porting_phone_numbers.
    phone_numbers: order.numbers.slice(0, 50).map((n) => renderNumber(ports.numberOf(n)!, ports)),
    old_service_provider_ocn: order.losingCarrier || null,
    documents: order.extra.documents ?? { loa: null, invoice: null },
    end_user: order.extra.end_user ?? null,
    misc: order.extra.misc ?? null,
    phone_number_configuration: order.extra.phone_number_configuration ?? {
      connection_id: null,
      emergency_address_id: null,
      tags: [],
    },
    requirements_met: true,
    requirements: [],
    webhook_url: order.extra.webhook_url ?? null,
    created_at: order.createdAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
  };
}

function renderJob(order: PortOrder, job: ActivationJob): Record<string, unknown> {
  const window = order.activation?.window;
  return {
    record_type: "porting_activation_job",
    id: job.id,
    activation_type: "on-demand",
    status: job.status,
    activate_at: job.createdAt.toISOString(),
    activation_windows: window ? [{ start_at: window.start.toISOString(), end_at: window.end.toISOString() }] : [],
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
  };
}

function renderNumber(number: PortedNumber, ports: PortRegistry): Record<string, unknown> {
  return {
    record_type: "porting_phone_number",
    phone_number: number.number,
    phone_number_type: "local",
    porting_order_id: number.orderId,
    porting_order_status: ports.get(number.orderId).status,
    support_key: supportKey(number.orderId),
    activation_status: number.status,
    portability_status: "confirmed",
    requirements_status: "approved",
  };
}

/** One event as `GET /v2/porting/events` shows it. */
export function renderEvent(event: PortEvent, ports: PortRegistry): Record<string, unknown> {
  return {
    record_type: "porting_event",
    id: event.id,
    event_type: event.type,
    porting_order_id: event.orderId,
    available_notification_methods: ["webhook"],
    payload_status: "completed",
    created_at: event.at.toISOString(),
    updated_at: event.at.toISOString(),
    payload: payloadOf(event, ports),
  };
}

/** Each type of event has a payload of its own. */
function payloadOf(event: PortEvent, ports: PortRegistry): Record<string, unknown> {
  const { orderId: id, at } = event;
  const order = ports.orders().find((o) => o.id === id);
  const customer_reference = order?.reference || null;
  if (event.type === "porting_order.split") return { from: { id }, to: { id: event.childId } };
  if (event.type === "porting_order.deleted") return { id, customer_reference, deleted_at: at.toISOString() };
  return {
    id,
    customer_reference,
    support_key: supportKey(id),
    status: { value: event.status, details: [] },
    updated_at: at.toISOString(),
    webhook_url: order?.extra.webhook_url ?? null,
  };
}
