import { createSocket } from "node:dgram";
import { decode, encode } from "dns-packet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claimSubnet, type Subnet } from "../net";
import { Random } from "../random";
import { endpointOf, query } from "./client";
import { NameServer } from "./server";
import { answerTo } from "./wire";
import { apexSets, type RecordSet, Zone } from "./zone";

const ORIGIN = "meridian.example";
const set = (name: string, type: RecordSet["type"], values: string[], ttlSeconds = 300): RecordSet => ({
  name: name === "@" ? ORIGIN : `${name}.${ORIGIN}`,
  type,
  ttlSeconds,
  values,
});
const zone = new Zone(
  ORIGIN,
  [
    ...apexSets(ORIGIN, ["ns1.meridian.example"], "hostmaster.meridian.example", 600),
    set("sip", "CNAME", ["gcv.meridian.example"], 3600),
    set("gcv", "A", ["127.1.2.3", "127.1.2.4"]),
    set("out", "CNAME", ["elsewhere.test"]),
    set("dangling", "CNAME", ["nothing.meridian.example"]),
    set("loop", "CNAME", ["pool.meridian.example"]),
    set("pool", "CNAME", ["loop.meridian.example"]),
    set("a.deep", "A", ["127.1.1.1"]),
    set("*.wild", "A", ["127.9.9.9"]),
    set("here.wild", "TXT", ['"present"']),
    set(
      "big",
      "TXT",
      Array.from({ length: 12 }, (_, i) => `"${String(i).repeat(120)}"`),
    ),
    set("_sips._tcp", "SRV", ["10 20 5061 gcv.meridian.example."]),
  ],
  new Random("zone"),
);

describe("authoritative server", () => {
  let subnet: Subnet;
  let server: NameServer;
  beforeAll(async () => {
    subnet = await claimSubnet();
    server = new NameServer(subnet.addr(1), [zone]);
    await server.listen();
  });
  afterAll(async () => {
    await server.close();
    await subnet.release();
  });

  const ask = (name: string, type: string) => query(server.address, name, type);
  const shortly = async (name: string, type: string) => {
    const { rcode, answers } = await ask(name, type);
    return [rcode, ...answers.map((a) => `${a.name} ${a.type} ${"data" in a ? JSON.stringify(a.data) : ""}`)];
  };

  it("follows a CNAME inside the zone, each record with its own TTL, AA set", async () => {
    const { rcode, authoritative, answers } = await ask("sip.meridian.example", "A");
    expect({ rcode, authoritative }).toEqual({ rcode: "NOERROR", authoritative: true });
    expect(answers.map((a) => ("ttl" in a ? a.ttl : null))).toEqual([3600, 300, 300]);
    expect(await shortly("sip.meridian.example", "CNAME")).toEqual([
      "NOERROR",
      'sip.meridian.example CNAME "gcv.meridian.example"',
    ]);
  });

  it("stops at a CNAME that leaves the zone, ends one that leads nowhere in NXDOMAIN, and survives a loop", async () => {
    expect(await shortly("out.meridian.example", "A")).toEqual([
      "NOERROR",
      'out.meridian.example CNAME "elsewhere.test"',
    ]);
    expect(await shortly("dangling.meridian.example", "A")).toEqual([
      "NXDOMAIN",
      'dangling.meridian.example CNAME "nothing.meridian.example"',
    ]);
    expect((await shortly("loop.meridian.example", "A"))[0]).toBe("NOERROR");
  });

  it("tells NXDOMAIN from NODATA, both with the SOA record at the negative TTL", async () => {
    const missing = await ask("nobody.meridian.example", "A");
    const empty = await ask("gcv.meridian.example", "AAAA");
    const nonTerminal = await ask("deep.meridian.example", "A");
    expect([missing.rcode, empty.rcode, nonTerminal.rcode]).toEqual(["NXDOMAIN", "NOERROR", "NOERROR"]);
    for (const reply of [missing, empty, nonTerminal]) {
      expect(reply.answers).toEqual([]);
      expect(reply.authorities[0]).toMatchObject({ type: "SOA", ttl: 600 });
    }
  });

  it("answers from a wildcard only for names that do not exist (RFC 4592)", async () => {
    expect(await shortly("x.y.wild.meridian.example", "A")).toEqual([
      "NOERROR",
      'x.y.wild.meridian.example A "127.9.9.9"',
    ]);
    expect(await shortly("here.wild.meridian.example", "A")).toEqual(["NOERROR"]);
    expect((await shortly("below.here.wild.meridian.example", "A"))[0]).toBe("NXDOMAIN");
  });

  it("keeps the case of the question and serves SRV", async () => {
    const { answers } = await ask("SiP.Meridian.Example", "CNAME");
    expect(answers[0]?.name).toBe("SiP.Meridian.Example");
    const srv = await ask("_sips._tcp.meridian.example", "SRV");
    expect(srv.answers[0]).toMatchObject({
      data: { priority: 10, weight: 20, port: 5061, target: "gcv.meridian.example" },
    });
  });

  it("truncates over UDP and gives the whole over TCP", async () => {
    const plain = encode({ type: "query", id: 7, questions: [{ name: "big.meridian.example", type: "TXT" }] });
    const { host, port } = endpointOf(server.address);
    const socket = createSocket("udp4");
    const reply = await new Promise<Buffer>((resolve) => {
      socket.once("message", resolve);
      socket.send(plain, port, host);
    });
    socket.close();
    const truncated = decode(reply);
    expect([truncated.flag_tc, truncated.answers?.length, truncated.id]).toEqual([true, 0, 7]);
    expect(reply.length).toBeLessThanOrEqual(512);
    expect((await ask("big.meridian.example", "TXT")).answers).toHaveLength(12);
  });

  it("refuses other zones, other classes, unknown EDNS versions and other opcodes", async () => {
    expect((await ask("www.other.test", "A")).rcode).toBe("REFUSED");
    const respond = () => ({ rcode: "NOERROR" as const });
    const rcodeOf = async (packet: Parameters<typeof encode>[0]) => {
      const reply = decode((await answerTo(encode(packet), respond, true))!) as unknown as {
        rcode: string;
        additionals: { extendedRcode: number }[];
      };
      return [reply.rcode, reply.additionals[0]?.extendedRcode];
    };
    const questions = [{ name: "a.test", type: "A" as const }];
    const opt = {
      type: "OPT" as const,
      name: ".",
      udpPayloadSize: 1232,
      extendedRcode: 0,
      flags: 0,
      flag_do: false,
      options: [],
    };
    expect(await rcodeOf({ type: "query", questions: [{ ...questions[0]!, class: "CH" }] })).toEqual([
      "REFUSED",
      undefined,
    ]);
    expect(await rcodeOf({ type: "query", questions, flags: 4 << 11 })).toEqual(["NOTIMP", undefined]);
    expect(await rcodeOf({ type: "query", questions, additionals: [{ ...opt, ednsVersion: 1 }] })).toEqual([
      "NOERROR",
      1,
    ]);
    expect(await rcodeOf({ type: "query", questions, additionals: [{ ...opt, ednsVersion: 0 }] })).toEqual([
      "NOERROR",
      0,
    ]);
  });

  it("stays silent to what is no query, and answers garbage with FORMERR", async () => {
    const respond = () => ({ rcode: "NOERROR" as const });
    expect(await answerTo(Buffer.alloc(5), respond, true)).toBeNull();
    expect(await answerTo(encode({ type: "response", id: 1 }), respond, true)).toBeNull();
    const garbage = Buffer.concat([Buffer.from([0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from([0xff, 0x01])]);
    expect(decode((await answerTo(garbage, respond, true))!)).toMatchObject({ id: 0x1234, rcode: "FORMERR" });
  });
});
