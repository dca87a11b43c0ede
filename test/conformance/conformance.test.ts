/** Every scenario against what the real CLI showed when it was recorded: the fast form of `npm run test:conformance`. */
import { afterAll, describe, expect, test } from "vitest";
import { hostFile } from "../../engine/testing";
import { walk } from "./bed";
import { Embedded } from "./embedded";
import { compared, recorded } from "./recorded";
import { SCENARIOS } from "./scenario";

const engine = new Embedded(hostFile());
afterAll(() => engine.close());

describe("as the CLI", () => {
  test.each(SCENARIOS.map((s) => [`${s.number} ${s.name}`, s] as const))("%s", { timeout: 60_000 }, async (_, s) => {
    const wanted = recorded(s);
    expect(wanted, "a recording of the CLI: npm run test:conformance -- --cli --record").toBeDefined();
    expect(compared(s, wanted ?? [], await walk(engine.driver(s), s))).toEqual([]);
  });

  test("every behaviour from 1 to 40 has a scenario", () => {
    const numbers = new Set(SCENARIOS.map((s) => s.number));
    expect(Array.from({ length: 40 }, (_, i) => i + 1).filter((n) => !numbers.has(n))).toEqual([]);
  });
});
