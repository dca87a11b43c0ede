import { describe, expect, it } from "vitest";
import { ago, good, plan, refused, refuses } from "./testing";

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

describe("what no caller has met yet: each gate refuses its own trap", () => {
  refuses([
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
      "a new carrier address",
      (f) => {
        f.carrier!.sourceRanges = ["198.51.100.99/32"];
      },
      "allowlist-covers-carrier failed",
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
      "a reading of the carrier's page of last year",
      (f) => {
        f.carrier!.published = { ranges: plan.carrier.sourceRanges, at: ago(24 * 120), source: "its page" };
      },
      "allowlist-covers-carrier inconclusive",
    ],
    [
      "parallel",
      "an address of the carrier that is none",
      (f) => {
        f.carrier!.sourceRanges = ["sbc.carrier.example"];
      },
      "allowlist-covers-carrier inconclusive",
    ],
    [
      "ttl-lowered",
      "OPTIONS to another name",
      (f) => {
        f.sip!.options!.target = "tls:other.byoc.usw2.pure.cloud:5061";
      },
      "name-is-dialable inconclusive",
    ],
    [
      "ttl-lowered",
      "an answer to OPTIONS that is no code",
      (f) => {
        f.sip!.options!.code = Number.NaN;
      },
      "name-is-dialable inconclusive",
    ],
    [
      "ttl-lowered",
      "another probe's document in place of the carrier's",
      (f) => {
        f.carrier!.probe = "sip";
      },
      "handshake-proven inconclusive",
      "allowlist-covers-carrier inconclusive",
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
  ]);
});
