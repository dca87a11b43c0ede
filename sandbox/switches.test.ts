import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applySwitches, SWITCHES } from "./switches";

describe("named switches of the world", () => {
  it("adds up, and leaves the faults it was given alone", () => {
    const given = { ports: [{ order: "*", kind: "early" as const }] };
    const changed = applySwitches(given, ["port=slip:24:PO-1", "carrier-resolver=stale", "genesys-read-lag=5"]);
    expect(changed).toEqual({
      ports: [
        { order: "*", kind: "early" },
        { order: "PO-1", kind: "slip", hours: 24 },
      ],
      carrierResolver: "stale",
      genesys: { readLagSeconds: 5 },
    });
    expect(given.ports).toHaveLength(1);
  });

  const wrong = [
    "nonsense",
    "constructor",
    "port",
    "port=late",
    "port=early:soon",
    "real-audio=1",
    "carrier-resolver=",
    "genesys-read-lag=-1",
    "quality=byoc:1",
  ];
  for (const text of wrong) {
    it(`refuses --world ${text} with one sentence`, () => {
      expect(() => applySwitches({}, [text])).toThrow(new RegExp(`^--world ${text}: expected .*\\.$`));
    });
  }

  const page = readFileSync(`${__dirname}/../docs/sandbox.md`, "utf8");
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)(?:=[^`]*)?` \|([^|]+)\|(.+)\|$/gm)];

  it("has every switch in docs/sandbox.md, and no other", () => {
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(SWITCHES).sort());
  });

  it("says of each how it is known, or that both ways are rehearsed", () => {
    for (const [row, , what, known] of rows) {
      expect(what?.trim(), row).not.toBe("");
      expect(known?.trim().split(/\s+/).length, row).toBeGreaterThanOrEqual(5);
      if (/not documented/.test(row)) expect(row).toContain("both ways rehearsed");
    }
  });
});
