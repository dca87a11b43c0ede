import { resourcePolicy, TRUNK } from "./policy";
import { isByocTrunk, SUITES, TRANSPORT, textList, trunkSettings } from "./trunk-settings";

/** The setting governs what the trunk sends; what it accepts is seen on test calls (handshake-proven). */
export const trunkTransportSecure = resourcePolicy(
  "trunk-transport-secure",
  "The trunk signals over TLS and encrypts audio (SRTP): nobody on the way hears a call or learns who calls whom.",
  TRUNK,
  ({ props }) => {
    if (!isByocTrunk(props)) return [];
    const settings = trunkSettings(props.properties);
    const transport = String(settings[TRANSPORT] ?? "none");
    const suites = textList(settings, SUITES);
    if (transport.toLowerCase() === "tls" && suites.length > 0) return [];
    return [
      {
        seen: `transport ${transport}, SRTP suites ${suites.join(", ") || "none"}`,
        required: "transport tls and at least one SRTP suite",
        fix: "set trunk.transport: tls and trunk.srtpCipherSuites: [AES_CM_128_HMAC_SHA1_80]",
      },
    ];
  },
);
