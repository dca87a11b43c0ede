import { describe, expect, it } from "vitest";
import { NUMBERS, PORTS, problemsOf, texts, withRoutes, yaml } from "./small-estate";
import { planOf } from "./testing";

describe("a wrong estate tells file, row, column, value, expectation and fix", () => {
  it("all at once, over all three files", () => {
    const problems = problemsOf({
      ...yaml("percent: 10", "percent: 30"),
      numbers: NUMBERS.replace("+4930901003", "030 901003").replace("Main,HQ", "Main,"),
      ports: PORTS.replace(",13,", ",soon,"),
    });
    expect(problems).toEqual([
      'numbers.csv row 2, column number: seen "030 901003"; expected a number in +E.164, such as +12125550123; fix: write it with + and country code, digits only.',
      'numbers.csv row 4, column site: seen ""; expected a value; fix: fill in site.',
      "plan.yaml row 22, column canary.percent: seen 30; expected a percentage from 1 to 25: a canary call takes two channels; fix: correct canary.percent.",
      'ports.csv row 2, column requested_foc_in_days: seen "soon"; expected whole days from 1 to 999 after submission; fix: correct the days.',
    ]);
  });

  it.each([
    ["4930901003 without +", "4930901003", /row 2, column number: seen "4930901003"; expected a number in \+E\.164/],
    ["00 instead of +", "004930901003", /expected a number in \+E\.164/],
    ["spaces", "+49 30 901003", /expected a number in \+E\.164/],
    ["a trailing space", "+4930901003 ", /expected a number in \+E\.164/],
    ["too short for its plan", "+49301", /expected a number that its country's numbering plan allows/],
    ["an unknown country", "+9991234567", /numbering plan allows/],
    [
      "a number twice",
      "+4930901001",
      /row 3, column number: seen "\+4930901001"; expected each number once \(see row 2\)/,
    ],
  ])("number: %s", (_, value, expected) => {
    const problems = problemsOf({ numbers: NUMBERS.replace("+4930901003", value) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it.each([
    [
      "unknown wave",
      { numbers: NUMBERS.replace("003,w1", "003,w7") },
      /row 2, column wave: seen "w7"; expected a wave of ports\.csv: w1/,
    ],
    [
      "unknown order",
      { numbers: NUMBERS.replace("HQ,PO-1", "HQ,PO-2") },
      /row 2, column port_order: seen "PO-2"; .*write PO-1/,
    ],
    [
      "unknown kind",
      { numbers: NUMBERS.replace("local", "landline") },
      /column kind: seen "landline"; expected one of local, toll_free/,
    ],
    [
      "two addresses in one order",
      { numbers: NUMBERS.replace("Main,HQ,PO-1,ADDR-HQ", "Main,HQ,PO-1,ADDR-B") },
      /row 4, column emergency_address: seen "ADDR-B"; expected ADDR-HQ, the service address of order PO-1 \(row 2\)/,
    ],
    [
      "two sites in one order",
      { numbers: NUMBERS.replace("Main,HQ", "Main,West") },
      /row 4, column site: seen "West"; expected HQ, the site of its order PO-1/,
    ],
    [
      "wave not of its order",
      {
        ports: `${PORTS}PO-2,w2,HQ,14,Genesys Cloud Voice,Small SIP\n`,
        numbers: `${NUMBERS.replace("003,w1", "003,w2")}+4930901009,w2,local,Main,HQ,PO-2,ADDR-HQ\n`,
      },
      /row 2, column wave: seen "w2"; expected w1, the wave of its order PO-1/,
    ],
    [
      "an order without numbers",
      { ports: `${PORTS}PO-2,w1,HQ,14,Genesys Cloud Voice,Small SIP\n` },
      /ports\.csv row 3, column port_order: seen "PO-2"; expected at least one number/,
    ],
    [
      "an order twice",
      { ports: `${PORTS}PO-1,w1,HQ,14,Genesys Cloud Voice,Small SIP\n` },
      /ports\.csv row 3, .*each order once \(see row 2\)/,
    ],
    [
      "another gaining carrier",
      { ports: PORTS.replace("Small SIP", "Other SIP") },
      /column gaining_carrier: seen "Other SIP"; expected "Small SIP"/,
    ],
    [
      "a wave name that cutover:waves cannot hold",
      { ports: PORTS.replace(",w1,", ",w.1,"), numbers: NUMBERS.replaceAll(",w1,", ",w.1,") },
      /ports\.csv row 2, column wave: seen "w\.1"/,
    ],
    [
      "a call route that opens two flows",
      withRoutes("Hotline", "0800", "0800"),
      /row 4, column flow: seen "Main"; expected "Claims", which the call route "0800" opens \(row 3\)/,
    ],
    [
      "a call route named as another's flow, which it does not open",
      withRoutes("Main", "", ""),
      /row 4, column flow: seen "Main"; expected "Claims", which the call route "Main" opens \(row 2\)/,
    ],
    [
      "call routes that differ by case",
      withRoutes("Hotline", "hotline", ""),
      /row 3, column call_route: seen "hotline"; expected a name that differs from "Hotline" \(row 2\)/,
    ],
    [
      "a call route with a space before it",
      withRoutes(" Hotline", "", ""),
      /row 2, column call_route: seen " Hotline"; expected no spaces/,
    ],
    [
      "a call route of the name that the migration gives",
      withRoutes("Hotline", "Hotline BYOC", ""),
      /row 2, column call_route: seen "Hotline"; expected no call route or flow of the plan to be named "Hotline BYOC"/,
    ],
    [
      "a flow of the name that the migration gives",
      { numbers: NUMBERS.replace("Main", "Claims front") },
      /row 2, column flow: seen "Claims"; expected no call route or flow of the plan to be named "Claims front"/,
    ],
    [
      "flows that differ by case",
      { numbers: NUMBERS.replace("Main", "claims") },
      /row 4, column flow: seen "claims"; expected a name that differs from "Claims" \(row 2\)/,
    ],
    [
      "a column too many",
      { numbers: NUMBERS.replace("kind,", "kind,floe,").replaceAll("local,", "local,x,") },
      /row 1, column floe: .*write flow or remove it/,
    ],
    [
      "a column missing",
      { numbers: NUMBERS.replaceAll(/,[^,\n]+\n/g, "\n") },
      /row 1, column emergency_address: seen nothing/,
    ],
    [
      "a row too short",
      { numbers: NUMBERS.replace(",PO-1,ADDR-HQ\n", "\n") },
      /row 2: seen "5 cells"; expected "?7 cells/,
    ],
    ["an open quote", { numbers: NUMBERS.replace("Claims", '"Claims') }, /numbers\.csv row \d+: seen ".*[Qq]uote/],
    ["no rows", { numbers: NUMBERS.split("\n")[0]! }, /numbers\.csv: seen "no rows"/],
  ])("%s", (_, changes, expected) => {
    const problems = problemsOf(changes);
    expect(
      problems.filter((p) => expected.test(p)),
      problems.join("\n"),
    ).toHaveLength(1);
  });

  it.each([
    [
      "an unknown key",
      /codecs: \[PCMA\]\n {2}allow/,
      "codec: [PCMA]\n  codecs: [PCMA]\n  allow",
      /plan\.yaml row 10, column trunk\.codec: seen "codec"; .*fix: write codecs or remove it/,
    ],
    [
      "a missing key",
      / {2}sipDomain: .*\n/,
      "",
      /row 14, column carrier\.sipDomain: seen nothing; expected a domain name.*fix: add carrier\.sipDomain/,
    ],
    [
      "a password in the plan",
      "maxConcurrentCalls: 30",
      "maxConcurrentCalls: 30\n  digest: { username: a, password: b }",
      /column trunk\.digest\.password: .*remove it/,
    ],
    [
      "rewrites: false",
      "codecs: [PCMA]\ndns",
      "codecs: [PCMA]\n  rewrites: false\ndns",
      /carrier\.rewrites: seen false; .*bound to nothing/,
    ],
    [
      "a strict carrier through the CNAME",
      "codecs: [PCMA]\ndns",
      "codecs: [PCMA]\n  tlsNameCheck: strict\ndns",
      /carrier\.tlsNameCheck: seen "strict"; .*fix: set carrier\.routeHost: genesys-name/,
    ],
    [
      "the CNAME as request host",
      "codecs: [PCMA]\ndns",
      "codecs: [PCMA]\n  requestHost: customer-name\ndns",
      /carrier\.requestHost: .*fix: set carrier\.routeHost: genesys-name/,
    ],
    [
      "a lowered TTL that is not lower",
      "lowered: 300",
      "lowered: 3600",
      /row 20, column dns\[0\]\.ttlSeconds\.lowered: seen 3600; expected less than/,
    ],
    [
      "a TTL that Cloudflare refuses",
      "lowered: 300",
      "lowered: 5",
      /seen 5; expected 30 to 86400 s, which cloudflare takes/,
    ],
    [
      "a target that is not the trunk",
      "to: small.byoc",
      "to: other.byoc",
      /column dns\[0\]\.to: .*begins with its termination id: small\.byoc/,
    ],
    ["TLS without SRTP", / {2}srtp.*\n/, "", /trunk\.srtpCipherSuites: seen nothing; expected at least one SRTP suite/],
    ["percent below 1", "percent: 10", "percent: 0.5", /canary\.percent: seen 0\.5/],
    [
      "an unknown region",
      "eu-central-1",
      "eu-central-9",
      /organisation\.region: seen "eu-central-9"; expected one of us-east-1/,
    ],
    [
      "a CIDR that is none",
      "allowlist: [203.0.113.10/32]",
      "allowlist: [203.0.113.10/33]",
      /trunk\.allowlist\[0\]: seen "203\.0\.113\.10\/33"/,
    ],
    ["a window that cannot be read", "Mon-Thu 06:00-22:00", "Mon-Thu 06:00-25:00", /limits\.changeWindow: /],
    ["YAML that is none", "canary: {", "canary: {{", /plan\.yaml row \d+: seen ".*"; expected YAML/],
    ["a record twice", /( {2}- \{ provider.*\n)/, "$1$1", /dns\[1\]\.record: .*once \(see dns\[0\]\)/],
  ])("%s", (_, from, to, expected) => {
    const problems = problemsOf(yaml(from, to));
    expect(
      problems.filter((p) => expected.test(p)),
      problems.join("\n"),
    ).toHaveLength(1);
  });

  it("lets the strict carrier and the strange request host dial Genesys' own name", () => {
    const carrier =
      "codecs: [PCMA]\n  routeHost: genesys-name\n  tlsNameCheck: strict\n  requestHost: customer-name\ndns";
    expect(problemsOf(yaml("codecs: [PCMA]\ndns", carrier))).toEqual([]);
  });

  it("never lets a carrier dial a name that only the private view knows", () => {
    const inside = yaml("view: public", "view: private");
    expect(planOf(texts(inside)).carrier.routeHost).toBe("genesys-name");
    const asked = {
      plan: inside.plan.replace("codecs: [PCMA]\ndns", "codecs: [PCMA]\n  routeHost: customer-name\ndns"),
    };
    expect(problemsOf(asked).join("\n")).toMatch(/carrier\.routeHost: .*no record of the public view to dial/);
  });

  it("has one form for every problem", () => {
    const problems = problemsOf({
      plan: "name: 1\nfoo: 2\n",
      numbers: NUMBERS.replaceAll("+49", "49"),
      ports: "a,b\n1,2\n",
    });
    expect(problems.length).toBeGreaterThan(10);
    for (const p of problems)
      expect(p).toMatch(
        /^(plan\.yaml|numbers\.csv|ports\.csv)( row \d+)?(, column [^:]+)?: seen .+; expected .+; fix: .+\.$/s,
      );
  });
});
