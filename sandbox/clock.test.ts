import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type ClockOptions, defaultStart, WorldClock } from "./clock";

const START = new Date("2026-06-01T08:00:00Z");
const instant = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const clocks: WorldClock[] = [];
function clock(options: ClockOptions = {}): WorldClock {
  const made = new WorldClock({ start: START, ...options });
  clocks.push(made);
  return made;
}
afterEach(() => {
  for (const each of clocks.splice(0)) each.close();
});

describe("WorldClock", () => {
  it("starts on a Monday at 08:00 of the plan's timezone", () => {
    for (const zone of ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]) {
      const parts = defaultStart(zone).toLocaleString("en-GB", {
        timeZone: zone,
        weekday: "short",
        hour: "2-digit",
        minute: "2-digit",
      });
      expect(parts).toContain("Mon");
      expect(parts).toContain("08:00");
    }
  });

  it("runs at wall rate between jumps", async () => {
    const from = performance.now();
    const c = clock();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const moved = c.now().getTime() - START.getTime();
    expect(moved).toBeGreaterThanOrEqual(50);
    expect(moved).toBeLessThanOrEqual(Math.ceil(performance.now() - from));
  });

  it("runs dated events in order, each seeing its own time, asynchronous ones awaited", async () => {
    const c = clock();
    const seen: string[] = [];
    const note = (name: string) => seen.push(`${name}@${(c.nowMs() - START.getTime()) / 1000}`);
    c.at(instant(300), "t", "late", () => void note("late"));
    c.at(instant(100), "t", "slow", async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      note("slow");
      c.at(instant(200), "t", "chained", () => void note("chained"));
    });
    c.at(instant(100), "t", "second", () => void note("second"));
    c.at(instant(5000), "t", "beyond", () => void note("beyond"));
    await c.jump(instant(1000));
    expect(seen).toEqual(["slow@100", "second@100", "chained@200", "late@300"]);
    expect(c.nowMs()).toBeGreaterThanOrEqual(instant(1000).getTime());
    expect(c.events().map((e) => `${e.detail}:${e.state}`)).toEqual([
      "slow:past",
      "second:past",
      "chained:past",
      "late:past",
      "beyond:to-come",
    ]);
  });

  it("runs any set of events in the order of their dates", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 86_400 }), { maxLength: 60 }), async (seconds) => {
        const c = new WorldClock({ start: START });
        const seen: [number, number][] = [];
        seconds.forEach((s, i) => {
          c.at(instant(s), "t", "", () => void seen.push([s, i]));
        });
        await c.jump(instant(86_400));
        c.close();
        expect(seen).toEqual(
          seconds.map((s, i) => [s, i] as [number, number]).sort((a, b) => a[0] - b[0] || a[1] - b[1]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("leaves out a cancelled event", async () => {
    const c = clock();
    let ran = 0;
    const event = c.at(instant(10), "t", "", () => void ran++);
    event.cancel();
    await c.jump(instant(20));
    expect(ran).toBe(0);
    expect(c.events()).toEqual([]);
  });

  it("runs an event by the wall clock when nobody jumps", async () => {
    const c = clock();
    const at = await new Promise<number>((resolve) => {
      c.at(instant(0.05), "t", "", () => resolve(c.nowMs()));
    });
    expect(at).toBeGreaterThanOrEqual(instant(0.05).getTime());
  });

  it("tells of a failing event and of one that never ends, and goes on", async () => {
    const errors: string[] = [];
    const c = clock({
      patienceMs: 30,
      onError: (event, error) => errors.push(`${event.detail}: ${(error as Error).message}`),
    });
    let ran = false;
    c.at(instant(1), "t", "fails", () => {
      throw new Error("broken");
    });
    c.at(instant(2), "t", "hangs", () => new Promise(() => {}));
    c.at(instant(3), "t", "last", () => {
      ran = true;
    });
    await c.jump(instant(10));
    expect(ran).toBe(true);
    expect(errors).toEqual(["fails: broken", "hangs: not finished after 30 ms of wall time"]);
    expect(c.events().filter((e) => e.error).length).toBe(2);
  });

  it("refuses to go back, and jumps asked for together follow one another", async () => {
    const c = clock();
    await Promise.all([c.jump(instant(7200)), c.jump(instant(3600))]);
    expect(c.nowMs()).toBeGreaterThanOrEqual(instant(7200).getTime());
    await expect(c.jump(instant(60))).rejects.toThrow(/cannot go back/);
    await expect(c.jump(new Date(Number.NaN))).rejects.toThrow(/must be a date/);
  });
});

describe("sleep", () => {
  it("in auto mode wakes concurrent sleepers in order and lets a poller poll on the way", async () => {
    const c = clock({ mode: "auto" });
    const seen: string[] = [];
    const poller = (async () => {
      for (let i = 0; i < 4; i++) {
        await c.sleep(60);
        seen.push(`poll${Math.round((c.nowMs() - START.getTime()) / 1000)}`);
      }
    })();
    const wallMs = performance.now();
    await Promise.all([
      c.sleep(7200).then(() => seen.push("long")),
      c.sleep(100).then(() => seen.push("short")),
      poller,
    ]);
    expect(seen).toEqual(["poll60", "short", "poll120", "poll180", "poll240", "long"]);
    expect(performance.now() - wallMs).toBeLessThan(3000);
  });

  it("in auto mode passes through the events on the way", async () => {
    const c = clock({ mode: "auto" });
    let at = 0;
    c.at(instant(1800), "t", "", () => {
      at = c.nowMs();
    });
    await c.sleep(3600);
    expect(at).toBe(instant(1800).getTime());
    expect(c.nowMs() - START.getTime()).toBeGreaterThanOrEqual(3_600_000);
  });

  it("in real mode waits, and a jump wakes it", async () => {
    const c = clock();
    let woke = false;
    const slept = c.sleep(3600).then(() => {
      woke = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(woke).toBe(false);
    await c.jump(instant(3700));
    await slept;
    expect(woke).toBe(true);
  });

  it("a sleeper that was called off moves nothing", async () => {
    const c = clock({ mode: "auto" });
    const call = new AbortController();
    const slept = c.sleep(86_400, call.signal);
    call.abort(new Error("client gone"));
    await expect(slept).rejects.toThrow("client gone");
    await c.sleep(10);
    expect(c.nowMs() - START.getTime()).toBeLessThan(60_000);
    await expect(c.sleep(1, call.signal)).rejects.toThrow("client gone");
  });

  it("lets actors look before and after time moves, by a jump or by itself", async () => {
    const c = clock({ mode: "auto" });
    const looks: number[] = [];
    c.aroundMove(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      looks.push(Math.round((c.nowMs() - START.getTime()) / 1000));
    });
    await c.sleep(50);
    await c.jump(instant(100));
    expect(looks).toEqual([0, 50, 50, 100]);
  });

  it("refuses what is not a duration", async () => {
    const c = clock();
    await expect(c.sleep(-1)).rejects.toThrow(RangeError);
    await expect(c.sleep(Number.NaN)).rejects.toThrow(RangeError);
    await expect(c.sleep(Number.POSITIVE_INFINITY)).rejects.toThrow(RangeError);
  });
});
