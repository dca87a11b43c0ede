import { describe, expect, it } from "vitest";
import { Pace } from "./pace";

describe("Pace", () => {
  it("lets no more through in any second than it is told, whoever asks", async () => {
    const pace = new Pace(50);
    const from = performance.now();
    const at: number[] = [];
    await Promise.all(
      Array.from({ length: 11 }, async () => {
        await pace.turn();
        at.push(performance.now() - from);
      }),
    );
    // Ten gaps of 20 ms after the first; timers are a millisecond early at most.
    expect(at.at(-1)!).toBeGreaterThanOrEqual(195);
    expect(at[5]!).toBeGreaterThanOrEqual(95);
  });

  it("lets nobody start beside work of unknown size, and makes up for it", async () => {
    const pace = new Pace(100);
    const from = performance.now();
    const order: string[] = [];
    const many = pace.alone(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        order.push("many");
        return 10;
      },
      (n) => n,
    );
    await Promise.all([many, pace.turn().then(() => order.push("one"))]);
    expect(order).toEqual(["many", "one"]);
    expect(performance.now() - from).toBeGreaterThanOrEqual(95);
  });

  it("settles when all is spread, after a failure too", async () => {
    const pace = new Pace(20);
    const from = performance.now();
    const failing = pace.alone(
      () => Promise.reject(new Error("desk")),
      () => 1,
    );
    await expect(failing).rejects.toThrow("desk");
    await pace.turn();
    await pace.settle();
    expect(performance.now() - from).toBeGreaterThanOrEqual(45);
  });
});
