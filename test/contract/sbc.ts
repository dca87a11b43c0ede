import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
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
