import { expect, it } from "vitest";
import { blocking, judge, judgeProof } from "../model/evidence";
import { desiredState } from "../model/phases";
import { loadPlan } from "../model/plan";
import type { ProofKind, ProofSubject } from "../model/proof";
import { goodProofFacts } from "../model/testing";
import { straightSteps } from "../rehearsal/steps";
import { changed, mistakes, pattern, places, valueAt } from "./mutations-of-facts";
import { PaperWorld } from "./pack/paper-world";

/**
 * Every fact of every step of a right migration, wrong one at a time: gone, of another kind, number, place or time. The step is stopped, or
 * the mistake is one of these, which cost no call. A fact that a probe begins to report has to be judged, or stand here with a reason.
 */
const HARMLESS: readonly [step: RegExp, place: RegExp, why: string][] = [
  [/./, /^(stack|confirm)$/, "asked of `complete` alone"],
  [/./, /\.by$/, "a name for people"],
  [/./, /^dns\.answers\.#\.view$/, "the key names the view"],
  [/./, /\.(audioSent|audioReceived|farReceived)$/, "more audio is audio"],
  [/./, /^sip\.tests\.#\.queue$/, "the plan does not say which queues a flow leads to"],
  // The record: what it says of the past. Its phase and waves are judged at every step, its floor and plan besides by what is declared.
  [/./, /^record\.record\.since/, "dates of other steps, and dates within what a step waits for"],
  [/./, /^record\.record\.(floor|waves)$/, "empty means none; where the stack stands it has been (infra)"],
  [/^baseline/, /^record\.record$/, "there is none yet"],
  [
    /./,
    /^record\.emergencyGroups(\.#(\.name|\.enabled|\.flows(\.#(\.flow|\.callRoutes(\.#)?)?)?)?)?$/,
    "both call routes are out, or in another group or flow, together; or the migration's own group; the switch is the customer's",
  ],
  // Documents that are whole, read for a part of them only.
  [/./, /^record\.existing\.(gcvTrunk|outbound)/, "read by `baseline` alone"],
  [/./, /^record\.existing\.ivrs\.#\.hours/, "the program declares the hours it has just read"],
  [/^parallel/, /^record\.existing/, "asked for the GCV trunk's recording alone"],
  [
    /^(canary|released)/,
    /^record\.existing\.ivrs\.#/,
    "a call route without numbers loses none; flows are read by `canary`",
  ],
  [/./, /^carrier\.(orders|published)/, "orders are read when the plan changes; a sandbox's carrier publishes nothing"],
  [/./, /^carrier\.sourceRanges/, "the probe repeats the plan's, which count too"],
  [/^(?!cutover|live|adopted)/, /^carrier\.emergency/, "read on the way into `cutover`, by `live` and by `adopted`"],
  [/^(cutover|live|adopted)/, /^carrier\.emergency\.#\.ranges\.#\.from$/, "a wider range"],
  [/^(parallel|ttl-lowered|porting|cutover)/, /^carrier\.(numbers|routes)/, "no number has moved yet"],
  [/^r1-tested/, /^carrier\.numbers/, "no order has been submitted yet"],
  [/./, /^carrier\.numbers\.#\.(order|activatedAt|range\.from)$/, "whose order it was; an older date; a wider range"],
  [/^complete/, /^carrier\.numbers/, "gone from GCV: no way back is left that a port's state could decide"],
  [
    /./,
    /^carrier\.routes\.#(\.|$)/,
    "the shadow's own route, which only canary calls take; a route of a wider range; a name",
  ],
  [/^(live|released|r1-tested|real-tested)/, /^sip\.options/, "read by `ttl-lowered`"],
  [/-tested$/, /^sip\.tests\.#\.(transport|srtp)$/, "read by `ttl-lowered` and `live`"],
  [/^dns-moved/, /^dns\.answers\.#\.ttlSeconds$/, "a moved name may be kept"],
  [/^ttl-lowered/, /^sip\.options\.code$/, "an edge that is silent to strangers answered the carrier"],
  [/./, /^sip\.tests\.#\.(via|source)$/, "each is known by the other"],
  [/^released/, /^sip\.tests\.#(\.(number|purpose|network|transport|srtp))?$/, "the other network has called too"],
  [/^porting/, /^quality\.(gcv|canary\.minMos)/, "the worst call is not the mean; GCV's traffic is read later"],
  [/^porting/, /^quality\.canary\.(calls|failed|meanMos|wrongCallerId|codecs\.#)$/, "better than it was"],
  [/^(released|complete)/, /^quality\.canary/, "read by `porting`"],
  [/^(released|complete)/, /^quality\.gcv\.(calls|lastCallAt)$/, "long before the quiet that is asked for"],
  [/^(adopted|complete)/, /^record\.inventory\.(checked|stillHeld)$/, "more looked up; none held"],
  [
    /^baseline/,
    /^(entitlement\.(organisation\.id|missingPermissions)|dns\.answers)/,
    "a name; none missing; a resolver's copy",
  ],
  [/./, /^dns\.answers\.#(\.resolver)?$/, "who was asked is the probe's to say: another resolver has answered"],
  [/^canary|^adopted/, /^dns\.answers\.#\.ttlSeconds$/, "about to run out"],
  [/^complete/, /^dns\.answers\.#\.ttlSeconds$/, "it is raised again by this step"],
];

/** Mistakes that let a step through and stand in no line above: holes. */
const holes = new Set<string>();
const used = new Set<number>();

function through(step: string, facts: object, passes: (facts: object) => boolean): void {
  for (const path of places(facts)) {
    const place = pattern(path);
    for (const [word, value] of mistakes(valueAt(facts, path))) {
      if (!passes(changed(facts, path, value))) continue;
      const known = HARMLESS.findIndex(([at, what]) => at.test(step) && what.test(place));
      if (known >= 0) used.add(known);
      else holes.add(`${step}: ${place} ${word}`);
    }
  }
}

it("no step of a migration goes on with one fact wrong that could cost a call", () => {
  const plan = loadPlan("test/estates/guide");
  const world = new PaperWorld(plan, new Date(Date.UTC(2026, 0, 5, 8)), [{ hours: 0, splitHours: 0 }]);
  for (const { phase, waves } of straightSteps(plan)) {
    const to = { phase, waves };
    world.waitFor(to);
    const step = phase === "cutover" ? (Object.values(waves)[0] ?? phase) : phase;
    const now = world.now;
    const at = world.at;
    const passes = (facts: object) => blocking(judge(plan, at, to, facts, now)).length === 0;
    const facts = world.facts(to);
    expect(passes(facts), step).toBe(true);
    through(step, facts, passes);
    world.move(to);
  }
  expect([...holes]).toEqual([]);
});

it("no proof in the middle of an update holds with one fact wrong that could cost a call", () => {
  const plan = loadPlan("test/estates/guide");
  const now = new Date("2026-05-04T10:00:00Z");
  const routes = desiredState(plan, "cutover", { w1: "adopted" }).routes.filter((r) => r.kind === "R2");
  const proofs: [ProofKind, ProofSubject][] = [
    ["r1-tested", { part: "w1" }],
    ["dns-moved", {}],
    ["real-tested", { part: "w1", routes }],
  ];
  for (const [kind, subject] of proofs) {
    const facts = goodProofFacts(plan, kind, subject, now);
    const passes = (f: object) => judgeProof(plan, kind, subject, f, now).status === "passed";
    expect(passes(facts), kind).toBe(true);
    through(kind, facts, passes);
  }
  expect([...holes]).toEqual([]);
});

it("the list of what costs no call has no line that nothing needs", () => {
  expect(HARMLESS.filter((_, i) => !used.has(i)).map(([, , why]) => why)).toEqual([]);
});
