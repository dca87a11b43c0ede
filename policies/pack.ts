import type { ResourceValidationPolicy } from "@pulumi/policy";
import { allowlistCoversCarrier } from "./allowlist-covers-carrier";
import { allowlistNotTooWide } from "./allowlist-not-too-wide";
import { blastRadius } from "./blast-radius";
import { canaryHealthy } from "./canary-healthy";
import { carrierRouteReady } from "./carrier-route-ready";
import { changeWindow } from "./change-window";
import { codecsAgree } from "./codecs-agree";
import { confirmedByName } from "./confirmed-by-name";
import { emergencyAddressRegistered } from "./emergency-address-registered";
import { gcvStaysWarm } from "./gcv-stays-warm";
import { handshakeProven } from "./handshake-proven";
import { inventoryEmpty } from "./inventory-empty";
import { leastPrivilege } from "./least-privilege";
import { licencePresent } from "./licence-present";
import { organisationAnswers } from "./organisation-answers";
import { overrideInUse } from "./override-in-use";
import { permissionsGranted } from "./permissions-granted";
import { phaseMovesOneStep } from "./phase-moves-one-step";
import { portLive } from "./port-live";
import { recordAgrees } from "./record-agrees";
import { recordingKept } from "./recording-kept";
import { releaseDrained } from "./release-drained";
import { soakOver } from "./soak-over";
import { trunkSecretNotPlain } from "./trunk-secret-not-plain";
import { trunkTransportSecure } from "./trunk-transport-secure";
import { ttlLoweredInTime } from "./ttl-lowered-in-time";

/** Every policy of the pack. A test compares the names with a literal list: a policy cannot be lost unnoticed. */
export const policies: ResourceValidationPolicy[] = [
  phaseMovesOneStep,
  blastRadius,
  changeWindow,
  recordAgrees,
  organisationAnswers,
  licencePresent,
  permissionsGranted,
  allowlistCoversCarrier,
  allowlistNotTooWide,
  codecsAgree,
  trunkTransportSecure,
  trunkSecretNotPlain,
  recordingKept,
  handshakeProven,
  ttlLoweredInTime,
  canaryHealthy,
  carrierRouteReady,
  emergencyAddressRegistered,
  portLive,
  releaseDrained,
  gcvStaysWarm,
  inventoryEmpty,
  soakOver,
  confirmedByName,
  leastPrivilege,
  overrideInUse,
];
