import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { makePlan } from "../daily/plan/command";
import { UserError } from "../model/errors";
import { PHASES, type Phase } from "../model/types";
import { FILE_NAMES, type Files, filesOf, mutate, mutation } from "./mutations";

/** Estates with mistakes in them, as people make them: each is read, or refused in sentences that say where. */

const dir = mkdtempSync(join(tmpdir(), "cutover-mutations-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Estates tried of each kind; thousands find what this many do not. */
const RUNS = Number(process.env.CUTOVER_MUTATIONS ?? 200);

const noProbe = async () => {
  throw new Error("an estate alone asks no probe");
};

/** `cutover plan --plan DIR --to PHASE`: what it printed, or the sentences it refused the estate with. */
async function planOf(files: Files, to: Phase): Promise<{ markdown: string } | { problems: readonly string[] }> {
  for (const name of FILE_NAMES) writeFileSync(join(dir, name), files[name]);
  try {
    return await makePlan({ plan: dir, to }, noProbe);
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems };
    throw error;
  }
}

/** What a program says that did not look. */
const SLIP = /\bundefined\b|\[object |\bNaN\b|Invalid Date|\bInfinity\b|=> /;

const SENTENCE =
  /^(?<file>\S+\.(?:yaml|csv))(?: row (?<row>\d+))?(?:, column .+)?: seen (?<seen>.+); expected .+; fix: .+\.$/s;

describe("an estate with mistakes", () => {
  for (const estate of ["guide", "berlin", "osaka"]) {
    it(`${estate}: is planned, or refused in sentences with file, row and key`, async () => {
      const right = filesOf(`test/estates/${estate}`);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...FILE_NAMES),
          fc.array(mutation, { minLength: 1, maxLength: 2 }),
          fc.constantFrom(...PHASES),
          async (name, mutations, to) => {
            const mutated = mutations.reduce(mutate, right[name]);
            const result = await planOf({ ...right, [name]: mutated }, to);
            if ("markdown" in result) {
              expect(result.markdown).not.toMatch(SLIP);
              return;
            }
            for (const problem of result.problems) {
              expect(problem).toMatch(SENTENCE);
              const { file, row, seen } = SENTENCE.exec(problem)!.groups!;
              expect(problem).not.toContain("\n");
              expect(problem.replace(seen!, "")).not.toMatch(SLIP);
              const text = file === name ? mutated : (right[file as keyof Files] ?? "");
              if (row) expect(Number(row)).toBeLessThanOrEqual(text.split(/\r\n|\r|\n/).length);
            }
          },
        ),
        { numRuns: RUNS },
      );
    });
  }
});
