import { expect, it } from "vitest";
import { walk } from "./rehearse";

/** A whole migration of an estate that no other test knows. */
it("berlin: numbers of several lengths, one provider, no digest, ports by hand, one wave in parts", async () => {
  const report = await walk("berlin");
  expect(report.phases.at(-1)).toMatchObject({ phase: "complete", waves: "w1=adopted,w2.1=adopted,w2.2=adopted" });
  expect(report.calls.byPath.byoc).toBeGreaterThan(0);
}, 400_000);
