import { readFileSync } from "node:fs";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { expect, test } from "vitest";
import { readEvents } from "./pulumi";

const recording = (name: string): EngineEvent[] =>
  readFileSync(`test/conformance/recordings/${name}.jsonl`, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((l) => JSON.parse(l) as EngineEvent);

test("an event stream of the real CLI gives counts, changed steps and what changed of them", () => {
  const r = readEvents(recording("update"), true, 1.5);
  expect(r.changes).toMatchObject({ update: 1, create: 0, replace: 0, delete: 0 });
  expect(r.steps).toEqual([
    expect.objectContaining({
      op: "update",
      name: "a",
      diffs: [expect.objectContaining({ path: "text", old: "a", new: "aa" })],
    }),
  ]);
  expect(r.seconds).toBe(1.5);
});

test("policy violations and failed steps are told", () => {
  const r = readEvents(recording("pol-mand-up"), false, 1);
  expect(r.ok).toBe(false);
  expect(r.policies.violations).toEqual([expect.objectContaining({ policy: "no-kind-forbidden", level: "mandatory" })]);
  expect(r.policies.evaluated).toBeGreaterThan(0);
  const failed = readEvents(recording("updfail"), false, 1);
  expect(failed.diagnostics.some((d) => d.severity === "error" && d.message.includes("update refused"))).toBe(true);
});
