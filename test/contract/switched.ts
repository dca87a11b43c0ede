import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListHostedZonesCommand } from "@aws-sdk/client-route-53";
import platformClient from "purecloud-platform-client-v2";
import { telnyxOf, testCalls } from "./carriers";
import { architect, edges, logIn, pointAt, refused } from "./genesys/api";
import { eventually, sleep } from "./harness";
import { expectedMos } from "./phone";
import { now, submit, travel } from "./porting";
import { route53Of } from "./route53";
import { scenario } from "./scenario";
import { type SipContext, sipp } from "./sip";
import type { SandboxWorld } from "./world";

const HOUR_SECONDS = 3600;
const QUALITY = { lossPercent: 6, delayMs: 150 } as const;

/** Switches that change how fast, how well or whether others act; `meetSwitched` runs with all of them and with none. */
export const SLOW_SWITCHES = [
  "route53-former-limits",
  "genesys-ivr-numbers-per-put=2",
  `quality=gcv:${QUALITY.lossPercent}:${QUALITY.delayMs}`,
  "operator-late=100",
  "operator-forgets=holiday",
  "networks-learn=10",
] as const;

type Peers = Pick<SipContext, "suite" | "programs" | "world">;

/** The same questions to a world with SLOW_SWITCHES (`on`) and to one without: the answers must differ. */
export async function meetSwitched(c: Peers & { on: boolean; sipp: boolean }): Promise<void> {
  const { suite, world, on } = c;
  pointAt(world.genesys);
  await logIn();
  const how = on ? "on" : "off";
  await suite.check(`route53-former-limits ${how}: 40 requests at once by the AWS SDK`, () => burst(world, on));
  await suite.check(`genesys-ivr-numbers-per-put ${how}: three numbers more in one update`, () => addNumbers(on));
  if (c.sipp)
    await suite.check(`quality=gcv ${how}: MOS of a call that SIPp placed over GCV`, () => callOverGcv(c, on));
  await suite.check(`operator-late, operator-forgets ${how}: when numbers leave the inventory`, () =>
    removeNumbers(world, on),
  );
  await suite.check(`networks-learn ${how}: whom each network calls 11 minutes after a port`, () => learn(world, on));
}

/** Five requests a second were documented once; today a burst of fifty is let through. */
async function burst(world: SandboxWorld, former: boolean): Promise<void> {
  const { client } = route53Of(world, 1);
  await sleep(1200);
  const answers = await Promise.allSettled(
    Array.from({ length: 40 }, () => client.send(new ListHostedZonesCommand({}))),
  );
  const throttled = answers.filter((each) => each.status === "rejected").map((each) => each.reason as Error);
  assert.ok(throttled.every((error) => error.name === "Throttling"));
  if (former) assert.ok(throttled.length >= 25, `${throttled.length} of 40 throttled`);
  else assert.equal(throttled.length, 0);
}

async function addNumbers(limited: boolean): Promise<void> {
  await edges.postTelephonyProvidersEdgesDidpools({
    startPhoneNumber: "+15005550020",
    endPhoneNumber: "+15005550029",
    provider: "PURE_CLOUD",
  } as never);
  const number = (n: number) => `+1500555002${n}`;
  const flow = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0]?.openHoursFlow;
  const ivr = await architect.postArchitectIvrs({ name: "Switched", dnis: [number(0)], openHoursFlow: flow });
  const put = (dnis: string[]) => architect.putArchitectIvr(ivr.id as string, { ...ivr, dnis });
  const four = [0, 1, 2, 3].map(number);
  if (!limited) {
    assert.deepEqual((await put(four)).dnis, four);
    return;
  }
  await refused(put(four), 400, /At most 2 numbers/);
  assert.deepEqual((await put(four.slice(0, 3))).dnis, four.slice(0, 3));
}

async function callOverGcv(c: Peers, bad: boolean): Promise<void> {
  const number = "+16173540800";
  const xml = scenario({ host: "gcv.example", number });
  await sipp(c, { xml, to: c.world.edge.gcv, transport: "u1", from: "127.0.0.1", calls: 1, perSecond: 1 });
  const conversations = new platformClient.ConversationsApi();
  const endMs = await now(c.world);
  const interval = `${new Date(endMs - 600_000).toISOString()}/${new Date(endMs + 600_000).toISOString()}`;
  const dnis = { type: "dimension", dimension: "dnis", operator: "matches", value: `tel:${number}` };
  const body = { interval, segmentFilters: [{ type: "and", predicates: [dnis] }] };
  const found = await eventually(
    async () => (await conversations.postAnalyticsConversationsDetailsQuery(body as never)).conversations?.[0],
    (one) => one?.mediaStatsMinConversationMos !== undefined,
  );
  const mos = found?.mediaStatsMinConversationMos as number;
  const expected = bad ? expectedMos(QUALITY.lossPercent, QUALITY.delayMs) : expectedMos(0, 100);
  assert.ok(Math.abs(mos - expected) < 0.05, `MOS ${mos}, expected ${expected}`);
}

/** A request as `gates:index:Request` writes it; somebody of the organisation reads it. */
async function request(world: SandboxWorld, id: string, number: string): Promise<void> {
  const at = new Date(await now(world)).toISOString();
  const ranges = [{ from: number, to: number }];
  const body = { id, kind: "inventory-removal", at, by: "peers", ranges, note: id };
  writeFileSync(join(world.desk, "requests", `${id}.json`), JSON.stringify(body));
}

async function removeNumbers(world: SandboxWorld, lateAndForgetful: boolean): Promise<void> {
  const [first, second] = ["+16173540820", "+16173540822"] as const;
  const ivr = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
  const dnis = (ivr?.dnis ?? []).filter((each) => each !== first && each !== second);
  await architect.putArchitectIvr(ivr?.id as string, { ...ivr, dnis } as never);
  await request(world, "usual", first);
  await request(world, "holiday", second);
  const held = async (numberMatch: string) =>
    ((await edges.getTelephonyProvidersEdgesDidpoolsDids("ASSIGNED_AND_UNASSIGNED", { numberMatch })).total as number) >
    0;
  const signedOff = (id: string) => existsSync(join(world.desk, "confirmations", `${id}.json`));
  // One to twelve hours are usual.
  await world.jump(13 * HOUR_SECONDS);
  if (!lateAndForgetful) {
    await eventually(
      async () => signedOff("usual") && signedOff("holiday"),
      (done) => done,
    );
    assert.deepEqual([await held(first), await held(second)], [false, false]);
    return;
  }
  await sleep(500);
  assert.deepEqual([signedOff("usual"), await held(first)], [false, true]);
  await world.jump(100 * HOUR_SECONDS);
  await eventually(
    async () => signedOff("usual"),
    (done) => done,
  );
  await logIn();
  assert.equal(await held(first), false);
  await world.jump(200 * HOUR_SECONDS);
  await sleep(500);
  await logIn();
  assert.deepEqual([signedOff("holiday"), await held(second)], [false, true]);
}

/** A network that knows of the port sends its call to the gaining carrier, which has no route for the number yet: 404. */
async function learn(world: SandboxWorld, fast: boolean): Promise<void> {
  const number = "+16173540810";
  const port = await submit(telnyxOf(world), "PEER-N", [number]);
  const codes = async () =>
    (await testCalls(world, { number, network: "all" })).map((result) => (result as { code: number }).code);
  assert.deepEqual(new Set(await codes()), new Set([200]));
  await world.jump(5 * 24 * HOUR_SECONDS);
  await travel(world, await port.foc(), 1);
  assert.equal(await port.states(), "Active");
  await world.jump(11 * 60);
  const seen = new Set(await codes());
  // Without the switch it takes up to eight hours until the last one knows.
  assert.equal(seen.has(200), !fast, [...seen].join());
  await world.jump(8 * HOUR_SECONDS);
  assert.deepEqual(new Set(await codes()), new Set([404]));
}
