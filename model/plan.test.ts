import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "./errors";
import { loadPlan } from "./plan";
import { arbitraryEstate, type EstateTexts, planOf } from "./testing";

const YAML = `apiVersion: cutover/v1
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
const NUMBERS = `number,wave,kind,flow,site,port_order,emergency_address
+4930901003,w1,local,Claims,HQ,PO-1,ADDR-HQ
+4930901001,w1,local,Claims,HQ,PO-1,ADDR-HQ
+4930901002,w1,local,Main,HQ,PO-1,ADDR-HQ
`;
const PORTS = `port_order,wave,site,requested_foc_in_days,losing_carrier,gaining_carrier
PO-1,w1,HQ,13,Genesys Cloud Voice,Small SIP
`;
const texts = (changes: Partial<EstateTexts> = {}): EstateTexts => ({
  plan: YAML,
  numbers: NUMBERS,
  ports: PORTS,
  ...changes,
});

function problemsOf(changes: Partial<EstateTexts>): readonly string[] {
  try {
    planOf(texts(changes));
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}
const yaml = (from: string | RegExp, to: string) => {
  const plan = YAML.replace(from, to);
  expect(plan).not.toBe(YAML);
  return { plan };
};

describe("a clean estate", () => {
  it("is read with the documented defaults, parts in E.164 order and spares of its own", () => {
    const plan = planOf(texts());
    expect(plan.organisation.inboundMatching).toBe("unknown");
    expect(plan.trunk).toMatchObject({ tlsVersion: "1.2", maxCallRate: "60/5s", recording: "inherit-from-gcv" });
    expect(plan.carrier).toMatchObject({
      tlsNameCheck: "target",
      requestHost: "target",
      routeHost: "customer-name",
      rewrites: true,
      retryOn: [408, 480, 503, 504],
    });
    expect(plan.gcv).toEqual({ recording: true, callerIdPriority: ["Source", "Trunk"] });
    expect(plan.limits).toMatchObject({ timezone: "UTC", soakHours: 72, lrnSettleHours: 24, evidenceMinutes: 30 });
    expect(plan.parts).toEqual([
      { id: "w1.1", wave: "w1", numbers: ["+4930901001", "+4930901002"] },
      { id: "w1.2", wave: "w1", numbers: ["+4930901003"] },
    ]);
    expect(plan.numbers.map((n) => [n.number, n.part, n.row])).toEqual([
      ["+4930901001", "w1.1", 3],
      ["+4930901002", "w1.1", 4],
      ["+4930901003", "w1.2", 2],
    ]);
    expect([...plan.carrier.shadowNumbers, ...plan.carrier.testNumbers]).toEqual([
      "+4930901004",
      "+4930901005",
      "+4930901006",
      "+4930901007",
    ]);
  });

  it("means the same with CRLF, a byte order mark, other row order and comments; not with another number or setting", () => {
    const { digest } = planOf(texts());
    const crlf = (text: string) => `\uFEFF${text.replaceAll("\n", "\r\n")}`;
    expect(planOf(texts({ numbers: crlf(NUMBERS), ports: crlf(PORTS), plan: `# note\n${YAML}` })).digest).toBe(digest);
    const [head, ...rows] = NUMBERS.trimEnd().split("\n");
    expect(planOf(texts({ numbers: [head, ...rows.reverse()].join("\n") })).digest).toBe(digest);
    expect(planOf(texts(yaml("percent: 10", "percent: 11"))).digest).not.toBe(digest);
    expect(planOf(texts({ numbers: NUMBERS.replace("901003", "901009") })).digest).not.toBe(digest);
  });

  it("is the same with quoted cells, and errors still name their line", () => {
    const quoted = NUMBERS.replaceAll("Claims", '"Claims"').replace("Main", '"Main, with a comma"');
    expect(planOf(texts({ numbers: quoted })).numbers.map((n) => n.flow)).toEqual([
      "Claims",
      "Main, with a comma",
      "Claims",
    ]);
    for (const eol of ["\n", "\r\n"]) {
      const broken = quoted.replace("+4930901002", "+1").replaceAll("\n", eol);
      expect(problemsOf({ numbers: broken })[0]).toMatch(/^numbers\.csv row 4, column number: seen "\+1"/);
      const late = `${NUMBERS}\n\n+1,w1,local,Claims,HQ,PO-1,ADDR-HQ\n`;
      for (const text of [late, late.replace("Main", '"Main"')]) {
        expect(problemsOf({ numbers: text.replaceAll("\n", eol) })[0]).toMatch(
          /^numbers\.csv row 7, column number: seen "\+1"/,
        );
      }
    }
  });

  it("needs its spares written down in production", () => {
    expect(problemsOf(yaml("sandbox: true", "sandbox: false"))).toEqual([
      "plan.yaml row 14, column carrier.shadowNumbers: seen 0; expected 2 spare numbers of the gaining carrier, one for each flow; fix: order spare numbers there and list them.",
      "plan.yaml row 14, column carrier.testNumbers: seen 0; expected 2 spare numbers of the gaining carrier, one for each flow; fix: order spare numbers there and list them.",
    ]);
    const spares =
      '  shadowNumbers: ["+4930901101", "+4930901102"]\n  testNumbers: ["+4930901103", "+4930901001"]\ndns:';
    const problems = problemsOf({ plan: YAML.replace("sandbox: true", "sandbox: false").replace("dns:", spares) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(
      'carrier.testNumbers[1]: seen "+4930901001"; expected a number that is used nowhere else (see row 3 of numbers.csv)',
    );
  });

  it("holds for random estates: every number in one part, no part too large, spares nobody's", () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const plan = planOf(estate);
        const inParts = plan.parts.flatMap((p) => p.numbers);
        expect([...inParts].sort()).toEqual(plan.numbers.map((n) => n.number).sort());
        expect(new Set(inParts).size).toBe(inParts.length);
        for (const part of plan.parts) expect(part.numbers.length).toBeLessThanOrEqual(plan.limits.maxNumbersPerUpdate);
        const flows = new Set(plan.numbers.map((n) => n.flow)).size;
        const all = [...inParts, ...plan.carrier.shadowNumbers, ...plan.carrier.testNumbers];
        expect(new Set(all).size).toBe(inParts.length + 2 * flows);
        expect(planOf(estate)).toEqual(plan);
      }),
      { numRuns: 60 },
    );
  });
});

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

describe("files that a spreadsheet spoiled", () => {
  it("a separator that is no comma, and a quote that is never closed, are told once and where they are", () => {
    expect(problemsOf({ numbers: NUMBERS.replaceAll(",", ";") })).toEqual([
      'numbers.csv row 1: seen ";"; expected a comma between the cells (RFC 4180); fix: save it as CSV with commas, in UTF-8.',
    ]);
    expect(problemsOf({ ports: PORTS.replaceAll(",", "\t") })[0]).toMatch(
      /^ports\.csv row 1: seen "\\t"; expected a comma/,
    );
    expect(problemsOf({ numbers: NUMBERS.replace("+4930901001,w1,local,Cl", '+4930901001,w1,local,"Cl') })).toEqual([
      'numbers.csv row 3: seen "a quote that is never closed"; expected CSV (RFC 4180); fix: correct the quotes.',
    ]);
  });

  it("a mistake of a whole column is told a few times and counted, wherever it came from", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `030 9010${10 + i},w1,local,Main,HQ,PO-1,ADDR-HQ`);
    const problems = problemsOf({ numbers: [NUMBERS.split("\n")[0], ...rows, ""].join("\n") });
    expect(problems).toHaveLength(8);
    expect(problems[0]).toContain('row 2, column number: seen "030 901010"; expected a number in +E.164');
    expect(problems[7]).toContain(
      'row 9, column number: seen "030 901017", and the like in 22 more rows up to row 31;',
    );
    const twice = NUMBERS + `${NUMBERS.split("\n")[1]}\n`.repeat(20);
    expect(problemsOf({ numbers: twice }).at(-1)).toContain("and the like in 12 more rows up to row 24; expected each");
  });

  it("a first line without one name of a column is told once; a typo in a name by the name", () => {
    const without = NUMBERS.split("\n").slice(1).join("\n");
    const expected =
      "a first line with the names of the columns, number,wave,kind,flow,site,port_order,emergency_address";
    for (const [numbers, seen] of [
      [without, '"+4930901003,w1,local,Claims,HQ,PO-1,ADDR-HQ"'],
      [`sep=,\n${NUMBERS}`, '"sep=,"'],
      ["", "nothing"],
    ] as const)
      expect(problemsOf({ numbers })).toEqual([
        `numbers.csv row 1: seen ${seen}; expected ${expected}; fix: add it above the rows.`,
      ]);
    expect(problemsOf({ numbers: NUMBERS.replace("port_order", "portorder") })[0]).toContain("fix: write port_order");
  });

  it("empty rows that a spreadsheet leaves behind are no rows, and the others keep their lines", () => {
    const [head, ...rows] = NUMBERS.trimEnd().split("\n");
    const numbers = [head, ",,,,,,", "", "  ", ...rows, ",,,,,,", " , ,,,,,", ""].join("\n");
    expect(planOf(texts({ numbers })).numbers.map((n) => n.row)).toEqual([6, 7, 5]);
  });

  it("a cell of two lines is refused, and rows after it keep their lines with any line end", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const numbers = NUMBERS.replace("Main,HQ", "Main,").replace("w1,local,Claims", 'w1,local,"Cla\nims"');
      const problems = problemsOf({ numbers: numbers.replaceAll("\n", end) });
      expect(problems[0]).toBe(
        'numbers.csv row 2, column flow: seen "Cla\\nims"; expected text on one line, without tabs; fix: correct flow.',
      );
      expect(problems[1]).toContain("numbers.csv row 5, column site");
    }
  });

  it("quotes in the wrong place are told in words", () => {
    const at = "numbers.csv row 3: seen";
    expect(problemsOf({ numbers: NUMBERS.replace("1001,w1", '1001,"w1"x') })[0]).toContain(
      `${at} "text after the quote`,
    );
    expect(problemsOf({ numbers: NUMBERS.replace("1001,w1", '1001,w"1') })[0]).toContain(
      `${at} "a quote in a cell that`,
    );
  });

  it("YAML that is none of a plan's: aliases, keys that are no text, names that every object has", () => {
    expect(problemsOf(yaml("standbyMessage: Not available.", "standbyMessage: *closed* now"))[0]).toMatch(
      /^plan.yaml row/,
    );
    expect(problemsOf(yaml("name: small", "name: *small"))).toEqual([
      'plan.yaml row 2: seen "*small"; expected the value itself: a plan uses no YAML aliases, and * at a text\'s beginning is one; fix: write the value out, or put the text in quotes.',
    ]);
    for (const key of ["{ a: b }", "[x]", "12", ".inf", "null"])
      expect(problemsOf(yaml("sandbox: true", `sandbox: true\n? ${key}\n: 1`))).toEqual([
        expect.stringMatching(/^plan.yaml row 4: seen .+; expected a key that is text; fix: write the key's name\.$/),
      ]);
    expect(problemsOf(yaml("provider: cloudflare", "provider: constructor"))[0]).toContain(
      "one of route53, cloudflare",
    );
  });

  it("another encoding is refused with the row, for its names would become others", () => {
    const dir = mkdtempSync(join(tmpdir(), "cutover-plan-"));
    try {
      writeFileSync(join(dir, "plan.yaml"), YAML);
      writeFileSync(join(dir, "ports.csv"), PORTS);
      writeFileSync(join(dir, "numbers.csv"), Buffer.from(NUMBERS.replace("Main", "B\u00fcro"), "latin1"));
      expect(() => loadPlan(dir)).toThrow(/^numbers\.csv row 4: seen bytes that are no UTF-8; .* "CSV UTF-8"\)\.$/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe("loadPlan", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "cutover-plan-"));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("reads both estates of the repository", () => {
    const meridian = loadPlan(join(__dirname, "../stacks/dev"));
    expect(meridian.parts.map((p) => `${p.id}:${p.numbers.length}`)).toEqual([
      "w1:633",
      "w2.1:800",
      "w2.2:53",
      "w3:394",
      "w4:520",
    ]);
    expect(loadPlan(join(__dirname, "../test/estates/guide")).numbers).toHaveLength(40);
  });

  it("tells a directory without a plan and a missing CSV file", () => {
    expect(() => loadPlan(join(dir, "none"))).toThrow(/plan\.yaml: seen no such file/);
    mkdirSync(join(dir, "half"));
    writeFileSync(join(dir, "half/plan.yaml"), YAML);
    writeFileSync(join(dir, "half/numbers.csv"), NUMBERS);
    expect(() => loadPlan(join(dir, "half"))).toThrow(
      "ports.csv: seen nothing; expected the file; fix: add ports.csv beside plan.yaml.",
    );
  });
});
