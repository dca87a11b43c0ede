import { expect } from "vitest";
import { UserError } from "./errors";
import { type EstateTexts, planOf } from "./testing";

/** The texts of an estate of three numbers. */
export const YAML = `apiVersion: cutover/v1
name: small
sandbox: true
organisation: { name: "Small Ltd", region: eu-central-1 }
trunk:
  name: BYOC-Small
  terminationId: small
  transport: tls
  srtpCipherSuites: [AES_CM_128_HMAC_SHA1_80]
  codecs: [PCMA]
  allowlist: [203.0.113.10/32]
  callerId: { header: P-Asserted-Identity, format: e164 }
  maxConcurrentCalls: 30
carrier:
  name: Small SIP
  sipDomain: sip.carrier.example
  sourceRanges: [203.0.113.10/32]
  codecs: [PCMA]
dns:
  - { provider: cloudflare, zone: small.example, record: sip, type: CNAME, view: public, from: gcv.small.example, to: small.byoc.mypurecloud.de, ttlSeconds: { normal: 3600, lowered: 300 } }
inbound: { failoverQueue: Overflow, codecFallbackQueue: Codec fallback, standbyMessage: Not available. }
canary: { percent: 10, minCalls: 100, minMos: 4, maxFailureRate: 0.01 }
porting: { provider: manual, orders: ports.csv }
limits: { maxNumbersPerUpdate: 2, changeWindow: "Mon-Thu 06:00-22:00" }
`;
export const NUMBERS = `number,wave,kind,flow,site,port_order,emergency_address
+4930901003,w1,local,Claims,HQ,PO-1,ADDR-HQ
+4930901001,w1,local,Claims,HQ,PO-1,ADDR-HQ
+4930901002,w1,local,Main,HQ,PO-1,ADDR-HQ
`;
export const PORTS = `port_order,wave,site,requested_foc_in_days,losing_carrier,gaining_carrier
PO-1,w1,HQ,13,Genesys Cloud Voice,Small SIP
`;
/** The estate with a call route for each of its rows. */
export const withRoutes = (...routes: string[]): Partial<EstateTexts> => ({
  numbers: NUMBERS.trimEnd()
    .split("\n")
    .map((row, i) => `${row},${i === 0 ? "call_route" : routes[i - 1]}\n`)
    .join(""),
});
/** Its files, some of them changed. */
export const texts = (changes: Partial<EstateTexts> = {}): EstateTexts => ({
  plan: YAML,
  numbers: NUMBERS,
  ports: PORTS,
  ...changes,
});

/** What is wrong with the estate when these files of it are changed. */
export function problemsOf(changes: Partial<EstateTexts>): readonly string[] {
  try {
    planOf(texts(changes));
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}
/** plan.yaml with one text in place of another, which has to be there. */
export const yaml = (from: string | RegExp, to: string) => {
  const plan = YAML.replace(from, to);
  expect(plan).not.toBe(YAML);
  return { plan };
};
