import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { CarrierApi, type TestCallRequest } from "./api";
import { PortRegistry } from "./registry";

const START = new Date("2026-06-01T08:00:00Z");
const HOUR = 3_600_000;
const NUMBERS = ["+16173540791", "+16173540792"];

let clock: WorldClock;
let api: CarrierApi;
let ports: PortRegistry;
let tested: TestCallRequest[];

beforeEach(async () => {
  clock = new WorldClock({ start: START });
  const random = new Random(1);
  ports = new PortRegistry({ clock, random, portable: (n) => n.startsWith("+1617") });
  tested = [];
  api = new CarrierApi({
    clock,
    random,
    host: "127.0.0.1",
    ports,
    ownNumbers: ["+16173549999"],
    addresses: ["ADDR-WEST"],
    token: "secret-1",
    testCalls: async (request) => {
      tested.push(request);
      return [];
    },
  });
  await api.listen();
});
afterEach(async () => {
  await api.close();
  clock.close();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
  token = "secret-1",
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as the wire gives them
): Promise<{ status: number; json: any }> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : null };
}

describe("porting API", () => {
  it("takes an order through draft, date, confirmation and activation", async () => {
    const made = await call("POST", "/v2/porting_orders", { phone_numbers: NUMBERS, customer_reference: "PO-GUIDE" });
    expect(made.status).toBe(201);
    const id = made.json.data[0].id as string;
    expect(made.json.data[0].status.value).toBe("draft");
    const wanted = new Date(START.getTime() + 13 * 24 * HOUR).toISOString();
    const patched = await call("PATCH", `/v2/porting_orders/${id}`, {
      activation_settings: { foc_datetime_requested: wanted },
    });
    expect(patched.json.data.activation_settings.foc_datetime_requested).toBe(wanted);
    expect((await call("POST", `/v2/porting_orders/${id}/actions/confirm`)).json.data.status.value).toBe("submitted");
    await clock.jump(new Date(START.getTime() + 16 * 24 * HOUR));
    const order = (await call("GET", `/v2/porting_orders?filter[customer_reference]=PO-GUIDE`)).json;
    expect(order.meta).toMatchObject({ total_results: 1, page_number: 1, total_pages: 1 });
    expect(order.data[0].status.value).toBe("ported");
    const numbers = (
      await call("GET", `/v2/porting_phone_numbers?filter[porting_order_id]=${id}&page[size]=1&page[number]=2`)
    ).json;
    expect(numbers.data).toHaveLength(1);
    expect(numbers.data[0]).toMatchObject({ phone_number: NUMBERS[1], activation_status: "Active" });
    expect(numbers.meta).toMatchObject({ total_results: 2, total_pages: 2, page_size: 1 });
    expect((await call("GET", "/v2/phone_numbers?filter[status]=active")).json.meta.total_results).toBe(3);
    const events = (await call("GET", `/v2/porting/events?filter[porting_order_id]=${id}`)).json.data;
    expect(events.map((e: { payload: { status: { value: string } } }) => e.payload.status.value)).toContain(
      "foc-date-confirmed",
    );
    // As at Telnyx: no event says that a number is live, no order says when it was submitted.
    expect(new Set(events.map((e: { event_type: string }) => e.event_type))).toEqual(
      new Set(["porting_order.status_changed"]),
    );
    expect((await call("GET", `/v2/porting_orders/${id}`)).json.data).not.toHaveProperty("submitted_at");
  });

  it("names the child in the event of a split, and what every number must have", async () => {
    await api.close();
    const random = new Random(1);
    ports = new PortRegistry({ clock, random, faults: [{ order: "*", kind: "split" }] });
    api = new CarrierApi({
      clock,
      random,
      host: "127.0.0.1",
      ports,
      ownNumbers: ["+16173549999"],
      addresses: [],
      token: "secret-1",
      testCalls: async () => [],
    });
    await api.listen();
    const made = await call("POST", "/v2/porting_orders", { phone_numbers: NUMBERS, customer_reference: "PO-GUIDE" });
    const id = made.json.data[0].id;
    await call("POST", `/v2/porting_orders/${id}/actions/confirm`);
    await clock.jump(new Date(START.getTime() + 5 * 24 * HOUR));
    const [split] = (await call("GET", "/v2/porting/events?filter[type]=porting_order.split")).json.data;
    const child = ports.orders().find((order) => order.parentId === id);
    expect(split.payload).toEqual({ from: { id }, to: { id: child?.id } });
    const [number] = (await call("GET", "/v2/phone_numbers")).json.data;
    expect(number).toMatchObject({ country_iso_alpha2: "US", external_pin: null, deletion_lock_enabled: false });
  });

  it("refuses in Telnyx' words: token, unknown order, wrong number, too late to cancel, unknown filter", async () => {
    expect((await call("GET", "/v2/porting_orders", undefined, "wrong")).status).toBe(401);
    const missing = await call("GET", "/v2/porting_orders/none");
    expect(missing.status).toBe(404);
    expect(missing.json.errors[0]).toMatchObject({ code: "10005", title: "Resource not found" });
    const bad = await call("POST", "/v2/porting_orders", { phone_numbers: ["617 354 0791"] });
    expect(bad.status).toBe(422);
    expect(bad.json.errors[0].source.pointer).toBe("/phone_numbers");
    expect((await call("POST", "/v2/porting_orders", { phone_numbers: ["+493012345678"] })).status).toBe(422);
    expect((await call("GET", "/v2/porting_orders?filter[colour]=red")).status).toBe(422);
    const made = await call("POST", "/v2/porting_orders", { phone_numbers: NUMBERS, customer_reference: "PO-1" });
    const id = made.json.data[0].id as string;
    await call("POST", `/v2/porting_orders/${id}/actions/confirm`);
    await clock.jump(new Date(START.getTime() + 6 * 24 * HOUR));
    await clock.jump(new Date(ports.get(id).focActual!.getTime() - 2 * HOUR));
    const late = await call("POST", `/v2/porting_orders/${id}/actions/cancel`);
    expect(late.status).toBe(422);
    expect(late.json.errors[0].detail).toMatch(/24 hours before/);
    expect((await call("POST", `/v2/porting_orders/${id}/actions/activate`)).status).toBe(422);
    expect(api.requests().writes).toBeGreaterThan(3);
  });

  it("checks portability and lists FOC windows on every day of the week", async () => {
    const check = await call("POST", "/v2/portability_checks", { phone_numbers: ["+16173540791", "+493012345678"] });
    expect(check.json.data.map((c: { portable: boolean }) => c.portable)).toEqual([true, false]);
    const made = await call("POST", "/v2/porting_orders", { phone_numbers: NUMBERS });
    const windows = (await call("GET", `/v2/porting_orders/${made.json.data[0].id}/allowed_foc_windows?page[size]=14`))
      .json.data;
    expect(new Set(windows.map((w: { started_at: string }) => new Date(w.started_at).getUTCDay())).size).toBe(7);
  });
});

describe("numbers and routes", () => {
  async function connection(...hosts: string[]): Promise<string> {
    const made = await call("POST", "/v2/fqdn_connections", {
      connection_name: `cutover ${hosts.join(" then ")}`,
      transport_protocol: "TLS",
    });
    for (const fqdn of hosts) {
      await call("POST", "/v2/fqdns", { connection_id: made.json.data.id, fqdn, port: 5061, dns_record_type: "a" });
    }
    return made.json.data.id;
  }

  it("routes numbers by a bulk job that takes a while, also those still to be ported, and back", async () => {
    const first = await connection("guide-primary.byoc.use1.pure.cloud", "backup.example.com");
    const job = await call("POST", "/v2/phone_numbers/jobs/update_phone_numbers", {
      phone_numbers: NUMBERS,
      connection_id: first,
      customer_reference: "w1-main-inbound",
      voice: { translated_number: "+16173549999" },
    });
    expect(job.status).toBe(202);
    expect(job.json.data.status).toBe("pending");
    expect(api.account.routeOf(NUMBERS[0]!)).toBeNull();
    await clock.jump(new Date(clock.now().getTime() + 60_000));
    expect((await call("GET", `/v2/phone_numbers/jobs/${job.json.data.id}`)).json.data).toMatchObject({
      status: "completed",
      failed_operations: [],
    });
    expect(api.account.routeOf(NUMBERS[0]!)).toEqual({
      key: "w1-main-inbound",
      host: "guide-primary.byoc.use1.pure.cloud",
      calledNumber: "+16173549999",
      nextHost: "backup.example.com",
    });
    const voice = (
      await call("GET", "/v2/phone_numbers/voice?filter[customer_reference]=w1-main-inbound&page[size]=250")
    ).json;
    expect(voice.data).toHaveLength(2);
    expect(voice.data[0]).toMatchObject({ translated_number: "+16173549999", connection_id: first });
    const second = await connection("sip.guide.example");
    await call("POST", "/v2/phone_numbers/jobs/update_phone_numbers", {
      phone_numbers: NUMBERS,
      connection_id: second,
      voice: { translated_number: "" },
    });
    await clock.jump(new Date(clock.now().getTime() + 60_000));
    expect(api.account.routeOf(NUMBERS[0]!)).toMatchObject({
      host: "sip.guide.example",
      calledNumber: null,
      nextHost: null,
    });
    expect((await call("DELETE", `/v2/fqdn_connections/${second}`)).status).toBe(422);
  });

  it("reports what failed in a job number by number", async () => {
    const job = await call("POST", "/v2/phone_numbers/jobs/update_phone_numbers", {
      phone_numbers: NUMBERS,
      connection_id: "nowhere",
    });
    await clock.jump(new Date(clock.now().getTime() + 60_000));
    const done = (await call("GET", `/v2/phone_numbers/jobs/${job.json.data.id}`)).json.data;
    expect(done.status).toBe("failed");
    expect(done.failed_operations[0].errors[0].source.pointer).toBe("/connection_id");
    expect(
      (await call("POST", "/v2/phone_numbers/jobs/update_phone_numbers", { phone_numbers: [], connection_id: "x" }))
        .status,
    ).toBe(422);
  });

  it("puts numbers on an emergency address on file, and only on such", async () => {
    const found = (await call("GET", "/v2/addresses?filter[customer_reference][eq]=ADDR-WEST")).json.data;
    expect(found).toHaveLength(1);
    const body = { phone_numbers: NUMBERS, emergency_enabled: true, emergency_address_id: found[0].id };
    await call("POST", "/v2/phone_numbers/jobs/update_emergency_settings", body);
    await clock.jump(new Date(clock.now().getTime() + 60_000));
    const voice = (await call("GET", `/v2/phone_numbers/voice?filter[phone_number]=${encodeURIComponent(NUMBERS[0]!)}`))
      .json.data;
    expect(voice[0].emergency).toEqual({
      emergency_enabled: true,
      emergency_address_id: found[0].id,
      emergency_status: "active",
    });
    const wrong = await call("POST", "/v2/phone_numbers/jobs/update_emergency_settings", {
      ...body,
      emergency_address_id: "0",
    });
    await clock.jump(new Date(clock.now().getTime() + 60_000));
    expect((await call("GET", `/v2/phone_numbers/jobs/${wrong.json.data.id}`)).json.data.status).toBe("failed");
  });

  it("has a test desk without a token, for numbers only", async () => {
    const response = await fetch(`${api.url}/test_calls`, {
      method: "POST",
      body: JSON.stringify({ number: NUMBERS[0], source: "all" }),
    });
    expect(await response.json()).toEqual({ results: [] });
    expect(tested).toEqual([{ number: NUMBERS[0], source: "all", network: undefined, host: undefined }]);
    expect((await fetch(`${api.url}/test_calls`, { method: "POST", body: "{}" })).status).toBe(422);
    // A test call looks and changes nothing.
    expect(api.requests()).toMatchObject({ reads: 2, writes: 0 });
  });
});
