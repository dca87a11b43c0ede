import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { allowlistCoversCarrier } from "./allowlist-covers-carrier";
import { allowlistNotTooWide } from "./allowlist-not-too-wide";
import { baselineChangesNothing } from "./baseline-changes-nothing";
import { blastRadius } from "./blast-radius";
import { callerIdPreserved } from "./caller-id-preserved";
import { canaryHealthy } from "./canary-healthy";
import { carrierRouteReady } from "./carrier-route-ready";
import { changeWindow } from "./change-window";
import { channelsSuffice } from "./channels-suffice";
import { codecFallbackPresent } from "./codec-fallback-present";
import { codecsAgree } from "./codecs-agree";
import { confirmedByName } from "./confirmed-by-name";
import { dnsAgreesEverywhere } from "./dns-agrees-everywhere";
import { dnsNotBeforePort } from "./dns-not-before-port";
import { emergencyAddressRegistered } from "./emergency-address-registered";
import { emergencyGroupsKept } from "./emergency-groups-kept";
import { failoverPathsPresent } from "./failover-paths-present";
import { focFrozen } from "./foc-frozen";
import { gcvStaysWarm } from "./gcv-stays-warm";
import { handshakeProven } from "./handshake-proven";
import { inventoryEmpty } from "./inventory-empty";
import { leastPrivilege } from "./least-privilege";
import { levelsKept } from "./levels-kept";
import { licencePresent } from "./licence-present";
import { mainNumberLast } from "./main-number-last";
import { nameIsDialable } from "./name-is-dialable";
import { neverReplaced } from "./never-replaced";
import { noLoop } from "./no-loop";
import { notJudgedPolicy } from "./not-judged";
import { oneLivePath } from "./one-live-path";
import { organisationAnswers } from "./organisation-answers";
import { outboundAfterPort } from "./outbound-after-port";
import { overrideInUse } from "./override-in-use";
import { permissionsGranted } from "./permissions-granted";
import { phaseMovesOneStep } from "./phase-moves-one-step";
import { portLive } from "./port-live";
import { recordAgrees } from "./record-agrees";
import { recordNotProxied } from "./record-not-proxied";
import { recordingKept } from "./recording-kept";
import { releaseDrained } from "./release-drained";
import { soakOver } from "./soak-over";
import { trunkSecretNotPlain } from "./trunk-secret-not-plain";
import { trunkTransportSecure } from "./trunk-transport-secure";
import { ttlLoweredInTime } from "./ttl-lowered-in-time";

/** Every policy of the pack. A test compares the names with a literal list: a policy cannot be lost unnoticed. */
export const policies: (ResourceValidationPolicy | StackValidationPolicy)[] = [
  phaseMovesOneStep,
  blastRadius,
  changeWindow,
  recordAgrees,
  organisationAnswers,
  licencePresent,
  permissionsGranted,
  baselineChangesNothing,
  allowlistCoversCarrier,
  allowlistNotTooWide,
  codecsAgree,
  trunkTransportSecure,
  trunkSecretNotPlain,
  recordingKept,
  channelsSuffice,
  callerIdPreserved,
  neverReplaced,
  nameIsDialable,
  handshakeProven,
  recordNotProxied,
  ttlLoweredInTime,
  dnsAgreesEverywhere,
  dnsNotBeforePort,
  noLoop,
  failoverPathsPresent,
  codecFallbackPresent,
  canaryHealthy,
  carrierRouteReady,
  mainNumberLast,
  focFrozen,
  emergencyAddressRegistered,
  emergencyGroupsKept,
  portLive,
  oneLivePath,
  releaseDrained,
  gcvStaysWarm,
  inventoryEmpty,
  outboundAfterPort,
  soakOver,
  confirmedByName,
  leastPrivilege,
  levelsKept(() => policies),
  overrideInUse,
  notJudgedPolicy,
];
