import { describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { LosingLines } from "./losing-lines";
import type { PortFault } from "./faults";
import type { PortOrder } from "./port-order";
import { PortRegistry } from "./registry";

const START = new Date("2026-06-01T08:00:00Z");
const HOUR = 3_600_000;
const [MAIN, OTHER] = ["+16173540791", "+16173540792"];

function world(faults: PortFault[] = []) {
  const clock = new WorldClock({ start: START });
  const ports = new PortRegistry({ clock, random: new Random(7), faults });
  const lines = new LosingLines({ clock, ports, orders: [{ billingNumber: MAIN, numbers: [MAIN, OTHER] }] });
  /** An order of one number, asked for in so many days, and confirmed. */
  const ordered = async (number: string, days: number): Promise<PortOrder> => {
    const focRequested = new Date(START.getTime() + days * 24 * HOUR);
    const order = ports.confirm(ports.create({ reference: `PO-${number}`, numbers: [number], focRequested }).id);
    await clock.jump(new Date(START.getTime() + 4 * 24 * HOUR));
    return order;
  };
  const toHours = (from: Date, hours: number) => clock.jump(new Date(from.getTime() + hours * HOUR));
  return { ports, lines, ordered, toHours };
}

describe("lines at the losing carrier", () => {
  it("are cut on the old date when the order was cancelled less than 48 hours before it, and not before that date", async () => {
    const { ports, lines, ordered, toHours } = world();
    const order = await ordered(OTHER, 13);
    const foc = order.focActual!;
    await toHours(foc, -40);
    ports.cancel(order.id);
    await toHours(foc, -1);
    expect(order.status).toBe("cancelled");
    expect(lines.isCut(OTHER)).toBe(false);
    await toHours(foc, 1);
    expect(lines.isCut(OTHER)).toBe(true);
    expect(ports.isActive(OTHER)).toBe(false);
  });

  it("stay in service when the order was cancelled in time", async () => {
    const { ports, lines, ordered, toHours } = world();
    const order = await ordered(OTHER, 13);
    const foc = order.focActual!;
    await toHours(foc, -50);
    ports.cancel(order.id);
    await toHours(foc, 48);
    expect(lines.isCut(OTHER)).toBe(false);
  });

  it("are closed with their account a day after its billing number has left, those ported by then excepted", async () => {
    const { lines, ordered, toHours } = world();
    const order = await ordered(MAIN, 8);
    await toHours(order.focActual!, 23);
    expect(lines.isCut(OTHER)).toBe(false);
    await toHours(order.focActual!, 25);
    expect(lines.isCut(OTHER)).toBe(true);
    expect(lines.isCut(MAIN)).toBe(false);
  });

  it("are in service again when the port is taken back", async () => {
    const { ports, lines, ordered, toHours } = world([{ order: `PO-${OTHER}`, kind: "reverted", hours: 30 }]);
    const [main, other] = [await ordered(MAIN, 8), await ordered(OTHER, 12)];
    await toHours(main.focActual!, 25);
    expect(lines.isCut(OTHER)).toBe(true);
    await toHours(other.focActual!, 31);
    expect(ports.isActive(OTHER)).toBe(false);
    expect(lines.isCut(OTHER)).toBe(false);
  });
});
