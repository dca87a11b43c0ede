import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { endWorlds, FAST, Stack } from "./advance-stack";

afterEach(endWorlds);

describe("a sandbox stack advanced under calls", () => {
  it("reaches a wave's first step, share by share, although it is killed twice; goes back; and no call is lost", async () => {
    const stack = new Stack();
    await stack.start({ waves: 2 });
    const inUp = await stack.run("advance", ["--until", "w1=live", ...FAST], /applying parallel/);
    expect(inUp.code).toBeNull();
    const inSoak = await stack.run("advance", ["--until", "w1=live", ...FAST], /of 20: canary-failures/);
    expect(inSoak.err).toMatch(/resuming an interrupted step \(applying\): baseline -> parallel/);
    expect(inSoak.code).toBeNull();
    expect(stack.phase()).toMatchObject({ "cutover:phase": "canary", "cutover:canaryPercent": 5 });
    const done = await stack.run("advance", ["--until", "w1=live", "--json", ...FAST]);
    expect([done.code, done.err]).toEqual([0, expect.stringContaining("resuming an interrupted step (soaking)")]);
    expect(JSON.parse(done.out)).toMatchObject({ end: "there", at: "cutover w1=live" });
    expect(stack.phase()).toMatchObject({ "cutover:phase": "cutover", "cutover:waves": "w1=live" });
    expect(stack.phase()["cutover:canaryPercent"]).toBeUndefined();
    // Everything else in the stack's file stands as it was written.
    expect(readFileSync(stack.config, "utf8")).toMatch(
      /^# The stack of a test\.\nconfig:\n {2}cutover:phase: cutover # where it is to be\n/,
    );

    expect((await stack.run("pause", ["--why", "a test"])).code).toBe(0);
    const paused = await stack.run("advance", FAST);
    expect([paused.code, paused.err]).toEqual([3, expect.stringMatching(/paused by .* a test/)]);
    expect((await stack.run("resume", [])).code).toBe(0);
    const refused = await stack.run("advance", FAST);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining("release-drained")]);
    expect((await stack.run("back", [])).code).toBe(0);
    expect(stack.phase()).toMatchObject({ "cutover:phase": "cutover", "cutover:waves": "" });

    expect(await stack.lost()).toEqual([]);
    const lines = stack.audit();
    const applied = lines.filter((l) => l.event === "applied").map((l) => l.to);
    expect([...new Set(applied)]).toEqual([
      "baseline",
      "parallel",
      "ttl-lowered",
      "canary 5 %",
      "canary",
      "porting",
      "cutover",
      "cutover w1=live",
    ]);
    // What the gate of the engine's own state was passed with, dated and digested.
    const live = lines.find((l) => l.event === "applied" && l.to === "cutover w1=live")!;
    expect(live.evidence!.map((e) => e.probe).sort()).toEqual(expect.arrayContaining(["carrier", "record", "sip"]));
    expect(live.evidence!.every((e) => Number.isFinite(Date.parse(e.at)) && /^[0-9a-f]{64}$/.test(e.sha256))).toBe(
      true,
    );
  }, 400_000);

  it("goes back by itself when the canary's quality is below the limit", async () => {
    const stack = new Stack();
    await stack.start({ switches: ["--world", "quality=byoc:12:150"] });
    const { code, out, err } = await stack.run("advance", ["--until", "porting", ...FAST]);
    expect([code, out]).toEqual([4, expect.stringMatching(/canary-mos broken: mean MOS [123]\./)]);
    expect(err).toContain("going back to ttl-lowered by itself");
    expect(stack.phase()).toMatchObject({ "cutover:phase": "ttl-lowered" });
    expect(
      stack
        .audit()
        .slice(-2)
        .map((l) => l.event),
    ).toEqual(["returning", "returned"]);
    expect(await stack.lost()).toEqual([]);
  }, 300_000);
});
