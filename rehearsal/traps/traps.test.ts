import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { POLICY_NAMES } from "../../model/policyNames";
import { trappedEstate } from "../estate";
import { TRAPS, trapOf } from ".";

const out = mkdtempSync(join(tmpdir(), "cutover-traps-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("traps", () => {
  it("have names of their own, and name policies that exist", () => {
    expect(new Set(TRAPS.map((t) => t.name)).size).toBe(TRAPS.length);
    for (const t of TRAPS)
      for (const p of [t.policy, ...t.overlaps]) expect(POLICY_NAMES, `${t.name}: ${p}`).toContain(p);
    expect(() => trapOf("nothing")).toThrow(/no such trap/);
  });

  it.each(TRAPS.map((t) => t.name))("%s: the right estate stays right, the mistaken one can be read", (name) => {
    const trap = trapOf(name);
    const { right, plan } = trappedEstate(join(__dirname, "../../test/estates/guide"), join(out, name), trap);
    expect(plan.digest === right.digest).toBe(trap.plan === undefined);
  });
});
