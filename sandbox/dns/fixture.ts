import type { Plan, PlanDnsRecord } from "../../model/types";
import { claimSubnet } from "../net";
import { Random } from "../random";
import { createDns, type DnsOptions, type DnsWorld } from "./setup";

/** Addresses in the fixture's DNS that nobody listens on. */
export const ADDRESSES = { gcv: "127.200.255.1", edge: "127.200.255.2", carrier: "127.200.255.3" };

const TO = "meridian-primary.byoc.use1.pure.cloud";
const record = (provider: "route53" | "cloudflare", view: "public" | "private", normal: number): PlanDnsRecord => ({
  provider,
  view,
  zone: "meridian.example",
  record: "sip",
  type: "CNAME",
  from: "gcv.meridian.example",
  to: TO,
  ttlSeconds: { normal, lowered: 300 },
});

/** As much of a plan as DNS reads: two providers of one public zone and a private view. */
export const PLAN = {
  organisation: { name: "Meridian Ltd", region: "us-east-1", inboundMatching: "unknown" },
  carrier: { sipDomain: "sip.meridian-carrier.example" },
  dns: [record("route53", "public", 3600), record("cloudflare", "public", 14_400), record("route53", "private", 3600)],
} as unknown as Plan;

/** A clock that only the test moves. */
class SteeredClock {
  #ms = Date.UTC(2026, 5, 1, 8);
  now = () => new Date(this.#ms);
  nowMs = () => this.#ms;
  advance(seconds: number): void {
    this.#ms += seconds * 1000;
  }
}

/** DNS of a world on a network of its own. */
export async function fixture(options: Partial<DnsOptions> = {}): Promise<DnsWorld & { steered: SteeredClock }> {
  const subnet = await claimSubnet();
  const steered = new SteeredClock();
  let n = 0;
  const nextHost = () => subnet.addr(++n);
  const dns = await createDns({
    plan: PLAN,
    clock: steered,
    random: new Random(1),
    nextHost,
    addresses: ADDRESSES,
    syncMs: 10,
    ...options,
  });
  const close = async () => {
    await dns.close();
    await subnet.release();
  };
  return { ...dns, steered, close };
}
