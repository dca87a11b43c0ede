import { describe, expect, it } from "vitest";
import type { DeployResult } from "./deployer";
import { stoppedBy } from "./stopped";

const STEP = { phase: "cutover", waves: { w1: "live" }, direction: "forward" } as const;

const result = (violations: [policy: string, level: string][], errors: string[]) =>
  ({
    policies: {
      evaluated: 1,
      violations: violations.map(([policy, level]) => ({
        policy,
        level,
        resource: "gate",
        message: `${policy} says so`,
      })),
    },
    diagnostics: errors.map((message) => ({ severity: "error", message })),
  }) as unknown as DeployResult;

const stopped = (r: DeployResult, wanted?: string) => stoppedBy(STEP, "preview", r, 0, wanted);

describe("what stopped a step", () => {
  it("is the policy that was to stop it, among all that refused; advisories stop nothing", () => {
    const both = result(
      [
        ["not-judged", "advisory"],
        ["port-live", "mandatory"],
        ["one-live-path", "mandatory"],
      ],
      [],
    );
    expect(stopped(both, "one-live-path")).toMatchObject({
      policy: "one-live-path",
      also: ["port-live"],
      in: "preview",
    });
    expect(stopped(both)).toMatchObject({ policy: "port-live", phase: "cutover w1=live" });
    expect(stopped(result([["not-judged", "advisory"]], ["connection refused"]))).toBeNull();
  });

  it("is told by the lines of gate and proofs, and by a resource's own check", () => {
    const gate =
      "The move is not proven:\n- port-live (failed): seen 1; required 2; wait\n- r1-tested (errored): seen 3; required 4; ask";
    expect(stopped(result([], [gate]))).toMatchObject({ policy: "port-live", also: ["carrier-route-ready"] });
    const check =
      "resource 'byoc-trunk': property properties has a problem: would change it; policy never-replaced: it never changes";
    expect(stopped(result([], [check]))).toMatchObject({ policy: "never-replaced", message: check, also: [] });
  });
});
