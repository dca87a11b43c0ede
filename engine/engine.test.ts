import { afterEach, describe, expect, test } from "vitest";
import { Bench, stepEvents } from "./testing";

let bench: Bench;
afterEach(() => bench?.close());

describe("a stack's life", () => {
  test("create, same, update, delete", async () => {
    bench = new Bench();
    const first = await bench.up({});
    console.log(JSON.stringify(first, null, 1), stepEvents(bench.events));
    expect(first.ok).toBe(true);
    const second = await bench.up({});
    console.log(second.seconds);
    expect(second.changes.same).toBe(5);
  });
});
