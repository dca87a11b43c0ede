import { UserError } from "../../model/errors";
import { allowlistMissesRange } from "./allowlist-misses-range";
import { allowlistTooWide } from "./allowlist-too-wide";
import { canaryUnhealthy } from "./canary-unhealthy";
import { carrierSendsPlain } from "./carrier-sends-plain";
import { channelsTooFew } from "./channels-too-few";
import { codecMismatch } from "./codec-mismatch";
import { emergencyGroupForgotten } from "./emergency-group-forgotten";
import { licenceMissing } from "./licence-missing";
import { noCarrierRoute } from "./no-carrier-route";
import { noEmergencyAddress } from "./no-emergency-address";
import { numberDroppedLater } from "./number-dropped-later";
import { numberLeftOut } from "./number-left-out";
import { outsideWindow } from "./outside-window";
import { portNotLive } from "./port-not-live";
import { portedNumbersStranded } from "./ported-numbers-stranded";
import { recordingLost } from "./recording-lost";
import { releasedTooEarly } from "./released-too-early";
import { rightsTooWide } from "./rights-too-wide";
import { standbyClosedEarly } from "./standby-closed-early";
import { stepsSkipped } from "./steps-skipped";
import { trunkInPlain } from "./trunk-in-plain";
import { trunkSecretPlain } from "./trunk-secret-plain";
import { ttlNotLoweredInTime } from "./ttl-not-lowered-in-time";
import { unconfirmed } from "./unconfirmed";
import { waveBeyondLimit } from "./wave-beyond-limit";
import { noCommonCipher } from "./no-common-cipher";
import { trunkRenamedLive } from "./trunk-renamed-live";
import { callerIdLost } from "./caller-id-lost";
import { outboundTooEarly } from "./outbound-too-early";
import { nameLeftBehind } from "./name-left-behind";
import { undialableName } from "./undialable-name";
import { flowLoops } from "./flow-loops";
import { noFailover } from "./no-failover";
import { numberSwapped } from "./number-swapped";
import { recordProxied } from "./record-proxied";
import { adoptedBeforeRemoval } from "./adopted-before-removal";
import { wrongOrganisation } from "./wrong-organisation";
import { soakCutShort } from "./soak-cut-short";
import { rightsMissing } from "./rights-missing";
import { positionTold } from "./position-told";
import { policyLowered } from "./policy-lowered";
import { codecFallbackLeftOut } from "./codec-fallback-left-out";
import { secondProviderForgotten } from "./second-provider-forgotten";
import { mainNumberFirst } from "./main-number-first";
import { orderChangedLate } from "./order-changed-late";
import type { Trap } from "./trap";

/** Every trap, in the order in which a migration meets them. */
export const TRAPS: readonly Trap[] = [
  numberLeftOut,
  wrongOrganisation,
  rightsMissing,
  licenceMissing,
  allowlistMissesRange,
  allowlistTooWide,
  codecMismatch,
  channelsTooFew,
  recordingLost,
  callerIdLost,
  trunkInPlain,
  trunkSecretPlain,
  rightsTooWide,
  standbyClosedEarly,
  policyLowered,
  noFailover,
  codecFallbackLeftOut,
  flowLoops,
  noCommonCipher,
  carrierSendsPlain,
  ttlNotLoweredInTime,
  secondProviderForgotten,
  numberDroppedLater,
  outboundTooEarly,
  canaryUnhealthy,
  emergencyGroupForgotten,
  mainNumberFirst,
  noCarrierRoute,
  undialableName,
  noEmergencyAddress,
  portedNumbersStranded,
  orderChangedLate,
  stepsSkipped,
  positionTold,
  waveBeyondLimit,
  outsideWindow,
  portNotLive,
  trunkRenamedLive,
  releasedTooEarly,
  adoptedBeforeRemoval,
  nameLeftBehind,
  recordProxied,
  numberSwapped,
  soakCutShort,
  unconfirmed,
];

/** The trap of a name. @param flag what the name was given with. @throws UserError for a name that is none. */
export function trapOf(name: string, flag = "--trap"): Trap {
  const trap = TRAPS.find((t) => t.name === name);
  if (trap) return trap;
  throw new UserError(`${flag} ${name}: no such trap; expected one of ${TRAPS.map((t) => t.name).join(", ")}.`);
}
