import { expect, it } from "vitest";
import { walk } from "./rehearse";

/** A whole migration of an estate that no other test knows. */
it("osaka: single numbers far apart, two sites in a wave, 20 channels, another alphabet", async () => {
  const report = await walk("osaka", "--inbound-matching", "org-wide");
  expect(report.phases.at(-1)).toMatchObject({ phase: "complete", waves: "alpha=adopted,beta=adopted" });
  expect(report.calls.unrecorded).toBe(0);
}, 400_000);
