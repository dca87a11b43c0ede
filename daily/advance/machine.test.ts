import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, type AdvanceOptions } from "./advance";
import { AuditLog, checkAudit } from "./audit";
import { JournalDir } from "./journal";
import type { Limit } from "./limits";
import { readUntil, samePlace, targetText } from "./target";
import { FakeStack, Killed, Kills, plan, portsOf, RULES, runKilled, useRoot } from "./testing";

const root = useRoot();

/** Milliseconds for thousands of stages, each synced to disk: seconds on a quiet machine, a minute beside other work. */
const SYNCED_MS_MAX = 240_000;

const unkilled = (stack: FakeStack, options: Partial<AdvanceOptions> = {}) => runKilled(stack, options, []);
const killPoints = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 12 });

describe("a migration advanced step by step", () => {
  it("walks every share, every wave through its steps, and ends complete", async () => {
    const stack = new FakeStack();
    const { result } = await unkilled(stack);
    expect(result.end).toBe("there");
    expect(stack.ups.slice(0, 6)).toEqual(["baseline", "parallel", "ttl-lowered", "canary 5 %", "canary", "porting"]);
    const [first] = plan.parts;
    expect(stack.ups.slice(6, 10)).toEqual([
      "cutover",
      `cutover ${first!.id}=live`,
      `cutover ${first!.id}=released`,
      `cutover ${first!.id}=adopted`,
    ]);
    expect(stack.at.phase).toBe("complete");
  });

  it(
    "killed at any points, it reaches the same end by the same way, and no two ups ever run at once",
    async () => {
      const clean = new FakeStack();
      await unkilled(clean);
      await fc.assert(
        fc.asyncProperty(killPoints, async (kills) => {
          const stack = new FakeStack();
          const { result, killed } = await runKilled(stack, {}, kills);
          expect(result.end).toBe("there");
          expect([stack.at, stack.share]).toEqual([clean.at, clean.share]);
          expect(stack.mostRunning).toBe(1);
          // A kill may repeat an up of the same place, never skip, reorder or invent one.
          expect(stack.ups.filter((u, i) => u !== stack.ups[i - 1])).toEqual(clean.ups);
          expect(killed).toBeLessThanOrEqual(new Set(kills).size);
        }),
        { numRuns: 60 },
      );
    },
    SYNCED_MS_MAX,
  );

  it(
    "goes back by itself when a limit is broken, killed or not, and stays there",
    async () => {
      const cases: [string, string][] = [
        ["canary 5 %", "ttl-lowered"],
        ["canary", "ttl-lowered"],
        [`cutover ${plan.parts[0]!.id}=live`, "cutover"],
        [`cutover ${plan.parts[0]!.id}=released`, `cutover ${plan.parts[0]!.id}=live`],
        [`cutover ${plan.parts[0]!.id}=adopted`, `cutover ${plan.parts[0]!.id}=released`],
      ];
      for (const [bad, back] of cases) {
        await fc.assert(
          fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 6 }), async (kills) => {
            const stack = new FakeStack();
            stack.broken.add(bad);
            const { result, lines } = await runKilled(stack, {}, kills);
            // A kill after the way back ended shows the next process a stack at rest: it tries again, and goes back again.
            expect(result.end).toBe("returned");
            expect(targetText({ ...stack.at, ...(stack.share ? { canaryPercent: stack.share } : {}) })).toBe(back);
            expect(stack.mostRunning).toBe(1);
            expect(lines.some((l) => l.event === "limit-broken")).toBe(true);
            expect(stack.ups.at(-1)).toBe(back);
          }),
          { numRuns: 15 },
        );
      }
    },
    SYNCED_MS_MAX,
  );

  it("one broken look is a fluke: the second decides", async () => {
    const stack = new FakeStack();
    stack.broken.add("canary 5 %");
    const { lines } = await unkilled(stack);
    expect(lines.filter((l) => l.event === "limit-broken" && l.to === "canary 5 %")).toHaveLength(2);
  });

  it("a way back that fails stays open, and the next run goes back before anything else", async () => {
    const stack = new FakeStack();
    stack.broken.add("canary 5 %");
    const place = mkdtempSync(join(root(), "stuck-"));
    const dir = new JournalDir(place);
    const ports = () => portsOf(stack, dir, new AuditLog(join(place, "audit.jsonl")), new Kills(new Set()));
    const o = { plan, stack: "t", direction: "forward" as const, rules: RULES, reallyComplete: true };
    expect((await advance({ ...o, until: readUntil(plan, "ttl-lowered") }, dir, ports())).end).toBe("there");
    stack.failing.set("ttl-lowered", 1);
    expect(await advance(o, dir, ports())).toMatchObject({ end: "stuck", at: "between canary 5 % and ttl-lowered" });
    expect(dir.load()).toMatchObject({ stage: "returning", retreat: { phase: "ttl-lowered" } });
    const again = await advance(o, dir, ports());
    expect([again.end, again.at, stack.at.phase]).toEqual(["returned", "ttl-lowered", "ttl-lowered"]);
  });

  it("an up that failed is tried again by its own ends, or taken back", async () => {
    for (const direction of ["forward", "back"] as const) {
      const stack = new FakeStack();
      const place = mkdtempSync(join(root(), "failed-"));
      const dir = new JournalDir(place);
      const ports = () => portsOf(stack, dir, new AuditLog(join(place, "audit.jsonl")), new Kills(new Set()));
      const o = { plan, stack: "t", rules: RULES, reallyComplete: true };
      await advance({ ...o, direction: "forward", until: readUntil(plan, "canary") }, dir, ports());
      stack.failing.set("porting", 1);
      const failed = await advance({ ...o, direction: "forward" }, dir, ports());
      expect([failed.end, failed.at]).toEqual(["failed", "between canary and porting"]);
      const second = await advance({ ...o, direction }, dir, ports());
      expect(second.end).toBe("good");
      expect(stack.ups.at(-1)).toBe(direction === "forward" ? "porting" : "canary");
    }
  });

  it("back during a soak turns the step round at once", async () => {
    const stack = new FakeStack();
    const place = mkdtempSync(join(root(), "turn-"));
    const dir = new JournalDir(place);
    const ports = (kills: number[]) =>
      portsOf(stack, dir, new AuditLog(join(place, "audit.jsonl")), new Kills(new Set(kills)));
    const o = { plan, stack: "t", rules: RULES, reallyComplete: true };
    await advance({ ...o, direction: "forward", until: readUntil(plan, "cutover") }, dir, ports([]));
    const soaking = { ...ports([]), look: async () => Promise.reject(new Killed()) };
    await expect(advance({ ...o, direction: "forward" }, dir, soaking)).rejects.toThrow(Killed);
    expect(dir.load()?.stage).toBe("soaking");
    const { end } = await advance({ ...o, direction: "back" }, dir, ports([]));
    expect([end, stack.at]).toEqual(["good", { phase: "cutover", waves: {} }]);
  });

  it("waits for gates, and without --wait refuses with what it waits for; nothing is changed", async () => {
    const stack = new FakeStack();
    stack.waits.set("parallel", 3);
    expect((await unkilled(stack, { until: readUntil(plan, "parallel") })).result.end).toBe("there");
    const other = new FakeStack();
    other.waits.set("parallel", 3);
    const { result } = await unkilled(other, { rules: { ...RULES, wait: false }, until: readUntil(plan, "parallel") });
    expect([result.end, result.at, result.why, other.ups]).toEqual([
      "refused",
      "baseline",
      expect.stringContaining("soak (failed)"),
      ["baseline"],
    ]);
  });

  it("a pause holds the next step, never the watch or the way back", async () => {
    const stack = new FakeStack();
    stack.pauseAfter = 4;
    stack.broken.add("canary 5 %");
    const { result } = await unkilled(stack);
    // The fourth up was the share of 5 %: it was still watched, found bad and taken back.
    expect([result.end, stack.at.phase]).toEqual(["returned", "ttl-lowered"]);
    const calm = new FakeStack();
    calm.pauseAfter = 4;
    const held = await unkilled(calm);
    expect([
      held.result.end,
      calm.ups.length,
      held.lines.some((l) => l.to === "canary 5 %" && l.event === "good"),
    ]).toEqual(["paused", 4, true]);
  });

  it("complete is only previewed unless it is really asked for", async () => {
    const stack = new FakeStack();
    const { result } = await unkilled(stack, { reallyComplete: false });
    expect([result.end, result.at.split(" ")[0], stack.at.phase]).toEqual(["dry", "cutover", "cutover"]);
  });

  it("a soak without an answer is held, and watched on before the next share", async () => {
    const stack = new FakeStack();
    const place = mkdtempSync(join(root(), "held-"));
    const dir = new JournalDir(place);
    let status: Limit["status"] = "open";
    const ports = () => ({
      ...portsOf(stack, dir, new AuditLog(join(place, "audit.jsonl")), new Kills(new Set())),
      look: async () => ({ limits: [{ name: "calls", status, seen: "3 calls", required: "100" }], evidence: [] }),
    });
    const o = { plan, stack: "t", direction: "forward" as const, rules: RULES, reallyComplete: true };
    const said: string[] = [];
    const telling = { ...ports(), say: (text: string) => void said.push(text) };
    const first = await advance({ ...o, until: readUntil(plan, "canary") }, dir, telling);
    expect([first.end, stack.share]).toEqual(["held", 5]);
    // Two hours of looks every ten minutes that all saw the same: told at once, and once an hour.
    expect(said.filter((t) => t.includes("calls open: 3 calls"))).toHaveLength(3);
    expect([(await advance(o, dir, ports())).end, stack.share]).toEqual(["held", 5]);
    status = "good";
    expect([(await advance(o, dir, ports())).end, stack.share]).toEqual(["good", 5]);
    expect([(await advance(o, dir, ports())).end, stack.share, stack.at.phase]).toEqual(["good", undefined, "canary"]);
  });

  it("a limit that broke while nobody watched is confirmed and leads back, however long ago the soak should have ended", async () => {
    const stack = new FakeStack();
    const place = mkdtempSync(join(root(), "late-"));
    const dir = new JournalDir(place);
    const ports = () => portsOf(stack, dir, new AuditLog(join(place, "audit.jsonl")), new Kills(new Set()));
    const o = { plan, stack: "t", direction: "forward" as const, rules: RULES, reallyComplete: true };
    await advance({ ...o, until: readUntil(plan, "ttl-lowered") }, dir, ports());
    const dying = { ...ports(), look: async () => Promise.reject(new Killed()) };
    await expect(advance(o, dir, dying)).rejects.toThrow(Killed);
    stack.seconds += 10 * RULES.soakSecondsMax;
    stack.broken.add("canary 5 %");
    expect(await advance(o, dir, ports())).toMatchObject({ end: "returned", at: "ttl-lowered" });
  });

  it("the whole way back from anywhere is made of legal moves", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("parallel", "canary", "porting", "cutover", `${plan.parts[0]!.id}=live`),
        async (turn) => {
          const stack = new FakeStack();
          await unkilled(stack, { until: readUntil(plan, turn) });
          const place = mkdtempSync(join(root(), "back-"));
          const dir = new JournalDir(place);
          for (let i = 0; i < 20; i++) {
            const ports = portsOf(stack, dir, new AuditLog(join(place, "audit.jsonl")), new Kills(new Set()));
            const { end } = await advance(
              { plan, stack: "t", direction: "back", rules: RULES, reallyComplete: true },
              dir,
              ports,
            ).catch(
              // Ported numbers keep their routes: the model says no below porting.
              () => ({ end: "refused" as const }),
            );
            if (end !== "good") break;
          }
          expect(stack.at.phase).toBe(turn.includes("=") ? "porting" : "baseline");
          expect(samePlace(stack.at, { phase: stack.at.phase, waves: {} })).toBe(true);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe("the journal's directory", () => {
  it("is held by one process; a holder that died counts for nothing", () => {
    const dir = new JournalDir(join(root(), "held"));
    const release = dir.hold();
    expect(() => new JournalDir(join(root(), "held")).hold()).toThrow(/seen process \d+ on/);
    release();
    new JournalDir(join(root(), "held")).hold()();
  });

  it("an audit line that was changed or cut is seen", () => {
    const log = new AuditLog(join(root(), "audit.jsonl"));
    const entry = { step: "s", event: "asked" as const, stack: "t", from: "a", to: "b", by: "me", at: "", digest: "" };
    for (let i = 0; i < 4; i++) log.append({ ...entry, to: `b${i}` });
    const text = readFileSync(log.file, "utf8");
    expect(checkAudit(text)).toEqual([]);
    expect(checkAudit(text.replace('"to":"b1"', '"to":"b9"'))).toEqual([3]);
    expect(
      checkAudit(
        text
          .split("\n")
          .filter((_, i) => i !== 1)
          .join("\n"),
      ),
    ).toEqual([2]);
  });
});
