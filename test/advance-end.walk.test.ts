import { afterEach, describe, expect, it } from "vitest";
import { endWorlds, FAST, Stack } from "./advance-stack";

afterEach(endWorlds);

/** The steps of a wave after `live`, to the end of the migration. */
describe("a sandbox stack advanced to its end under calls", () => {
  it("releases and adopts, although it is killed in a soak and in an up; complete is only previewed until it is asked for", async () => {
    const stack = new Stack();
    await stack.start({ perSecond: 8 });
    expect((await stack.run("advance", ["--until", "w1=live", ...FAST, "--soak", "0"])).code).toBe(0);
    const inSoak = await stack.run("advance", ["--wait", ...FAST], /released(.|\n)* of 20: byoc-failures/);
    expect([inSoak.code, stack.phase()["cutover:waves"]]).toEqual([null, "w1=released"]);
    const inUp = await stack.run("advance", ["--until", "w1=adopted", ...FAST], /applying cutover w1=adopted/);
    expect([inUp.code, inUp.err]).toEqual([null, expect.stringMatching(/resuming an interrupted step \(soaking\)/)]);
    const adopted = await stack.run("advance", ["--until", "w1=adopted", "--json", ...FAST]);
    expect([adopted.code, adopted.err]).toEqual([
      0,
      expect.stringMatching(/resuming an interrupted step \(applying\): cutover w1=released -> cutover w1=adopted/),
    ]);
    expect(JSON.parse(adopted.out)).toMatchObject({ end: "there", at: "cutover w1=adopted" });

    const dry = await stack.run("advance", ["--wait", ...FAST]);
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining("previewed only; stands at cutover w1=")]);
    expect(stack.phase()).toMatchObject({ "cutover:phase": "cutover", "cutover:waves": "w1=adopted" });
    expect((await stack.run("advance", ["--wait", "--no-dry-run", ...FAST])).code).toBe(0);
    expect(stack.phase()).toMatchObject({ "cutover:phase": "complete", "cutover:confirm": "t" });
    const back = await stack.run("back", []);
    expect([back.code, back.out]).toEqual([0, expect.stringContaining("there is no way back from complete")]);

    expect(await stack.lost()).toEqual([]);
    const lines = stack.audit();
    const good = lines.filter((l) => l.event === "good").map((l) => l.to);
    expect(good.slice(-4)).toEqual([
      "cutover w1=live",
      "cutover w1=released",
      "cutover w1=adopted",
      "complete w1=adopted",
    ]);
    // A released wave was watched on the old path and by test calls from every network, an adopted one by calls to its own numbers.
    const watched = (to: string) => lines.filter((l) => l.event === "good" && l.to === to).map((l) => l.what ?? "");
    expect(watched("cutover w1=released")[0]).toMatch(/byoc-failures good.*no-call-on-gcv good.*test-calls good: \d/);
    expect(watched("cutover w1=adopted")[0]).toMatch(/byoc-failures good.*test-calls good: \d/);
  }, 560_000);

  it("takes a released wave back to live by itself when its calls no longer come in", async () => {
    const stack = new Stack();
    await stack.start({ perSecond: 8 });
    expect((await stack.run("advance", ["--until", "w1=live", ...FAST, "--soak", "0"])).code).toBe(0);
    const soaking = await stack.run("advance", ["--wait", ...FAST], /released(.|\n)* of 20: byoc-failures/);
    expect([soaking.code, stack.phase()["cutover:waves"]]).toEqual([null, "w1=released"]);
    // At night somebody edits the trunk by hand: the carrier's addresses are refused. Only the test calls can see it.
    await stack.quiet();
    const allowed = await stack.allow(["192.0.2.99/32"]);
    expect(allowed.length).toBeGreaterThan(0);
    const { code, out, err } = await stack.run("advance", FAST);
    expect([code, out]).toEqual([4, expect.stringMatching(/test-calls broken: /)]);
    expect(out).toContain("WENT BACK by itself; stands at cutover w1=live");
    expect(err).toContain("going back to cutover w1=live by itself");
    expect(stack.phase()).toMatchObject({ "cutover:phase": "cutover", "cutover:waves": "w1=live" });
    const ends = stack.audit().slice(-3);
    expect(ends.map((l) => [l.event, l.to])).toEqual([
      ["limit-broken", "cutover w1=released"],
      ["returning", "cutover w1=released"],
      ["returned", "cutover w1=released"],
    ]);

    // Mended, the same step can be made again.
    await stack.allow(allowed);
    await stack.callers(8);
    expect((await stack.run("advance", ["--wait", ...FAST, "--soak", "0"])).code).toBe(0);
    expect(stack.phase()["cutover:waves"]).toBe("w1=released");
    expect(await stack.lost()).toEqual([]);
  }, 560_000);
});
