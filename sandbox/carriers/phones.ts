import type { CallRecord } from "./record";

/** What a phone's user hears of an outbound call: the edge's side of `placeOutbound`. */
export interface PlacedOutbound {
  /** Final code; 200 when answered. Null when none came. */
  code: number | null;
  /** Why it was not answered. */
  why?: string;
  /** X-Sandbox-Heard of the far side. */
  heard?: string[];
  /** Trunk that carried it: `gcv` or `byoc`. */
  via?: "gcv" | "byoc" | null;
  /** Ends the call; resolves with what the far side received, null when it does not say. */
  hangup?: () => Promise<{ sent: number; received: number; farReceived: number | null } | null>;
  /** Resolves when the far side or a fault ended it before `hangup`. */
  ended?: Promise<"far" | "error">;
}

/** `edge.placeOutbound` of sandbox/edge. */
export type PlaceOutbound = (call: { site: string; from: string; to: string; media: boolean }) => Promise<PlacedOutbound>;

/** The organisation's phones: each outbound call goes by its site's outbound route, is talked on and ended. */
export class Phones {
  constructor(private readonly placeOutbound: PlaceOutbound) {}

  /** Places one call and follows it to its end, noting what the user sees. */
  async place({ record, site, media }: { record: CallRecord; site: string; media: boolean }): Promise<void> {
    const call = await this.placeOutbound({ site, from: record.from, to: record.number, media });
    record.code = call.code;
    record.carrier = call.via === "byoc" ? "gaining" : "losing";
    record.heard.push(...(call.heard ?? []));
    record.answered = call.code === 200;
    record.ringing = record.answered;
    if (!record.answered) {
      record.why = call.why ?? `${call.code ?? "no final response"}`;
      record.endedBy = call.code === null ? "timeout" : "far";
      return;
    }
    await this.#talk(record, call);
  }

  async #talk(record: CallRecord, call: PlacedOutbound): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const talked = new Promise<"talked">((resolve) => {
      timer = setTimeout(() => resolve("talked"), record.talkMs);
    });
    const how = await Promise.race([talked, call.ended ?? new Promise<never>(() => {})]);
    clearTimeout(timer);
    const media = await call.hangup?.();
    if (media) record.media = { ...media, farReceived: media.farReceived ?? -1 };
    record.endedBy = how === "talked" ? "caller" : how === "far" ? "far" : null;
    if (how === "error") record.why = "the call was cut by neither party";
  }
}
