import { describe } from "vitest";
import { ago, plan, refuses } from "./testing";

describe("canary and port orders: each gate refuses its own trap", () => {
  refuses([
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
  ]);
});
