import { describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { PortRegistry, type PortRegistryOptions } from "./registry";

const START = new Date("2026-06-01T08:00:00Z");
const HOUR = 3_600_000;
const NUMBERS = ["+16173540791", "+16173540792", "+16173540793", "+16173540794"];

function world(o: Partial<PortRegistryOptions> = {}) {
  const clock = new WorldClock({ start: START });
  const ports = new PortRegistry({ clock, random: new Random(7), ...o });
  const log: string[] = [];
  ports.on("activated", (numbers: string[], at: Date) => log.push(`active ${numbers.length} ${at.toISOString()}`));
  ports.on("reverted", (numbers: string[]) => log.push(`reverted ${numbers.length}`));
  const submit = (reference = "PO-1") => {
    const order = ports.create({
      reference,
      numbers: NUMBERS,
      focRequested: new Date(START.getTime() + 13 * 24 * HOUR),
    });
    return ports.confirm(order.id);
  };
  const passHours = (hours: number) => clock.jump(new Date(START.getTime() + hours * HOUR));
  return { clock, ports, log, submit, passHours };
}

describe("life of a port order", () => {
  it("goes from draft to submitted, gets a date, and its numbers go live at that date and not before", async () => {
    const { ports, submit, passHours, clock } = world();
    const order = submit();
    expect(order.status).toBe("submitted");
    expect(ports.numberOf(NUMBERS[0]!)?.status).toBe("Pending");
    await passHours(5 * 24);
    expect(order.status).toBe("foc-date-confirmed");
    const foc = order.focActual!;
    expect(foc.toISOString().slice(0, 10)).toBe("2026-06-14");
    await clock.jump(new Date(foc.getTime() - 1000));
    expect(NUMBERS.some((n) => ports.isActive(n))).toBe(false);
    await clock.jump(new Date(foc.getTime() + 1000));
    expect(NUMBERS.every((n) => ports.isActive(n))).toBe(true);
    // The order is not called ported yet: its status is no proof either way.
    expect(order.status).toBe("foc-date-confirmed");
    await clock.jump(new Date(foc.getTime() + 2 * HOUR));
    expect(order.status).toBe("ported");
    expect(ports.numberOf(NUMBERS[0]!)?.activatedAt?.getTime()).toBe(foc.getTime());
  });

  it("draws the hour by seed and order name: all hours of the day occur, and the same seed gives the same ones", async () => {
    const hours = new Set<number>();
    const again: number[][] = [];
    for (let run = 0; run < 2; run++) {
      const { ports, passHours } = world();
      const orders = Array.from({ length: 80 }, (_, i) => {
        const order = ports.create({
          reference: `PO-${i}`,
          numbers: [`+1617355${1000 + i}`],
          focRequested: new Date("2026-06-20T12:00:00Z"),
        });
        return ports.confirm(order.id);
      });
      await passHours(6 * 24);
      again.push(orders.map((o) => o.focActual!.getUTCHours()));
      for (const order of orders) hours.add(order.focActual!.getUTCHours());
    }
    expect(again[0]).toEqual(again[1]);
    expect([...hours].some((h) => h < 6)).toBe(true);
    expect([...hours].some((h) => h >= 22)).toBe(true);
    expect(hours.size).toBeGreaterThan(15);
  });

  it("cancels until 24 hours before the date and refuses after that", async () => {
    const { ports, submit, passHours, clock } = world();
    const first = submit();
    await passHours(5 * 24);
    await clock.jump(new Date(first.focActual!.getTime() - 25 * HOUR));
    expect(ports.cancel(first.id).status).toBe("cancel-pending");
    await clock.jump(new Date(first.focActual!.getTime() + HOUR));
    expect(first.status).toBe("cancelled");
    expect(NUMBERS.some((n) => ports.isActive(n))).toBe(false);

    const late = world();
    const order = late.submit();
    await late.passHours(5 * 24);
    await late.clock.jump(new Date(order.focActual!.getTime() - 23 * HOUR));
    expect(() => late.ports.cancel(order.id)).toThrow(/could be cancelled until 24 hours before/);
    await late.clock.jump(new Date(order.focActual!.getTime() + 1000));
    expect(late.ports.isActive(NUMBERS[0]!)).toBe(true);
  });

  it("refuses numbers that stand on another order, and takes them again after a cancellation", async () => {
    const { ports, submit, passHours } = world();
    const order = submit();
    expect(() => ports.create({ reference: "PO-2", numbers: [NUMBERS[0]!] })).toThrow(/is on porting order/);
    ports.cancel(order.id);
    await passHours(6);
    expect(order.status).toBe("cancelled");
    expect(ports.create({ reference: "PO-2", numbers: [NUMBERS[0]!] }).status).toBe("draft");
  });
});

describe("faults", () => {
  const HALF = 14 * 24 * 2;

  it("splits: half of the numbers follow two days later on an order of their own", async () => {
    const { ports, submit, passHours, log } = world({ faults: [{ order: "PO-1", kind: "split" }] });
    submit();
    await passHours(HALF);
    expect(log).toHaveLength(2);
    const [a, b] = log.map((line) => Date.parse(line.split(" ")[2]!));
    expect(b! - a!).toBe(48 * HOUR);
    expect(ports.orders()).toHaveLength(2);
    expect(ports.numberOf(NUMBERS[0]!)?.orderId).not.toBe(ports.numberOf(NUMBERS[3]!)?.orderId);
  });

  it("on demand: activates inside its window when asked, once, and by itself at the end when nobody asks", async () => {
    const faults = [{ order: "*", kind: "on-demand" as const, hours: 6 }];
    const asked = world({ faults });
    const order = asked.submit();
    await asked.passHours(5 * 24);
    const start = order.activation!.window.start;
    expect(() => asked.ports.activate(order.id)).toThrow(/cannot be activated now/);
    await asked.clock.jump(new Date(start.getTime() + 1000));
    expect(asked.ports.numberOf(NUMBERS[0]!)?.status).toBe("Activate RDY");
    const job = asked.ports.activate(order.id);
    expect(() => asked.ports.activate(order.id)).toThrow(/once/);
    expect(asked.log).toEqual([]);
    await asked.clock.jump(new Date(start.getTime() + 0.5 * HOUR));
    expect([asked.log.length, job.status]).toEqual([1, "completed"]);
    await asked.clock.jump(new Date(start.getTime() + 48 * HOUR));
    expect(asked.log).toHaveLength(1);
    expect(order.status).toBe("ported");

    const waited = world({ faults });
    const left = waited.submit();
    await waited.passHours(5 * 24);
    const { end } = left.activation!.window;
    await waited.clock.jump(new Date(end.getTime() - 1000));
    expect(waited.log).toEqual([]);
    await waited.clock.jump(new Date(end.getTime() + 1000));
    expect(waited.log).toEqual([`active 4 ${end.toISOString()}`]);
  });

  it("slips, comes early, is rejected, is reverted; and an order that is not named does nothing of it", async () => {
    const slip = world({ faults: [{ order: "PO-1", kind: "slip", hours: 72 }] });
    slip.submit();
    await slip.passHours(HALF);
    const plain = world({ faults: [{ order: "PO-9", kind: "slip", hours: 72 }] });
    const order = plain.submit();
    await plain.passHours(HALF);
    const when = (log: string[]) => Date.parse(log[0]!.split(" ")[2]!);
    expect(when(slip.log) - when(plain.log)).toBe(72 * HOUR);
    expect(order.status).toBe("ported");

    const early = world({ faults: [{ order: "*", kind: "early", hours: 6 }] });
    early.submit();
    await early.passHours(HALF);
    expect(when(plain.log) - when(early.log)).toBe(6 * HOUR);

    const rejected = world({ faults: [{ order: "PO-1", kind: "rejected" }] });
    const refused = rejected.submit();
    await rejected.passHours(HALF);
    expect(refused.status).toBe("exception");
    expect(refused.details[0]?.code).toBe("ACCOUNT_NUMBER_MISMATCH");
    expect(rejected.log).toEqual([]);
    rejected.ports.confirm(refused.id);
    await rejected.passHours(HALF * 2);
    expect(refused.status).toBe("ported");

    const mended = world({ faults: [{ order: "PO-1", kind: "rejected", hours: 30 }] });
    const again = mended.submit();
    const moved: string[] = [];
    mended.ports.on("order", (order: { status: string }) => moved.push(order.status));
    await mended.passHours(HALF * 2);
    expect(moved).toEqual(expect.arrayContaining(["exception", "submitted"]));
    expect(again.status).toBe("ported");

    const reverted = world({ faults: [{ order: "PO-1", kind: "reverted", hours: 4 }] });
    reverted.submit();
    await reverted.passHours(HALF);
    expect(reverted.log.map((line) => line.split(" ")[0])).toEqual(["active", "reverted", "active"]);
    expect(reverted.ports.isActive(NUMBERS[0]!)).toBe(true);
  });
});
