import { expect, it } from "vitest";
import { evidenceFor, judge } from "../evidence";
import type { CarrierDoc } from "../facts";
import { formatRanges, toRanges } from "../ranges";
import { allAdopted, goodFacts } from "../testing";
import type { Phase, Position, WaveStates } from "../types";
import { plan } from "./testing";

const NOW = new Date("2026-05-04T10:00:00Z");
const at = (phase: Phase, waves: WaveStates = {}): Position => ({ phase, waves });
const GATE = "emergency-address-registered";

/** What the gate says of a move when the carrier's list of addresses is changed. */
function verdict(from: Position, to: Position, change: (e: NonNullable<CarrierDoc["emergency"]>) => unknown) {
  const facts = goodFacts(plan, from, to, NOW);
  const emergency = change(structuredClone(facts.carrier!.emergency!)) as never;
  const [found] = judge(plan, from, to, { ...facts, carrier: { ...facts.carrier!, emergency } }, NOW, GATE);
  return found;
}
const states = (state: string) => (list: NonNullable<CarrierDoc["emergency"]>) => list.map((e) => ({ ...e, state }));

/** The last part to be adopted: with it the last of all sites leaves GCV. */
const last = plan.parts.at(-1)!.id;
const before = at("cutover", { ...allAdopted(plan), [last]: "released" });
const after = at("cutover", allAdopted(plan));
const site = plan.numbers.find((n) => n.part === last)!.site;

it("on the way into cutover, with the ports to come: pending is well, refused or missing is not", () => {
  const move = [at("porting"), at("cutover")] as const;
  expect(evidenceFor(plan, ...move).map((a) => a.probe)).toContain("carrier");
  for (const state of ["active", "pending"]) expect(verdict(...move, states(state))?.status, state).toBe("passed");
  expect(verdict(...move, states("refused"))).toMatchObject({ status: "failed" });
  expect(verdict(...move, () => [])?.status).toBe("failed");
  expect(verdict(...move, () => undefined)?.status).toBe("inconclusive");
});

it("before a wave is live each of its numbers has an active one", () => {
  const move = [at("cutover"), at("cutover", { w1: "live" })] as const;
  expect(verdict(...move, states("active"))?.status).toBe("passed");
  for (const state of ["pending", "refused", "mixed"])
    expect(verdict(...move, states(state))?.status, state).toBe("failed");
});

it("and once more before the outbound route of a site moves, for every number of the site", () => {
  expect(verdict(before, after, states("active"))?.status).toBe("passed");
  const own = plan.numbers.filter((n) => n.site === site).map((n) => n.number);
  const [first] = own as [string];
  const without = verdict(before, after, (list) =>
    list.map((e) => ({ ...e, ranges: e.ranges.flatMap((r) => (r.from === first ? [] : [r])) })),
  );
  expect(without).toMatchObject({ status: "failed" });
  expect(without!.required).toContain(`site ${site}`);
  expect(verdict(before, after, states("pending"))?.status).toBe("failed");
  expect(formatRanges(toRanges(own))).not.toBe("none");
  // A part that leaves no site whole moves no outbound route: the calls of its numbers go on over GCV.
  const early = [at("cutover", { w1: "released" }), at("cutover", { w1: "adopted" })] as const;
  expect(verdict(...early, () => [])).toMatchObject({
    status: "passed",
    seen: expect.stringContaining("no site changes"),
  });
});
