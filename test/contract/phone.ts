import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import platformClient from "purecloud-platform-client-v2";
import { logIn, pointAt } from "./genesys/api";
import { observed } from "./genesys/observed";
import { quickOrganisation } from "./genesys/quick";
import { run, sleep } from "./harness";
import type { Sample } from "./models";
import { type Scenario, scenario } from "./scenario";
import { type SipContext, sipp } from "./sip";

/** One stream of RTP as tshark counts it. */
interface Stream {
  from: string;
  to: string;
  /** Of its first packet, seconds. */
  startS: number;
  packets: number;
  lost: number;
  /** Mean, ms. */
  jitterMs: number;
}

/** What a call by baresip left behind. */
interface PhoneCall {
  dir: string;
  said: string;
  streams: Stream[];
  /** Address of the edge. */
  edge: string;
}

/** Where baresip calls. */
type BadWorld = Pick<SipContext, "suite" | "programs" | "world">;
type PhoneTarget = BadWorld & {
  built: { trunkHost: string; number: string };
};

/** baresip as a carrier's phone: the world's own DNS, TLS, SDES-SRTP; tshark counts the packets. baresip 1.0 checks no certificate. */
async function phoneCall(c: PhoneTarget, name: string): Promise<PhoneCall> {
  const { suite, world, built, programs } = c;
  const dir = join(suite.dir, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "tone.wav"), tone());
  const resolver = world.resolvers.find((each) => each.kind === "honest" && each.view === "public")?.address as string;
  writeFileSync(
    join(dir, "config"),
    `net_interface 127.0.0.1
dns_server ${resolver}
sip_listen 127.0.0.1:0
audio_source aufile,${join(dir, "tone.wav")}
snd_path ${dir}
rtp_stats yes
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module sndfile.so
module srtp.so
module uuid.so
module_app account.so
module_app menu.so
`,
  );
  writeFileSync(
    join(dir, "accounts"),
    `<sip:+12125550123@${built.trunkHost};transport=tls>;regint=0;mediaenc=srtp-mand;audio_codecs=PCMU/8000/1\n`,
  );
  const pcap = join(dir, "call.pcap");
  const [edge = ""] = world.edge.tls.split(":");
  const tshark = suite.start(programs.tshark as string, [
    "-q",
    "-i",
    "lo",
    "-f",
    `udp and host ${edge} and not port 5060`,
    "-w",
    pcap,
  ]);
  await sleep(1500);
  const uri = `sip:${built.number}@${built.trunkHost};transport=tls`;
  const call = await run(programs.baresip as string, ["-4", "-f", dir, "-s", "-e", `d ${uri}`, "-t", "6"], {
    cwd: dir,
    timeoutMs: 20_000,
  });
  await sleep(500);
  await tshark.stop();
  const said = call.stdout + call.stderr;
  return { dir, said, edge, streams: await streamsOf(programs.tshark as string, pcap) };
}

/** A call as it should be: signalling, SRTP both ways, what was heard. */
export async function callByBaresip(c: SipContext): Promise<void> {
  const { suite } = c;
  const { dir, said, edge, streams } = await phoneCall(c, "baresip");
  await suite.check("baresip: by the world's DNS to the edge, over TLS, answered with SDES-SRTP", () => {
    assert.match(said, /SIP\/2\.0 200 /, said.slice(-1500));
    assert.match(said, /a=crypto:\S+ AES_CM_128_HMAC_SHA1_80/, said.slice(-1500));
  });
  await suite.check("tshark counts SRTP both ways: about 50 packets a second, none lost", () => {
    const sent = streams.filter((s) => s.to === edge);
    const heard = streams.filter((s) => s.from === edge);
    assert.ok(sent.length >= 1 && heard.length >= 1, `${JSON.stringify(streams)}\n${said.slice(-800)}`);
    for (const each of [...sent, ...heard]) {
      assert.ok(each.packets > 120 && each.packets < 400, JSON.stringify(each));
      assert.equal(each.lost, 0);
    }
  });
  await suite.check(
    "baresip heard the agent: decrypted audio is in its recording, and no packet failed authentication",
    () => {
      assert.match(said, /errors:\s+0\s+0/, said.slice(-800));
      assert.match(said, /X-Sandbox-Agent-Packets: [1-9]\d\d/, "the edge counted no audio of ours");
      const recording = readdirSync(dir).find((name) => /^dump-.*dec\.wav$/.test(name));
      const wav = readFileSync(join(dir, recording ?? "missing")).subarray(44);
      let peak = 0;
      for (let i = 0; i + 1 < wav.length; i += 2) peak = Math.max(peak, Math.abs(wav.readInt16LE(i)));
      // Wrongly decrypted G.711 is noise at full scale; silence is next to nothing.
      assert.ok(wav.length > 16_000 && peak > 500 && peak < 30_000, `${wav.length} bytes, peak ${peak}`);
    },
  );
}

async function streamsOf(program: string, pcap: string): Promise<Stream[]> {
  const { stdout } = await run(program, ["-r", pcap, "-q", "-o", "rtp.heuristic_rtp:TRUE", "-z", "rtp,streams"]);
  // Versions differ in the columns behind the loss: their head names them.
  const columns: string[] = stdout.match(/(Min|Mean|Max) (Delta|Jitter)/g) ?? [];
  return stdout.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const at = fields.findIndex((f) => /^127\./.test(f));
    if (at < 0) return [];
    const [from = "", , to = ""] = fields.slice(at);
    const packets = /g711U|PCMU|RTPType-\d+/i.test(line) ? Number(fields[at + 6]) : -1;
    const [, lost, rest = ""] = /(-?\d+) \(-?[\d.]+%\)(.*)/.exec(line) ?? [];
    const jitterMs = Number(rest.trim().split(/\s+/)[columns.indexOf("Mean Jitter")]);
    return [{ from, to, startS: Number(fields[at - 2]), packets, lost: Number(lost), jitterMs }];
  });
}

/** Ten seconds of a 440 Hz tone, 16 bits, 8 kHz, as a WAV file. */
function tone(): Buffer {
  const samples = 80_000;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(16_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++)
    wav.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / 8000)), 44 + 2 * i);
  return wav;
}

/** World seconds by which analytics of the bad world lag. */
const BAD_LAG_SECONDS = 90;
/** The bad path, each way. */
const BAD = { lossPercent: 8, delayMs: 180, jitterMs: 40 } as const;
/** Switches of a world with a bad BYOC path, late analytics, and an edge that does not speak with strangers. */
export const BAD_WORLD = [
  "real-audio",
  `quality=byoc:${BAD.lossPercent}:${BAD.delayMs}:${BAD.jitterMs}`,
  "edge-unlisted=silence",
  `genesys-analytics-lag=${BAD_LAG_SECONDS}`,
] as const;

/** MOS by the E-model with default values (ITU-T G.107 7.2, 7.5, annex B; G.711 with concealment: Bpl 25.1 of G.113), worked out here anew; delay from 100 ms. */
export function expectedMos(lossPercent: number, delayMs: number): number {
  const x = Math.log(delayMs / 100) / Math.log(2);
  const delay = 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
  const r = 93.2 - delay - (95 * lossPercent) / (lossPercent + 25.1);
  return 1 + 0.035 * r + r * (r - 60) * (100 - r) * 0.000007;
}

/** A bad path as tshark, baresip and the organisation's own records see it, and silence for a stranger. Returns what the records show. */
export async function meetBadPath(c: BadWorld): Promise<Sample[]> {
  const { suite, world } = c;
  const host = "bad.byoc.use1.pure.cloud";
  const source = "127.51.100.44";
  const { number } = await quickOrganisation(world, {
    number: "+15005550010",
    identifier: "bad",
    allow: ["198.51.100.44/32", "127.0.0.1/32"],
  });
  const target = { ...c, built: { trunkHost: host, number } };
  const one = (s: Partial<Scenario>, from = source) =>
    sipp(c, {
      xml: scenario({ host, number, ...s }),
      to: world.edge.udp,
      transport: "u1",
      from,
      calls: 1,
      perSecond: 1,
    });
  await suite.check(
    "edge-unlisted=silence: a stranger hears nothing, not even 100; an allowed source is answered",
    async () => {
      await one({});
      await one({ silentMs: 1500 }, "127.113.77.5");
      // Not so for an allowed source: SIPp would tell.
      await assert.rejects(one({ silentMs: 1500 }), /0 of 1 good/);
    },
  );
  const startMs = Date.parse(((await (await fetch(`${world.clock}/now`)).json()) as { now: string }).now);
  const { streams, edge, said } = await phoneCall(target, "baresip-bad");
  await one({ during: "cancel" });
  const longest = (list: Stream[]) => list.reduce((a, b) => (a.packets > b.packets ? a : b));
  const heard = longest(streams.filter((each) => each.from === edge));
  const spoken = longest(streams.filter((each) => each.to === edge));
  await suite.check(
    `quality=byoc: tshark sees about ${BAD.lossPercent} % lost from the edge, its jitter and its delay`,
    () => {
      const all = `${JSON.stringify(streams)}\n${said.slice(-500)}`;
      const percent = (100 * heard.lost) / (heard.packets + heard.lost);
      assert.ok(percent > 2 && percent < 16, all);
      // Uniform over 40 ms: two packets are 13 ms apart in the mean; the phone's own stream crosses no bad path on its way to the edge's wire.
      assert.ok(heard.jitterMs > 7 && heard.jitterMs < 25 && spoken.jitterMs < 5, all);
      // Both ends begin to speak at the answer.
      const laterMs = 1000 * (heard.startS - spoken.startS);
      assert.ok(laterMs > BAD.delayMs - 30 && laterMs < BAD.delayMs + BAD.jitterMs + 60, all);
    },
  );
  const conversations = new platformClient.ConversationsApi();
  const telephony = new platformClient.TelephonyProvidersEdgeApi();
  const query = async () => {
    const interval = `${new Date(startMs).toISOString()}/${new Date(startMs + 600_000).toISOString()}`;
    const answer = await conversations.postAnalyticsConversationsDetailsQuery({ interval } as never);
    return (answer.conversations ?? []) as unknown as {
      conversationId: string;
      mediaStatsMinConversationMos?: number;
      participants: { sessions: { segments: { sipResponseCodes?: number[] }[] }[] }[];
    }[];
  };
  await suite.check(
    "analytics and media statistics come late, with a MOS that the loss explains; a failed call has none",
    async () => {
      pointAt(world.genesys);
      await logIn();
      assert.deepEqual(await query(), []);
      await world.jump(BAD_LAG_SECONDS + 60);
      const found = await query();
      const scored = found.filter((each) => each.mediaStatsMinConversationMos !== undefined);
      assert.equal(scored.length, 1, JSON.stringify(found));
      const mos = scored[0]?.mediaStatsMinConversationMos as number;
      const shown = await telephony.getTelephonyProvidersEdgesMediastatisticsConversation(
        scored[0]?.conversationId as string,
      );
      const rtp = shown.entities?.[0]?.mediaStatistics?.[0]?.rtp ?? {};
      assert.ok((rtp.packetsReceived ?? 0) > 100 && (rtp.averageJitter ?? 0) > 3, JSON.stringify(rtp));
      assert.ok(Math.abs((rtp.estimatedAverageMos ?? 0) - mos) < 0.01, JSON.stringify(rtp));
      // Lost is what tshark saw on its way to the edge and the edge did not receive, but for what was under way when the call ended.
      const received = rtp.packetsReceived ?? 0;
      const underWay = (BAD.delayMs + BAD.jitterMs) / 20;
      const [least, most] = [underWay + 2, 0].map((n) => (100 * (spoken.packets - received - n)) / spoken.packets);
      const range = [most, Math.max(0, least as number)].map((loss) => expectedMos(loss as number, BAD.delayMs));
      assert.ok(mos > (range[0] as number) - 0.1 && mos < (range[1] as number) + 0.1, `MOS ${mos}, expected ${range}`);
      const cancelled = found.filter((each) =>
        each.participants.some((p) =>
          p.sessions.some((t) => t.segments.some((g) => g.sipResponseCodes?.includes(487))),
        ),
      );
      assert.deepEqual(
        cancelled.map((each) => each.mediaStatsMinConversationMos),
        [undefined],
      );
    },
  );
  return observed({ number, fromMs: startMs });
}
