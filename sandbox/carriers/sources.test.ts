import { describe, expect, it } from "vitest";
import { changedSources, sourceAddresses } from "./sources";

const names = (sources: readonly { address: string }[]) => sources.map(({ address }) => address);

describe("a carrier that renumbers", () => {
  const all = sourceAddresses(["203.0.113.8/30"]);

  it("inside its ranges: the second half of the addresses instead of the first", () => {
    const { before, after } = changedSources(all, "inside");
    expect([names(before), names(after)]).toEqual([
      ["203.0.113.8", "203.0.113.9"],
      ["203.0.113.10", "203.0.113.11"],
    ]);
  });

  it("inside a range of one address there is nothing to change", () => {
    const one = sourceAddresses(["203.0.113.8/32"]);
    expect(changedSources(one, "inside")).toEqual({ before: one, after: one });
  });

  it("outside: one that it never published, beside the others", () => {
    const { before, after } = changedSources(all, "outside");
    expect(before).toEqual(all);
    expect(names(after)).toEqual([...names(all), "192.0.2.77"]);
    expect(after.at(-1)?.local).toMatch(/^127\./);
  });
});
