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

/** An organisation with these objects and conversations. */
const organisationOf = (
  o: { name?: string; lists?: Record<string, { name: string }[]>; conversations?: unknown[] } = {},
) =>
  ({
    all: async (path: string) => o.lists?.[path] ?? [],
    get: async () => ({ name: o.name ?? plan.organisation.name }),
    send: async () => ({ conversations: o.conversations ?? [], totalHits: o.conversations?.length ?? 0 }),
  }) as unknown as GenesysReader;
const carrier = { survey: async () => ({ numbers: [], emergency: [] }) } as unknown as CarrierAdapter;
const right = () => ({
  plan,
  organisation: organisationOf(),
  carrier,
  calls: new Ledger(true).total([]),
  lost: [],
  examples: new Ledger(true).examples,
  lastOnGcv: undefined as Date | undefined,
  interval: { from: new Date("2026-06-01T08:00:00Z"), to: new Date("2026-06-05T08:00:00Z") },
  moves: [] as Moved[],
  halfDone: null,
  stateDir,
  secret: "trunk-password",
});
const moved = (at: string, before: string, after: string, unconfirmed = false): Moved => ({
  at: new Date(at),
  before,
  after,
  complete: unconfirmed,
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
    expect(
      await harmOf({ ...right(), plan: small, moves, halfDone: { genesys: { reads: 9, writes: 7, throttled: 0 } } }),
    ).toMatchObject([
      { kind: "numbers moved beyond the limit", count: 10 },
      { kind: "numbers past the last way back, unconfirmed", count: 40 },
      {
        kind: "changes of an update that failed half way",
        count: 7,
        lines: ["genesys: 7 writes before the update failed"],
      },
    ]);
  });

  it("tells how long ago the old path was in use when the last step was made, the soak time being over or not", async () => {
    const end = { ...moved("2026-06-20T10:00:00Z", "w1=adopted", "w1=adopted"), complete: true };
    const quietSince = (iso: string) => harmOf({ ...right(), moves: [end], lastOnGcv: new Date(iso) });
    expect(await quietSince("2026-06-18T10:00:00Z")).toMatchObject([
      {
        kind: "numbers past the last way back within their soak time",
        count: 40,
        lines: [expect.stringMatching(/48 h/)],
      },
    ]);
    expect(await quietSince("2026-06-01T10:00:00Z")).toEqual([]);
  });

  it("counts what was made in another organisation than the plan's, and nothing that others made there", async () => {
    const lists = { "/api/v2/flows": [{ name: "Main inbound front" }, { name: "Main inbound" }] };
    expect(await harmOf({ ...right(), organisation: organisationOf({ lists }) })).toEqual([]);
    expect(await harmOf({ ...right(), organisation: organisationOf({ name: "Other Ltd", lists }) })).toMatchObject([
      { kind: "objects made in another organisation", count: 1 },
    ]);
  });

  it("counts calls with a 488 on the way that ended among all others, not those that were looked at", async () => {
    const call = (conversationId: string, queue: string, code: number) => ({
      conversationId,
      conversationStart: "2026-06-04T10:00:00Z",
      participants: [
        { purpose: "customer", sessions: [{ direction: "outbound", segments: [{ sipResponseCodes: [code] }] }] },
        { purpose: "acd", participantName: queue },
      ],
    });
    const { failoverQueue, codecFallbackQueue } = plan.inbound;
    const conversations = [
      call("a", failoverQueue, 488),
      call("b", codecFallbackQueue, 488),
      call("c", failoverQueue, 503),
      call("d", "Main inbound", 488),
    ];
    expect(await harmOf({ ...right(), organisation: organisationOf({ conversations }) })).toMatchObject([
      {
        kind: "calls with codec trouble that nobody sees",
        count: 1,
        lines: [expect.stringContaining("conversation a")],
      },
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
