import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type Server, sleep } from "./harness";
import { scenario } from "./scenario";
import { type SipContext, sipp } from "./sip";

const MODULES = "/usr/lib/x86_64-linux-gnu/kamailio/modules/";
/** An address of the carrier's allowed range (198.51.100.45). */
const SBC = "127.51.100.45";

/** Kamailio as a carrier's border controller: UDP inside, TLS to Genesys with chain verified, Record-Route on both sides. */
export async function callByKamailio(c: SipContext): Promise<void> {
  const { suite, world, built, programs } = c;
  const { dir } = suite;
  writeFileSync(join(dir, "ca.pem"), world.ca);
  const made = await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sip.meridian-carrier.example"],
    ...["-keyout", join(dir, "sbc.key"), "-out", join(dir, "sbc.pem")],
  ]);
  assert.equal(made.code, 0, made.stderr);
  writeFileSync(
    join(dir, "kamailio.cfg"),
    `#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
enable_tls=yes
auto_aliases=no
disable_core_dump=yes
listen=udp:${SBC}:5070
listen=tls:${SBC}:5071
mpath="${MODULES}"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2")
modparam("tls", "certificate", "${dir}/sbc.pem")
modparam("tls", "private_key", "${dir}/sbc.key")
modparam("tls", "ca_list", "${dir}/ca.pem")
modparam("tls", "verify_certificate", 1)
modparam("tls", "require_certificate", 1)
modparam("rr", "enable_double_rr", 1)
request_route {
  if (has_totag()) {
    if (loose_route() || is_method("ACK")) t_relay();
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  record_route();
  $du = "sip:${world.edge.tls};transport=tls";
  $fs = "tls:${SBC}:5071";
  t_relay();
}
`,
  );
  const run0 = join(dir, "kamailio-run");
  mkdirSync(run0, { recursive: true });
  const server: Server = suite.start(programs.kamailio as string, [
    ...["-DD", "-E", "-f", join(dir, "kamailio.cfg"), "-w", dir, "-Y", run0, "-P", join(dir, "kamailio.pid")],
    ...["-m", "32", "-M", "8"],
  ]);
  await sleep(2000);
  assert.ok(server.running, server.output.slice(-1500));
  await suite.check(
    "Kamailio, Record-Routing from UDP to TLS: 100 SRTP calls, ACK and BYE through both its sides",
    async () => {
      const xml = scenario({ host: built.trunkHost, number: built.number, offer: "srtp" });
      const to = `${SBC}:5070`;
      await sipp(c, { xml, to, transport: "u1", from: "127.0.0.1", calls: 100, perSecond: 40 }).catch((error) => {
        throw new Error(`${error.message}\nkamailio: ${server.output.slice(-800)}`);
      });
    },
  );
  await server.stop();
}

/** One stream of RTP as tshark counts it. */
interface Stream {
  from: string;
  to: string;
  packets: number;
  lost: number;
}

/** baresip as a carrier's phone: the world's own DNS, TLS, SDES-SRTP; tshark counts the packets. baresip 1.0 checks no certificate. */
export async function callByBaresip(c: SipContext): Promise<void> {
  const { suite, world, built, programs } = c;
  const dir = join(suite.dir, "baresip");
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
  await suite.check("baresip: by the world's DNS to the edge, over TLS, answered with SDES-SRTP", () => {
    assert.match(said, /SIP\/2\.0 200 /, said.slice(-1500));
    assert.match(said, /a=crypto:\S+ AES_CM_128_HMAC_SHA1_80/, said.slice(-1500));
  });
  await suite.check("tshark counts SRTP both ways: about 50 packets a second, none lost", async () => {
    const streams = await streamsOf(programs.tshark as string, pcap);
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
  return stdout.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const at = fields.findIndex((f) => /^127\./.test(f));
    if (at < 0) return [];
    const [from = "", , to = ""] = fields.slice(at);
    const packets = Number(/g711U|PCMU|RTPType-\d+/i.test(line) ? fields[at + 6] : NaN);
    const lost = Number(/(-?\d+) \(-?[\d.]+%\)/.exec(line)?.[1]);
    return Number.isFinite(packets) ? [{ from, to, packets, lost }] : [{ from, to, packets: -1, lost, line } as Stream];
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
