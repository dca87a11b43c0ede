import { describe, expect, it } from "vitest";
import type { CallRecord } from "../sandbox/carriers";
import { failures, judgeCall, Ledger, parseHeard } from "./ledger";

const call = (over: Partial<CallRecord>): CallRecord => ({
  id: 1,
  direction: "inbound",
  at: "2026-01-05T08:00:00.000Z",
  wallMs: 1000,
  endWallMs: 2000,
  number: "+16173540791",
  from: "+12125550101",
  network: "n1",
  carrier: "losing",
  flow: "Claims",
  queueExpected: "Claims",
  patienceMs: 20000,
  talkMs: 1000,
  marked: false,
  code: 200,
  ringing: true,
  answered: true,
  heard: ['queue="Claims";ani="+12125550101";recorded=1;via=gcv;failover=0'],
  endedBy: "caller",
  media: null,
  why: "",
  ...over,
});

describe("parseHeard", () => {
  it("reads quoted and bare values", () => {
    expect(parseHeard('queue="A \\"b\\"";ani="+1";recorded=1;via=byoc;failover=0')).toEqual({
      queue: 'A "b"',
      ani: "+1",
      recorded: "1",
      via: "byoc",
      failover: "0",
    });
  });
});

/** Nobody is to answer; `heard` is still the queue's agent. */
const AT_NIGHT: Partial<CallRecord> = { queueExpected: "", messageExpected: "Closed", endedBy: "far" };

describe("judgeCall", () => {
  const cases: [string, Partial<CallRecord>, string][] = [
    ["its own queue", {}, "answered"],
    [
      "the failover queue",
      { heard: ['queue="Overflow";ani="+12125550101";recorded=1;via=gcv;failover=1'] },
      "answered",
    ],
    ["another queue", { heard: ['queue="Members";ani="+12125550101";recorded=1;via=gcv;failover=0'] }, "misrouted"],
    [
      "another queue that may answer as well: the alarm went off meanwhile",
      { orElse: [{ queue: "Members" }], heard: ['queue="Members";ani="+12125550101";recorded=1;via=gcv;failover=0'] },
      "answered",
    ],
    [
      "neither of two queues that may answer",
      { orElse: [{ queue: "Members" }], heard: ['queue="Sales";ani="+12125550101";recorded=1;via=gcv;failover=0'] },
      "misrouted",
    ],
    ["the announcement of the night", { ...AT_NIGHT, heard: ['message="Closed";via=byoc'] }, "answered"],
    ["another announcement at night", { ...AT_NIGHT, heard: ['message="Holiday";via=byoc'] }, "misrouted"],
    ["somebody at night", AT_NIGHT, "misrouted"],
    [
      "the failover queue at night",
      { ...AT_NIGHT, heard: ['queue="Overflow";ani="+12125550101";recorded=1;via=gcv;failover=1'] },
      "misrouted",
    ],
    ["somebody, of a call that the morning overtook", { ...AT_NIGHT, orElse: [{ queue: "Claims" }] }, "answered"],
    [
      "an announcement, of a call that the night overtook",
      { orElse: [{ message: "Closed" }], heard: ['message="Closed";via=gcv'], endedBy: "far" },
      "answered",
    ],
    ["hung up while ringing", { answered: false, code: 487, endedBy: "caller", heard: [] }, "abandonedByCaller"],
    ["404", { answered: false, code: 404, ringing: false, endedBy: "far", heard: [] }, "lost"],
    ["no answer at all", { answered: false, code: null, ringing: false, endedBy: "timeout", heard: [] }, "lost"],
    [
      "the standby message and nothing else",
      { heard: ['message="This number is not available"'], endedBy: "far" },
      "lost",
    ],
    ["silence one way", { media: { sent: 50, received: 50, farReceived: 0 } }, "noAudio"],
    ["audio both ways", { media: { sent: 50, received: 50, farReceived: 48 } }, "answered"],
    ["a marked probe refused", { marked: true, answered: false, code: 404, heard: [] }, "rejectedByDesign"],
  ];
  for (const [name, over, outcome] of cases) {
    it(`${name}: ${outcome}`, () => expect(judgeCall(call(over), true).outcome).toBe(outcome));
  }
  it("sees a wrong caller id, a missing recording and a call cut by the far side", () => {
    expect(judgeCall(call({ from: "+19999999999" }), true).wrongCallerId).toBe(true);
    expect(
      judgeCall(call({ heard: ['queue="Claims";ani="+12125550101";recorded=0;via=byoc;failover=0'] }), true).unrecorded,
    ).toBe(true);
    expect(judgeCall(call({ endedBy: "far" }), true).dropped).toBe(true);
  });
});

describe("Ledger", () => {
  it("adds up and names what was lost", () => {
    const ledger = new Ledger(true);
    ledger.add([
      call({}),
      call({ answered: false, code: 404, endedBy: "far", heard: [], ringing: false }),
      call({ direction: "intruder", answered: true }),
    ]);
    ledger.add([
      call({ direction: "outbound" }),
      call({ direction: "outbound", answered: false, code: 403, heard: [] }),
    ]);
    const total = ledger.total([1500]);
    expect(total).toMatchObject({ offered: 2, answered: 1, lost: 1, intrudersAccepted: 1, inProgressAcrossChange: 1 });
    expect(total.outbound).toEqual({ offered: 2, answered: 1, lost: 1 });
    expect(ledger.lostCalls.map((l) => l.code)).toEqual([404, 403]);
    expect(failures(total, [0, 1])).toEqual([
      "1 calls lost",
      "1 calls lost outbound",
      "1 calls intruders accepted",
      "1 second ups that were not empty",
    ]);
  });
  it("keeps examples of calls that went wrong without being lost, a handful of each", () => {
    const ledger = new Ledger(true);
    const heard = (over: string) => [`queue="Claims";ani="+12125550101";${over};via=byoc`];
    ledger.add(Array.from({ length: 9 }, () => call({ heard: heard("recorded=0;failover=0") })));
    ledger.add([
      call({ from: "+19999999999" }),
      call({ heard: heard("recorded=1;failover=1") }),
      call({ endedBy: "far" }),
      call({ direction: "intruder", answered: true }),
      call({ direction: "intruder", answered: false, code: 403 }),
    ]);
    const { unrecorded, wrongCallerId, failover, dropped, intruder } = ledger.examples;
    expect([unrecorded.length, wrongCallerId.length, failover.length, dropped.length, intruder.length]).toEqual([
      5, 1, 1, 1, 1,
    ]);
    expect(wrongCallerId[0]?.why).toBe("+19999999999 was told as +12125550101");
    expect(failover[0]).toMatchObject({ path: "failover", why: "queue Claims instead of Claims" });
  });
  it("does not pass an empty run", () =>
    expect(failures(new Ledger(true).total([]), [])).toEqual(["no call was offered"]));
});
