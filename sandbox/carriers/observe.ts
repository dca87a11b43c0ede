import type { CallEnd, CallFailure, SipMessage } from "../sip";
import type { DialledCall } from "./dialler";
import type { CallRecord } from "./record";

/** How long a caller who is not in a hurry lets it ring, wall ms. */
export const PATIENT_MS = 30_000;
/** How long a caller who hears announcements waits for somebody to talk to, wall ms. */
const ANNOUNCED_MS = 20_000;

/** Follows one placed call to its end and notes what the caller sees; hangs up after the talk time, or when patience is over. */
export async function observe({ leg, audio }: DialledCall, record: CallRecord): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let hungUp = false;
  let talking = false;
  const hear = (msg: SipMessage) => {
    const heard = msg.headers.get("X-Sandbox-Heard");
    if (heard && record.heard.at(-1) !== heard) record.heard.push(heard);
    // The talk begins when somebody is there, an agent or a party: an announcement is waited out.
    if (talking || !/^(queue|pstn)=/.test(heard ?? "")) return;
    talking = true;
    clearTimeout(timer);
    timer = setTimeout(() => void hangUp(), record.talkMs);
  };
  const hangUp = async () => {
    hungUp = true;
    const bye = await leg.hangup();
    const far = bye?.headers.get("X-Sandbox-Agent-Packets");
    if (record.media && far !== undefined && far !== null) record.media.farReceived = Number(far);
  };
  leg.on("ringing", () => {
    if (record.ringing) return;
    record.ringing = true;
    timer = setTimeout(() => void hangUp(), record.patienceMs);
  });
  leg.on("info", hear);
  const end = await new Promise<CallEnd | CallFailure>((resolve) => {
    leg.once("answered", (msg) => {
      clearTimeout(timer);
      record.code = 200;
      record.answered = true;
      timer = setTimeout(() => void hangUp(), Math.max(record.talkMs, ANNOUNCED_MS));
      hear(msg);
      if (audio.real) record.media = { sent: 0, received: 0, farReceived: -1 };
      if (!audio.accept(leg.remoteSdp)) record.why = "the answer's session description does not fit the offer";
      audio.send();
    });
    leg.once("failed", resolve);
    leg.once("ended", resolve);
  });
  clearTimeout(timer);
  if (record.media) Object.assign(record.media, { sent: audio.sent, received: audio.received });
  // The answer to our BYE comes with `ended`: the line above must not overtake what hangUp notes.
  if (hungUp) await new Promise((resolve) => setImmediate(resolve));
  audio.close();
  note(record, end, hungUp);
  if (!record.answered || talking) return;
  record.why ||= "nobody came to the phone";
  if (hungUp) record.endedBy = "timeout";
}

function note(record: CallRecord, end: CallEnd | CallFailure, hungUp: boolean): void {
  if ("code" in end) {
    record.code = end.cause ? (end.msg ? end.code : null) : end.code;
    // A patient caller gives up only when nobody ever answers: that is no abandoned call but a failed one.
    const patient = record.patienceMs >= PATIENT_MS;
    if (hungUp && patient) record.why = `rang for ${record.patienceMs} ms without an answer`;
    record.endedBy = hungUp ? (patient ? "timeout" : "caller") : end.cause === "timeout" ? "timeout" : "far";
    if (!hungUp) record.why = `${end.code} ${end.reason}`;
    return;
  }
  record.endedBy = hungUp ? "caller" : end.by === "remote" ? "far" : null;
  if (record.endedBy === null) record.why ||= "the call was cut by neither party";
}
