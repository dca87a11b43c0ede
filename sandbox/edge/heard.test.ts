import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heardFields } from "../carriers";
import { queueLine } from "./heard";

describe("queueLine", () => {
  it("is read back as it was said, whatever the queue is called", () => {
    const name = fc.oneof(
      fc.constantFrom('Info "North"', "a\\b", 'x";via=byoc', "Störung: Süd", "総合窓口"),
      fc.string(),
    );
    fc.assert(
      fc.property(name, (queue) => {
        const said = { queue, ani: "+4930901820100", recorded: true, via: "gcv" as const, failover: false };
        const expected = {
          queue: queue.replace(/[\r\n]+/g, " "),
          ani: said.ani,
          recorded: "1",
          via: "gcv",
          failover: "0",
        };
        expect(heardFields(queueLine(said))).toEqual(expected);
      }),
    );
  });
});
