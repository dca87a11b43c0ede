import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../model/errors";
import { Desk } from "./desk";
import { ManualCarrier } from "./manual";

/** The desk's files are written by people: each is understood, or refused in a sentence with its path. */
const dir = mkdtempSync(join(tmpdir(), "cutover-desk-form-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const clock = { now: async () => new Date("2026-06-01T08:00:00Z"), sleep: async () => undefined };
const range = { from: "+12125550100", to: "+12125550109" };
const carrier = new ManualCarrier(new Desk(dir, clock), clock);
const ORDER = { orderName: "PO-1", ranges: [range], focInDays: 10, losingCarrier: "Old" };
const right: Record<string, string> = {};

beforeAll(async () => {
  const { orderId } = await carrier.submitPortOrder(ORDER);
  await carrier.putRoute({ name: "r1", ranges: [range], host: "h.example", calledNumber: "+12125550199" }, []);
  mkdirSync(join(dir, "confirmations"));
  const numbers = [{ range, status: "Active", activatedAt: "2026-06-15T08:00:00Z" }];
  const answer = { id: orderId, at: "2026-06-02T08:00:00Z", status: "done", foc: "2026-06-15T08:00:00Z", numbers };
  writeFileSync(join(dir, "confirmations", `${orderId}.json`), JSON.stringify(answer));
  for (const part of ["requests", "confirmations"])
    for (const name of readdirSync(join(dir, part)))
      right[join(part, name)] = readFileSync(join(dir, part, name), "utf8");
});

async function surveyWith(file: string, text: string): Promise<{ survey: string } | { problem: string }> {
  writeFileSync(join(dir, file), text);
  try {
    return { survey: JSON.stringify(await carrier.survey()) };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  } finally {
    writeFileSync(join(dir, file), right[file]!);
  }
}

const confirmationWith = (change: object) => {
  const file = Object.keys(right).find((f) => f.startsWith("confirmations"))!;
  return surveyWith(file, JSON.stringify({ ...JSON.parse(right[file]!), ...change }));
};

describe("the desk's files", () => {
  it("as they were written give orders, routes and numbers", async () => {
    const survey = await carrier.survey();
    expect(survey.orders).toMatchObject([{ status: "ported", foc: "2026-06-15T08:00:00Z" }]);
    expect(survey.routes).toHaveLength(1);
  });

  it("a date that people read differently, and numbers without a form, are refused with file and key", async () => {
    for (const foc of ["15.06.2026", "06/15/2026", "tomorrow", 20260615, "2026-13-45", ""])
      expect(await confirmationWith({ foc })).toEqual({
        problem: expect.stringMatching(
          /port-order-\S+\.json, foc: seen .+; expected an ISO 8601 date such as .+; fix:/,
        ),
      });
    expect(await confirmationWith({ foc: "2026-06-15" })).toHaveProperty("survey");
    for (const numbers of [{}, "all", [null], [{ range: "+12125550100", status: "Active" }], [{ range }]])
      expect(await confirmationWith({ numbers })).toEqual({
        problem: expect.stringMatching(/\.json, numbers(\[0\])?: seen .+; expected a list of /),
      });
    const wide = { from: "+10000000000", to: "+19999999999" };
    expect(await confirmationWith({ numbers: [{ range: wide, status: "Active" }] })).toHaveProperty("problem");
    expect(await confirmationWith({ status: "Done" })).toEqual({
      problem: expect.stringContaining('status: seen "Done"; expected "done" or "refused"; fix:'),
    });
  });

  it("with any value in place of any other never end in a stack trace, nor in a number that is none", async () => {
    const values = fc.oneof(
      fc.constantFrom<unknown>(null, "", "?", 0, -1, true, [], {}, [null], { from: "+1" }, "constructor", "2026-02-31"),
      fc.jsonValue({ maxDepth: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), values, fc.boolean(), async (which, key, value, cut) => {
        const files = Object.keys(right);
        const file = files[which % files.length]!;
        const content = JSON.parse(right[file]!) as Record<string, unknown>;
        const keys = Object.keys(content);
        content[keys[key % keys.length]!] = value;
        const text = JSON.stringify(content);
        const seen = await surveyWith(file, cut ? text.slice(0, key % text.length) : text);
        if ("survey" in seen) expect(seen.survey).not.toMatch(/NaN|undefined|\[object/);
        else expect(seen.problem).toContain(file);
      }),
      { numRuns: 300 },
    );
  });
});
