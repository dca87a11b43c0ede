import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POOL, range, refusal, testStore } from "../testing";

describe("numbers", () => {
  test("a pool may not overlap the GCV inventory or another pool", () => {
    const { store } = testStore();
    expect(refusal(() => store.numbers.create(POOL("+12125550106", "+12125550110")))).toBe("409 didpool.overlap");
    store.numbers.create(POOL("+12125550200", "+12125550209"));
    expect(refusal(() => store.numbers.create(POOL("+12125550209")))).toBe("409 didpool.overlap");
    expect(refusal(() => store.numbers.create(POOL("+12125550210")))).toBe("accepted");
    expect(refusal(() => store.numbers.create({ ...POOL("+12125550300"), provider: "PURE_CLOUD_VOICE" }))).toBe(
      "400 didpool.managed",
    );
    expect(refusal(() => store.numbers.create(POOL("+12120000000", "+12120010000")))).toBe("400 bad.request");
  });

  test("a number must be pooled before it is bound, and belongs to one IVR", () => {
    const { store } = testStore();
    const flow = store.flows.flows.named("Claims");
    const body = (dnis: string[]) => ({ name: "Claims BYOC", dnis, openHoursFlow: { id: flow?.id } });
    expect(() => store.ivrs.create(body(["+12125550200"]))).toThrow(
      "Field 'didPoolId' is required and cannot be empty",
    );
    expect(refusal(() => store.ivrs.create(body(["+12125550100"])))).toBe("400 dnis.in.use");
    store.numbers.create(POOL("+12125550200"));
    expect(store.ivrs.create(body(["+12125550200"])).dnis).toEqual(["+12125550200"]);
  });

  test("a refused IVR update leaves every number where it was", () => {
    const { store } = testStore();
    const claims = store.ivrs.ivrs.named("Claims");
    if (!claims) throw new Error("no Claims");
    const before = new Map(store.numbers.owner);
    expect(
      refusal(() => store.ivrs.update(claims.id, { name: "Claims", dnis: ["+12125550100", "+12125550999"] })),
    ).toBe("400 bad.request");
    expect(refusal(() => store.ivrs.update(claims.id, { name: "Sales", dnis: [] }))).toBe("409 general.duplicate.name");
    expect(refusal(() => store.ivrs.update(claims.id, { dnis: [], version: 7 }))).toBe("409 version.mismatch");
    expect(store.numbers.owner).toEqual(before);
    expect(store.ivrs.ivrs.get(claims.id)).toEqual(claims);
  });

  test("without dnis in the body the numbers stay; an empty list lets them go", () => {
    const { store } = testStore();
    const claims = store.ivrs.ivrs.named("Claims");
    expect(store.ivrs.update(claims?.id as string, { name: "Claims", version: 1 }).dnis).toHaveLength(5);
    expect(store.ivrs.update(claims?.id as string, { name: "Claims", dnis: [] }).dnis).toEqual([]);
    expect(store.numbers.owner.has("+12125550100")).toBe(false);
  });

  test("only the operator takes numbers out of the inventory, and not while they are bound", () => {
    const { store } = testStore();
    const claims = store.ivrs.ivrs.named("Claims");
    const pool = store.numbers.poolOf("+12125550101");
    expect(refusal(() => store.numbers.remove(pool?.id as string))).toBe("400 didpool.managed");
    expect(refusal(() => store.operatorRemoveFromInventory([range("+12125550101", "+12125550102")]))).toBe(
      "409 didpool.number.in.use",
    );
    store.ivrs.update(claims?.id as string, { dnis: ["+12125550100", "+12125550103", "+12125550104"] });
    store.operatorRemoveFromInventory([range("+12125550101", "+12125550102")]);
    expect(store.inventory()).toEqual([
      range("+12125550100"),
      range("+12125550103", "+12125550106"),
      range("+13125550100"),
    ]);
    expect(refusal(() => store.operatorRemoveFromInventory([range("+12125550101")]))).toBe("400 bad.request");
    const byoc = store.numbers.create(POOL("+12125550101", "+12125550102"));
    store.ivrs.create({
      name: "Claims BYOC",
      dnis: ["+12125550101"],
      openHoursFlow: { id: claims?.openHoursFlow?.id },
    });
    expect(refusal(() => store.numbers.remove(byoc.id))).toBe("409 didpool.number.in.use");
    expect(refusal(() => store.numbers.update(byoc.id, POOL("+12125550102")))).toBe("409 didpool.number.in.use");
    expect(store.numbers.update(byoc.id, POOL("+12125550101")).endPhoneNumber).toBe("+12125550101");
  });

  test("whatever is taken out, inventory and pools stay disjoint and nothing else is lost", () => {
    const start = 12125550100;
    const part = fc
      .tuple(fc.nat(6), fc.nat(3))
      .map(([from, more]) => range(`+${start + from}`, `+${Math.min(start + 6, start + from + more)}`));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const { store } = testStore();
        for (const ivr of store.ivrs.ivrs.all()) store.ivrs.update(ivr.id, { dnis: [] });
        const held = new Set(Array.from({ length: 7 }, (_, i) => `+${start + i}`));
        for (const one of parts) {
          const numbers = Array.from(
            { length: Number(one.to.slice(1)) - Number(one.from.slice(1)) + 1 },
            (_, i) => `+${Number(one.from.slice(1)) + i}`,
          );
          const whole = numbers.every((n) => held.has(n));
          expect(refusal(() => store.operatorRemoveFromInventory([one]))).toBe(whole ? "accepted" : "400 bad.request");
          if (whole) for (const n of numbers) held.delete(n);
          for (let i = 0; i < 7; i++)
            expect(store.numbers.poolOf(`+${start + i}`) !== undefined).toBe(held.has(`+${start + i}`));
        }
      }),
      { numRuns: 40 },
    );
  });
});
