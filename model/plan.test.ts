import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planCallRoutes } from "./phases";
import { loadPlan } from "./plan";
import { NUMBERS, PORTS, problemsOf, texts, withRoutes, YAML, yaml } from "./small-estate";
import { arbitraryEstate, planOf } from "./testing";

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

  it("may name call routes: one flow of several, the flow's own name where a cell is empty, and no other meaning without", () => {
    const { digest } = planOf(texts());
    const named = withRoutes("Hotline", "0800", "");
    const plan = planOf(texts(named));
    expect(planCallRoutes(plan).map(({ callRoute, flow }) => [callRoute, flow])).toEqual([
      ["0800", "Claims"],
      ["Hotline", "Claims"],
      ["Main", "Main"],
    ]);
    expect(plan.carrier.shadowNumbers).toHaveLength(3);
    expect(plan.digest).not.toBe(digest);
    expect(planOf(texts(withRoutes("", "", ""))).digest).toBe(digest);
    expect(planOf(texts(withRoutes("Claims", "Claims", "Main"))).digest).toBe(digest);
    expect(planOf(texts(withRoutes("0800", "Hotline", ""))).digest).not.toBe(plan.digest);
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
      "plan.yaml row 14, column carrier.shadowNumbers: seen 0; expected 2 spare numbers of the gaining carrier, one for each call route; fix: order spare numbers there and list them.",
      "plan.yaml row 14, column carrier.testNumbers: seen 0; expected 2 spare numbers of the gaining carrier, one for each call route; fix: order spare numbers there and list them.",
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
        const callRoutes = new Set(plan.numbers.map((n) => n.callRoute)).size;
        const all = [...inParts, ...plan.carrier.shadowNumbers, ...plan.carrier.testNumbers];
        expect(new Set(all).size).toBe(inParts.length + 2 * callRoutes);
        expect(planOf(estate)).toEqual(plan);
      }),
      { numRuns: 60 },
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
