import { describe, expect, it } from "vitest";
import { fixture } from "./fixture";

const NAME = "sip.meridian.example";
const NEW = "meridian-primary.byoc.use1.pure.cloud";

/** Changes the record in every copy, as the providers' APIs do once a change is accepted. */
async function move(world: Awaited<ReturnType<typeof fixture>>): Promise<void> {
  for (const copy of world.copies)
    await copy.publish([NAME], 1, () => [{ name: NAME, type: "CNAME", ttlSeconds: 300, values: [NEW] }]);
}

describe("resolvers that others use too", () => {
  it("hold the old answer after a change although nobody here has asked them, each for a time of its own", async () => {
    const world = await fixture({ othersAsk: true });
    try {
      await move(world);
      const left = await Promise.all(
        world.resolvers.map(async (r) => {
          const { target, ttlSeconds } = await r.resolve(NAME);
          expect(target).toBe("gcv.meridian.example");
          return ttlSeconds;
        }),
      );
      expect(new Set(left).size).toBeGreaterThan(1);
      world.steered.advance(14_400);
      // A resolver that serves stale answers has to be woken by one question.
      for (const r of world.resolvers) await r.resolve(NAME);
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const r of world.resolvers) expect((await r.resolve(NAME)).target, r.name).toBe(NEW);
    } finally {
      await world.close();
    }
  });

  it("hold it for a time of their own also when somebody here asked all of them just before", async () => {
    const world = await fixture({ othersAsk: true });
    try {
      const before = await Promise.all(world.resolvers.map(async (r) => (await r.resolve(NAME)).ttlSeconds));
      expect(new Set(before).size).toBeGreaterThan(1);
      await move(world);
      for (const r of world.resolvers) expect((await r.resolve(NAME)).target, r.name).toBe("gcv.meridian.example");
      // Nobody can have fetched the new record before it was there.
      world.steered.advance(86_400);
      for (const r of world.resolvers) await r.resolve(NAME);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const after = await Promise.all(world.resolvers.map((r) => r.resolve(NAME)));
      for (const { target, ttlSeconds } of after) {
        expect(target).toBe(NEW);
        expect(ttlSeconds).toBeGreaterThan(0);
        expect(ttlSeconds).toBeLessThanOrEqual(300);
      }
    } finally {
      await world.close();
    }
  });

  it("know a change at once where nobody asks", async () => {
    const world = await fixture();
    try {
      await move(world);
      for (const r of world.resolvers) expect((await r.resolve(NAME)).target, r.name).toBe(NEW);
    } finally {
      await world.close();
    }
  });

  it("tell every answer they give, with the end of the chain", async () => {
    const told: string[] = [];
    const world = await fixture({ onAnswer: (r, name, target) => told.push(`${r.name} ${name} ${target}`) });
    try {
      const [first] = world.resolvers;
      await first!.resolve(NAME);
      expect(told).toEqual([`${first!.name} ${NAME} gcv.meridian.example`]);
    } finally {
      await world.close();
    }
  });
});
