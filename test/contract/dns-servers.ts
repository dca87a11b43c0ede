import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, run, type Server, sleep, type Suite } from "./harness";
import { route53Of, upsert } from "./route53";
import type { SandboxWorld } from "./world";

/** One answer as dig prints it. */
interface Dig {
  status: string;
  flags: string[];
  answers: { name: string; ttl: number; type: string; data: string }[];
  authority: { name: string; ttl: number; type: string; data: string }[];
  text: string;
}

const records = (section: string) =>
  section
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith(";"))
    .map((line) => {
      const [name = "", ttl = "", , type = "", ...data] = line.split(/\s+/);
      return { name, ttl: Number(ttl), type, data: data.join(" ") };
    });

/** Asks with dig or kdig; both print the same sections. */
export async function ask(program: string, server: string, args: readonly string[]): Promise<Dig> {
  const [host, port] = server.split(":") as [string, string];
  const { stdout: text } = await run(program, [`@${host}`, "-p", port, ...args], { timeoutMs: 20_000 });
  const section = (name: string) => new RegExp(`;; ${name} SECTION:\\n([^]*?)(?:\\n\\n|$)`).exec(text)?.[1] ?? "";
  return {
    status: /status: (\w+)/.exec(text)?.[1] ?? "",
    flags: (/[Ff]lags: ([\w ]*);/.exec(text)?.[1] ?? "").trim().split(" "),
    answers: records(section("ANSWER")),
    authority: records(section("AUTHORITY")),
    text,
  };
}

/** dig and kdig against the name servers of both providers: wire format, flags, negative answers, transports. */
export async function askNameServers(
  suite: Suite,
  world: SandboxWorld,
  programs: Record<string, string>,
): Promise<void> {
  const server = world.dns.find((each) => each.provider === "route53" && each.view === "public")?.address as string;
  for (const program of ["dig", "kdig"]) {
    const path = programs[program] as string;
    await suite.check(`${program}: the record over UDP and TCP, authoritative, with its TTL`, async () => {
      for (const more of [["+notcp"], ["+tcp"]]) {
        const answer = await ask(path, server, ["sip.meridian.example", "CNAME", "+norec", ...more]);
        assert.equal(answer.status, "NOERROR", answer.text);
        assert.ok(answer.flags.includes("aa") && !answer.flags.includes("ra"), answer.flags.join());
        assert.deepEqual(answer.answers, [
          { name: "sip.meridian.example.", ttl: 3600, type: "CNAME", data: "gcv.meridian.example." },
        ]);
      }
    });
    await suite.check(`${program}: a CNAME is followed inside the zone when A is asked`, async () => {
      const answer = await ask(path, server, ["sip.meridian.example", "A"]);
      assert.deepEqual(
        answer.answers.map((a) => a.type),
        ["CNAME", "A"],
      );
    });
    await suite.check(`${program}: NXDOMAIN and NODATA carry the SOA record`, async () => {
      const no = await ask(path, server, ["nobody.meridian.example", "A"]);
      assert.equal(no.status, "NXDOMAIN");
      assert.equal(no.authority[0]?.type, "SOA");
      const empty = await ask(path, server, ["sip.meridian.example", "CNAME"]);
      const none = await ask(path, server, ["gcv.meridian.example", "TXT"]);
      assert.equal(empty.status, "NOERROR");
      assert.equal(none.status, "NOERROR");
      assert.equal(none.answers.length, 0);
      assert.equal(none.authority[0]?.type, "SOA");
    });
    await suite.check(`${program}: other people's names are refused, the asked case is kept`, async () => {
      assert.equal((await ask(path, server, ["www.example.org", "A"])).status, "REFUSED");
      // kdig lowers a name before it asks.
      if (program === "kdig") return;
      const mixed = await ask(path, server, ["SiP.MeRiDiAn.eXaMpLe", "CNAME"]);
      assert.equal(mixed.answers[0]?.name, "SiP.MeRiDiAn.eXaMpLe.");
    });
  }
  const dig = programs.dig as string;
  await suite.check("dig: EDNS is answered with EDNS, without it there is none, version 1 is BADVERS", async () => {
    const name = ["sip.meridian.example", "CNAME"];
    assert.match((await ask(dig, server, [...name, "+edns=0"])).text, /OPT PSEUDOSECTION/);
    assert.doesNotMatch((await ask(dig, server, [...name, "+noedns"])).text, /OPT PSEUDOSECTION/);
    assert.equal((await ask(dig, server, [...name, "+edns=1", "+noednsneg"])).status, "BADVERS");
  });
  await suite.check("dig: what does not fit into a datagram is truncated, and whole over TCP", async () => {
    const client = route53Of(world);
    const zone = await client.zone("meridian.example");
    const values = Array.from({ length: 12 }, (_, i) => `"${String(i).padStart(2, "0")}${"x".repeat(150)}"`);
    await client.change(zone, [upsert("big.meridian.example", "TXT", 60, values)]);
    const cut = await ask(dig, server, ["big.meridian.example", "TXT", "+ignore"]);
    assert.ok(cut.flags.includes("tc"), cut.text);
    assert.equal(cut.answers.length, 0);
    const whole = await ask(dig, server, ["big.meridian.example", "TXT"]);
    assert.equal(whole.answers.length, 12);
  });
}

/** Unbound as it is configured by people who want this behaviour. */
const UNBOUND_KINDS = {
  honest: "",
  "clamp-low": "  cache-min-ttl: 300\n",
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
  const kinds = Object.keys(UNBOUND_KINDS) as (keyof typeof UNBOUND_KINDS)[];
  const pairs = await Promise.all(
    kinds.map(async (kind, i) => {
      const peer = await startUnbound(suite, unbound, kind, upstream, i + 1);
      const own = world.resolvers.find((each) => each.kind === kind && each.view === "public")?.address as string;
      await eventually(
        () => ask(dig, peer.address, ["guide.example", "SOA", "+time=1", "+tries=1"]),
        (a) => a.status === "NOERROR",
      );
      return { kind, own, peer };
    }),
  );
  const put = (target: string) => client.change(zone, [upsert("script.guide.example", "CNAME", 4, [target])]);
  const both = async (name: string, type: string) =>
    Promise.all(
      pairs.map(async ({ kind, own, peer }) => {
        const [ours, theirs] = await Promise.all([own, peer.address].map((at) => ask(dig, at, [name, type])));
        return { kind, ours: ours as Dig, theirs: theirs as Dig };
      }),
    );
  const agree = async (step: string, expected: Record<keyof typeof UNBOUND_KINDS, string>) => {
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
  await put(old);
  await agree("on a fresh answer", { honest: old, "clamp-low": old, stale: old });
  await sleep(2000);
  await agree("on an ageing answer", { honest: old, "clamp-low": old, stale: old });
  await put(next);
  await agree("before the TTL has run out", { honest: old, "clamp-low": old, stale: old });
  await sleep(3000);
  await agree("after it: the stale one still says the old name", { honest: next, "clamp-low": old, stale: old });
  await sleep(500);
  await agree("once it was woken", { honest: next, "clamp-low": old, stale: next });
  await suite.check("unbound and the honest resolver agree that a name does not exist, and for how long", async () => {
    const honest = (await both("nobody.guide.example", "A")).find((each) => each.kind === "honest");
    assert.deepEqual([honest?.ours.status, honest?.theirs.status], ["NXDOMAIN", "NXDOMAIN"]);
    assert.equal(honest?.ours.authority[0]?.ttl, honest?.theirs.authority[0]?.ttl);
  });
  await Promise.all(pairs.map(({ peer }) => peer.server.stop()));
}
