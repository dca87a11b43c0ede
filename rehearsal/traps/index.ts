import { UserError } from "../../model/errors";
import { allowlistMissesRange } from "./allowlist-misses-range";
import { allowlistTooWide } from "./allowlist-too-wide";
import { canaryUnhealthy } from "./canary-unhealthy";
import { codecMismatch } from "./codec-mismatch";
import { noCarrierRoute } from "./no-carrier-route";
import { noEmergencyAddress } from "./no-emergency-address";
import { outsideWindow } from "./outside-window";
import { phaseSkipped } from "./phase-skipped";
import { portNotLive } from "./port-not-live";
import { recordingLost } from "./recording-lost";
import { releasedTooEarly } from "./released-too-early";
import { rightsTooWide } from "./rights-too-wide";
import { standbyClosedEarly } from "./standby-closed-early";
import { stepsSkipped } from "./steps-skipped";
import type { Trap } from "./trap";
import { trunkInPlain } from "./trunk-in-plain";
import { trunkSecretPlain } from "./trunk-secret-plain";
import { ttlNotLoweredInTime } from "./ttl-not-lowered-in-time";
import { waveBeyondLimit } from "./wave-beyond-limit";

/** Every trap, in the order in which a migration meets them. */
export const TRAPS: readonly Trap[] = [
  allowlistMissesRange,
  allowlistTooWide,
  codecMismatch,
  recordingLost,
  trunkInPlain,
  trunkSecretPlain,
  rightsTooWide,
  standbyClosedEarly,
  ttlNotLoweredInTime,
  canaryUnhealthy,
  noCarrierRoute,
  noEmergencyAddress,
  phaseSkipped,
  stepsSkipped,
  waveBeyondLimit,
  outsideWindow,
  portNotLive,
  releasedTooEarly,
];

/** The trap of a name. @throws UserError for a name that is none. */
export function trapOf(name: string): Trap {
  const trap = TRAPS.find((t) => t.name === name);
  if (trap) return trap;
  throw new UserError(`--trap ${name}: no such trap; expected one of ${TRAPS.map((t) => t.name).join(", ")}.`);
}
