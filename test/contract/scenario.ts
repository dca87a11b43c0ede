/** How a scenario of SIPp differs from a plain call. */
export interface Scenario {
  /** Host of the Request-URI. */
  host: string;
  /** Number called. */
  number: string;
  /** Final answer expected of the INVITE; default 200, and then the call is ended by BYE. */
  final?: number;
  /** A header the final answer must have, as a regular expression over its value. */
  header?: { name: string; value: string };
  /** Media of the offer: PCMU by plain RTP (default), the same with SDES keys, or G.722 only. */
  offer?: "rtp" | "srtp" | "g722";
  /** What happens after the answer, or instead of it: `info` takes one INFO, `far-bye` waits for the other side to hang up. */
  during?: "reinvite" | "cancel" | "info" | "far-bye";
  /** Number in the To header; default the number called. */
  to?: string;
  /** Also a re-INVITE right after the answer, from this asserted identity. */
  again?: string;
  /** Instead of all that: nothing at all is heard for this long, ms. SIPp fails a call that hears what it does not expect. */
  silentMs?: number;
  /** Ms between ACK and BYE; default 100. */
  talkMs?: number;
}

const MEDIA: Record<NonNullable<Scenario["offer"]>, string[]> = {
  rtp: ["m=audio 40000 RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000"],
  srtp: [
    "m=audio 40000 RTP/SAVP 0 101",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
  ],
  g722: ["m=audio 40000 RTP/AVP 9", "a=rtpmap:9 G722/8000"],
};

const sdp = (offer: NonNullable<Scenario["offer"]>) =>
  [
    "v=0",
    "o=peer 1 1 IN IP[local_ip_type] [local_ip]",
    "s=-",
    "c=IN IP[local_ip_type] [local_ip]",
    "t=0 0",
    ...MEDIA[offer],
  ].join("\n");

/** A request inside the dialog, or the one that opens it; `to` is what the answer said. */
function request(
  s: Scenario,
  method: string,
  cseq: number,
  o: {
    inDialog: boolean;
    body?: string;
    /** Of the INVITE's own transaction: an ACK of a failure, a CANCEL. */
    sameBranch?: boolean;
    /** Asserted identity. */
    identity?: string;
  },
): string {
  const via = o.sameBranch ? "[last_Via:]" : "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]";
  const tag = o.inDialog || (o.sameBranch && method === "ACK") ? "[peer_tag_param]" : "";
  const uri = o.inDialog ? "[next_url]" : `sip:${s.number}@${s.host}`;
  return `<![CDATA[
${method} ${uri} SIP/2.0
${via}
From: "Doe, Jane" <sip:+12125550123@[local_ip]:[local_port]>;tag=peer[call_number]
To: <sip:${s.to ?? s.number}@${s.host}>${tag}
${o.inDialog ? "[routes]\n" : ""}Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:peer@[local_ip]:[local_port];transport=[transport]>
P-Asserted-Identity: <sip:${o.identity ?? "+12125550123"}@peer.example>
Max-Forwards: 70
${o.body ? `Content-Type: application/sdp\nContent-Length: [len]\n\n${o.body}` : "Content-Length: 0\n"}
]]>`;
}

const send = (text: string, retrans = false) => `  <send${retrans ? ' retrans="500"' : ""}>${text}</send>\n`;
const provisional = `  <recv response="100" optional="true"/>\n  <recv response="180" optional="true"/>\n  <recv response="183" optional="true"/>\n`;

function refused(s: Scenario): string {
  const check = s.header
    ? `<action><ereg regexp="${s.header.value}" search_in="hdr" header="${s.header.name}:" check_it="true" assign_to="1"/></action>`
    : "";
  const use = s.header ? '  <Reference variables="1"/>\n' : "";
  return `  <recv response="${s.final}" rtd="true">${check}</recv>\n${send(request(s, "ACK", 1, { inDialog: false, sameBranch: true }))}${use}`;
}

function cancelled(s: Scenario): string {
  return (
    `  <recv response="100" optional="true"/>\n  <recv response="180"/>\n` +
    send(request(s, "CANCEL", 1, { inDialog: false, sameBranch: true }), true) +
    `  <recv response="200"/>\n  <recv response="487"/>\n` +
    send(request(s, "ACK", 1, { inDialog: false, sameBranch: true }))
  );
}

/** 200 to a request of the other side. */
const OK = `<![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]>`;

/** From the answer to the end of the call. */
function answered(s: Scenario, body: string): string {
  const ack = (cseq: number) => send(request(s, "ACK", cseq, { inDialog: true }));
  const reinvite = (identity?: string) =>
    `${send(request(s, "INVITE", 2, { inDialog: true, body, ...(identity ? { identity } : {}) }), true)}${provisional}` +
    `  <recv response="200"/>\n${ack(2)}`;
  const start = `${provisional}  <recv response="200" rtd="true" rrs="true"/>\n${ack(1)}${s.again ? reinvite(s.again) : ""}`;
  const taken = (method: string) => `  <recv request="${method}"/>\n${send(OK)}`;
  if (s.during === "far-bye") return start + taken("BYE");
  const between = s.during === "reinvite" ? `${reinvite()}  <pause milliseconds="100"/>\n` : "";
  return (
    `${start}${s.during === "info" ? taken("INFO") : ""}  <pause milliseconds="${s.talkMs ?? 100}"/>\n${between}` +
    `${send(request(s, "BYE", 3, { inDialog: true }), true)}  <recv response="200"/>\n`
  );
}

/** A caller's scenario for SIPp 3.6. It follows Record-Route, which the built-in one does not. */
export function scenario(s: Scenario): string {
  const offer = s.offer ?? "rtp";
  const start = send(request(s, "INVITE", 1, { inDialog: false, body: sdp(offer) }), s.silentMs === undefined);
  let rest: string;
  if (s.silentMs !== undefined) rest = `  <pause milliseconds="${s.silentMs}"/>\n`;
  else if (s.during === "cancel") rest = cancelled(s);
  else if ((s.final ?? 200) !== 200) rest = provisional + refused(s);
  else rest = answered(s, sdp(offer));
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="peer">\n${start}${rest}</scenario>\n`;
}

/** OPTIONS to the trunk's host, with the final answer expected. */
export function optionsScenario(host: string, final: number): string {
  const text = request({ host, number: "ping" }, "OPTIONS", 1, { inDialog: false });
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="options">\n${send(text, true)}  <recv response="${final}" rtd="true"/>\n</scenario>\n`;
}
