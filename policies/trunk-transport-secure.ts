import { plainTransport } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { SUITES, TRANSPORT, textList } from "./trunk-settings";

/** The setting governs what the trunk sends; what it accepts is seen on test calls (handshake-proven). */
export const trunkTransportSecure = trunkPolicy(
  "trunk-transport-secure",
  "The trunk signals over TLS and encrypts audio (SRTP): nobody on the way hears a call or learns who calls whom.",
  (settings) => {
    const keys = settings();
    return plainTransport(String(keys[TRANSPORT] ?? ""), textList(keys, SUITES));
  },
);
