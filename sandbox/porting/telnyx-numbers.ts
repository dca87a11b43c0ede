import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { AccountNumber, CarrierAccount } from "./account";
import {
  type ApiErrorItem,
  type ApiRequest,
  type ApiResponse,
  type ApiServer,
  badRequest,
  listPage,
  notFound,
} from "./http";
import { isE164 } from "./numbers";
import type { WorldTime } from "./port-order";

/** Telnyx takes at most this many numbers in one bulk job. */
const JOB_NUMBERS_MAX = 1000;
/** World seconds a bulk job takes, at least and at most. */
const JOB_SECONDS: readonly [number, number] = [2, 20];

interface Job {
  id: string;
  type: "update_phone_numbers" | "update_emergency_settings";
  status: "pending" | "in_progress" | "completed" | "failed";
  items: string[];
  successful: AccountNumber[];
  failed: { phone_number: string; errors: ApiErrorItem[] }[];
  createdAt: Date;
  updatedAt: Date;
}

/** Numbers, their voice settings and bulk jobs of Telnyx' API v2. `draw` (0 to 1) says how long each job takes. */
export function addNumbers(server: ApiServer, account: CarrierAccount, clock: WorldTime, draw: () => number): void {
  const jobs = new Map<string, Job>();
  const find = (r: ApiRequest) => {
    const record = account.find(r.params.id!);
    if (!record) throw notFound(`Phone number ${r.params.id}`);
    return record;
  };
  server.on("GET", "/v2/phone_numbers", (r) =>
    listPage(r.query, account.numbers(), filters(account), (n) => renderNumber(n, account)),
  );
  server.on("GET", "/v2/phone_numbers/voice", (r) =>
    listPage(r.query, account.numbers(), filters(account), renderVoice),
  );
  // Longer paths with fixed parts first: a route's `:id` would take "jobs" for a number.
  server.on("POST", "/v2/phone_numbers/jobs/update_phone_numbers", (r) =>
    startJob(r, "update_phone_numbers", { account, clock, jobs, draw }),
  );
  server.on("POST", "/v2/phone_numbers/jobs/update_emergency_settings", (r) =>
    startJob(r, "update_emergency_settings", { account, clock, jobs, draw }),
  );
  server.on("GET", "/v2/phone_numbers/jobs", (r) =>
    listPage(r.query, [...jobs.values()], { type: (j) => j.type }, renderJob),
  );
  server.on("GET", "/v2/phone_numbers/jobs/:id", (r) => {
    const job = jobs.get(r.params.id!);
    if (!job) throw notFound(`Phone numbers job ${r.params.id}`);
    return ok(renderJob(job));
  });
  server.on("GET", "/v2/phone_numbers/:id", (r) => ok(renderNumber(find(r), account)));
  server.on("PATCH", "/v2/phone_numbers/:id", (r) => ok(renderNumber(applyNumber(find(r), r.body, account), account)));
  server.on("GET", "/v2/phone_numbers/:id/voice", (r) => ok(renderVoice(find(r))));
  server.on("PATCH", "/v2/phone_numbers/:id/voice", (r) => ok(renderVoice(applyVoice(find(r), r.body))));
}

/** `{data}` as every single answer comes. */
export const ok = (data: unknown, status = 200): ApiResponse => ({ status, body: { data } });
/** The text, or null where it is empty or none. */
export const blank = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

function filters(account: CarrierAccount): Record<string, (n: AccountNumber) => string | null> {
  return {
    customer_reference: (n) => n.customerReference,
    connection_id: (n) => n.connectionId,
    phone_number: (n) => n.number,
    status: (n) => account.statusOf(n),
    emergency_address_id: (n) => n.emergencyAddressId,
    connection_name: (n) => (n.connectionId ? (account.connections.get(n.connectionId)?.name ?? null) : null),
  };
}

function startJob(
  r: ApiRequest,
  type: Job["type"],
  o: { account: CarrierAccount; clock: WorldTime; jobs: Map<string, Job>; draw: () => number },
): ApiResponse {
  const items = r.body.phone_numbers;
  if (!Array.isArray(items) || items.length === 0 || items.length > JOB_NUMBERS_MAX) {
    throw badRequest(`phone_numbers must list 1 to ${JOB_NUMBERS_MAX} numbers or ids.`, "/phone_numbers");
  }
  const updatable = ["connection_id", "customer_reference", "voice", "tags", "emergency_enabled"];
  if (!updatable.some((key) => r.body[key] !== undefined))
    throw badRequest("At least one of the updatable fields must be given.");
  const now = o.clock.now();
  const job: Job = {
    id: o.account.nextId(),
    type,
    status: "pending",
    items: items.map(String),
    successful: [],
    failed: [],
    createdAt: now,
    updatedAt: now,
  };
  o.jobs.set(job.id, job);
  const body = structuredClone(r.body);
  const seconds = JOB_SECONDS[0] + o.draw() * (JOB_SECONDS[1] - JOB_SECONDS[0]);
  o.clock.at(new Date(now.getTime() + seconds * 1000), "carrier-job", `${type}: ${items.length} numbers`, () =>
    runJob(job, body, o),
  );
  return ok(renderJob(job), 202);
}

function runJob(job: Job, body: Record<string, unknown>, o: { account: CarrierAccount; clock: WorldTime }): void {
  for (const item of job.items) {
    try {
      // A number that is not on the account yet may be configured ahead of its port (see CarrierAccount.ensure).
      const record = o.account.find(item) ?? (isE164(item) ? o.account.ensure(item) : null);
      if (!record) throw notFound(`Phone number ${item}`);
      if (job.type === "update_phone_numbers")
        applyVoice(applyNumber(record, body, o.account), (body.voice ?? {}) as Record<string, unknown>);
      else applyEmergency(record, body, o.account);
      job.successful.push(record);
    } catch (error) {
      const errors = (error as { items?: ApiErrorItem[] }).items ?? [
        { code: "10007", title: "Unexpected error", detail: String(error) },
      ];
      job.failed.push({ phone_number: item, errors });
    }
  }
  job.status = job.successful.length === 0 ? "failed" : "completed";
  job.updatedAt = o.clock.now();
}

function applyNumber(record: AccountNumber, body: Record<string, unknown>, account: CarrierAccount): AccountNumber {
  if (body.connection_id !== undefined) {
    const id = blank(body.connection_id);
    if (id && !account.connections.has(id)) throw badRequest(`There is no connection ${id}.`, "/connection_id");
    record.connectionId = id;
  }
  if (body.customer_reference !== undefined) record.customerReference = blank(body.customer_reference);
  return record;
}

function applyVoice(record: AccountNumber, voice: Record<string, unknown>): AccountNumber {
  if (voice.translated_number !== undefined) {
    const number = blank(voice.translated_number);
    if (number && !isE164(number)) throw badRequest(`"${number}" is not an E.164 number.`, "/voice/translated_number");
    record.translatedNumber = number;
  }
  return record;
}

function applyEmergency(record: AccountNumber, body: Record<string, unknown>, account: CarrierAccount): void {
  const enabled = body.emergency_enabled === true;
  const address = blank(body.emergency_address_id);
  if (enabled && !(address && account.addresses.has(address))) {
    throw badRequest(`There is no address ${address ?? "(none given)"} on this account.`, "/emergency_address_id");
  }
  record.emergencyEnabled = enabled;
  record.emergencyAddressId = enabled ? address : null;
}

function renderNumber(n: AccountNumber, account: CarrierAccount): Record<string, unknown> {
  return {
    record_type: "phone_number",
    id: n.id,
    phone_number: n.number,
    status: account.statusOf(n),
    connection_id: n.connectionId ?? "",
    connection_name: n.connectionId ? (account.connections.get(n.connectionId)?.name ?? "") : "",
    customer_reference: n.customerReference ?? "",
    emergency_enabled: n.emergencyEnabled,
    emergency_address_id: n.emergencyAddressId ?? "",
    phone_number_type: "local",
    country_iso_alpha2: countryOf(n.number),
    deletion_lock_enabled: false,
    external_pin: null,
    tags: [],
    created_at: n.createdAt.toISOString(),
    purchased_at: n.createdAt.toISOString(),
  };
}

/** ISO code of the number's country; US for a number of +1 whose area code no country has (ranges kept for fiction). */
function countryOf(number: string): string {
  return parsePhoneNumberFromString(number)?.country ?? "US";
}

function renderVoice(n: AccountNumber): Record<string, unknown> {
  return {
    record_type: "voice_settings",
    id: n.id,
    phone_number: n.number,
    connection_id: n.connectionId ?? "",
    customer_reference: n.customerReference ?? "",
    translated_number: n.translatedNumber ?? "",
    tech_prefix_enabled: false,
    usage_payment_method: "pay-per-minute",
    emergency: {
      emergency_enabled: n.emergencyEnabled,
      emergency_address_id: n.emergencyAddressId ?? "",
      emergency_status: n.emergencyEnabled ? "active" : "disabled",
    },
  };
}

function renderJob(job: Job): Record<string, unknown> {
  const ref = (n: AccountNumber) => ({ id: n.id, phone_number: n.number });
  return {
    record_type: "phone_numbers_job",
    id: job.id,
    type: job.type,
    status: job.status,
    phone_numbers: job.items.map((item) => (item.startsWith("+") ? { phone_number: item } : { id: item })),
    successful_operations: job.successful.map(ref),
    pending_operations: job.status === "pending" ? job.items.map((item) => ({ phone_number: item })) : [],
    failed_operations: job.failed,
    etc: new Date(job.createdAt.getTime() + JOB_SECONDS[1] * 1000).toISOString(),
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
  };
}
