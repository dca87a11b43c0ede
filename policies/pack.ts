import type { ResourceValidationPolicy } from "@pulumi/policy";
import { allowlistCoversCarrier } from "./allowlist-covers-carrier";
import { allowlistNotTooWide } from "./allowlist-not-too-wide";
import { canaryHealthy } from "./canary-healthy";
import { carrierRouteReady } from "./carrier-route-ready";
import { codecsAgree } from "./codecs-agree";
import { confirmedByName } from "./confirmed-by-name";
import { gcvStaysWarm } from "./gcv-stays-warm";
import { handshakeProven } from "./handshake-proven";
import { inventoryEmpty } from "./inventory-empty";
import { licencePresent } from "./licence-present";
import { organisationAnswers } from "./organisation-answers";
import { overrideInUse } from "./override-in-use";
import { permissionsGranted } from "./permissions-granted";
import { phaseMovesOneStep } from "./phase-moves-one-step";
import { portLive } from "./port-live";
import { recordAgrees } from "./record-agrees";
import { releaseDrained } from "./release-drained";
import { soakOver } from "./soak-over";
import { trunkSecretNotPlain } from "./trunk-secret-not-plain";
import { ttlLoweredInTime } from "./ttl-lowered-in-time";

/** Every policy of the pack. A test compares the names with a literal list: a policy cannot be lost unnoticed. */
export const policies: ResourceValidationPolicy[] = [
  phaseMovesOneStep,
  recordAgrees,
  organisationAnswers,
  licencePresent,
  permissionsGranted,
  allowlistCoversCarrier,
  allowlistNotTooWide,
  codecsAgree,
  trunkSecretNotPlain,
  handshakeProven,
  ttlLoweredInTime,
  canaryHealthy,
  carrierRouteReady,
  portLive,
  releaseDrained,
  gcvStaysWarm,
  inventoryEmpty,
  soakOver,
  confirmedByName,
  overrideInUse,
];
