import { afterAll, expect, test } from "vitest";
import { Bench } from "../engine/testing";
import { showResult } from "./diff-text";

const bench = new Bench();
afterAll(() => bench.close());

const step = async (list: object[], token: string) => {
  const config = { "scen:token": token };
  return bench.set({ SCENARIO: "declared", list } as never, config, ["scen:token"]).engine;
};
const lines = (text: string) => text.split("\n").map((l) => l.trim().replace(/\s+/g, " "));

test("a diff tells property, old, new, and why something is replaced; a secret is never shown", async () => {
  bench.steer({ diffs: true });
  const first = [
    { name: "a", args: { text: "one", secretText: "$token" } },
    { name: "b", args: { text: "b", kind: "x" } },
    { name: "gone", args: { text: "g" } },
  ];
  await (await step(first, "hush-one")).up();
  const second = [
    { name: "a", args: { text: "two", secretText: "$token" } },
    { name: "b", args: { text: "b", kind: "y" } },
    { name: "fresh", args: { text: "f" } },
  ];
  const shown = showResult(await (await step(second, "hush-two")).preview(), true);
  expect(lines(shown)).toEqual(
    expect.arrayContaining([
      "~ tiny:index:Note a update",
      '~ text: "one" => "two"',
      '~ secretText: "[secret]" => "[secret]"',
      "++ tiny:index:Note b create-replacement [replaced because of kind]",
      "+- tiny:index:Note b replace [replaced because of kind]",
      '~ kind: "x" => "y" (forces replacement)',
      "-- tiny:index:Note b delete-replaced",
      "+ tiny:index:Note fresh create",
      "- tiny:index:Note gone delete",
      "+ 1 to create",
      "+- 1 to replace",
    ]),
  );
  // A replacement is told in three steps, what changed once.
  expect(lines(shown).filter((l) => l.startsWith("~ kind"))).toHaveLength(1);
  expect(shown).not.toMatch(/hush/);
});
