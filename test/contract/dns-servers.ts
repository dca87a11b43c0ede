import assert from "node:assert/strict";
import { run, type Suite } from "./harness";
import { route53Of, upsert } from "./route53";
import type { SandboxWorld } from "./world";

/** One answer as dig prints it. */
export interface Dig {
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
