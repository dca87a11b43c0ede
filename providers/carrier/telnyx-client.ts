import { UserError } from "../../model/errors";
import type { Clock } from "../lib/clock";
import { HttpClient, type Method } from "../lib/http";

const TELNYX_URL = "https://api.telnyx.com";
/** Largest page of Telnyx' v2 lists, and most numbers in one bulk job (API reference, "Update a batch of numbers"). */
const PAGE_SIZE = 250;
export const JOB_NUMBERS_MAX = 1000;
/** A bulk job takes seconds; one that is still open after this is reported, not waited for. */
const JOB_WAIT_SECONDS_MAX = 1800;

export interface PhoneNumbersJob {
  id: string;
  status: "pending" | "in_progress" | "completed" | "failed" | "expired";
  failed_operations?: { phone_number?: string; id?: string; errors?: { detail?: string; title?: string }[] }[];
}

export interface PortingOrder {
  id: string;
  customer_reference: string | null;
  status: { value: string; details?: { code: string; description: string }[] };
  activation_settings: { foc_datetime_requested: string | null; foc_datetime_actual: string | null };
  old_service_provider_ocn?: string | null;
  created_at: string;
  submitted_at?: string | null;
}

export interface PortingPhoneNumber {
  phone_number: string;
  porting_order_id: string;
  activation_status: string;
  /** Served by some accounts only; the order's FOC date stands in for it. */
  activated_at?: string | null;
}

export interface VoiceSettings {
  phone_number: string;
  connection_id: string;
  customer_reference: string;
  translated_number: string;
}

export interface NumberRecord {
  phone_number: string;
  emergency_enabled: boolean;
  emergency_address_id: string;
  emergency_status?: string;
}

export interface FqdnConnection {
  id: string;
  connection_name: string;
}

export interface Fqdn {
  id: string;
  connection_id: string;
  fqdn: string;
  created_at?: string;
}

/** Telnyx' API v2, as far as a cutover needs it. The key comes from TELNYX_API_KEY only. */
export class TelnyxClient {
  readonly #http: HttpClient;

  constructor(
    url: string | undefined,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
    private readonly apiKey: () => string | undefined = () => process.env.TELNYX_API_KEY,
  ) {
    this.#http = new HttpClient({
      baseUrl: (url ?? TELNYX_URL).replace(/\/$/, ""),
      clock,
      signal,
      authorize: async () => `Bearer ${this.apiKey()}`,
    });
  }

  /** Looked at before anything is asked: a missing key is not a broken connection. */
  #assertKey(): void {
    if (!this.apiKey())
      throw new UserError("TELNYX_API_KEY is not set; expected the API key of the carrier account in the environment.");
  }

  /** `data` of the answer; undefined where the API answers without a body (204). */
  async send<T>(method: Method, path: string, body?: unknown): Promise<T> {
    this.#assertKey();
    const answer = await this.#http.json<{ data: T } | undefined>(method, path, { body });
    return answer?.data as T;
  }

  /** Every row of a list, page by page. */
  async list<T>(path: string, filter: Record<string, string> = {}): Promise<T[]> {
    this.#assertKey();
    const rows: T[] = [];
    for (let page = 1; ; page++) {
      const query = { ...filter, "page[number]": page, "page[size]": PAGE_SIZE };
      const answer = await this.#http.json<{ data: T[]; meta?: { total_pages?: number } }>("GET", path, { query });
      rows.push(...answer.data);
      if (answer.data.length === 0 || page >= (answer.meta?.total_pages ?? 1)) return rows;
    }
  }

  /**
   * Runs a bulk job over any count of numbers, a thousand at a time, each waited for.
   * @throws UserError naming numbers that failed and why.
   */
  async job(
    type: "update_phone_numbers" | "update_emergency_settings",
    numbers: string[],
    body: object,
    what: string,
  ): Promise<void> {
    for (let at = 0; at < numbers.length; at += JOB_NUMBERS_MAX) {
      const phone_numbers = numbers.slice(at, at + JOB_NUMBERS_MAX);
      const started = await this.send<PhoneNumbersJob>("POST", `/v2/phone_numbers/jobs/${type}`, {
        phone_numbers,
        ...body,
      });
      assertDone(await this.#finished(started, what), what);
    }
  }

  async #finished(job: PhoneNumbersJob, what: string): Promise<PhoneNumbersJob> {
    let now = job;
    let waited = 0;
    for (let step = 2; now.status === "pending" || now.status === "in_progress"; step = Math.min(step * 2, 60)) {
      if (waited > JOB_WAIT_SECONDS_MAX) {
        throw new UserError(
          `${what}: job ${job.id} is still ${now.status} after ${waited} s; expected it completed. Run again once it is.`,
        );
      }
      await this.clock.sleep(step, this.signal);
      waited += step;
      now = await this.send<PhoneNumbersJob>("GET", `/v2/phone_numbers/jobs/${job.id}`);
    }
    return now;
  }
}

function assertDone(job: PhoneNumbersJob, what: string): void {
  const failed = job.failed_operations ?? [];
  if (job.status === "completed" && failed.length === 0) return;
  const reason = failed[0]?.errors?.map((e) => e.detail ?? e.title).join("; ") || "no reason given";
  const which = failed
    .slice(0, 3)
    .map((f) => f.phone_number ?? f.id)
    .join(", ");
  throw new UserError(
    `${what}: job ${job.id} is ${job.status}, ${failed.length} numbers failed (${which || "none named"}): ${reason}. Numbers that are not on the account yet cannot be configured through this API: ask the carrier to, or use carrier:adapter manual.`,
  );
}
