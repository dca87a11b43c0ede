import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { type BuiltOrganisation, callsOn, setTrunk } from "./genesys/api";
import { eventually, run, type Server, sleep, type Suite } from "./harness";
import { optionsScenario, type Scenario, scenario } from "./scenario";
import type { SandboxWorld } from "./world";

/** What every SIP peer needs to know. */
export interface SipContext {
  suite: Suite;
  world: SandboxWorld;
  built: BuiltOrganisation;
  programs: Record<string, string>;
}

/** A run of SIPp and how it went. */
export interface SippRun {
  xml: string;
  /** `ip:port` it sends to. */
  to: string;
  /** u1 one UDP socket, t1 one TCP connection, tn one for each call. */
  transport: "u1" | "t1" | "tn";
  /** Address it sends from. */
  from: string;
  calls: number;
  perSecond: number;
  /** Percent of messages lost on purpose, either way. */
  lost?: number;
}

let runs = 0;

/** Runs SIPp to its end. @throws Error unless every call went by the scenario. */
export async function sipp({ suite, programs }: Pick<SipContext, "suite" | "programs">, o: SippRun): Promise<void> {
  const name = join(suite.dir, `sipp-${++runs}`);
  writeFileSync(`${name}.xml`, o.xml);
  const args = [
    o.to,
    "-sf",
    `${name}.xml`,
    "-i",
    o.from,
    "-t",
    o.transport,
    "-m",
    String(o.calls),
    "-r",
    String(o.perSecond),
  ];
  const log = [
    "-nostdin",
    "-trace_err",
    "-error_file",
    `${name}.err`,
    "-trace_stat",
    "-stf",
    `${name}.csv`,
    "-fd",
    "1",
  ];
  const more = [...(o.transport === "u1" ? [] : ["-max_socket", "400"]), ...(o.lost ? ["-lost", String(o.lost)] : [])];
  const timeout = ["-timeout", "60s", "-timeout_error", "-recv_timeout", "20000"];
  const done = await run(programs.sipp as string, [...args, ...log, ...more, ...timeout], {
    cwd: suite.dir,
    timeoutMs: 70_000,
  });
  const said = existsSync(`${name}.err`) ? readFileSync(`${name}.err`, "utf8").slice(0, 1200) : "";
  const [header = "", ...rows] = readFileSync(`${name}.csv`, "utf8").trim().split("\n");
  const last = rows.at(-1)?.split(";") ?? [];
  const at = (column: string) => Number(last[header.split(";").indexOf(column)]);
  const [good, bad] = [at("SuccessfulCall(C)"), at("FailedCall(C)")];
  assert.ok(
    done.code === 0 && good === o.calls && bad === 0,
    `${good} of ${o.calls} good, ${bad} failed, exit ${done.code}\n${said}`,
  );
}

/** A stranger: on nobody's allowlist. */
const STRANGER = "127.113.77.5";

/** SIPp over UDP and TCP: calls that are right, and every refusal of the edge. */
export async function callBySipp(c: SipContext): Promise<void> {
  const { suite, world, built } = c;
  const right: Scenario = { host: built.trunkHost, number: built.number };
  const one = (s: Partial<Scenario>, o: Partial<SippRun> = {}) =>
    sipp(c, {
      xml: scenario({ ...right, ...s }),
      to: world.edge.udp,
      transport: "u1",
      from: built.source,
      calls: 1,
      perSecond: 1,
      ...o,
    });
  const many = { calls: 150, perSecond: 50 };
  await suite.check("SIPp over UDP: 150 calls at 50 a second, none fails", () => one({}, many));
  await suite.check("SIPp over one TCP connection: 150 calls at 50 a second, none fails", () =>
    one({}, { ...many, transport: "t1" }),
  );
  await suite.check("SIPp over a TCP connection each: 150 calls at 50 a second, none fails", () =>
    one({}, { ...many, transport: "tn" }),
  );
  await suite.check("SIPp: a re-INVITE inside the call is answered", () => one({ during: "reinvite" }));
  await suite.check("SIPp: a CANCEL while it rings is 200, the INVITE 487", () => one({ during: "cancel" }));
  const refusals: [what: string, s: Partial<Scenario>, o?: Partial<SippRun>][] = [
    ["an unknown host is 404", { host: "nobody.byoc.use1.pure.cloud", final: 404 }],
    ["the customer's own name as host is 404", { host: "sip.meridian.example", final: 404 }],
    ["a number bound to nothing is 404", { number: built.unbound, final: 404 }],
    ["no common codec is 488", { offer: "g722", final: 488 }],
    ["a source outside the allowlist is 403", { final: 403 }, { from: STRANGER }],
  ];
  for (const [what, s, o] of refusals) await suite.check(`SIPp: ${what}`, () => one(s, o));
  const options = (host: string, final: number, o: Partial<SippRun> = {}) =>
    sipp(c, {
      xml: optionsScenario(host, final),
      to: world.edge.udp,
      transport: "u1",
      from: built.source,
      calls: 1,
      perSecond: 1,
      ...o,
    });
  await suite.check("SIPp: OPTIONS is 200 for the trunk, 403 for a stranger, 404 for another host", async () => {
    await options(built.trunkHost, 200, { calls: 50, perSecond: 100 });
    await options(built.trunkHost, 403, { from: STRANGER });
    await options("nobody.byoc.use1.pure.cloud", 404);
  });
  await suite.check(
    "SIPp: over its call rate, and with all channels in use, the trunk says 503 with Retry-After",
    async () => {
      const busy = { final: 503, header: { name: "Retry-After", value: "[0-9]+" } };
      try {
        await setTrunk(built.trunkId, { trunk_maxCallRate: "1/6s" });
        // The calls of the checks before count until they are six seconds old.
        await sleep(6200);
        await one({});
        await one(busy, { calls: 5, perSecond: 20 });
        // Calls before must not hold the one channel.
        await eventually(
          () => callsOn(built.trunkId),
          (calls) => calls === 0,
          40_000,
          500,
        );
        await setTrunk(built.trunkId, { trunk_maxCallRate: "20000/5s", trunk_maxConcurrentCalls: 1 });
        const talking = one({ talkMs: 5000 });
        // Whatever becomes of it is told below.
        talking.catch(() => {});
        await eventually(
          () => callsOn(built.trunkId),
          (calls) => calls === 1,
          10_000,
          200,
        );
        await one(busy, { calls: 3, perSecond: 20 });
        await talking;
      } finally {
        await setTrunk(built.trunkId, { trunk_maxCallRate: "20000/5s", trunk_maxConcurrentCalls: 1000 });
      }
    },
  );
  // Last: when SIPp is done with a call, the edge may still wait for the ACK or BYE that was lost, and hold its channel.
  await suite.check("SIPp loses a tenth of all datagrams: retransmissions bring every call through", () =>
    one({}, { calls: 30, perSecond: 15, lost: 10 }),
  );
  await suite.check("SIPp: the calls are in the organisation's analytics, with their source in the SIP traces", () =>
    analytics(c),
  );
}

/** The organisation's own records of the calls above, read by the official SDK. */
async function analytics({ world, built }: SipContext): Promise<void> {
  const { default: platformClient } = await import("purecloud-platform-client-v2");
  const conversations = new platformClient.ConversationsApi();
  const now = Date.parse(((await (await fetch(`${world.clock}/now`)).json()) as { now: string }).now);
  const interval = `${new Date(now - 3_600_000).toISOString()}/${new Date(now + 60_000).toISOString()}`;
  const answer = await conversations.postAnalyticsConversationsDetailsQuery({
    interval,
    order: "desc",
    orderBy: "conversationStart",
    paging: { pageSize: 100, pageNumber: 1 },
    segmentFilters: [
      {
        type: "and",
        predicates: [{ type: "dimension", dimension: "dnis", operator: "matches", value: `tel:${built.number}` }],
      },
    ],
  } as never);
  assert.ok((answer.conversations?.length ?? 0) >= 100, `${answer.conversations?.length} conversations`);
  const mos = answer.conversations?.find((each) => each.mediaStatsMinConversationMos !== undefined)
    ?.mediaStatsMinConversationMos as number;
  assert.ok(mos > 3.5 && mos < 4.6, `MOS ${mos}`);
  const telephony = new platformClient.TelephonyApi();
  const [from = "", to = ""] = interval.split("/");
  const traces = (await telephony.getTelephonySiptraces(from, to, { toUser: built.number })) as {
    data?: { sourceIp?: string }[];
  };
  assert.ok(
    traces.data?.some((t) => t.sourceIp === built.source || t.sourceIp === "198.51.100.44"),
    JSON.stringify(traces.data?.[0]),
  );
}

/** TLS with OpenSSL's and stunnel's eyes: version, names, chain; SIPp's calls through stunnel. */
export async function callByTls(c: SipContext): Promise<void> {
  const { suite, world, built } = c;
  const ca = join(suite.dir, "ca.pem");
  writeFileSync(ca, world.ca);
  const handshake = async (...args: string[]) => {
    const done = await run("sh", [
      "-c",
      `exec openssl s_client -connect ${world.edge.tls} -CAfile ${ca} -verify_return_error -brief "$@" </dev/null`,
      "sh",
      ...args,
    ]);
    return { ...done, all: done.stdout + done.stderr };
  };
  await suite.check("openssl: TLS 1.2 is spoken, 1.3 and 1.1 are not", async () => {
    const right = await handshake("-tls1_2");
    assert.equal(right.code, 0, right.all);
    assert.match(right.all, /TLSv1\.2/);
    assert.notEqual((await handshake("-tls1_3")).code, 0);
    assert.notEqual((await handshake("-tls1_1", "-cipher", "ALL@SECLEVEL=0")).code, 0);
  });
  await suite.check("openssl: the certificate covers Genesys' names and no name of the customer's", async () => {
    assert.equal((await handshake("-verify_hostname", built.trunkHost)).code, 0);
    const wrong = await handshake("-verify_hostname", "sip.meridian.example");
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.all, /mismatch/i);
  });
  await suite.check("a keep-alive of two line ends is answered by one, on TLS and on TCP (RFC 5626)", async () => {
    for (const secure of [true, false]) {
      const [host = "", port] = (secure ? world.edge.tls : world.edge.tcp).split(":");
      const at = { host, port: Number(port), localAddress: built.source };
      const socket = secure ? tls.connect({ ...at, ca: world.ca, servername: built.trunkHost }) : net.connect(at);
      const [answer] = await Promise.race([
        once(
          socket.on(secure ? "secureConnect" : "connect", () => socket.write("\r\n\r\n")),
          "data",
        ),
        sleep(5000).then(() => ["nothing within 5 s"]),
      ]);
      socket.destroy();
      assert.equal(String(answer), "\r\n");
    }
  });
  const tunnel = await startStunnel(c, ca);
  const right: Scenario = { host: built.trunkHost, number: built.number, offer: "srtp" };
  const base = { to: tunnel.address, from: "127.0.0.1", transport: "t1" as const };
  await suite.check("SIPp through stunnel (chain and name checked): 100 SRTP calls on one TLS connection", () =>
    sipp(c, { ...base, xml: scenario(right), calls: 100, perSecond: 50 }),
  );
  await suite.check("SIPp through stunnel: 60 SRTP calls with a TLS handshake each", () =>
    sipp(c, { ...base, transport: "tn", xml: scenario(right), calls: 60, perSecond: 30 }),
  );
  await suite.check("SIPp through stunnel: RTP without keys on TLS is 488", () =>
    sipp(c, { ...base, xml: scenario({ ...right, offer: "rtp", final: 488 }), calls: 1, perSecond: 1 }),
  );
  await suite.check("a stranger's TLS connection is taken, its INVITE is 403", async () => {
    const strange = await startStunnel(c, ca, STRANGER);
    await sipp(c, { ...base, to: strange.address, xml: scenario({ ...right, final: 403 }), calls: 1, perSecond: 1 });
    await strange.server.stop();
  });
  await tunnel.server.stop();
}

let tunnels = 0;

async function startStunnel({ suite, world, built, programs }: SipContext, ca: string, local = built.source) {
  const address = `127.0.0.1:${47_510 + ++tunnels}`;
  const conf = join(suite.dir, `stunnel-${tunnels}.conf`);
  writeFileSync(
    conf,
    `foreground = yes
pid =
output = ${join(suite.dir, `stunnel-${tunnels}.log`)}
[sip]
client = yes
accept = ${address}
connect = ${world.edge.tls}
local = ${local}
sni = ${built.trunkHost}
checkHost = ${built.trunkHost}
verifyChain = yes
CAfile = ${ca}
TIMEOUTclose = 0
`,
  );
  const server: Server = suite.start(programs.stunnel4 as string, [conf]);
  await sleep(500);
  assert.ok(server.running, server.output);
  return { server, address };
}
