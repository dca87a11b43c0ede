import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { blocking, judge } from "../evidence";
import type { Facts } from "../facts";
import { loadPlan } from "../plan";
import { allAdopted, goodFacts } from "../testing";
import type { Phase, Position, WaveStates } from "../types";

const plan = loadPlan(join(__dirname, "../../stacks/dev"));
const NOW = new Date("2026-05-04T10:00:00Z");
const at = (phase: Phase | "none", waves: WaveStates = {}): Position => ({ phase, waves });
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const MOVES: Record<string, [Position, Position]> = {
  baseline: [at("none"), at("baseline")],
  parallel: [at("baseline"), at("parallel")],
  "ttl-lowered": [at("parallel"), at("ttl-lowered")],
  canary: [at("ttl-lowered"), at("canary")],
  porting: [at("canary"), at("porting")],
  live: [at("cutover"), at("cutover", { w1: "live" })],
  released: [at("cutover", { w1: "live" }), at("cutover", { w1: "released" })],
  adopted: [at("cutover", { w1: "released" }), at("cutover", { w1: "adopted" })],
  complete: [at("cutover", allAdopted(plan)), at("complete", allAdopted(plan))],
};
const good = (move: string) => goodFacts(plan, MOVES[move]![0], MOVES[move]![1], NOW);
const refused = (move: string, facts: Facts) =>
  blocking(judge(plan, MOVES[move]![0], MOVES[move]![1], facts, NOW)).map((v) => `${v.gate} ${v.status}`);

describe("an edge that is silent to strangers", () => {
  it("is proven by the carrier's own call over BYOC, not by one over GCV and not by a failed one", () => {
    const withCall = (change: object) => {
      const facts = good("ttl-lowered");
      facts.sip!.options!.code = null;
      for (const test of facts.sip!.tests!) Object.assign(test, { via: "byoc" }, change);
      return refused("ttl-lowered", facts).filter((each) => each.startsWith("name-is-dialable"));
    };
    expect(withCall({})).toEqual([]);
    expect(withCall({ via: "gcv" })).toEqual(["name-is-dialable inconclusive"]);
    expect(withCall({ farReceived: 0 })).toEqual(["name-is-dialable inconclusive"]);
  });
});

describe("each gate refuses its own trap", () => {
  const traps: [string, string, (f: Facts) => void, ...string[]][] = [
    [
      "baseline",
      "another organisation",
      (f) => {
        f.entitlement!.organisation!.name = "Other Ltd";
      },
      "organisation-answers failed",
    ],
    [
      "baseline",
      "no BYOC product",
      (f) => {
        f.entitlement!.products = ["cx2"];
      },
      "licence-present failed",
    ],
    [
      "baseline",
      "a missing right",
      (f) => {
        f.entitlement!.missingPermissions = ["telephony:plugin:all"];
      },
      "permissions-granted failed",
    ],
    [
      "baseline",
      "a record that is there already",
      (f) => {
        f.record!.record = { phase: "canary", waves: "", floor: "", digest: "", since: {} };
      },
      "record-agrees failed",
    ],
    [
      "parallel",
      "a new carrier address",
      (f) => {
        f.carrier!.sourceRanges = ["198.51.100.99/32"];
      },
      "allowlist-covers-carrier failed",
    ],
    [
      "ttl-lowered",
      "a range nobody called from",
      (f) => {
        f.sip!.tests = f.sip!.tests!.filter((t) => t.source !== "192.0.2.164");
      },
      "handshake-proven failed",
    ],
    [
      "ttl-lowered",
      "one-way audio",
      (f) => {
        f.sip!.tests![1]!.farReceived = 0;
      },
      "handshake-proven failed",
    ],
    [
      "ttl-lowered",
      "audio that nobody could count",
      (f) => {
        f.sip!.tests![1]!.farReceived = null;
      },
      "handshake-proven failed",
    ],
    [
      "ttl-lowered",
      "a carrier that sends over TCP from one address",
      (f) => {
        Object.assign(f.sip!.tests![1]!, { transport: "tcp", srtp: false });
      },
      "trunk-transport-secure failed",
    ],
    [
      "ttl-lowered",
      "audio in plain over TLS",
      (f) => {
        f.sip!.tests![0]!.srtp = false;
      },
      "trunk-transport-secure failed",
    ],
    [
      "ttl-lowered",
      "a test desk that does not say how it called",
      (f) => {
        f.sip!.tests![0]!.transport = null;
      },
      "trunk-transport-secure inconclusive",
    ],
    [
      "ttl-lowered",
      "403 from one source",
      (f) => {
        Object.assign(f.sip!.tests![2]!, { code: 403, answered: false });
      },
      "handshake-proven failed",
    ],
    [
      "ttl-lowered",
      "an address that the plan does not name",
      (f) => {
        f.sip!.tests![0]!.source = "198.51.100.99";
      },
      "handshake-proven failed",
      "allowlist-covers-carrier failed",
    ],
    [
      "ttl-lowered",
      "a call that the organisation did not see",
      (f) => {
        f.sip!.tests![0]!.seenByOrg = false;
      },
      "handshake-proven failed",
    ],
    [
      "canary",
      "47 h only",
      (f) => {
        f.record!.record!.since["ttl-lowered"] = ago(47);
      },
      "ttl-lowered-in-time failed",
    ],
    [
      "canary",
      "a resolver that keeps the old TTL",
      (f) => {
        f.dns!.answers!.at(-1)!.ttlSeconds = 3600;
      },
      "ttl-lowered-in-time failed",
    ],
    [
      "canary",
      "a TTL that is no number",
      (f) => {
        f.dns!.answers![0]!.ttlSeconds = Number.NaN;
      },
      "ttl-lowered-in-time inconclusive",
    ],
    [
      "canary",
      "a resolver that does not answer",
      (f) => {
        f.dns!.answers!.at(-1)!.error = "timeout";
      },
      "ttl-lowered-in-time errored",
      "dns-agrees-everywhere errored",
    ],
    [
      "canary",
      "no resolver asked for one record",
      (f) => {
        f.dns!.answers = f.dns!.answers!.filter((a) => a.resolver.startsWith("ns:") || a.view === "public");
      },
      "ttl-lowered-in-time inconclusive",
      "dns-agrees-everywhere inconclusive",
    ],
    [
      "porting",
      "too few calls",
      (f) => {
        f.quality!.canary!.calls = 199;
      },
      "canary-healthy inconclusive",
    ],
    [
      "porting",
      "a bad MOS",
      (f) => {
        f.quality!.canary!.meanMos = 3.9;
      },
      "canary-healthy failed",
    ],
    [
      "porting",
      "NaN as MOS",
      (f) => {
        f.quality!.canary!.meanMos = Number.NaN;
      },
      "canary-healthy inconclusive",
    ],
    [
      "porting",
      "too many failures",
      (f) => {
        f.quality!.canary!.failed = 2;
      },
      "canary-healthy failed",
    ],
    [
      "porting",
      "a wrong caller id",
      (f) => {
        f.quality!.canary!.wrongCallerId = 1;
      },
      "caller-id-preserved failed",
    ],
    [
      "porting",
      "a codec of one side only",
      (f) => {
        f.quality!.canary!.codecs = ["audio/pcma"];
      },
      "canary-healthy failed",
    ],
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
      "baseline",
      "a number on the call route that the plan does not list",
      (f) => {
        f.record!.existing!.ivrs[0]!.ranges.push({ from: "+12025550999", to: "+12025550999" });
      },
      "baseline-changes-nothing failed",
    ],
    [
      "baseline",
      "a record with another TTL than the plan says",
      (f) => {
        f.dns!.answers![0]!.ttlSeconds = 60;
      },
      "baseline-changes-nothing failed",
    ],
    [
      "baseline",
      "an outbound route over another trunk",
      (f) => {
        f.record!.existing!.outbound[0]!.trunks = ["Somebody's trunk"];
      },
      "baseline-changes-nothing failed",
    ],
    [
      "baseline",
      "a call route that leads to another flow",
      (f) => {
        f.record!.existing!.ivrs[0]!.flow = "After hours";
      },
      "baseline-changes-nothing failed",
    ],
    [
      "baseline",
      "what exists was not read",
      (f) => {
        delete f.record!.existing;
      },
      "baseline-changes-nothing inconclusive",
    ],
    [
      "parallel",
      "a range that only the carrier's page names",
      (f) => {
        f.carrier!.published = { ranges: ["198.51.100.99/32"], at: ago(48), source: "its page" };
      },
      "allowlist-covers-carrier failed",
    ],
    [
      "parallel",
      "a GCV trunk that was not looked at",
      (f) => {
        delete f.record!.existing;
      },
      "recording-kept inconclusive",
    ],
    [
      "parallel",
      "a reading of the carrier's page of last year",
      (f) => {
        f.carrier!.published = { ranges: plan.carrier.sourceRanges, at: ago(24 * 120), source: "its page" };
      },
      "allowlist-covers-carrier inconclusive",
    ],
    [
      "ttl-lowered",
      "a test call of yesterday's yesterday",
      (f) => {
        f.sip!.tests![0]!.at = ago(25);
      },
      "handshake-proven failed",
    ],
    [
      "ttl-lowered",
      "a test call without a date",
      (f) => {
        delete f.sip!.tests![0]!.at;
      },
      "handshake-proven failed",
    ],
    [
      "ttl-lowered",
      "a published range that nobody called from",
      (f) => {
        f.carrier!.published = { ranges: ["198.51.100.99/32"], at: ago(48), source: "its page" };
      },
      "handshake-proven failed",
      "allowlist-covers-carrier failed",
    ],
    [
      "ttl-lowered",
      "no answer to OPTIONS at the trunk's name, and no call that is known to have come over the trunk",
      (f) => {
        f.sip!.options!.code = null;
        for (const test of f.sip!.tests!) test.via = null;
      },
      "name-is-dialable inconclusive",
    ],
    [
      "ttl-lowered",
      "a certificate of another name",
      (f) => {
        f.sip!.options!.tls = { error: "ERR_TLS_CERT_ALTNAME_INVALID" };
      },
      "name-is-dialable failed",
    ],
    [
      "canary",
      "a resolver with a third answer",
      (f) => {
        f.dns!.answers!.at(-1)!.target = "elsewhere.example";
      },
      "dns-agrees-everywhere failed",
    ],
    [
      "canary",
      "name servers of a provider that the plan does not name",
      (f) => {
        f.dns!.others = [{ name: "sip.guide.example", resolver: "ns:other", target: "gcv.guide.example" }];
      },
      "dns-agrees-everywhere failed",
    ],
    [
      "canary",
      "a view that was moved by hand",
      (f) => {
        f.dns!.answers!.at(-1)!.target = plan.dns[0]!.to;
      },
      "dns-agrees-everywhere failed",
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
  ];
  it.each(traps)("%s: %s", (move, _, change, ...expected) => {
    const facts = structuredClone(good(move));
    change(facts);
    expect(refused(move, facts)).toEqual(expected);
  });

  it("takes silence on GCV for drained only once the activation has settled", () => {
    const silent = {
      ...good("released"),
      quality: { ...good("released").quality!, gcv: { lastCallAt: null, calls: 0 } },
    };
    expect(refused("released", silent)).toEqual([]);
    expect(
      refused("released", { ...silent, quality: { ...silent.quality, gcv: { lastCallAt: null, calls: 3 } } }),
    ).toEqual(["release-drained inconclusive"]);
  });
});

describe("test calls before a release", () => {
  const [from, to] = MOVES.released!;
  const seen = (facts: Facts, p = plan) => blocking(judge(p, from, to, facts, NOW)).map((v) => v.seen);

  it("come from every network that the plan names, and from each one that called another number", () => {
    const named = { ...plan, carrier: { ...plan.carrier, testNetworks: ["mobile-1", "cable-2"] } };
    expect(seen(good("released"), named)).toEqual([]);
    const one = good("released");
    one.sip!.tests = one.sip!.tests!.filter((t) => t.network === "mobile-1");
    expect(seen(one)).toEqual([]);
    expect(seen(one, named)[0]).toMatch(/^no test call from cable-2 to \+/);
    const partly = good("released");
    const dropped = partly.sip!.tests!.findIndex((t) => t.network === "cable-2");
    const [call] = partly.sip!.tests!.splice(dropped, 1);
    expect(seen(partly)).toEqual([`no test call from cable-2 to ${call!.number}`]);
  });

  it("are each of today, as those of R1 are", () => {
    for (const move of ["live", "released"]) {
      const old = good(move);
      old.sip!.tests![0]!.at = ago(25);
      expect(refused(move, old)).toEqual([`${move === "live" ? "carrier-route-ready" : "release-drained"} failed`]);
      delete old.sip!.tests![0]!.at;
      expect(refused(move, old)).toHaveLength(1);
    }
  });
});

describe("recording", () => {
  const [from, to] = MOVES.parallel!;
  const seen = (gcvRecording: boolean | undefined, planned: boolean) => {
    const p = { ...plan, gcv: { ...plan.gcv, recording: planned } };
    const facts = goodFacts(p, from, to, NOW);
    if (gcvRecording !== undefined) facts.record!.existing!.gcvRecording = gcvRecording;
    return blocking(judge(p, from, to, facts, NOW)).map((v) => `${v.gate}: ${v.seen}`);
  };

  it("is what the GCV trunk does, where it is shown, and not what the plan believes", () => {
    expect(seen(true, false)).toEqual([
      "recording-kept: PureCloud Voice - AWS records calls, the plan's trunk would not",
    ]);
    expect(seen(true, true)).toEqual([]);
    expect(seen(undefined, false)).toEqual([]);
    // More than before is nobody's loss.
    expect(seen(false, true)).toEqual([]);
  });
});
