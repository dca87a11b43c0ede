import { createSocket, type Socket } from "node:dgram";
import { type AddressInfo, createServer, type Server } from "node:net";
import * as dnsPacket from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
import { ask, chainOf, parseServer } from "./dns-client";
import type { DnsProbeAnswer } from "./dns";
import { runProbe } from "./run";

interface Zone {
  /** Target of a CNAME by name; a name without one is answered NXDOMAIN. */
  cnames: Record<string, { data: string; ttl: number }>;
  authoritative?: boolean;
  truncate?: boolean;
  /** Datagrams to swallow before answering. */
  drop?: number;
}

interface FakeServer {
  address: string;
  asked: string[];
  close(): void;
}

const open: FakeServer[] = [];
afterEach(() => {
  for (const s of open.splice(0)) s.close();
});

function answer(bytes: Buffer, zone: Zone, asked: string[], tcp: boolean): Buffer {
  const query = dnsPacket.decode(bytes);
  const question = query.questions![0]!;
  asked.push(`${tcp ? "tcp" : "udp"} ${question.type} ${question.name}`);
  const answers = [];
  for (let name = question.name.toLowerCase(); zone.cnames[name]; name = zone.cnames[name]!.data) {
    answers.push({ type: "CNAME" as const, name, ...zone.cnames[name]! });
    if (answers.length > 5) break;
  }
  const cut = zone.truncate && !tcp;
  const rcode = answers.length > 0 ? 0 : 3;
  return dnsPacket.encode({
    type: "response",
    id: query.id,
    flags: (zone.authoritative ? dnsPacket.AUTHORITATIVE_ANSWER : 0) | (cut ? dnsPacket.TRUNCATED_RESPONSE : 0) | rcode,
    questions: [question],
    answers: cut ? [] : answers,
  });
}

/** One port for both: the one that TCP was given may be taken on UDP, then the next is tried. */
async function samePort(tcp: Server, udp: Socket): Promise<number> {
  for (let tries = 0; ; tries++) {
    await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
    const { port } = tcp.address() as AddressInfo;
    const taken = await new Promise<Error | undefined>((resolve) => {
      udp.once("error", resolve);
      udp.bind(port, "127.0.0.1", () => {
        udp.off("error", resolve);
        resolve(undefined);
      });
    });
    if (!taken) return port;
    if (tries === 9) throw taken;
    await new Promise((resolve) => tcp.close(resolve));
  }
}

async function serve(zone: Zone): Promise<FakeServer> {
  const asked: string[] = [];
  let drop = zone.drop ?? 0;
  const udp: Socket = createSocket("udp4");
  udp.on("message", (bytes, from) => {
    if (drop-- > 0) return;
    // A forged answer with another id first: it must not be believed.
    udp.send(dnsPacket.encode({ type: "response", id: 1, questions: [], answers: [] }), from.port, from.address);
    udp.send(answer(bytes, zone, asked, false), from.port, from.address);
  });
  const tcp: Server = createServer((socket) =>
    socket.on("data", (bytes) => {
      const body = answer((bytes as Buffer).subarray(2), zone, asked, true);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(body.length);
      // In two pieces: a client that takes the first one for the whole fails.
      socket.write(Buffer.concat([length, body.subarray(0, 5)]));
      setTimeout(() => socket.write(body.subarray(5)), 5);
    }),
  );
  const port = await samePort(tcp, udp);
  const close = () => {
    udp.close();
    tcp.close();
  };
  const server = { address: `127.0.0.1:${port}`, asked, close };
  open.push(server);
  return server;
}

const OLD = { data: "gcv.guide.example", ttl: 86_400 };

/** The probe on the estate `guide`: one public CNAME, sip.guide.example. */
async function probe(resolvers: object[], nameServers: object[]) {
  const doc = await runProbe(
    "dns",
    JSON.stringify({ plan: "test/estates/guide", stack: "t", resolvers, nameServers, ask: {} }),
  );
  return { doc, answers: (doc.answers ?? []) as DnsProbeAnswer[] };
}

const asServer = (s: FakeServer) => ({
  provider: "route53",
  zone: "guide.example",
  view: "public",
  address: s.address,
});

describe("dns client", () => {
  it("asks over TCP when the answer is truncated, and ignores datagrams that are no answer to the question", async () => {
    const server = await serve({ cnames: { "a.example": { data: "b.example", ttl: 7 } }, truncate: true });
    const found = await ask(parseServer(server.address), "A.example", "CNAME", { recurse: true });
    expect(found).toMatchObject({ overTcp: true, rcode: "NOERROR", records: [{ ttlSeconds: 7, data: "b.example" }] });
    expect(server.asked).toEqual(["udp CNAME A.example", "tcp CNAME A.example"]);
  });

  it("asks again when a datagram is lost, and gives up in time", async () => {
    const lossy = await serve({ cnames: { "a.example": { data: "b.example", ttl: 7 } }, drop: 1 });
    const options = { recurse: true, timeoutMs: 100, attempts: 2 };
    expect((await ask(parseServer(lossy.address), "a.example", "CNAME", options)).records).toHaveLength(1);
    const dead = await serve({ cnames: {}, drop: 99 });
    await expect(ask(parseServer(dead.address), "a.example", "CNAME", options)).rejects.toThrow(
      "no answer within 100 ms",
    );
  });

  it("follows a chain, and a loop to an end", () => {
    const link = (name: string, data: string, ttlSeconds: number) => ({ name, type: "CNAME", ttlSeconds, data });
    const of = (...records: ReturnType<typeof link>[]) => ({
      rcode: "NOERROR",
      authoritative: false,
      overTcp: false,
      records,
    });
    expect(chainOf(of(link("b", "c", 2), link("a", "b", 1)), "A.")).toEqual({ targets: ["b", "c"], ttlSeconds: 1 });
    expect(chainOf(of(link("a", "b", 1), link("b", "a", 1)), "a")?.targets).toHaveLength(16);
    expect(chainOf(of(), "a")).toBeNull();
  });

  it.each([
    ["1.2.3.4", { host: "1.2.3.4", port: 53 }],
    ["127.0.0.1:5300", { host: "127.0.0.1", port: 5300 }],
    ["[::1]:53", { host: "::1", port: 53 }],
    ["::1", { host: "::1", port: 53 }],
  ])("reads the address %s", (text, server) => expect(parseServer(text)).toEqual(server));
});

describe("dns probe", () => {
  it("reports target and TTL as each server gives them", async () => {
    const authority = await serve({ cnames: { "sip.guide.example": OLD }, authoritative: true });
    const aged = await serve({
      cnames: { "sip.guide.example": { ...OLD, ttl: 12 }, "gcv.guide.example": { data: "edge.example", ttl: 5 } },
    });
    const { doc, answers } = await probe(
      [{ name: "near", address: aged.address, view: "public" }],
      [asServer(authority)],
    );
    expect(doc).toMatchObject({ schema: "cutover/probe/v1", probe: "dns", status: "ok" });
    expect(answers).toMatchObject([
      {
        key: "route53-public-sip.guide.example",
        resolver: `ns:route53:public:${authority.address}`,
        target: "gcv.guide.example",
        ttlSeconds: 86_400,
        authoritative: true,
      },
      {
        key: "route53-public-sip.guide.example",
        resolver: "near",
        view: "public",
        target: "gcv.guide.example",
        final: "edge.example",
        ttlSeconds: 12,
      },
    ]);
  });

  it("tells what the servers of a provider answer that the plan has no record with, each once and apart", async () => {
    const zone = { cnames: { "sip.guide.example": OLD }, authoritative: true };
    const [planned, forgotten] = [await serve(zone), await serve(zone)];
    const near = [{ name: "near", address: planned.address, view: "public" }];
    const { doc, answers } = await probe(near, [
      asServer(planned),
      { ...asServer(forgotten), provider: "cloudflare" },
      // Neither another zone nor a view of its own is this record's.
      { ...asServer(forgotten), provider: "cloudflare", zone: "other.example" },
      { ...asServer(forgotten), provider: "cloudflare", view: "private" },
    ]);
    expect(answers.map((a) => a.resolver)).toEqual([`ns:route53:public:${planned.address}`, "near"]);
    expect(doc.others).toEqual([
      {
        name: "sip.guide.example",
        resolver: `ns:cloudflare:public:${forgotten.address}`,
        target: "gcv.guide.example",
      },
    ]);
    expect((await probe(near, [asServer(planned)])).doc.others).toBeUndefined();
  });

  it("never asks a shared resolver for a name that its own servers do not have", async () => {
    const authority = await serve({ cnames: {}, authoritative: true });
    const shared = await serve({ cnames: {} });
    const { answers } = await probe(
      [{ name: "shared", address: shared.address, view: "public" }],
      [asServer(authority)],
    );
    expect(shared.asked).toEqual([]);
    expect(answers.map((a) => a.target)).toEqual([null, null]);
    expect(answers[1]?.error).toContain("not asked");
  });

  it("a server that does not answer is an entry with an error, not a gap", async () => {
    const authority = await serve({ cnames: { "sip.guide.example": OLD }, authoritative: true });
    const dead = await serve({ cnames: {}, drop: 99 });
    const { answers } = await probe([{ name: "dead", address: dead.address, view: "public" }], [asServer(authority)]);
    expect(answers[1]).toMatchObject({
      resolver: "dead",
      target: null,
      ttlSeconds: null,
      error: expect.stringContaining("no answer"),
    });
  }, 30_000);

  it("asks only resolvers of the record's view, and no public one for a sandbox", async () => {
    const authority = await serve({ cnames: { "sip.guide.example": OLD }, authoritative: true });
    const inside = await serve({ cnames: {} });
    const { answers } = await probe(
      [{ name: "inside", address: inside.address, view: "private" }],
      [asServer(authority)],
    );
    expect(answers).toHaveLength(1);
    expect(inside.asked).toEqual([]);
    expect((await probe([], [])).doc).toMatchObject({
      status: "error",
      error: expect.stringContaining("cutover:resolvers"),
    });
  });
});
