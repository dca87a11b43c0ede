import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EngineLog } from "../lib/enginelog";
import { Handlers } from "../lib/handlers";
import { type Props, UNKNOWN } from "../lib/values";
import { FakeClock, FakeTelnyx } from "./fakes";
import { carrierProvider } from "./resources";

const RANGES = [{ from: "+12125550100", to: "+12125550103" }];
const ROUTE: Props = { name: "w1-main", ranges: RANGES, host: "t.byoc.use1.pure.cloud", calledNumber: "+12125559999" };
const urn = (type: string) => `urn:pulumi:dev::cutover::carrier:index:${type}::x`;

describe("carrier resources", () => {
  let fake: FakeTelnyx;
  let handlers: Handlers;
  beforeEach(async () => {
    vi.stubEnv("TELNYX_API_KEY", "key");
    // The provider runs by the machine's clock here, so the carrier does as well.
    const clock = new FakeClock();
    clock.ms = Date.now();
    fake = new FakeTelnyx(clock);
    fake.jobPolls = 0;
    handlers = new Handlers(carrierProvider(), new EngineLog(undefined));
    await handlers.configure({ adapter: "telnyx", url: await fake.listen() }, {});
  });
  afterEach(() => {
    fake.close();
    vi.unstubAllEnvs();
  });

  const reasons = async (type: string, news: Props, olds: Props = {}) =>
    (await handlers.check(urn(type), olds, news)).failures.map((f) => `${f.property}: ${f.reason}`);

  it("checks numbers, ranges and names, and lets unknowns pass", async () => {
    expect(await reasons("Route", ROUTE)).toEqual([]);
    expect(await reasons("Route", { ...ROUTE, ranges: UNKNOWN })).toEqual([]);
    expect((await reasons("Route", { ...ROUTE, ranges: [{ from: "+12125550103", to: "+12125550100" }] }))[0]).toContain(
      "runs backwards",
    );
    expect((await reasons("Route", { ...ROUTE, ranges: [{ from: "2125550103", to: "+12125550100" }] }))[0]).toContain(
      "E.164",
    );
    expect((await reasons("Route", { ...ROUTE, host: "sip:host" }))[0]).toContain("host name");
    expect((await reasons("Route", { ...ROUTE, name: "other" }, ROUTE))[0]).toContain("cannot change");
    expect(
      (await reasons("PortOrder", { orderName: "P", ranges: RANGES, focInDays: 0, losingCarrier: "G" }))[0],
    ).toContain("focInDays");
  });

  it("a creation that was interrupted is asked for again under the same name: nothing is there twice", async () => {
    const order: Props = { orderName: "PO-1", ranges: RANGES, focInDays: 13, losingCarrier: "GCV" };
    const cut = { since: "2026-01-05T10:00:00Z", ids: [] };
    for (const [type, inputs] of [
      ["PortOrder", order],
      ["Route", ROUTE],
    ] as const) {
      const first = await handlers.create(urn(type), inputs, false);
      const again = await handlers.create(urn(type), inputs, false, cut);
      expect(again).toEqual({ ...first, resumed: "made" });
    }
    expect(fake.orders).toHaveLength(1);
    expect(fake.connections).toHaveLength(1);
  });

  it("R1 to R2 is an update of host and calledNumber, in place", async () => {
    const made = await handlers.create(urn("Route"), ROUTE, false);
    expect(made).toEqual({ id: "w1-main", outputs: { ...ROUTE, state: "active" } });
    const r2: Props = { name: "w1-main", ranges: RANGES, host: "sip.customer.example" };
    const diff = await handlers.diff(urn("Route"), made.id, {
      olds: made.outputs,
      oldInputs: ROUTE,
      news: r2,
      ignore: [],
    });
    expect(diff).toEqual([
      { path: "host", kind: "update" },
      { path: "calledNumber", kind: "delete" },
    ]);
    const after = await handlers.update(urn("Route"), made.id, r2, { olds: made.outputs, oldInputs: ROUTE }, false);
    expect(after).toEqual({ ...r2, state: "active" });
    expect(await handlers.read(urn("Route"), "w1-main", {}, {})).toEqual({ id: "w1-main", inputs: r2, outputs: after });
    await handlers.delete(urn("Route"), made.id, after, r2);
    expect(await handlers.read(urn("Route"), "w1-main", after, r2)).toBeNull();
  });

  it("the same ranges in another order are no difference", async () => {
    const two = [...RANGES, { from: "+12125550200", to: "+12125550200" }];
    const oldInputs = { ...ROUTE, ranges: two };
    expect(
      await handlers.diff(urn("Route"), "x", {
        olds: oldInputs,
        oldInputs,
        news: { ...ROUTE, ranges: [...two].reverse() },
        ignore: [],
      }),
    ).toEqual([]);
  });

  it("a preview asks the carrier nothing and knows no state", async () => {
    const made = await handlers.create(urn("Route"), ROUTE, true);
    expect(made.outputs).toEqual({ ...ROUTE, state: UNKNOWN });
    expect(fake.log).toEqual([]);
  });

  it("imports a port order by its name", async () => {
    const inputs: Props = { orderName: "PO-1", ranges: RANGES, focInDays: 10, losingCarrier: "GCV" };
    const made = await handlers.create(urn("PortOrder"), inputs, false);
    const imported = await handlers.read(urn("PortOrder"), "PO-1", {}, {});
    expect(imported).toMatchObject({ id: "PO-1", inputs: { orderName: "PO-1", ranges: RANGES, focInDays: 10 } });
    expect(imported?.outputs.orderId).toBe(made.outputs.orderId);
    expect(await handlers.read(urn("PortOrder"), "PO-2", {}, {})).toBeNull();
    expect((await reasons("PortOrder", { ...inputs, ranges: [{ from: "+1", to: "+2" }] }, inputs)).join()).toContain(
      "ranges",
    );
  });

  it("says which adapters there are", async () => {
    const other = new Handlers(carrierProvider(), new EngineLog(undefined));
    await expect(other.configure({ adapter: "pigeon" }, {})).rejects.toThrow(/pigeon.*telnyx, manual/);
    await expect(other.configure({ adapter: "manual" }, {})).rejects.toThrow("carrier:deskDir is not set");
  });
});
