import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPlan } from "../model/plan";
import type { CarrierAdapter } from "../providers/carrier/adapter";
import type { GenesysReader } from "../probes/genesys";
import { harmOf, type Moved } from "./harm";
import { Ledger } from "./ledger";

const plan = loadPlan(join(__dirname, "../test/estates/guide"));
let stateDir: string;
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), "cutover-harm-"));
});
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const organisation = { all: async () => [] } as unknown as GenesysReader;
const carrier = { survey: async () => ({ numbers: [], emergency: [] }) } as unknown as CarrierAdapter;
const right = () => ({
  plan,
  organisation,
  carrier,
  calls: new Ledger(true).total([]),
  lost: [],
  moves: [] as Moved[],
  halfDone: 0,
  stateDir,
  secret: "trunk-password",
});
const moved = (at: string, before: string, after: string, unconfirmed = false): Moved => ({
  at: new Date(at),
  before,
  after,
  unconfirmed,
});

describe("harm", () => {
  it("is none where nothing went wrong", async () => {
    const inside = moved("2026-06-02T10:00:00Z", "", "w1=live");
    expect(await harmOf({ ...right(), moves: [inside] })).toEqual([]);
  });

  it("counts the numbers that moved outside the window, going back not among them", async () => {
    const night = [moved("2026-06-06T03:00:00Z", "", "w1=live"), moved("2026-06-06T04:00:00Z", "w1=live", "")];
    expect(await harmOf({ ...right(), moves: night })).toMatchObject([
      { kind: "numbers moved outside the window", count: 40 },
    ]);
  });

  it("counts numbers beyond the limit, unconfirmed ends and half-done updates", async () => {
    const small = { ...plan, limits: { ...plan.limits, maxNumbersPerUpdate: 30 } };
    const moves = [
      moved("2026-06-02T10:00:00Z", "", "w1=live"),
      moved("2026-06-03T10:00:00Z", "w1=adopted", "w1=adopted", true),
    ];
    expect(await harmOf({ ...right(), plan: small, moves, halfDone: 7 })).toMatchObject([
      { kind: "numbers moved beyond the limit", count: 10 },
      { kind: "numbers past the last way back, unconfirmed", count: 40 },
      { kind: "changes of an update that failed half way", count: 7 },
    ]);
  });

  it("finds the password in the state, and names the file", async () => {
    const file = join(stateDir, "dev.json");
    writeFileSync(file, '{"description":"trunk-password"}');
    expect(await harmOf(right())).toMatchObject([
      { kind: "secret in plain text", count: 1, lines: ["dev.json holds the trunk's digest password"] },
    ]);
    rmSync(file);
  });
});
