import { plainTransport } from "../model/rules/trunk";
import { gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { isByocTrunk, SUITES, TRANSPORT, textList, trunkSettings } from "./trunk-settings";

const NAME = "trunk-transport-secure";
const WHAT =
  "The trunk signals over TLS and encrypts audio (SRTP): nobody on the way hears a call or learns who calls whom.";

/** The setting governs what the trunk sends; what it accepts is seen on test calls (handshake-proven). */
export const trunkTransportSecure = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(NAME, WHAT, TRUNK, ({ props }) => {
    if (!isByocTrunk(props)) return [];
    const settings = trunkSettings(props.properties);
    return plainTransport(String(settings[TRANSPORT] ?? ""), textList(settings, SUITES));
  }),
);
