import { type Flow, type SipMessage, userOf } from "../sip";
import type { EdgeStore } from "./store";

/** Writes SIP traces: every message of a call, with the conversation it belongs to. */
export class Tracer {
  readonly #store: Pick<EdgeStore, "trace">;
  readonly #now: () => Date;
  readonly #conversations = new Map<string, string>();

  constructor(store: Pick<EdgeStore, "trace">, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Conversation of a Call-ID; a new id when there is none yet. */
  conversationOf(callId: string): string {
    const known = this.#conversations.get(callId);
    if (known) return known;
    const id = crypto.randomUUID();
    this.#conversations.set(callId, id);
    return id;
  }

  /** Ties a Call-ID to a conversation before its first message goes out. */
  tie(callId: string, conversationId: string): void {
    this.#conversations.set(callId, conversationId);
  }

  forget(callId: string): void {
    this.#conversations.delete(callId);
  }

  /** `onTraffic` of an endpoint. OPTIONS are left out: they would push the calls' traces out. */
  readonly see = (direction: "in" | "out", msg: SipMessage, flow: Flow): void => {
    if (msg.method === "OPTIONS") return;
    const callId = msg.headers.get("Call-ID") ?? "";
    if (msg.kind === "request" && msg.method === "INVITE") this.conversationOf(callId);
    const conversationId = this.#conversations.get(callId);
    const [source, destination] = direction === "in" ? [flow.remote, flow.local] : [flow.local, flow.remote];
    this.#store.trace({
      at: this.#now(),
      ...(conversationId ? { conversationId } : {}),
      callId,
      method: msg.method,
      ...(msg.kind === "request"
        ? { requestUri: msg.uri ?? "" }
        : { status: msg.status as number, reason: msg.reason ?? "" }),
      fromUser: userOf(msg.headers.get("From")) || null,
      toUser: userOf(msg.headers.get("To")) || null,
      sourceIp: source.address,
      sourcePort: source.port,
      destinationIp: destination.address,
      destinationPort: destination.port,
      transport: flow.remote.transport,
    });
  };
}
