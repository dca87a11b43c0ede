import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { planCallRoutes } from "../model/phases";
import { loadPlan } from "../model/plan";
import type { Conversation, Leg } from "./conversations";
import { type Answers, fakeGenesys } from "./fake-genesys";
import { runProbe } from "./run";
import { canaryQuality } from "./quality";
import { finalStatus, sipOptions } from "./sip-options";
import { trafficOf } from "./traffic";

const PLAN = "test/estates/guide";
const SHADOW = "+16175550000";
const T0 = Date.parse("2026-06-01T08:00:00Z");
const open: { close(): void }[] = [];
beforeEach(() => {
  vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_ID", "client");
  vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_SECRET", "secret");
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const s of open.splice(0)) s.close();
});

const leg = (direction: Leg["direction"], ani: string, dnis: string, failed = false): Leg => ({
  purpose: "external",
  direction,
  ani,
  dnis,
  sipCodes: failed ? [488] : [200],
  failed,
  abandoned: false,
});
let ids = 0;
const conversation = (
  at: number,
  legs: Leg[],
  minMos: number | null = null,
  endsAt: number | null = at + 1200,
): Conversation => ({
  id: `c${++ids}`,
  startMs: T0 + at,
  endMs: endsAt === null ? null : T0 + endsAt,
  legs,
  queue: null,
  minMos,
  codecs: minMos === null ? [] : ["audio/PCMU"],
});
const transfer = (at: number, ani: string, failed = false) =>
  conversation(at, [leg("inbound", ani, "+16173540700"), leg("outbound", ani, SHADOW, failed)]);
const arrival = (at: number, ani: string, mos: number) => conversation(at, [leg("inbound", ani, SHADOW)], mos);

/** Asked an hour later: analytics has caught up. */
const judged = (conversations: Conversation[], now = T0 + 3_600_000) =>
  canaryQuality(conversations, [SHADOW], new Date(now));

describe("canary quality", () => {
  it("joins a transfer out to what comes back in on the shadow", () => {
    const seen = judged([
      transfer(0, "+1a"),
      arrival(500, "+1a", 4.2),
      transfer(900, "+1b"),
      arrival(1500, "+1b", 4.4),
    ]);
    expect(seen).toEqual({
      calls: 2,
      failed: 0,
      failures: [],
      minMos: 4.2,
      meanMos: expect.closeTo(4.3),
      wrongCallerId: 0,
      codecs: ["audio/PCMU"],
    });
  });

  it("a refused transfer, and one that never arrives, are failed calls", () => {
    expect(judged([transfer(0, "+1a", true), transfer(10, "+1b")])).toMatchObject({
      calls: 2,
      failed: 2,
      minMos: null,
      meanMos: null,
    });
  });

  it("a caller who gives up while the canary leg rings is neither a call nor a failure", () => {
    const [caller, way] = transfer(0, "+1a").legs as [Leg, Leg];
    const gaveUp = conversation(0, [caller, { ...way, sipCodes: [487], abandoned: true }]);
    expect(judged([gaveUp])).toMatchObject({ calls: 0, failed: 0 });
  });

  it("a call that arrives with another number has a wrong caller id, and takes no other call's arrival", () => {
    const seen = judged([
      transfer(0, "+1a"),
      transfer(10, "+1b"),
      arrival(400, "+1b", 4.4),
      arrival(500, "+1TRUNK", 4.4),
    ]);
    expect(seen).toMatchObject({ calls: 2, failed: 0, wrongCallerId: 1 });
  });

  it("a caller who is transferred after minutes in the flow, or across a jump of the clock, still arrives", () => {
    const [caller, way] = transfer(0, "+1a").legs as [Leg, Leg];
    const long = conversation(0, [caller, way], null, 7_200_000);
    expect(judged([long, arrival(7_199_000, "+1a", 4.4)])).toMatchObject({ calls: 1, failed: 0, meanMos: 4.4 });
    expect(judged([transfer(0, "+1a"), arrival(60_000, "+1a", 4.4)])).toMatchObject({ calls: 1, failed: 1 });
  });

  it("an arrival still in progress counts; a transfer that ended just now waits for its arrival", () => {
    const going = conversation(400, [leg("inbound", "+1a", SHADOW)], null, null);
    expect(judged([transfer(0, "+1a"), going])).toMatchObject({ calls: 1, failed: 0, meanMos: null });
    expect(judged([transfer(0, "+1b")], T0 + 20_000)).toMatchObject({ calls: 0, failed: 0 });
    expect(judged([transfer(0, "+1b")], T0 + 60_000)).toMatchObject({ calls: 1, failed: 1 });
    expect(judged([transfer(0, "+1b", true)], T0 + 2000)).toMatchObject({ calls: 1, failed: 1 });
  });

  it("test calls and R1 on the shadow are no canary calls; a call in progress has no verdict", () => {
    const waiting = conversation(
      0,
      [leg("inbound", "+1a", "+16173540700"), leg("outbound", "+1a", SHADOW)],
      null,
      null,
    );
    expect(judged([arrival(0, "+1t", 1), waiting])).toMatchObject({
      calls: 0,
      failed: 0,
      meanMos: null,
    });
  });
});

describe("traffic by path", () => {
  const numbers = {
    shadows: [SHADOW],
    plan: [{ from: "+16173540700", to: "+16173540799" }],
    adopted: [{ from: "+16173540790", to: "+16173540799" }],
  };
  const to = (at: number, dnis: string, more: Partial<Leg> = {}, mos: number | null = null) =>
    conversation(at, [{ ...leg("inbound", "+1a", dnis), ...more }], mos);

  it("a call on a shadow or on an adopted number came in over BYOC, any other number of the plan over GCV", () => {
    const seen = trafficOf(
      [
        to(9000, "+16173540701", {}, 4),
        to(8000, "+16173540795", {}, 4.2),
        to(7000, "+16179999999"),
        transfer(6000, "+1b"),
        arrival(6500, "+1b", 4.4),
        to(5000, "+16173540702", { failed: true }),
        to(4000, "+16173540703", { failed: true, abandoned: true }),
      ],
      numbers,
    );
    expect(seen).toEqual({
      gcv: { calls: 4, failed: 1, meanMos: 4, lastCallAt: new Date(T0 + 9000).toISOString() },
      byoc: { calls: 2, failed: 0, meanMos: expect.closeTo(4.3), lastCallAt: new Date(T0 + 8000).toISOString() },
      canaried: 1,
    });
    const none = { calls: 0, failed: 0, meanMos: null, lastCallAt: null };
    expect(trafficOf([], numbers)).toEqual({ gcv: none, byoc: none, canaried: 0 });
  });

  it("of more traffic than it reads it says from when its counts hold, and takes a bounded share of the requests", async () => {
    const page = Array.from({ length: 100 }, (_, i) => raw(`p${i}`, "2026-06-01T12:00:00.000Z", "+1a", "+16173540791"));
    const fake = await fakeGenesys({ [DETAILS]: { conversations: page, totalHits: 1_000_000 } });
    open.push(fake);
    const ask = { trafficSince: "2026-06-01T00:00:00Z", adopted: [] };
    const doc = await runProbe("quality", JSON.stringify({ plan: PLAN, stack: "dev", genesys: fake.url, ask }));
    expect(doc).toMatchObject({
      status: "ok",
      traffic: { complete: false, since: "2026-06-01T12:00:00.000Z", gcv: { calls: 100 }, byoc: { calls: 0 } },
    });
    expect(fake.log.filter((l) => l === DETAILS)).toHaveLength(20);
  });
});

/** A conversation as analytics writes it. */
const raw = (id: string, at: string, ani: string, dnis: string, queue?: string) => ({
  conversationId: id,
  conversationStart: at,
  conversationEnd: at,
  participants: [
    {
      purpose: "external",
      sessions: [
        {
          direction: "inbound",
          ani: `tel:${ani}`,
          dnis: `tel:${dnis}`,
          sessionDnis: `tel:${dnis}`,
          segments: [{ sipResponseCodes: [200] }],
        },
      ],
    },
    ...(queue ? [{ purpose: "acd", participantName: queue, sessions: [] }] : []),
  ],
});
const DETAILS = "POST /api/v2/analytics/conversations/details/query";
const MEDIA = (id: string) => `GET /api/v2/telephony/providers/edges/mediastatistics/conversations/${id}`;
const trunk = (name: string) => ({ entities: [{ mediaStatistics: [{ trunk: { id: "t", name } }] }] });

describe("quality probe, GCV", () => {
  const run = async (answers: Answers) => {
    const fake = await fakeGenesys(answers);
    open.push(fake);
    const ask = { gcvNumbers: [{ from: "+16173540700", to: "+16173540799" }], gcvSince: "2026-06-01T00:00:00Z" };
    return {
      doc: await runProbe("quality", JSON.stringify({ plan: PLAN, stack: "dev", genesys: fake.url, ask })),
      fake,
    };
  };
  const day = (h: string) => `2026-06-01T${h}:00:00.000Z`;

  it("finds the last call that did not come over the BYOC trunk, and looks no further", async () => {
    const conversations = [
      raw("n1", day("12"), "+1a", "+16173540701"),
      raw("x", day("11"), "+1a", "+16179999999"),
      raw("n2", day("10"), "+1a", "+16173540702"),
      raw("n3", day("09"), "+1a", "+16173540703"),
    ];
    const { doc } = await run({
      [DETAILS]: { conversations, totalHits: 4 },
      [MEDIA("n1")]: trunk("BYOC-Primary-Cutover"),
      [MEDIA("n2")]: trunk("PureCloud Voice - AWS"),
      [MEDIA("n3")]: trunk("PureCloud Voice - AWS"),
    });
    expect(doc).toMatchObject({ status: "ok", gcv: { lastCallAt: day("10"), checked: 2, ofCalls: 3 } });
  });

  it("none on GCV is none; a call whose trunk nobody knows counts as one", async () => {
    const conversations = [raw("n1", day("12"), "+1a", "+16173540701")];
    expect(
      (await run({ [DETAILS]: { conversations, totalHits: 1 }, [MEDIA("n1")]: trunk("BYOC-Primary-Cutover") })).doc.gcv,
    ).toMatchObject({ calls: 0, lastCallAt: null });
    expect((await run({ [DETAILS]: { conversations, totalHits: 1 } })).doc.gcv).toMatchObject({
      calls: 1,
      lastCallAt: day("12"),
    });
    expect((await run({ [DETAILS]: { totalHits: 0 } })).doc).toMatchObject({
      status: "ok",
      gcv: { calls: 0, lastCallAt: null },
    });
  });

  it("shows of each call route a call that this client is shown, by either path, or says that it is shown none", async () => {
    const plan = loadPlan(PLAN);
    const { number } = plan.numbers[0]!;
    const ranges = [{ from: number, to: number }];
    const routes = [plan.numbers[0]!.callRoute];
    const shadow = planCallRoutes(plan).find((r) => r.callRoute === routes[0])!.shadow;
    const asked: unknown[] = [];
    const askShown = async (old: unknown[], inWindow: unknown[] = []) => {
      const fake = await fakeGenesys({
        [DETAILS]: (_: URLSearchParams, body: { interval: string; segmentFilters?: unknown }) => {
          asked.push(body);
          const page = body.segmentFilters ? old : inWindow;
          return page.length > 0 ? { conversations: page, totalHits: page.length } : {};
        },
      });
      open.push(fake);
      const ask = { gcvNumbers: ranges, gcvSince: "2026-06-01T00:00:00Z", shownSince: "2026-05-25T00:00:00Z" };
      const doc = await runProbe("quality", JSON.stringify({ plan: PLAN, stack: "dev", genesys: fake.url, ask }));
      return (doc.gcv as { shown: { callRoute: string; at: string | null }[] }).shown;
    };
    // `{}` is the API's answer of an organisation without calls, and of one whose divisions this client may not see.
    expect(await askShown([])).toEqual([{ callRoute: routes[0], at: null }]);
    expect(asked.at(-1)).toMatchObject({ interval: expect.stringMatching(/^2026-05-25T00:00:00/) });
    expect(JSON.stringify(asked.at(-1))).toContain(shadow);
    expect(await askShown([raw("t1", "2026-05-28T10:00:00.000Z", "+1a", shadow)])).toEqual([
      { callRoute: routes[0], at: "2026-05-28T10:00:00.000Z" },
    ]);
    // Somebody else's call shows nothing of this call route.
    expect(await askShown([raw("t2", day("10"), "+1a", "+16179999999")])).toEqual([{ callRoute: routes[0], at: null }]);
    const questions = asked.length;
    expect(await askShown([], [raw("w1", day("12"), "+1a", number)])).toEqual([
      { callRoute: routes[0], at: day("12") },
    ]);
    expect(asked.length - questions, "what was read already is not asked for again").toBe(1);
  });

  it("more traffic than it may read is inconclusive, not quiet", async () => {
    const page = Array.from({ length: 100 }, (_, i) => raw(`p${i}`, day("12"), "+1a", "+16179999999"));
    const { doc, fake } = await run({ [DETAILS]: { conversations: page, totalHits: 1_000_000 } });
    expect(doc).toMatchObject({
      status: "inconclusive",
      error: expect.stringContaining("more than 6000 conversations"),
    });
    expect(fake.log.filter((l) => l === DETAILS)).toHaveLength(60);
  });
});

describe("sip probe", () => {
  const result = {
    number: SHADOW,
    source: "203.0.113.10",
    network: null,
    code: 200,
    answered: true,
    audioSent: 90,
    audioReceived: 88,
    farReceived: 87,
    ani: "+16175551234",
    at: new Date().toISOString(),
  };
  const settings = (genesys: string, carrier: object, tests: object[]) =>
    JSON.stringify({
      plan: PLAN,
      stack: "dev",
      genesys,
      carrier,
      resolvers: [{ address: "127.0.0.1:9", view: "public" }],
      ask: { tests },
    });

  it("asks the test desk, and reads each call back from the organisation", async () => {
    const bodies: unknown[] = [];
    const other = { ...result, source: "203.0.113.11", ani: "+16175551235", code: 403, answered: false };
    const fake = await fakeGenesys({
      "POST /test_calls": (_q: unknown, body: unknown) => {
        bodies.push(body);
        return { results: [result, other] };
      },
      [DETAILS]: { conversations: [raw("n1", result.at, result.ani, SHADOW, "Main inbound")], totalHits: 1 },
      [MEDIA("n1")]: trunk("BYOC-Primary-Cutover"),
    });
    open.push(fake);
    const doc = await runProbe(
      "sip",
      settings(fake.url, { adapter: "telnyx", url: fake.url, deskDir: "" }, [
        { number: SHADOW, purpose: "handshake", sources: "all" },
      ]),
    );
    expect(bodies).toEqual([{ number: SHADOW, purpose: "handshake", source: "all" }]);
    expect(doc).toMatchObject({
      status: "ok",
      options: { code: null },
      tests: [
        {
          number: SHADOW,
          purpose: "handshake",
          source: "203.0.113.10",
          code: 200,
          answered: true,
          seenByOrg: true,
          queue: "Main inbound",
          via: "byoc",
          ani: "+16175551234",
          aniSeen: "+16175551234",
        },
        { source: "203.0.113.11", code: 403, answered: false, seenByOrg: false, via: null },
      ],
    });
  });

  it("without a test desk it wants what a person wrote down, and says where", async () => {
    const deskDir = await mkdtemp(join(tmpdir(), "cutover-desk-"));
    const carrier = { adapter: "manual", deskDir };
    const fake = await fakeGenesys({ [DETAILS]: { totalHits: 0 } });
    open.push(fake);
    const ask = [{ number: SHADOW, purpose: "handshake" }];
    const without = await runProbe("sip", settings(fake.url, carrier, ask));
    expect(without).toMatchObject({
      status: "error",
      error: expect.stringMatching(/\+16175550000 \(handshake\).*confirmations\/test-calls-/),
    });
    await mkdir(join(deskDir, "confirmations"));
    const written = {
      id: "test-calls-1",
      at: new Date().toISOString(),
      status: "done",
      results: [{ ...result, purpose: "handshake", answered: false, code: 404 }],
    };
    await writeFile(join(deskDir, "confirmations", "test-calls-1.json"), JSON.stringify(written));
    expect(await runProbe("sip", settings(fake.url, carrier, ask))).toMatchObject({
      status: "ok",
      tests: [{ code: 404, seenByOrg: false }],
    });
    // Yesterday's file is read, and of its calls those that are not too old by now: they say nothing against newer ones.
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const older = { ...written, id: "test-calls-0", at: hoursAgo(23) };
    const results = [{ ...written.results[0], code: 503, at: hoursAgo(25) }];
    await writeFile(join(deskDir, "confirmations", "test-calls-0.json"), JSON.stringify({ ...older, results }));
    const both = (await runProbe("sip", settings(fake.url, carrier, ask))) as { tests?: { code: number }[] };
    expect(both.tests?.map((t) => t.code)).toEqual([404]);
  });
});

describe("OPTIONS", () => {
  it("takes the first final status, whatever it is", () => {
    expect(finalStatus("SIP/2.0 100 Trying\r\n\r\n")).toBeNull();
    expect(finalStatus("SIP/2.0 100 Trying\r\n\r\nSIP/2.0 405 Method Not Allowed\r\n\r\n")).toBe(405);
    expect(finalStatus("HTTP/1.1 200 OK\r\n")).toBeNull();
  });

  it("asks over TCP and UDP, and reports silence and refusal as no answer", async () => {
    const tcp = createServer((s) =>
      s.on("data", (d) =>
        s.write(
          d.toString().startsWith("OPTIONS sip:t.example SIP/2.0\r\n")
            ? "SIP/2.0 403 Forbidden\r\n\r\n"
            : "SIP/2.0 500 x\r\n\r\n",
        ),
      ),
    );
    await new Promise<void>((r) => tcp.listen(0, "127.0.0.1", r));
    open.push(tcp);
    const udp = createSocket("udp4");
    let datagrams = 0;
    udp.on("message", (_d, from) => {
      if (++datagrams > 1) udp.send("SIP/2.0 200 OK\r\n\r\n", from.port, from.address);
    });
    await new Promise<void>((r) => udp.bind(0, "127.0.0.1", r));
    open.push(udp);
    const target = { address: "127.0.0.1", host: "t.example" };
    expect(await sipOptions({ ...target, transport: "tcp", port: (tcp.address() as AddressInfo).port })).toEqual({
      code: 403,
    });
    expect(await sipOptions({ ...target, transport: "udp", port: udp.address().port }, 3000)).toEqual({ code: 200 });
    expect(
      await sipOptions({ ...target, transport: "tls", port: (tcp.address() as AddressInfo).port }, 1000),
    ).toMatchObject({ code: null, error: expect.any(String) });
  });
});
