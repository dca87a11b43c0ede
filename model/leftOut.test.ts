import { describe, expect, it } from "vitest";
import { leftOut, readNames } from "./leftOut";

const CLOCK = "http://127.1.2.3:4";

describe("policies left out", () => {
  it("are left out of a sandbox with a sandbox's clock, and refused everywhere else", () => {
    expect([...leftOut({ name: "p", sandbox: true }, ["port-live"], CLOCK)]).toEqual(["port-live"]);
    expect(() => leftOut({ name: "p", sandbox: false }, ["port-live"], CLOCK)).toThrow(/not marked sandbox: true/);
    expect(() => leftOut({ name: "p", sandbox: true }, ["port-live"], undefined)).toThrow(/no sandbox clock/);
    expect(leftOut({ name: "p", sandbox: false }, [], undefined).size).toBe(0);
  });

  it("are read from a comma list", () => {
    expect(readNames(" b, a,,b ")).toEqual(["a", "b"]);
    expect(readNames(undefined)).toEqual([]);
  });
});
