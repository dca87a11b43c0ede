/**
 * DNS questions over UDP, a fixed number of them open at a time: `node dns-load.mjs '{"address","names","open","seconds"}'` prints how many
 * were answered, how many of those with NOERROR, and how many never.
 */
import dgram from "node:dgram";

const o = JSON.parse(process.argv[2]);
const [host, port] = o.address.split(":");
/** A question without an answer is counted as lost after this long, ms. */
const LOST_MS = 1000;

function question(name) {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  // RD, one question, type CNAME, class IN.
  return Buffer.concat([Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, 5, 0, 1])]);
}

const questions = o.names.map(question);
const socket = dgram.createSocket({ type: "udp4", recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
await new Promise((resolve) => socket.connect(Number(port), host, resolve));
const open = new Map();
const counts = { answered: 0, good: 0, lost: 0 };
const startMs = performance.now();
const untilMs = startMs + o.seconds * 1000;
let id = 0;

function ask() {
  if (performance.now() >= untilMs) return;
  id = (id + 1) & 0xffff;
  const packet = Buffer.from(questions[id % questions.length]);
  packet.writeUInt16BE(id, 0);
  open.set(id, performance.now());
  socket.send(packet);
}

socket.on("error", () => {});
socket.on("message", (answer) => {
  if (!open.delete(answer.readUInt16BE(0))) return;
  counts.answered++;
  if ((answer[3] & 15) === 0 && answer.readUInt16BE(6) > 0) counts.good++;
  ask();
});
for (let i = 0; i < o.open; i++) ask();
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const [asked, sentMs] of open) {
      if (nowMs - sentMs < LOST_MS) continue;
      open.delete(asked);
      counts.lost++;
      ask();
    }
    if (nowMs >= untilMs && open.size === 0) {
      clearInterval(timer);
      resolve();
    }
  }, 50);
});
console.log(JSON.stringify({ ...counts, perSecond: Math.round(counts.answered / o.seconds) }));
socket.close();
