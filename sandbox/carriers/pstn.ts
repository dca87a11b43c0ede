import type { Random } from "../random";
import type { IncomingCall } from "../sip";
import { type Audio, LegAudio } from "./audio";

/** Wall ms from ringing to the answer of a called party, at least and at most. */
const PICKUP_MS: readonly [number, number] = [50, 150];

/**
 * A party on the public network answers: 180, then 200 that tells the caller what the party sees (`pstn="+1...";ani="+1..."` in
 * X-Sandbox-Heard), audio both ways when the INVITE asks for it. Resolves with the final code when that is known.
 */
export async function answerAsParty(
  call: IncomingCall,
  o: { number: string; from: string; audio: Audio; random: Random },
): Promise<number> {
  const real = call.request.headers.get("X-Sandbox-Media") === "1";
  const audio = await LegAudio.open(o.audio, real);
  if (call.state === "ended") {
    audio.close();
    return 487;
  }
  const sdp = audio.answer(call.remoteSdp);
  if (sdp === null) {
    audio.close();
    call.reject(488);
    return 488;
  }
  call.ring();
  return new Promise((resolve) => {
    const pickup = setTimeout(
      () => {
        call.endHeaders = () => ({ "X-Sandbox-Agent-Packets": String(audio.received) });
        call.answer(sdp, { "X-Sandbox-Heard": `pstn="${o.number}";ani="${o.from}"` });
        audio.send();
        resolve(200);
      },
      o.random.int(...PICKUP_MS),
    );
    call.once("ended", () => {
      clearTimeout(pickup);
      audio.close();
      resolve(487);
    });
  });
}
