import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, type Dig } from "./dns-servers";
import { eventually, type Server, sleep, type Suite } from "./harness";
import { route53Of, upsert } from "./route53";
import type { SandboxWorld } from "./world";

/** Unbound as it is configured by people who want this behaviour. */
const UNBOUND_KINDS = {
  honest: "",
  "clamp-low": "  cache-min-ttl: 300\n",
  "clamp-high": "  cache-max-ttl: 3\n",
  stale: "  serve-expired: yes\n  serve-expired-reply-ttl: 30\n",
} as const;

async function startUnbound(
  suite: Suite,
  program: string,
  kind: keyof typeof UNBOUND_KINDS,
  upstream: string,
  n: number,
) {
  const [host, port] = upstream.split(":") as [string, string];
  const address = `127.199.53.${n}`;
  const conf = join(suite.dir, `unbound-${kind}.conf`);
  writeFileSync(
    conf,
    `server:
  username: ""
  chroot: ""
  directory: "${suite.dir}"
  pidfile: "${join(suite.dir, `unbound-${kind}.pid`)}"
  use-syslog: no
  interface: ${address}@5353
  port: 5353
  access-control: 127.0.0.0/8 allow
  module-config: "iterator"
  do-not-query-localhost: no
  local-zone: "example." nodefault
  infra-host-ttl: 1
  infra-keep-probing: yes
${UNBOUND_KINDS[kind]}stub-zone:
  name: "guide.example."
  stub-addr: ${host}@${port}
remote-control:
  control-enable: no
`,
  );
  const server: Server = suite.start(program, ["-d", "-c", conf]);
  return { server, address: `${address}:5353` };
}

type Kind = keyof typeof UNBOUND_KINDS;
/** TTL of the record that the script asks for: long enough to change it before it runs out. */
const TTL_SECONDS = 7;

/** Resolvers of the world beside unbound's: the clamps are as unbound has them above. */
export const RESOLVER_FAULTS = JSON.stringify({
  resolvers: [
    { name: "honest", kind: "honest", view: "public" },
    { name: "clamp-low", kind: "clamp-low", view: "public", clampSeconds: 300 },
    { name: "clamp-high", kind: "clamp-high", view: "public", clampSeconds: 3 },
    { name: "stale", kind: "stale", view: "public" },
    { name: "pinned", kind: "pinned", view: "public" },
    { name: "failing", kind: "failing", view: "public" },
  ],
});

/** Unbound and the sandbox's own resolvers hear the same script of questions: same targets, same TTLs give or take a second. */
export async function compareResolvers(
  suite: Suite,
  world: SandboxWorld,
  programs: Record<string, string>,
): Promise<void> {
  const [dig, unbound] = [programs.dig as string, programs.unbound as string];
  const client = route53Of(world);
  const zone = await client.zone("guide.example");
  const upstream = world.dns.find((each) => each.provider === "route53")?.address as string;
  const own = (kind: string) => world.resolvers.find((each) => each.kind === kind)?.address as string;
  const kinds = Object.keys(UNBOUND_KINDS) as Kind[];
  const pairs = await Promise.all(
    kinds.map(async (kind, i) => {
      const peer = await startUnbound(suite, unbound, kind, upstream, i + 1);
      await eventually(
        () => ask(dig, peer.address, ["guide.example", "SOA", "+time=1", "+tries=1"]),
        (a) => a.status === "NOERROR",
      );
      return { kind, own: own(kind), peer };
    }),
  );
  const put = (target: string) => client.change(zone, [upsert("script.guide.example", "CNAME", TTL_SECONDS, [target])]);
  const both = async (name: string, type: string) =>
    Promise.all(
      pairs.map(async ({ kind, own, peer }) => {
        const [ours, theirs] = await Promise.all([own, peer.address].map((at) => ask(dig, at, [name, type])));
        return { kind, ours: ours as Dig, theirs: theirs as Dig };
      }),
    );
  const agree = async (step: string, expected: Record<Kind, string>) => {
    for (const { kind, ours, theirs } of await both("script.guide.example", "CNAME")) {
      await suite.check(`unbound and the ${kind} resolver agree ${step}`, () => {
        const [a, b] = [ours.answers[0], theirs.answers[0]];
        assert.equal(b?.data, expected[kind], `unbound: ${theirs.text}`);
        assert.equal(a?.data, expected[kind], `ours: ${ours.text}`);
        assert.ok(Math.abs((a?.ttl ?? -9) - (b?.ttl ?? 9)) <= 1, `TTL ${a?.ttl} and unbound's ${b?.ttl}`);
      });
    }
  };
  const [old, next] = ["old.guide.example.", "new.guide.example."];
  const all = (data: string) => Object.fromEntries(kinds.map((kind) => [kind, data])) as Record<Kind, string>;
  const others = async (step: string, pinned: string) =>
    suite.check(`the pinned and the failing resolver ${step}`, async () => {
      const question = ["script.guide.example", "CNAME"];
      assert.equal((await ask(dig, own("pinned"), question)).answers[0]?.data, pinned);
      assert.equal((await ask(dig, own("failing"), question)).status, "SERVFAIL");
    });
  await put(old);
  const startMs = performance.now();
  const until = (seconds: number) => sleep(Math.max(0, startMs + 1000 * seconds - performance.now()));
  await agree("on a fresh answer", all(old));
  await others("on a fresh answer: the first is right", old);
  await until(2);
  await agree("on an ageing answer", all(old));
  await put(next);
  await until(4);
  // Nobody but the one that keeps answers shorter than it is told.
  await agree("before the TTL has run out", { ...all(old), "clamp-high": next });
  await until(TTL_SECONDS + 1.5);
  const late = { honest: next, "clamp-high": next, "clamp-low": old };
  await agree("after it: the stale one still says the old name", { ...late, stale: old });
  await sleep(500);
  await agree("once it was woken", { ...late, stale: next });
  await others("after it: the first still says the old name", old);
  await suite.check("unbound and the honest resolver agree that a name does not exist, and for how long", async () => {
    const honest = (await both("nobody.guide.example", "A")).find((each) => each.kind === "honest");
    assert.deepEqual([honest?.ours.status, honest?.theirs.status], ["NXDOMAIN", "NXDOMAIN"]);
    assert.equal(honest?.ours.authority[0]?.ttl, honest?.theirs.authority[0]?.ttl);
  });
  await Promise.all(pairs.map(({ peer }) => peer.server.stop()));
}
