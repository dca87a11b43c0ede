import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AuditLog } from "../advance/audit";
import { type Journal, JournalDir } from "../advance/journal";
import { openStep } from "./open-step";

let place: string;
let dir: JournalDir;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "cutover-open-step-"));
  dir = new JournalDir(place);
});
afterEach(() => rmSync(place, { recursive: true }));

const [CANARY, PORTING] = [
  { phase: "canary" as const, waves: {} },
  { phase: "porting" as const, waves: {} },
];
const journal = (change: Partial<Journal>): Journal => ({
  schema: "cutover/advance/v1",
  id: "1",
  stack: "t",
  direction: "forward",
  from: CANARY,
  to: PORTING,
  stage: "applying",
  digest: "",
  by: "ann@desk",
  askedAt: "2026-06-03T09:00:00Z",
  ...change,
});

it("nothing is open before the first step, after a good one, or for one that was only asked", () => {
  expect(openStep(dir, undefined)).toBeUndefined();
  dir.save(journal({ stage: "done", end: "good" }));
  expect(openStep(dir, PORTING)).toBeUndefined();
  dir.save(journal({ stage: "asked" }));
  expect(openStep(dir, CANARY)).toBeUndefined();
});

it("what a kill left is open, and so is what was held or failed, until the stack stands elsewhere", () => {
  dir.save(journal({}));
  expect(openStep(dir, CANARY)?.step).toMatchObject({ from: "canary", to: "porting", state: "applying" });
  dir.save(journal({ stage: "done", end: "failed" }));
  expect(openStep(dir, CANARY)?.step?.state).toBe("failed");
  expect(openStep(dir, PORTING)).toBeUndefined();
  dir.save(journal({ stage: "done", end: "held" }));
  expect(openStep(dir, PORTING)?.step?.state).toBe("held");
  expect(openStep(dir, CANARY)).toBeUndefined();
});

it("who runs it, and a pause", () => {
  const release = dir.hold();
  expect(openStep(dir, CANARY)).toMatchObject({ by: { pid: process.pid } });
  release();
  dir.pause("storm");
  expect(openStep(dir, CANARY)).toMatchObject({ paused: { why: "storm" } });
});

it("an audit log that somebody edited", () => {
  const log = new AuditLog(join(place, "audit.jsonl"));
  const entry = { step: "s", event: "asked" as const, stack: "t", from: "a", to: "b", by: "me", at: "", digest: "" };
  for (const by of ["me", "you", "them"]) log.append({ ...entry, by });
  expect(openStep(dir, CANARY)).toBeUndefined();
  writeFileSync(log.file, readFileSync(log.file, "utf8").replace('"you"', '"him"'));
  expect(openStep(dir, CANARY)).toEqual({ auditBroken: [3] });
});
