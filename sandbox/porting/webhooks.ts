import type { PortEvent } from "./port-order";
import type { PortRegistry } from "./registry";
import { renderEvent } from "./telnyx-orders";

/**
 * How webhooks arrive. Telnyx promises neither order nor exactly one delivery: `lost` drops every second one, `doubled` sends each twice,
 * `disordered` holds each back until the next one is out.
 */
export type WebhookManner = "ordered" | "lost" | "doubled" | "disordered";
export const WEBHOOK_MANNERS: readonly WebhookManner[] = ["ordered", "lost", "doubled", "disordered"];

export interface WebhooksOptions {
  ports: PortRegistry;
  /** Default `ordered`. */
  manner?: WebhookManner;
}

/** Longest wait for the customer's server, wall ms. */
const TIMEOUT_MS = 2000;
/** Tries for one delivery (Telnyx tries again after an answer outside of 200 to 299). */
const TRIES = 3;
/** An event held back goes out after this long when no other follows, wall ms. */
const HELD_MS = 300;

/**
 * Sends the events of port orders to the `webhook_url` on the order, by a POST of `{data, meta}`. A world sends nothing off the machine: any
 * other address than one of the loopback is left alone. Nothing of ours listens: that all is well without them is what is rehearsed.
 */
export class Webhooks {
  #count = 0;
  #queue: Promise<void> = Promise.resolve();
  #held: { event: PortEvent; url: string; timer: NodeJS.Timeout } | undefined;
  #closed = false;

  constructor(private readonly o: WebhooksOptions) {
    o.ports.on("event", (event: PortEvent) => this.#happened(event));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#held?.timer);
    await this.#queue;
  }

  #happened(event: PortEvent): void {
    // There is no webhook for a number that went live either.
    if (event.type === "porting_order.number_activated") return;
    const order = this.o.ports.orders().find(({ id }) => id === event.orderId);
    const url = order?.extra.webhook_url;
    if (typeof url !== "string" || !isLoopback(url)) return;
    this.#count++;
    switch (this.o.manner ?? "ordered") {
      case "lost":
        if (this.#count % 2 === 1) this.#send(event, url);
        return;
      case "doubled":
        this.#send(event, url);
        this.#send(event, url);
        return;
      case "disordered":
        this.#hold(event, url);
        return;
      default:
        this.#send(event, url);
    }
  }

  /** The event goes out after the one that follows it. */
  #hold(event: PortEvent, url: string): void {
    const before = this.#held;
    if (before) {
      this.#send(event, url);
      this.#release();
      return;
    }
    this.#held = { event, url, timer: setTimeout(() => this.#release(), HELD_MS).unref() };
  }

  #release(): void {
    const held = this.#held;
    if (!held) return;
    clearTimeout(held.timer);
    this.#held = undefined;
    this.#send(held.event, held.url);
  }

  #send(event: PortEvent, url: string): void {
    const shown = renderEvent(event, this.o.ports);
    this.#queue = this.#queue.then(() => this.#deliver(event, shown, url));
  }

  async #deliver(event: PortEvent, shown: Record<string, unknown>, url: string): Promise<void> {
    const data = {
      record_type: "event",
      id: event.id,
      event_type: event.type,
      occurred_at: event.at.toISOString(),
      payload: shown.payload,
    };
    for (let attempt = 1; attempt <= TRIES && !this.#closed; attempt++) {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ data, meta: { attempt, delivered_to: url } }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => null);
      if (answer?.ok) return;
    }
  }
}

function isLoopback(url: string): boolean {
  try {
    return /^(127\.\d+\.\d+\.\d+|localhost)$/.test(new URL(url).hostname);
  } catch {
    return false;
  }
}
