import { describe, expect, it } from "vitest";
import { callerIdOf } from "./dialer";
import { sourceAllowed, TrunkGuard } from "./guard";
import { messageLine, queueLine } from "./heard";
import type { TrunkSettings } from "./store";

const trunk = (changes: Partial<TrunkSettings>): TrunkSettings =>
  ({
    id: "t",
    allowlist: [],
    denylist: [],
    maxConcurrentCalls: null,
    maxCallRate: null,
    callingIdPriority: [],
    callingAddress: null,
    ...changes,
  }) as unknown as TrunkSettings;

describe("sourceAllowed", () => {
  it("maps documentation networks to loopback, to the last address and no further", () => {
    const t = trunk({ allowlist: ["198.51.100.44/30", "192.0.2.164"] });
    const inside = ["127.51.100.44", "127.51.100.47", "127.0.2.164"];
    const outside = ["127.51.100.43", "127.51.100.48", "127.0.2.165", "127.0.0.1"];
    expect(inside.map((ip) => sourceAllowed(t, ip))).toEqual([true, true, true]);
    expect(outside.map((ip) => sourceAllowed(t, ip))).toEqual([false, false, false, false]);
  });
  it("lets nobody in by an entry that is no network, or by IPv6", () => {
    expect(sourceAllowed(trunk({ allowlist: ["2001:db8::/32", "nonsense", "1.2.3.4/99"] }), "127.2.3.4")).toBe(false);
    expect(sourceAllowed(trunk({ allowlist: ["0.0.0.0/0"], denylist: ["203.0.113.0/24"] }), "127.0.113.9")).toBe(false);
  });
});

describe("TrunkGuard", () => {
  it("counts channels of both directions together, and a channel given back twice once", () => {
    const guard = new TrunkGuard();
    const t = trunk({ maxConcurrentCalls: 2 });
    const back = guard.take(t, "inbound");
    guard.take(t, "outbound");
    expect(guard.take(t, "outbound")).toMatchObject({ retryAfterSeconds: 1 });
    if (typeof back !== "function") throw new Error("expected a channel");
    back();
    back();
    expect([guard.channels("t"), guard.peak("t")]).toEqual([1, 2]);
  });
  it("lets the rate through again when the window has moved on, and does not limit outbound calls by it", () => {
    const guard = new TrunkGuard();
    const t = trunk({ maxCallRate: { calls: 2, seconds: 5 } });
    const at = (ms: number) => typeof guard.take(t, "inbound", ms) === "function";
    expect([at(0), at(1000), at(4999), at(5000), at(5001), at(6000)]).toEqual([true, true, false, true, false, true]);
    expect(guard.take(t, "inbound", 6001)).toMatchObject({ retryAfterSeconds: 4 });
    expect(typeof guard.take(t, "outbound", 6001)).toBe("function");
  });
});

describe("callerIdOf", () => {
  it("takes the first of the trunk's order that there is", () => {
    const t = trunk({ callingIdPriority: ["Trunk", "Source", "Site"], callingAddress: "+1999" });
    expect(callerIdOf(t, "+1222", "+1333")).toBe("+1999");
    expect(callerIdOf(trunk({ callingIdPriority: ["Trunk", "Site"] }), "+1222", "+1333")).toBe("+1333");
    expect(callerIdOf(trunk({}), "+1222", null)).toBe("+1222");
    expect(callerIdOf(trunk({ callingIdPriority: ["Source"] }), null, null)).toBeNull();
  });
});

describe("heard lines", () => {
  it("cannot be broken by quotes or line ends in names and texts", () => {
    expect(messageLine('Say "hi"\r\nX-Evil: 1', "gcv")).toBe('message="Say \\"hi\\" X-Evil: 1";via=gcv');
    expect(queueLine({ queue: "A;B", ani: "+1", recorded: true, via: "gcv", failover: true })).toBe(
      'queue="A;B";ani="+1";recorded=1;via=gcv;failover=1',
    );
  });
});
