import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { conversation, type Json, TestApi } from "./testing";
let world: TestApi;
beforeEach(async () => {
  world = await TestApi.start();
});
afterEach(() => world.close());

describe("observation", () => {
  const query = (body: object) =>
    world.ok("POST", "/analytics/conversations/details/query", {
      interval: "2026-03-02T00:00:00Z/2026-03-03T00:00:00Z",
      ...body,
    });

  test("details query: filters, order, paging, absence of an empty page", async () => {
    for (let i = 0; i < 5; i++) {
      world.store.record(
        conversation(world.clock.now(), String(i), {
          dnis: i < 3 ? "+12125550100" : "+12125550105",
          ...(i === 0 ? {} : { mos: 4 + i / 10 }),
        }),
      );
      world.clock.advance(60);
    }
    const dnis = (value: string) => ({
      segmentFilters: [
        { type: "or", predicates: [{ type: "dimension", dimension: "dnis", operator: "matches", value }] },
      ],
    });
    expect((await query(dnis("tel:+12125550105"))).totalHits).toBe(2);
    expect((await query(dnis("+12125550105"))).totalHits).toBe(2);
    const mos = (operator: string) => ({
      conversationFilters: [{ type: "and", predicates: [{ dimension: "mediaStatsMinConversationMos", operator }] }],
    });
    expect((await query(mos("exists"))).totalHits).toBe(4);
    expect((await query(mos("notExists"))).totalHits).toBe(1);
    const low = {
      conversationFilters: [
        { type: "and", predicates: [{ type: "metric", metric: "mediaStatsMinConversationMos", range: { lt: 4.25 } }] },
      ],
    };
    expect((await query(low)).totalHits).toBe(2);
    const page = await query({ order: "desc", orderBy: "conversationStart", paging: { pageSize: 2, pageNumber: 1 } });
    expect([page.totalHits, page.conversations.map((c: Json) => c.conversationId.at(-1))]).toEqual([5, ["4", "3"]]);
    expect((await query({ paging: { pageSize: 2, pageNumber: 4 } })).conversations).toBeUndefined();
    expect((await query({ interval: "2026-03-01T00:00:00Z/2026-03-02T00:00:00Z" })).totalHits).toBe(0);
    expect((await world.call("POST", "/analytics/conversations/details/query", { interval: "yesterday" })).status).toBe(
      400,
    );
    expect(
      (
        await world.call("POST", "/analytics/conversations/details/query", {
          interval: "2026-03-02T00:00:00Z/2026-03-03T00:00:00Z",
          paging: { pageSize: 201 },
        })
      ).status,
    ).toBe(400);
    expect(world.api.requests().writes).toBe(0);
  });

  test("a canary call shows its failed leg, and media statistics show its trunks", async () => {
    const gcv = world.store.trunks.gcv();
    const leg = {
      direction: "outbound" as const,
      trunkId: null,
      sipResponseCode: 488,
      dnis: "+12125550200",
      ani: "+13105550001",
      start: world.clock.now(),
      end: world.clock.now(),
    };
    world.store.record(
      conversation(world.clock.now(), "1", { trunkId: gcv?.id as string, mos: 4.2, codec: "audio/pcmu", legs: [leg] }),
    );
    world.clock.advance(60);
    const filter = [
      {
        type: "or",
        predicates: [{ type: "dimension", dimension: "dnis", operator: "matches", value: "+12125550200" }],
      },
    ];
    const [found] = (await query({ segmentFilters: filter })).conversations;
    const out = found.participants.flatMap((p: Json) => p.sessions).find((s: Json) => s.direction === "outbound");
    expect([out.dnis, out.segments[0].sipResponseCodes, out.segments[0].disconnectType]).toEqual([
      "tel:+12125550200",
      [488],
      "error",
    ]);
    expect(found.participants.find((p: Json) => p.purpose === "acd").participantName).toBe("Claims");
    const media = await world.ok(
      "GET",
      `/telephony/providers/edges/mediastatistics/conversations/${found.conversationId}`,
    );
    // The failed leg had no media.
    expect(media.entities).toMatchObject([
      { mediaStatistics: [{ trunk: { name: "PureCloud Voice - AWS" }, rtp: { estimatedAverageMos: 4.2 } }] },
    ]);
    expect(media.entities).toHaveLength(1);
    expect((await world.ok("GET", `/analytics/conversations/${found.conversationId}/details`)).conversationId).toBe(
      found.conversationId,
    );
  });

  test("analytics may lag", async () => {
    world.store.records.analyticsLagSeconds = 300;
    world.store.record(conversation(world.clock.now(), "1"));
    world.clock.advance(200);
    expect((await query({})).totalHits).toBe(0);
    expect(
      (await world.call("GET", `/analytics/conversations/${conversation(world.clock.now(), "1").id}/details`)).status,
    ).toBe(404);
    world.clock.advance(200);
    expect((await query({})).totalHits).toBe(1);
  });

  test("SIP traces by time and number; headers of the first INVITE", async () => {
    const trace = {
      at: world.clock.now(),
      callId: "a@b",
      method: "INVITE",
      requestUri: "sip:+12125550100@host",
      fromUser: "+13105550001",
      toUser: "+12125550100",
      sourceIp: "198.51.100.44",
      sourcePort: 5061,
      destinationIp: "127.0.0.1",
      destinationPort: 5061,
      transport: "tls" as const,
    };
    world.store.trace(trace);
    world.store.trace({ ...trace, status: 404, reason: "Not Found", callId: "c@d", toUser: "+12125550105" });
    const search = (more: string) =>
      world.ok("GET", `/telephony/siptraces?dateStart=2026-03-02T08:59:00Z&dateEnd=2026-03-02T09:01:00Z${more}`);
    expect((await search("")).count).toBe(2);
    expect((await search("&toUser=%2B12125550105")).data[0]).toMatchObject({
      method: "404",
      replyReason: "Not Found",
      sourceIp: "198.51.100.44",
      ruriUser: "+12125550100",
    });
    expect((await world.call("GET", "/telephony/siptraces?dateStart=x&dateEnd=y")).status).toBe(400);
    world.store.record(conversation(world.clock.now(), "1", { sipHeaders: { To: "<sip:+12125550100@x>", From: "y" } }));
    expect(
      (
        await world.ok(
          "GET",
          `/telephony/sipmessages/conversations/${conversation(world.clock.now(), "1").id}/headers?keys=to`,
        )
      ).headers,
    ).toEqual({ To: ["<sip:+12125550100@x>"] });
  });
});
