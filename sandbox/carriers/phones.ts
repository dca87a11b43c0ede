import type { CallRecord } from "./record";

/** What a phone's user has of an outbound call once it is answered or has failed. */
export interface PlacedOutbound {
  /** 200 when answered, else the code that ended it; null when none came. */
  code: number | null;
  /** Why it was not answered. */
  why?: string;
  /** What the far end told; may grow while the call lasts. */
  heard: readonly string[];
  /** Path of the trunk that took it; null when the site has no route. */
  via: "gcv" | "byoc" | null;
  /** Ends the call; resolves with packet counts when it carried audio. */
  hangup(): Promise<{ sent: number; received: number; farReceived: number | null } | null>;
  /** Resolves when the far side or a fault ends it; never, when the phone does. */
  ended?: Promise<"far" | "error">;
}

/** Places a call by the outbound route of the phone's site: `placeOutbound` of sandbox/edge. */
export type PlaceOutbound = (call: {
  site: string;
  from: string;
  to: string;
  media: boolean;
}) => Promise<PlacedOutbound>;

/** The organisation's phones: each outbound call goes by its site's outbound route, is talked on and ended. */
export class Phones {
  constructor(private readonly placeOutbound: PlaceOutbound) {}

  /** Places one call and follows it to its end, noting what the user sees. */
  async place({ record, site, media }: { record: CallRecord; site: string; media: boolean }): Promise<void> {
    const call = await this.placeOutbound({ site, from: record.from, to: record.number, media });
    record.code = call.code;
    record.carrier = call.via === "byoc" ? "gaining" : "losing";
    record.answered = call.code === 200;
    record.ringing = record.answered;
    if (record.answered) await this.#talk(record, call);
    else {
      record.why = [call.code, call.why].filter(Boolean).join(" ") || "no final response";
      record.endedBy = call.code === null || call.code === 408 ? "timeout" : "far";
    }
    record.heard.push(...call.heard);
  }

  async #talk(record: CallRecord, call: PlacedOutbound): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const talked = new Promise<"talked">((resolve) => {
      timer = setTimeout(() => resolve("talked"), record.talkMs);
    });
    const how = await Promise.race(call.ended ? [talked, call.ended] : [talked]);
    clearTimeout(timer);
    const media = await call.hangup();
    if (media) record.media = { ...media, farReceived: media.farReceived ?? -1 };
    record.endedBy = how === "talked" ? "caller" : how === "far" ? "far" : null;
    if (how === "error") record.why = "the call was cut by neither party";
  }
}
