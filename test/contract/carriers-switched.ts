import assert from "node:assert/strict";
import { overTcp, spares, telnyxOf, testCalls } from "./carriers";
import { FarEnd } from "./far-end";
import type { Suite } from "./harness";
import { route53Of, upsert } from "./route53";
import { startWorld } from "./world";

const ZONE = "guide.example";
const NAME = `moving.${ZONE}`;
const TTL_SECONDS = 300;
/** What the far ends say: no answer is needed to see who was called, and nothing else is tried after it. */
const BUSY = 486;
/** The carrier closes its connections when they are idle that long: each call below looks the name up again. */
const IDLE_SECONDS = 30;

/**
 * Which far end a call reaches, the old one or the new: before the record changes, 100 s after it, 350 s after it, once more, and 750 s
 * after it. The clamps keep answers at least 600 s and at most 60 s.
 */
const KINDS = {
  honest: ["old", "old", "new", "new", "new"],
  "clamp-low": ["old", "old", "old", "old", "new"],
  "clamp-high": ["old", "new", "new", "new", "new"],
  stale: ["old", "old", "old", "new", "new"],
  pinned: ["old", "old", "old", "old", "old"],
  failing: ["nobody", "nobody", "nobody", "nobody", "nobody"],
} as const;
/** World seconds before each of those calls. */
const WAITS = [0, 100, 250, 50, 400] as const;

/** The switch `carrier-resolver`, each kind in a world of its own, as the far ends of another make see the carrier's calls. */
export async function judgeResolverKinds(suite: Suite, root: string): Promise<void> {
  const plan = overTcp(suite, root, "resolver-kinds");
  for (const [i, [kind, expected]] of Object.entries(KINDS).entries()) {
    const [old, next] = [1, 2].map((n) => new FarEnd(`127.197.93.${2 * i + n}`, BUSY)) as [FarEnd, FarEnd];
    const switches = [`carrier-resolver=${kind}`, `carrier-idle=${IDLE_SECONDS}`].flatMap((each) => ["--world", each]);
    // What an honest one does is also what the world does without the switch.
    const world = await startWorld(suite, root, plan, kind === "honest" ? switches.slice(2) : switches);
    try {
      await suite.check(`carrier-resolver=${kind}: whom calls reach after the record has changed`, async () => {
        const dns = route53Of(world);
        const zone = await dns.zone(ZONE);
        const point = (at: FarEnd) => dns.change(zone, [upsert(NAME, "A", TTL_SECONDS, [at.address])]);
        const [number = ""] = await spares(world, telnyxOf(world));
        const reached: string[] = [];
        await point(old);
        for (const [n, seconds] of WAITS.entries()) {
          if (n === 1) await point(next);
          if (seconds > 0) await world.jump(seconds);
          const before = [old.seen.length, next.seen.length];
          await testCalls(world, { number, host: NAME, source: "203.0.113.10" });
          const [a, b] = [old.seen.length - (before[0] ?? 0), next.seen.length - (before[1] ?? 0)];
          reached.push(a > 0 ? "old" : b > 0 ? "new" : "nobody");
        }
        assert.deepEqual(reached, expected);
      });
    } finally {
      old.close();
      next.close();
      await world.stop();
    }
  }
}

/** The switch `carrier-source-change=inside`: the other half of the published addresses; without it they stay as they are. */
export async function judgeSourcesInside(suite: Suite, root: string): Promise<void> {
  const plan = overTcp(suite, root, "sources-inside");
  const far = new FarEnd("127.197.93.20", BUSY);
  const halves = { "carrier-source-change=inside:24": [["127.0.113.10"], ["127.0.113.11"]], "": undefined };
  const both = ["127.0.113.10", "127.0.113.11"];
  try {
    for (const [text, expected = [both, both]] of Object.entries(halves)) {
      const world = await startWorld(suite, root, plan, text ? ["--world", text] : []);
      await suite.check(`${text || "without carrier-source-change"}: addresses before and after a day`, async () => {
        const dns = route53Of(world);
        await dns.change(await dns.zone(ZONE), [upsert(NAME, "A", TTL_SECONDS, [far.address])]);
        const [number = ""] = await spares(world, telnyxOf(world));
        const from = async () => {
          const before = far.seen.length;
          await testCalls(world, { number, host: NAME, source: "all" });
          return [...new Set(far.seen.slice(before).map((seen) => seen.from))].sort();
        };
        const first = await from();
        await world.jump(25 * 3600);
        assert.deepEqual([first, await from()], expected);
      });
      await world.stop();
    }
  } finally {
    far.close();
  }
}
