import { describe, expect, it } from "vitest";
import type { Facts } from "../facts";
import { ago, good, plan, refused, refuses, verdicts } from "./testing";

describe("waves and the end: each gate refuses its own trap", () => {
  refuses([
    [
      "live",
      "one number pending",
      (f) => {
        f.carrier!.numbers![0]!.status = "Pending";
      },
      "port-live failed",
    ],
    [
      "live",
      "a ported order with cancelled numbers",
      (f) => {
        f.carrier!.numbers![0]!.status = "Cancelled";
      },
      "port-live failed",
    ],
    [
      "live",
      "an activation to come",
      (f) => {
        f.carrier!.numbers![0]!.activatedAt = ago(-5);
      },
      "port-live failed",
    ],
    [
      "live",
      "an Active number without a time",
      (f) => {
        f.carrier!.numbers![0]!.activatedAt = null;
      },
      "port-live inconclusive",
    ],
    [
      "live",
      "a route that the desk has not entered",
      (f) =>
        f.carrier!.routes!.forEach((r) => {
          r.state = "pending";
        }),
      "carrier-route-ready failed",
    ],
    [
      "live",
      "a route through the customer's name",
      (f) =>
        f.carrier!.routes!.forEach((r) => {
          r.host = "sip.meridian.example";
        }),
      "carrier-route-ready failed",
    ],
    [
      "live",
      "an R1 that rings nobody",
      (f) => {
        Object.assign(f.sip!.tests![0]!, { code: 404, answered: false });
      },
      "carrier-route-ready failed",
    ],
    [
      "live",
      "a range without a test call",
      (f) => {
        f.sip!.tests!.pop();
      },
      "carrier-route-ready failed",
    ],
    [
      "live",
      "a second active route of a number",
      (f) => {
        const first = f.carrier!.routes!.find((r) => r.key.startsWith("w1-"))!;
        f.carrier!.routes!.push({ ...first, key: "old", host: "elsewhere.example" });
      },
      "one-live-path failed",
    ],
    [
      "live",
      "a test call that came in over GCV, so not by R1",
      (f) => {
        f.sip!.tests![0]!.via = "gcv";
      },
      "carrier-route-ready failed",
    ],
    [
      "live",
      "a test call of which neither path nor source is known",
      (f) => {
        Object.assign(f.sip!.tests![0]!, { via: null, source: null });
      },
      "carrier-route-ready failed",
    ],
    [
      "live",
      "a test call that arrived with another caller's number",
      (f) => {
        Object.assign(f.sip!.tests![0]!, { ani: "+12125550100", aniSeen: "+12125550199" });
      },
      "carrier-route-ready failed",
    ],
    [
      "live",
      "a carrier that sends R1 in plain",
      (f) => {
        f.sip!.tests![0]!.srtp = false;
      },
      "trunk-transport-secure failed",
    ],
    [
      "live",
      "a range that the carrier has published since the handshake",
      (f) => {
        f.carrier!.published = { ranges: ["198.51.100.99/32"], at: ago(1), source: "its page" };
      },
      "allowlist-covers-carrier failed",
    ],
    [
      "live",
      "a state of numbers without an end",
      (f) => {
        f.carrier!.numbers![0]!.range.to = "unknown";
      },
      "port-live inconclusive",
    ],
    [
      "released",
      "a route that was taken out after its test",
      (f) => {
        f.carrier!.routes!.find((r) => r.key.startsWith("w1-"))!.state = "pending";
      },
      "one-live-path failed",
    ],
    [
      "adopted",
      "a route that was turned to another number",
      (f) => {
        f.carrier!.routes!.find((r) => r.key.startsWith("w1-"))!.calledNumber = "+12125550199";
      },
      "one-live-path failed",
    ],
    [
      "adopted",
      "a TTL that somebody raised again before the name moves",
      (f) => {
        f.dns!.answers![0]!.ttlSeconds = 86_400;
      },
      "ttl-lowered-in-time failed",
    ],
    [
      "adopted",
      "an inventory of other numbers",
      (f) => {
        f.record!.inventory!.stillHeld = ["+12025550999"];
      },
      "inventory-empty inconclusive",
    ],
    [
      "complete",
      "an R1 that was left beside R2",
      (f) => {
        const r2 = f.carrier!.routes!.find((r) => r.key.startsWith("w1-"))!;
        f.carrier!.routes!.push({ ...r2, key: "left-over", calledNumber: "+12125550199" });
      },
      "carrier-route-ready failed",
    ],
    [
      "released",
      "an activation of yesterday",
      (f) =>
        f.carrier!.numbers!.forEach((n) => {
          n.activatedAt = ago(23);
        }),
      "release-drained failed",
    ],
    [
      "released",
      "a port that was taken back",
      (f) => {
        f.carrier!.numbers![0]!.status = "Old";
      },
      "release-drained failed",
    ],
    [
      "released",
      "a call on GCV an hour ago",
      (f) => {
        f.quality!.gcv = { lastCallAt: ago(1), calls: 1 };
      },
      "release-drained failed",
    ],
    [
      "released",
      "a network that still reaches GCV",
      (f) => {
        f.sip!.tests![0]!.via = "gcv";
      },
      "release-drained failed",
    ],
    [
      "released",
      "a call of which the path is not known",
      (f) => {
        f.sip!.tests![0]!.via = null;
      },
      "release-drained failed",
    ],
    [
      "adopted",
      "a number still held",
      (f) => {
        f.record!.inventory!.stillHeld = [plan.parts[0]!.numbers[5]!];
      },
      "inventory-empty failed",
    ],
    [
      "adopted",
      "half of them looked up",
      (f) => {
        f.record!.inventory!.checked = 300;
      },
      "inventory-empty inconclusive",
    ],
    [
      "adopted",
      "a port that was reverted",
      (f) => {
        f.carrier!.numbers = f.carrier!.numbers!.map((n) => ({ ...n, status: "Reverted" }));
      },
      "dns-not-before-port failed",
    ],
    [
      "adopted",
      "a resolver with a third answer",
      (f) => {
        f.dns!.answers!.at(-1)!.target = "elsewhere.example";
      },
      "dns-agrees-everywhere failed",
    ],
    [
      "complete",
      "a call on GCV within the soak",
      (f) => {
        f.quality!.gcv = { lastCallAt: ago(71), calls: 1 };
      },
      "soak-over failed",
    ],
    [
      "complete",
      "cutover since yesterday",
      (f) => {
        f.record!.record!.since.cutover = ago(24);
      },
      "soak-over failed",
    ],
    [
      "complete",
      "no confirmation",
      (f) => {
        f.confirm = "";
      },
      "confirmed-by-name failed",
    ],
    [
      "complete",
      "the name of another stack",
      (f) => {
        f.confirm = "prod";
      },
      "confirmed-by-name failed",
    ],
    [
      "complete",
      "a desk that has not turned a route yet",
      (f) => {
        f.carrier!.routes!.find((r) => r.key.startsWith("w1-"))!.state = "pending";
      },
      "carrier-route-ready failed",
    ],
    [
      "complete",
      "a zone that leads back",
      (f) => {
        f.dns!.answers![0]!.target = plan.dns[0]!.from;
      },
      "dns-agrees-everywhere failed",
    ],
    [
      "complete",
      "a stack that nobody named",
      (f) => {
        Object.assign(f, { stack: "", confirm: "" });
      },
      "confirmed-by-name inconclusive",
    ],
  ]);

  it("takes silence on GCV for drained only once the activation has settled", () => {
    const silent = {
      ...good("released"),
      quality: { ...good("released").quality!, gcv: { ...good("released").quality!.gcv!, lastCallAt: null } },
    };
    expect(refused("released", silent)).toEqual([]);
    expect(
      refused("released", { ...silent, quality: { ...silent.quality, gcv: { ...silent.quality.gcv, calls: 3 } } }),
    ).toEqual(["release-drained inconclusive"]);
  });

  it.each([
    "released",
    "complete",
  ] as const)("%s: believes no silence of records that show this client no call", (move) => {
    const gate = move === "released" ? "release-drained" : "soak-over";
    const facts = (change: (shown: { callRoute: string; at: string | null }[]) => unknown): Facts => {
      const { quality, ...rest } = good(move);
      const gcv = { calls: 0, lastCallAt: null, shown: change(quality!.gcv!.shown!) as never };
      return { ...rest, quality: { ...quality!, gcv } };
    };
    expect(
      refused(
        move,
        facts((shown) => shown),
      ),
    ).toEqual([]);
    const blind: [string, (shown: { callRoute: string; at: string | null }[]) => unknown][] = [
      ["a credential without the right to any division", (shown) => shown.map((s) => ({ ...s, at: null }))],
      ["one call route in a division of its own", (shown) => shown.map((s, i) => (i === 0 ? { ...s, at: null } : s))],
      ["a call route that was not asked about", (shown) => shown.slice(1)],
      ["calls of long ago", (shown) => shown.map((s) => ({ ...s, at: ago(1000) }))],
      ["calls to come", (shown) => shown.map((s) => ({ ...s, at: ago(-5) }))],
      ["times that are none", (shown) => shown.map((s) => ({ ...s, at: "yesterday" }))],
      ["a probe that did not look", () => undefined],
    ];
    for (const [what, change] of blind) expect(refused(move, facts(change)), what).toEqual([`${gate} inconclusive`]);
    const blindFacts = facts((shown) => shown.map((s) => ({ ...s, at: null })));
    const verdict = verdicts(move, blindFacts).find((v) => v.gate === gate);
    expect(verdict!.seen).toContain("nothing seen there is no silence");
    expect(verdict!.fix).toContain("every division");
  });
});
