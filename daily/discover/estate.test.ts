import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { estateOf, kindOf } from "./estate";
import type { FoundOrganisation } from "./organisation";
import { dialledNames, type FoundCname } from "./zones";

const organisation: FoundOrganisation = {
  id: "1",
  name: "Acme: Übung #1",
  region: "eu-central-1",
  numbers: [
    { number: "+12125550123", ivr: "Claims, new", poolText: "North" },
    { number: "+18005550123", ivr: "Claims, new", poolText: "" },
    { number: "+12125550199", otherOwner: "USER", poolText: "north of it" },
  ],
  otherNumbers: 2,
  ivrs: [{ name: "Claims, new", description: "", flow: "Claims flow", otherFlows: ["Closed"] }],
  sites: ["North", "South"],
  queues: ['Over"flow\nname: evil'],
  byocTrunks: [{ name: "Old", terminationId: "old-1" }],
};
const cname = (record: string, target: string, more: Partial<FoundCname> = {}): FoundCname => ({
  provider: "route53",
  view: "public",
  zone: "acme.example",
  record,
  target,
  ttlSeconds: 3600,
  ...more,
});

describe("estate of an organisation", () => {
  const estate = estateOf({ organisation, dns: [cname("sip", "gcv.acme.example")], unread: [], sandbox: false });

  it("fills what is known, quotes what needs it, and asks the rest", () => {
    expect(estate.numbers.split("\n")).toEqual([
      "number,wave,kind,flow,site,port_order,emergency_address,call_route",
      '+12125550123,?,local,Claims flow,North,?,?,"Claims, new"',
      '+18005550123,?,toll_free,Claims flow,?,?,?,"Claims, new"',
      "+12125550199,?,local,?,?,?,?,?",
      "",
    ]);
    const rows = Object.fromEntries(
      estate.questions.filter((q) => q.file === "numbers.csv").map((q) => [q.key, q.rows]),
    );
    expect(rows).toEqual({ wave: 3, flow: 1, site: 2, port_order: 3, emergency_address: 3, call_route: 1 });
  });

  it("plan.yaml is YAML whatever the names hold, with each question in it told", () => {
    const plan = parse(estate.plan) as Record<string, Record<string, unknown>>;
    expect(plan.organisation).toEqual({ name: "Acme: Übung #1", region: "eu-central-1" });
    expect(plan.name).toBe("acme-ubung-1");
    expect(plan.gcv).toEqual({ recording: "?", callerIdPriority: ["?"], peakConcurrentCalls: "?" });
    expect(plan.carrier!.shadowNumbers).toEqual(["?"]);
    const asked = estate.plan.match(/# QUESTION: /g)!.length;
    expect(estate.questions.filter((q) => q.file === "plan.yaml")).toHaveLength(asked);
  });

  it("names no call routes where each has the name of its flow", () => {
    const ivrs = organisation.ivrs.map((i) => ({ ...i, flow: i.name }));
    const same = estateOf({ organisation: { ...organisation, ivrs }, dns: [], unread: [], sandbox: false });
    expect(same.numbers.split("\n").slice(0, 2)).toEqual([
      "number,wave,kind,flow,site,port_order,emergency_address",
      '+12125550123,?,local,"Claims, new",North,?,?',
    ]);
  });

  it("says what a person should know", () => {
    expect(estate.notes.join("\n")).toContain('IVR "Claims, new" also runs Closed outside open hours');
    expect(estate.notes).toContain("1 numbers of the inventory belong to USER, not to an IVR.");
    expect(estate.notes).toContain("2 numbers of IVRs are not in the GCV inventory and stay as they are.");
  });

  it("with one site there is no question about it", () => {
    const one = estateOf({ organisation: { ...organisation, sites: ["Only"] }, dns: [], unread: ["x"], sandbox: true });
    expect(one.questions.some((q) => q.key === "site")).toBe(false);
    expect(one.numbers).toContain(",Only,");
    expect(one.notes[0]).toBe("DNS: x");
  });
});

it("kinds by numbering plan", () => {
  expect(["+442079460000", "+447400123456", "+18005550123", "+15"].map(kindOf)).toEqual([
    "local",
    "mobile",
    "toll_free",
    "?",
  ]);
});

it("names that look like telephony, or exactly those asked for", () => {
  const all = [
    cname("sip", "gcv.acme.example"),
    cname("www", "web.example.net"),
    cname("calls", "acme.byoc.euc1.pure.cloud"),
    cname("gossip", "blog.example.net"),
  ];
  expect(dialledNames(all, []).map((c) => c.record)).toEqual(["sip", "calls"]);
  expect(dialledNames(all, ["www", "GOSSIP.acme.example"]).map((c) => c.record)).toEqual(["www", "gossip"]);
});
