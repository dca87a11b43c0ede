import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPlan } from "../model/plan";
import { lastOfLosing, travelBeforePort } from "./waits";
import type { World, WorldEvent } from "./world";

const plan = loadPlan(join(__dirname, "../test/estates/guide"));

/** A world of dated events only; at the date of a `port-foc` the port itself gets its date. */
function worldOf(now: string, events: WorldEvent[], port?: WorldEvent) {
  let at = new Date(now);
  const jumps: string[] = [];
  const world = {
    now: async () => at,
    events: async () => events,
    jump: async (to: Date) => {
      at = to;
      jumps.push(to.toISOString());
      if (port && events.some((e) => e.kind === "port-foc" && Date.parse(e.at) <= to.getTime())) events.push(port);
    },
  } as unknown as World;
  return { world, jumps };
}
const event = (kind: string, at: string): WorldEvent => ({ kind, at, detail: "PO-1" });

describe("travelBeforePort", () => {
  it("waits for the port's date first, then goes as near to it as asked, and on into the change window", async () => {
    // A Wednesday, 20:00 UTC; 47 hours before it is Monday 21:00 UTC, inside the guide's window.
    const port = event("port-active", "2026-06-17T20:00:00.000Z");
    const { world, jumps } = worldOf("2026-06-04T10:00:00Z", [event("port-foc", "2026-06-06T10:00:00.000Z")], port);
    await travelBeforePort(world, plan, 47);
    expect(jumps).toContain("2026-06-06T10:00:00.000Z");
    expect(jumps.at(-1)).toBe("2026-06-15T21:00:00.000Z");
    // A Tuesday, 12:00 UTC: 47 hours before it is a Sunday, outside the window until Monday morning.
    const sunday = worldOf("2026-06-10T10:00:00Z", [event("port-active", "2026-06-16T12:00:00.000Z")]);
    await travelBeforePort(sunday.world, plan, 47);
    expect(new Date(sunday.jumps.at(-1)!).getUTCDay()).toBe(1);
  });

  it("stays where no port is under way", async () => {
    const { world, jumps } = worldOf("2026-06-04T10:00:00Z", [event("port-active", "2026-06-01T10:00:00Z")]);
    await travelBeforePort(world, plan, 47);
    expect(jumps).toEqual([]);
  });
});

describe("lastOfLosing", () => {
  it("is the last date that the losing carrier still has, among its own only", () => {
    const events = [
      event("losing-cuts", "2026-06-10T00:00:00Z"),
      event("account-closes", "2026-06-12T00:00:00Z"),
      event("port-active", "2026-06-20T00:00:00Z"),
    ];
    expect(lastOfLosing(events, Date.parse("2026-06-01T00:00:00Z"))?.toISOString()).toBe("2026-06-12T00:00:00.000Z");
    expect(lastOfLosing(events, Date.parse("2026-06-13T00:00:00Z"))).toBeUndefined();
  });
});
