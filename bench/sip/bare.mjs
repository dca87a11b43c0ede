/**
 * The yardstick: a TLS server that answers INVITE and BYE with 200 and knows nothing else. `node bare.mjs '{"host","port","cert","key"}'`
 * prints a line when it listens and ends with its stdin.
 */
import tls from "node:tls";

const o = JSON.parse(process.argv[2]);
const SDP = `v=0\r\no=bare 1 1 IN IP4 ${o.host}\r\ns=-\r\nc=IN IP4 ${o.host}\r\nt=0 0\r\nm=audio 9 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.alloc(30, 9).toString("base64")}\r\n`;
const COPIED = /\r\n(?:Via|From|To|Call-ID|CSeq):[^\r]*/gi;
let tag = 0;

const server = tls.createServer(
  { cert: o.cert, key: o.key, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" },
  (socket) => {
    socket.setEncoding("latin1");
    socket.setNoDelay(true);
    socket.on("error", () => {});
    let rest = "";
    socket.on("data", (chunk) => {
      rest += chunk;
      let out = "";
      for (let end = rest.indexOf("\r\n\r\n"); end >= 0; end = rest.indexOf("\r\n\r\n")) {
        const head = rest.slice(0, end);
        const length = Number(/\r\nContent-Length: *(\d+)/i.exec(head)?.[1] ?? 0);
        if (rest.length < end + 4 + length) break;
        rest = rest.slice(end + 4 + length);
        const invite = head.startsWith("INVITE ");
        if (!invite && !head.startsWith("BYE ")) continue;
        const copied = head.match(COPIED)?.join("") ?? "";
        const headers = invite ? copied.replace(/(\r\nTo:[^\r]*)/i, `$1;tag=bare${++tag}`) : copied;
        const body = invite ? SDP : "";
        const more = invite
          ? `\r\nContact: <sip:bare@${o.host}:${o.port};transport=tls>\r\nContent-Type: application/sdp`
          : "";
        out += `SIP/2.0 200 OK${headers}${more}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      }
      if (out) socket.write(out);
    });
  },
);
server.on("tlsClientError", (_error, socket) => socket.destroy());
server.listen(o.port, o.host, () => console.log("listening"));
process.stdin.on("end", () => process.exit(0)).resume();
