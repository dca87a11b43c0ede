import { plainTransport } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { SUITES, TRANSPORT, textList } from "./trunk-settings";

/** The setting governs what the trunk sends. What comes in is seen on the carrier's test calls, by the gate of `ttl-lowered`. */
export const trunkTransportSecure = trunkPolicy(
  "trunk-transport-secure",
  "The trunk signals over TLS and encrypts audio (SRTP), and so does the carrier on its test calls: nobody on the way hears a call or learns who calls whom.",
  (settings) => {
    const keys = settings();
    return plainTransport(String(keys[TRANSPORT] ?? ""), textList(keys, SUITES));
  },
  { keys: [TRANSPORT, SUITES] },
);
