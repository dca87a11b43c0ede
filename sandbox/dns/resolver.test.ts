import { Resolver } from "node:dns/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { query } from "./client";
import { ADDRESSES, fixture } from "./fixture";
import type { ResolverKind } from "./resolver";

const NAME = "sip.meridian.example";
const OLD = "gcv.meridian.example";
const NEW = "meridian-primary.byoc.use1.pure.cloud";

describe("caching resolver", () => {
  let world: Awaited<ReturnType<typeof fixture>>;
  beforeEach(async () => {
    world = await fixture();
  });
  afterEach(() => world.close());

  /** Moves the record in every copy, or in those of one provider. */
  const move = (target: string, ttlSeconds: number, provider?: string) => {
    for (const copy of world.copies.filter((each) => !provider || each.provider === provider)) {
      copy.served.replace(NAME, [{ name: NAME, type: "CNAME", ttlSeconds, values: [target] }]);
    }
  };
  const seen = async (resolver: {
    resolve(name: string): Promise<{ target: string; chain: { ttlSeconds: number }[] }>;
  }) => {
    const { target, chain } = await resolver.resolve(NAME);
    return [target, chain[0]?.ttlSeconds];
  };

  it("ages a TTL by the world's clock and asks again when it has run out", async () => {
    move(OLD, 300);
    const honest = world.resolver("r");
    expect(await seen(honest)).toEqual([OLD, 300]);
    move(NEW, 300);
    world.steered.advance(299);
    expect(await seen(honest)).toEqual([OLD, 1]);
    world.steered.advance(1);
    expect(await seen(honest)).toEqual([NEW, 300]);
    expect((await honest.resolve(NAME)).addresses).toEqual([ADDRESSES.edge]);
  });

  it.each<[ResolverKind, number, (string | number | undefined)[]]>([
    ["honest", 301, [NEW, 300]],
    ["clamp-low", 301, [OLD, 299]],
    ["clamp-low", 601, [NEW, 600]],
    ["clamp-high", 61, [NEW, 60]],
    ["stale", 301, [OLD, 30]],
    ["pinned", 90_000, [OLD, 300]],
  ])("%s, %i s after a change", async (kind, seconds, expected) => {
    move(OLD, 300);
    const resolver = world.resolver("r", kind);
    await resolver.resolve(NAME);
    move(NEW, 300);
    world.steered.advance(seconds);
    expect(await seen(resolver)).toEqual(expected);
  });

  it("stale: one question wakes it, the next gets the new answer", async () => {
    move(OLD, 300);
    const resolver = world.resolver("r", "stale");
    await resolver.resolve(NAME);
    move(NEW, 300);
    world.steered.advance(4000);
    expect(await seen(resolver)).toEqual([OLD, 30]);
    await expect.poll(() => seen(resolver)).toEqual([NEW, 300]);
  });

  it("pinned lets go when flushed; failing always fails", async () => {
    const pinned = world.resolver("p", "pinned");
    await pinned.resolve(NAME);
    move(NEW, 60);
    pinned.flush();
    expect(await seen(pinned)).toEqual([NEW, 60]);
    await expect(world.resolver("f", "failing").resolve(NAME)).rejects.toThrow("SERVFAIL");
  });

  it("copies that disagree give answers that disagree, repeatably for a seed", async () => {
    move(NEW, 60, "cloudflare");
    const run = async (name: string) => {
      const resolver = world.resolver(name);
      const targets: string[] = [];
      for (let i = 0; i < 20; i++) {
        targets.push((await resolver.resolve(NAME)).target);
        world.steered.advance(20_000);
      }
      return targets;
    };
    const first = await run("same");
    expect(new Set(first)).toEqual(new Set([OLD, NEW]));
    expect(await run("same")).toEqual(first);
  });

  it("inside the private view sees the private zone only", async () => {
    for (const copy of world.copies.filter((each) => each.view === "private")) {
      copy.served.replace(NAME, [{ name: NAME, type: "CNAME", ttlSeconds: 60, values: [NEW] }]);
    }
    expect((await world.resolver("in", "honest", "private").resolve(NAME)).target).toBe(NEW);
    expect((await world.resolver("out", "honest", "public").resolve(NAME)).target).toBe(OLD);
    // Names the private zone does not know are not looked up outside.
    for (const copy of world.copies.filter((each) => each.view === "private")) copy.served.replace(NAME, []);
    await expect(world.resolver("in2", "honest", "private").resolve(NAME)).rejects.toThrow("NXDOMAIN");
  });

  it("remembers for the SOA's minimum that a name does not exist", async () => {
    const late = "late.meridian.example";
    const resolver = world.resolver("r");
    await expect(resolver.resolve(late)).rejects.toThrow("NXDOMAIN");
    for (const copy of world.copies)
      copy.served.replace(late, [{ name: late, type: "A", ttlSeconds: 60, values: ["127.0.0.9"] }]);
    world.steered.advance(600);
    await expect(resolver.resolve(late)).rejects.toThrow("NXDOMAIN");
    world.steered.advance(1300);
    expect((await resolver.resolve(late)).addresses).toEqual(["127.0.0.9"]);
  });

  it("asking for a CNAME that is not there does not hide the address", async () => {
    const resolver = world.resolver("r");
    await resolver.listen("127.0.0.1");
    try {
      expect((await query(resolver.address, OLD, "CNAME", { recursive: true })).answers).toEqual([]);
      expect((await query(resolver.address, OLD, "A", { recursive: true })).answers[0]).toMatchObject({
        data: ADDRESSES.gcv,
      });
    } finally {
      await resolver.close();
    }
  });

  it("over the wire gives the chain over zones with the TTLs left", async () => {
    move(NEW, 300);
    const [resolver] = world.resolvers;
    await query(resolver!.address, NAME, "A", { recursive: true });
    world.steered.advance(40);
    const { rcode, authoritative, answers } = await query(resolver!.address, NAME, "A", { recursive: true });
    expect({ rcode, authoritative }).toEqual({ rcode: "NOERROR", authoritative: false });
    expect(answers).toMatchObject([
      { name: NAME, type: "CNAME", ttl: 260, data: NEW },
      { name: NEW, type: "A", ttl: 20, data: ADDRESSES.edge },
    ]);
    expect((await query(resolver!.address, "nobody.anywhere.test", "A", { recursive: true })).rcode).toBe("NXDOMAIN");
  });

  it("is understood by c-ares, which shares no code with it", async () => {
    const client = new Resolver({ timeout: 1000, tries: 1 });
    client.setServers([world.resolvers[0]!.address]);
    expect(await client.resolveCname(NAME)).toEqual([OLD]);
    expect(await client.resolve4(NAME, { ttl: true })).toEqual([{ address: ADDRESSES.gcv, ttl: expect.any(Number) }]);
    await expect(client.resolve4("nobody.meridian.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(client.resolve6(OLD)).rejects.toMatchObject({ code: "ENODATA" });
    client.setServers([world.nameServers[0]!.address]);
    expect(await client.resolveSoa("meridian.example")).toMatchObject({ minttl: 86_400 });
    expect(await client.resolveNs("meridian.example")).toHaveLength(4);
  });

  it("finds the carrier, Genesys' load balancers and, as itself, an address", async () => {
    const resolver = world.resolver("r");
    expect((await resolver.resolve("sip.meridian-carrier.example")).addresses).toEqual([ADDRESSES.carrier]);
    expect((await resolver.resolve("lb01.voice.mypurecloud.com")).addresses).toEqual([ADDRESSES.edge]);
    expect((await resolver.resolve("127.5.5.5")).addresses).toEqual(["127.5.5.5"]);
  });

  it("asks once for many who ask at the same time", async () => {
    const resolver = world.resolver("r");
    const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.resolve(NAME)));
    expect(new Set(answers.map((each) => each.target)).size).toBe(1);
  });
});
