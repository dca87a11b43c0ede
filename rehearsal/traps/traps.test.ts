import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { POLICY_NAMES } from "../../model/policyNames";
import { quickEstate, trappedEstate } from "../estate";
import { TRAPS, trapOf } from ".";
import { Attempts, sharesWalk } from "./attempts";
import { replaceIn } from "./numbers";
import { wayInto } from "./path";
import { doesHarm, isStopped, rowOf, stopOf } from "./result";

const out = mkdtempSync(join(tmpdir(), "cutover-traps-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Policies that no trap is set for, with the reason. */
const WITHOUT_TRAP = {
  "not-judged": "advisory: it tells what could not be judged and stops nothing",
  "override-in-use": "advisory: it tells what is set aside and stops nothing",
};

describe("traps", () => {
  it("are set for every policy that can stop a step", () => {
    const trapped = new Set(TRAPS.map((t) => t.policy));
    expect(POLICY_NAMES.filter((name) => !trapped.has(name))).toEqual(Object.keys(WITHOUT_TRAP));
  });

  it("have names of their own, and name policies that exist", () => {
    expect(new Set(TRAPS.map((t) => t.name)).size).toBe(TRAPS.length);
    for (const t of TRAPS)
      for (const p of [t.policy, ...t.overlaps]) expect(POLICY_NAMES, `${t.name}: ${p}`).toContain(p);
    expect(() => trapOf("nothing")).toThrow(/no such trap/);
  });

  it.each(TRAPS.map((t) => t.name))("%s: the right estate stays right, the mistaken one can be read", (name) => {
    const trap = trapOf(name);
    const { right, plan } = trappedEstate(join(__dirname, "../../test/estates/guide"), join(out, name), trap);
    expect(plan.digest === right.digest).toBe(trap.plan === undefined && trap.files === undefined);
  });
});

describe("a mistake that the estate has no place for", () => {
  it("is told with file, what was looked for, and the estate that it was written for", () => {
    const dev = join(__dirname, "../../stacks/dev");
    expect(() => replaceIn(dev, "ports.csv", "PO-GUIDE-00-MAIN", "PO-GUIDE-01-WEST")).toThrow(
      'ports.csv: seen no "PO-GUIDE-00-MAIN"; expected the estate that this trap was written for; fix: --plan test/estates/guide.',
    );
  });
});

describe("the way past all traps", () => {
  const planDir = join(__dirname, "../../test/estates/guide");
  const shared = TRAPS.filter(sharesWalk);
  const right = quickEstate(planDir, join(out, "shared"), (content) => {
    for (const trap of shared) trap.estate?.(content);
  }).plan;
  const attempts = new Attempts(shared, { planDir, out: join(out, "attempts"), right });

  it("comes by every place where a mistake is to be tried, and goes one step further for what that step waits for", () => {
    const steps = attempts.steps();
    const places = [{ phase: "none" as const, waves: {} }, ...steps.slice(0, -1)];
    for (const trap of shared) {
      const from = wayInto(trap, trappedEstate(planDir, join(out, trap.name), trap).plan, trap.stopsAt).at(-2);
      expect(places, trap.name).toContainEqual(
        expect.objectContaining({ phase: from?.phase ?? "none", waves: from?.waves ?? {} }),
      );
    }
  });

  it("leaves out what only a walk of its own can show", () => {
    expect(TRAPS.filter((t) => !sharesWalk(t)).map((t) => t.name)).toEqual(
      TRAPS.filter((t) => t.world !== undefined || t.ownWalk).map((t) => t.name),
    );
    expect(() => wayInto(trapOf("outside-window"), right, { phase: "cutover", waves: { w9: "live" } })).toThrow(
      /no step/,
    );
  });
});

describe("a trap's row", () => {
  const trap = trapOf("recording-lost");
  const stop = {
    policy: "recording-kept",
    phase: "parallel",
    message: "m",
    in: "preview" as const,
    also: [],
    writes: 0,
  };
  it("counts as stopped only by its own policy, in preview, before any write", () => {
    const row = (stopped: Parameters<typeof stopOf>[0]["stopped"]) => rowOf(trap, undefined, stopOf({ stopped }));
    expect(isStopped(row(stop))).toBe(true);
    expect(isStopped(row({ ...stop, policy: "codecs-agree" }))).toBe(false);
    expect(isStopped(row({ ...stop, in: "up" }))).toBe(false);
    expect(isStopped(row({ ...stop, writes: 1 }))).toBe(false);
    expect(isStopped(row(null))).toBe(false);
  });

  it("keeps what an earlier run measured, and counts harm only where there was some", () => {
    const harm = { kind: "unrecorded calls", count: 3, lines: [] };
    const first = rowOf(trap, undefined, undefined, { alsoStoppedWithout: null, harmWithout: harm });
    expect(rowOf(trap, first, stopOf({ stopped: stop }))).toMatchObject({
      harmWithout: harm,
      stoppedIn: "preview of parallel",
    });
    expect(doesHarm(first)).toBe(true);
    expect(doesHarm(rowOf(trap, first, undefined, { alsoStoppedWithout: null, harmWithout: null }))).toBe(false);
  });
});
