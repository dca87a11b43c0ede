import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import fc from "fast-check";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Parts of a wave walk one behind another, each a step of its own: more of them make a walk longer and meet nothing new. */
const PARTS_MAX = 4;

/** The estates of the model's own property tests (model/testing.ts), bundled for this process. */
function testing() {
  // In dist/, so that the bundle finds its packages as the command does.
  const outfile = join(root, "dist", `random-estates-${process.pid}.cjs`);
  try {
    const entryPoints = [join(root, "model/testing.ts")];
    buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", packages: "external", outfile });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** How one order's port differs from what was asked for: a switch of the world without its order; undefined for one that does not. */
const deviation = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: 1, max: 96 }).map((hours) => `early:${hours}`),
  fc.integer({ min: 1, max: 240 }).map((hours) => `slip:${hours}`),
  fc.constantFrom(7, 50).map((hours) => `split:${hours}`),
);

/**
 * Random estates as stories: any region, DNS, waves and flows, ports that come early, late or split, either inbound matching. The same
 * seed gives the same estates. A right migration has to go through to its end, with no call lost and no policy saying anything.
 * @param {number} count how many.
 * @param {number} seed of everything drawn.
 */
export function randomStories(count, seed) {
  const { arbitraryEstate, planOf } = testing();
  const story = fc.record({
    texts: arbitraryEstate.filter((texts) => planOf(texts).parts.length <= PARTS_MAX),
    deviations: fc.array(deviation, { minLength: 1, maxLength: 6 }),
    inboundMatching: fc.constantFrom("org-wide", "by-pool"),
  });
  return fc.sample(story, { numRuns: count, seed }).map(({ texts, deviations, inboundMatching }, i) => {
    const plan = planOf(texts);
    const world = plan.portOrders.flatMap((order, o) => {
      const each = deviations[o % deviations.length];
      return each ? [`port=${each}:${order.id}`] : [];
    });
    const dns = plan.dns.map((d) => d.provider).join(" and ") || "no DNS";
    const what = `${plan.numbers.length} numbers in ${plan.organisation.region}, ${plan.parts.length} parts, ${dns}, ${plan.porting.provider} ports`;
    return {
      name: `random-${seed}-${i + 1}`,
      files: { "plan.yaml": texts.plan, "numbers.csv": texts.numbers, "ports.csv": texts.ports },
      scenario: {
        story: `${what}${world.length > 0 ? `: ${world.join(", ")}` : ""}.`,
        world,
        inboundMatching,
        expect: { verdict: "pass", ends: endOf(plan), quiet: true },
      },
    };
  });
}

const endOf = (plan) => `complete ${plan.parts.map((p) => `${p.id}=adopted`).join(",")}`;
