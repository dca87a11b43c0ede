import tls from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Authority, createAuthority, type KeyPairPem } from "../pki";
import type { IncomingCall } from "./incoming";
import { nameCovers } from "./names";
import { outcome, type Pair, pair, pause, SDP } from "./testing";
import type { Target } from "./transport";

let authority: Authority;
let leaf: KeyPairPem;
beforeAll(async () => {
  authority = await createAuthority();
  leaf = await authority.issue(["b.example", "*.wild.example"], { uris: ["sip:uri.example"] });
});

let p: Pair;
afterEach(() => p?.close());

async function secure() {
  const { claimSubnet } = await import("../net");
  const subnet = await claimSubnet();
  const host = subnet.addr(5);
  p = await pair({ udp: undefined, tcp: undefined, tls: { host, port: 5061, ...leaf } }, { ca: authority.ca });
  await subnet.release();
  p.b.onInvite = (call) => call.answer(SDP);
  const to = (more: Partial<Target>): Partial<Target> => ({ transport: "tls", host, port: 5061, ...more });
  return { host, to };
}

const failureOf = (more: Partial<Target>) =>
  new Promise<{ code: number; cause?: string; reason: string }>((resolve) => {
    const call = p.call(more);
    call.once("failed", resolve);
    call.once("answered", () => resolve({ code: 200, reason: "OK" }));
  });

describe("TLS", () => {
  it.each<[string, Partial<Target>, number]>([
    ["the right name", { checkName: "b.example" }, 200],
    ["another name", { checkName: "sip.customer.example" }, 503],
    ["a wildcard", { checkName: "a.wild.example" }, 200],
    ["a wildcard under RFC 5922", { checkName: "a.wild.example", wildcards: false }, 503],
    ["a wildcard two labels deep", { checkName: "a.b.wild.example" }, 503],
    ["a sip: URI name", { checkName: "uri.example" }, 200],
    ["no check at all", { checkName: false }, 200],
    ["the server name, when no name to check is given", { servername: "b.example" }, 200],
  ])("judges %s", async (_what, more, code) => {
    const { to } = await secure();
    const failure = await failureOf(to(more));
    expect(failure.code).toBe(code);
    if (code !== 200)
      expect(failure).toMatchObject({
        cause: "tls",
        reason: expect.stringContaining("the certificate is for b.example"),
      });
  });

  it("refuses a certificate of another authority", async () => {
    const { host } = await secure();
    const stranger = await createAuthority("Stranger");
    await p.a.close();
    const other = await pair({ udp: undefined, tcp: undefined }, { ca: stranger.ca });
    const call = other.call({ transport: "tls", host, port: 5061, checkName: "b.example" });
    const failure = await new Promise<{ cause?: string }>((resolve) => call.once("failed", resolve));
    expect(failure.cause).toBe("tls");
    await other.close();
  });

  it("speaks TLS 1.2 and nothing else", async () => {
    const { host } = await secure();
    const connect = (version: "TLSv1.2" | "TLSv1.3") =>
      new Promise<string>((resolve) => {
        const socket = tls.connect({
          host,
          port: 5061,
          ca: authority.ca,
          servername: "b.example",
          minVersion: version,
          maxVersion: version,
        });
        socket.once("secureConnect", () => resolve(socket.getProtocol() ?? ""));
        socket.once("error", () => resolve("refused"));
        socket.once("close", () => socket.destroy());
        setTimeout(() => socket.destroy(), 5000).unref();
      });
    expect(await connect("TLSv1.2")).toBe("TLSv1.2");
    expect(await connect("TLSv1.3")).toBe("refused");
  });
});

describe("connections", () => {
  const remotes: string[] = [];
  const answer = (call: IncomingCall) => {
    remotes.push(`${call.remote.address}:${call.remote.port}`);
    call.answer(SDP);
  };

  it("are used again by key, also for another address, until they are dropped", async () => {
    p = await pair();
    remotes.length = 0;
    p.b.onInvite = answer;
    for (const host of [p.host, "127.255.255.254"]) {
      const call = p.call({ transport: "tcp", host, reuseKey: "sip.customer.example" });
      expect(await outcome(call)).toBe(200);
      await call.hangup();
    }
    expect(new Set(remotes).size).toBe(1);
    expect(p.a.transports.dropConnections("sip.customer.example")).toBe(1);
    await pause(20);
    expect(await outcome(p.call({ transport: "tcp", host: "127.255.255.254", reuseKey: "sip.customer.example" }))).toBe(
      503,
    );
  });

  it("come from the source address that is asked for, one each", async () => {
    p = await pair();
    remotes.length = 0;
    p.b.onInvite = answer;
    for (const transport of ["tcp", "udp"] as const) {
      for (const localAddress of [p.subnet.addr(30), p.subnet.addr(31)]) {
        const call = p.call({ transport, localAddress });
        expect(await outcome(call)).toBe(200);
        await call.hangup();
        expect(remotes.at(-1)).toMatch(`${localAddress}:`);
      }
    }
  });

  it("that break under a call are made anew for its BYE", async () => {
    p = await pair();
    p.b.onInvite = answer;
    const call = p.call({ transport: "tcp" });
    expect(await outcome(call)).toBe(200);
    p.a.transports.dropConnections();
    await pause(20);
    expect((await call.hangup())?.status).toBe(200);
    expect(p.b.calls).toBe(0);
  });

  it("that are refused fail the call with 503 at once", async () => {
    p = await pair();
    const call = p.call({ transport: "tcp", port: 5999 });
    expect(await new Promise((resolve) => call.once("failed", resolve))).toMatchObject({
      code: 503,
      cause: "transport",
    });
  });

  it("answer a keep-alive of two line ends with one", async () => {
    p = await pair();
    const { connect } = await import("node:net");
    const socket = connect({ host: p.host, port: 5060 });
    const pong = new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
    socket.write("\r\n\r\n");
    expect(await pong).toBe("\r\n");
    socket.destroy();
  });
});

describe("nameCovers", () => {
  it("compares without case and lets a wildcard stand for one label", () => {
    expect(nameCovers("B.example", "b.EXAMPLE")).toBe(true);
    expect(nameCovers("*.example", "example")).toBe(false);
    expect(nameCovers("*.example", ".example")).toBe(false);
  });
});
