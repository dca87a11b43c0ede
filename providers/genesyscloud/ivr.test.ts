import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Made } from "../lib/testing";
import { ProviderUnderTest } from "../lib/testing";
import { FakeGenesys } from "./fake";
import { planPuts } from "./ivr-update";
import { genesyscloud } from "./provider";

const IVR = "genesyscloud:index/architectIvr:ArchitectIvr";
const AT = "/api/v2/architect/ivrs";
const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `+1312555${String(from + i).padStart(4, "0")}`);

let api: FakeGenesys;
let p: ProviderUnderTest;
beforeEach(async () => {
  api = await FakeGenesys.open();
  p = await ProviderUnderTest.of(genesyscloud);
  await p.configure(api.config);
});
afterEach(async () => {
  p.close();
  await api.close();
});

const bound = (id: string) => (api.objects.get(`${AT}/${id}`)?.dnis as string[]) ?? [];
const puts = () => api.bodies.filter((b) => b.at.startsWith(`PUT ${AT}`)).map((b) => (b.body.dnis as string[])?.length);
async function ivr(dnis: string[]): Promise<Made> {
  const made = await p.create(IVR, "claims", { name: "Claims", dnis, openHoursFlowId: "f1" });
  api.bodies.length = 0;
  api.seen.length = 0;
  return made;
}

describe("the order of PUTs", () => {
  const some = fc
    .uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200, size: "max" })
    .map((xs) => xs.map((x) => `+1${x}`));
  test("ends with exactly the numbers wanted, adds at most 50 at a time, lets nothing go before the end, is never empty", () => {
    fc.assert(
      fc.property(some, some, (current, wanted) => {
        const lists = planPuts(current, wanted) as string[][];
        expect(new Set(lists.at(-1))).toEqual(new Set(wanted));
        let have = new Set(current);
        for (const [i, list] of lists.entries()) {
          expect(list.length).toBeGreaterThan(0);
          expect(new Set(list).size).toBe(list.length);
          expect(list.filter((n) => !have.has(n)).length).toBeLessThanOrEqual(50);
          if (i < lists.length - 1) for (const n of have) expect(list).toContain(n);
          have = new Set(list);
        }
        const added = wanted.filter((n) => !current.includes(n)).length;
        expect(lists.length).toBe(Math.max(1, Math.ceil(added / 50)));
      }),
    );
  });
});

describe("an update", () => {
  test("that only removes is one PUT, with the version that was read", async () => {
    const made = await ivr(numbers(0, 40));
    await p.update(made, { ...made.inputs, dnis: numbers(0, 3) });
    expect(api.seen).toEqual([`GET ${AT}/${made.id}`, `PUT ${AT}/${made.id}`]);
    expect(api.bodies[0]?.body.version).toBe(1);
    expect(bound(made.id)).toEqual(numbers(0, 3));
  });
  test("of 120 more numbers is three PUTs, and the flow changes with the last one", async () => {
    const made = await ivr(numbers(0, 10));
    await p.update(made, { ...made.inputs, dnis: numbers(0, 130), openHoursFlowId: "f2" });
    expect(puts()).toEqual([60, 110, 130]);
    expect(api.bodies.map((b) => (b.body.openHoursFlow as { id: string }).id)).toEqual(["f1", "f1", "f2"]);
  });
  test("refused in its second part leaves every number and the flow where they were, and says so", async () => {
    const made = await ivr(numbers(0, 10));
    api.fault(
      "PUT",
      /ivrs/,
      { status: 400, body: { message: "+13125550100 is in use", code: "bad.request", contextId: "c9" } },
      { after: 1 },
    );
    const change = p.update(made, { ...made.inputs, dnis: numbers(0, 130), openHoursFlowId: "f2" });
    await expect(change).rejects.toMatchObject({
      code: 9,
      details: expect.stringMatching(
        /IVR "Claims" was not changed: PUT .* answered 400 bad.request: \+13125550100 is in use \(contextId c9\)\. The state before this update was put back: its 10 numbers are bound as before/,
      ),
    });
    expect(bound(made.id)).toEqual(numbers(0, 10));
    expect(api.objects.get(`${AT}/${made.id}`)?.openHoursFlow).toEqual({ id: "f1" });
  });
  test("refused at once is looked at, not assumed: an IVR that the refusal emptied is put back (terraform issue 525)", async () => {
    const made = await ivr(numbers(0, 10));
    api.rule = (method, path, body) => {
      if (method !== "PUT" || (body.dnis as string[]).length !== 11) return undefined;
      const was = api.objects.get(path);
      api.objects.set(path, { ...was, dnis: [], version: (was?.version ?? 0) + 1 });
      return { status: 400, body: { message: "no" } };
    };
    await expect(p.update(made, { ...made.inputs, dnis: numbers(0, 11) })).rejects.toThrow(/put back/);
    expect(bound(made.id)).toEqual(numbers(0, 10));
  });
  test("that cannot be put back tells which numbers are not bound, and that the state is in doubt", async () => {
    const made = await ivr(numbers(0, 2));
    api.rule = (method, path, body) => {
      if (method !== "PUT") return undefined;
      const was = api.objects.get(path) as { version: number };
      api.objects.set(path, { ...was, dnis: [(body.dnis as string[])[0]] });
      return { status: 400, body: { message: "no" } };
    };
    await expect(p.update(made, { ...made.inputs, dnis: numbers(0, 3) })).rejects.toMatchObject({
      code: 2,
      details: expect.stringMatching(
        /Putting back the state before failed .*not bound any more: \+13125550001\. Check this IVR/,
      ),
    });
  });
  test("met by somebody else's change reads again and carries on", async () => {
    const made = await ivr(numbers(0, 2));
    api.fault("PUT", /ivrs/, { status: 409, body: { message: "version mismatch" } }, { times: 2 });
    await p.update(made, { ...made.inputs, dnis: numbers(0, 3) });
    expect(bound(made.id)).toEqual(numbers(0, 3));
    expect(puts()).toEqual([3, 3, 3]);
  });
  test("conflicts are not fought over for ever", async () => {
    const made = await ivr(numbers(0, 2));
    api.fault("PUT", /ivrs/, { status: 409, body: { message: "version mismatch" } }, { times: 99 });
    await expect(p.update(made, { ...made.inputs, dnis: numbers(0, 3) })).rejects.toThrow(
      /Nothing changed: its 2 numbers/,
    );
    expect(puts()).toHaveLength(5);
  });
  test("whose answer was lost is found done, not done twice over", async () => {
    const made = await ivr(numbers(0, 2));
    api.fault("PUT", /ivrs/, "cut", { apply: true });
    const next = await p.update(made, { ...made.inputs, dnis: numbers(0, 3) });
    expect(bound(made.id)).toEqual(numbers(0, 3));
    expect(next.outputs.dnis).toEqual(numbers(0, 3));
  });
  test("waits for a DID pool that the call routes do not know yet", async () => {
    const made = await ivr(numbers(0, 2));
    const refusal = { status: 400, body: { message: "Field 'didPoolId' is required and cannot be empty" } };
    api.fault("PUT", /ivrs/, refusal, { times: 2 });
    await p.update(made, { ...made.inputs, dnis: numbers(0, 3) });
    expect(api.sleeps).toEqual([1, 2]);
  });
});

describe("checks", () => {
  test("an empty dnis is refused, and so is leaving it out once it was there", async () => {
    const made = await ivr(numbers(0, 1));
    expect((await p.check(IVR, "x", {}, { name: "A", dnis: [] })).failures[0]).toMatch(
      /^dnis is empty; expected at least one number/,
    );
    expect((await p.check(IVR, "x", made.inputs, { name: "Claims" })).failures[0]).toMatch(/^dnis is left out/);
    expect((await p.check(IVR, "x", {}, { name: "A" })).failures).toEqual([]);
  });
  test("a rename is refused with both names and what to do", async () => {
    const made = await ivr(numbers(0, 1));
    const { failures } = await p.check(IVR, "x", made.inputs, { ...made.inputs, name: "Other" });
    expect(failures).toEqual([
      expect.stringMatching(/^name name cannot change from "Claims" to "Other": an IVR is never renamed/),
    ]);
  });
  test("numbers are E.164, and named once", async () => {
    const { failures } = await p.check(
      IVR,
      "x",
      {},
      { name: "A", dnis: ["+13125550001", "3125550002", "+13125550001"] },
    );
    expect(failures).toEqual(['dnis[1] is "3125550002"; expected an E.164 number with leading + and no other signs']);
    const twice = await p.check(IVR, "x", {}, { name: "A", dnis: ["+13125550001", "+13125550001"] });
    expect(twice.failures[0]).toMatch(/names \+13125550001 twice/);
  });
});

describe("create and import", () => {
  test("more than 50 numbers come in parts; when a part is refused no IVR is left", async () => {
    api.fault("PUT", /ivrs/, { status: 400, body: { message: "no" } }, { times: 9, after: 1 });
    await expect(p.create(IVR, "x", { name: "Big", dnis: numbers(0, 180) })).rejects.toThrow(
      /removed again, so none of its numbers is bound/,
    );
    expect([...api.objects.keys()].filter((k) => k.startsWith(AT))).toEqual([]);
    const made = await p.create(IVR, "y", { name: "Big", dnis: numbers(0, 180) }).catch(() => undefined);
    expect(made).toBeUndefined();
  });
  test("a POST whose answer was lost is found done, one that was lost is told; neither is repeated", async () => {
    api.fault("POST", /ivrs/, "cut", { apply: true });
    const made = await p.create(IVR, "y", { name: "Sales", dnis: numbers(10, 1) });
    expect([...api.objects.keys()].filter((k) => k.startsWith(AT))).toEqual([`${AT}/${made.id}`]);
    expect(api.writes()).toEqual([`POST ${AT}`]);
    api.seen.length = 0;
    api.fault("POST", /ivrs/, "cut");
    await expect(p.create(IVR, "x", { name: "Claims", dnis: numbers(0, 1) })).rejects.toMatchObject({
      code: 2,
      details: expect.stringMatching(/may have been carried out: look for IVR "Claims"/),
    });
    expect(api.writes()).toEqual([`POST ${AT}`]);
  });
  test("an import by id gives inputs that preview as no change, whatever the order of the numbers", async () => {
    const id = api.seed(AT, {
      name: "Claims",
      dnis: numbers(0, 5),
      openHoursFlow: { id: "f1", name: "Claims" },
      division: { id: "home" },
    });
    const found = (await p.read({ token: IVR, name: "claims", id })) as Made;
    expect(await p.diff(found, { name: "Claims", dnis: numbers(0, 5).reverse(), openHoursFlowId: "f1" })).toEqual({});
    expect(await p.diff(found, { name: "Claims", dnis: numbers(0, 4), openHoursFlowId: "f2" })).toEqual({
      "dnis[4]": 2,
      openHoursFlowId: 4,
    });
    expect(await p.read({ token: IVR, name: "claims", id: "gone" })).toBeNull();
  });
  test("delete waits until reads say gone, and gone is done", async () => {
    const made = await ivr(numbers(0, 1));
    await p.delete(made);
    await p.delete(made);
    expect(api.objects.size).toBe(0);
  });
});
