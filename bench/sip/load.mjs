/**
 * The caller of the benchmark, a process of its own: `node load.mjs '{"host","port","uri","ca","servername","mode","perSecond","seconds"}'`
 * places calls over TLS, open loop, and prints what became of them. `mode` one: all calls on one connection; each: a connection with a
 * handshake of its own for each call. Messages are text with holes: the caller must not be what is measured.
 */
import tls from "node:tls";

const o = JSON.parse(process.argv[2]);
/** A call that takes longer than this has failed, ms. */
const CALL_MS_MAX = 10_000;
const SOURCE = o.source ?? "127.51.100.44";
const KEY = Buffer.alloc(30, 11).toString("base64");
const SDP = [
  "v=0",
  `o=bench 1 1 IN IP4 ${SOURCE}`,
  "s=-",
  `c=IN IP4 ${SOURCE}`,
  "t=0 0",
  "m=audio 9 RTP/SAVP 0",
  "a=rtpmap:0 PCMU/8000",
  `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
  "",
].join("\r\n");
const secureContext = tls.createSecureContext({ ca: o.ca, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });

const calls = new Map();
const waits = [];
const counts = { offered: 0, answered: 0, completed: 0, failed: 0 };
const why = {};
let next = 0;

function fail(call, reason) {
  if (!calls.delete(call.id)) return;
  clearTimeout(call.timer);
  counts.failed++;
  why[reason] = (why[reason] ?? 0) + 1;
  if (o.mode === "each") call.link.socket.destroy();
}

const head = (method, call, cseq, to, uri) =>
  `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/TLS ${SOURCE}:5061;branch=z9hG4bK${call.id}x${cseq}${method};rport\r\n` +
  `Max-Forwards: 70\r\nFrom: <sip:+12125550123@bench.example>;tag=b${call.id}\r\nTo: ${to}\r\nCall-ID: ${call.id}\r\n` +
  `CSeq: ${cseq} ${method}\r\nContact: <sip:bench@${SOURCE}:5061;transport=tls>\r\n`;
const bare = (method, call, cseq, to, uri) => `${head(method, call, cseq, to, uri)}Content-Length: 0\r\n\r\n`;

/** One TLS connection with its framing; what is written within one turn goes out at once. */
function link() {
  const socket = tls.connect({
    host: o.host,
    port: o.port,
    localAddress: SOURCE,
    secureContext,
    servername: o.servername,
    rejectUnauthorized: o.ca !== undefined,
  });
  socket.setNoDelay(true);
  let rest = "";
  const out = [];
  const self = {
    socket,
    send(text) {
      if (out.push(text) === 1)
        setImmediate(() => {
          socket.write(out.join(""));
          out.length = 0;
        });
    },
  };
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    rest += chunk;
    for (;;) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/\r\nContent-Length: *(\d+)/i.exec(rest.slice(0, end))?.[1] ?? 0);
      if (rest.length < end + 4 + length) return;
      receive(rest.slice(0, end), self);
      rest = rest.slice(end + 4 + length);
    }
  });
  const gone = (reason) => {
    for (const call of [...calls.values()]) if (call.link === self) fail(call, reason);
  };
  socket.on("error", (error) => gone(error.code ?? error.message));
  socket.on("close", () => gone("closed"));
  return self;
}

const headerOf = (text, name) => new RegExp(`\\r\\n${name}: *([^\\r]*)`, "i").exec(text)?.[1] ?? "";

function receive(text, from) {
  if (!text.startsWith("SIP/2.0 ")) {
    // A request of the other side: none comes in these calls but INFO.
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => `${name}: ${headerOf(text, name)}\r\n`);
    from.send(`SIP/2.0 200 OK\r\n${copied.join("")}Content-Length: 0\r\n\r\n`);
    return;
  }
  const status = Number(text.slice(8, 11));
  if (status < 200) return;
  const call = calls.get(headerOf(text, "Call-ID"));
  if (!call) return;
  const cseq = headerOf(text, "CSeq");
  if (cseq.endsWith("INVITE")) invited(call, status, text);
  else if (cseq.endsWith("BYE")) {
    if (status !== 200) {
      fail(call, `BYE ${status}`);
      return;
    }
    calls.delete(call.id);
    clearTimeout(call.timer);
    counts.completed++;
    if (o.mode === "each") call.link.socket.end();
  }
}

function invited(call, status, text) {
  if (call.answered) return;
  const to = headerOf(text, "To");
  const target = /<([^>]*)>/.exec(headerOf(text, "Contact"))?.[1] ?? o.uri;
  if (status !== 200) {
    call.link.send(bare("ACK", call, 1, to, o.uri));
    fail(call, `INVITE ${status}`);
    return;
  }
  call.answered = true;
  counts.answered++;
  waits.push(performance.now() - call.startMs);
  call.link.send(bare("ACK", call, 1, to, target) + bare("BYE", call, 2, to, target));
}

const shared = o.mode === "one" ? link() : undefined;
if (shared) await new Promise((resolve) => shared.socket.once("secureConnect", resolve));

function place() {
  const id = `${process.pid}-${next++}`;
  const call = { id, link: shared ?? link(), startMs: performance.now(), answered: false, timer: undefined };
  calls.set(id, call);
  counts.offered++;
  call.timer = setTimeout(() => fail(call, call.answered ? "no answer to BYE" : "no answer"), CALL_MS_MAX);
  const invite = `${head("INVITE", call, 1, `<${o.uri}>`, o.uri)}Content-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;
  if (shared) shared.send(invite);
  else call.link.socket.once("secureConnect", () => call.link.send(invite));
}

const total = o.perSecond * o.seconds;
const startMs = performance.now();
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * o.perSecond));
    while (counts.offered < due) place();
    if (counts.offered >= total) {
      clearInterval(timer);
      resolve();
    }
  }, 2);
});
const offeredMs = performance.now() - startMs;
while (calls.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
waits.sort((a, b) => a - b);
const at = (share) => Math.round(waits[Math.min(waits.length - 1, Math.floor(share * waits.length))] ?? 0);
const cpu = process.cpuUsage();
console.log(
  JSON.stringify({
    ...counts,
    why,
    perSecond: Math.round(counts.offered / (offeredMs / 1000)),
    answerMs: { p50: at(0.5), p99: at(0.99) },
    clientCpuSeconds: (cpu.user + cpu.system) / 1e6,
  }),
);
shared?.socket.destroy();
