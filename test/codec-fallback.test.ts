import { afterEach, describe, expect, it } from "vitest";
import { frontFlow } from "../infra/front-flow";
import { callGcv, outcomeOf, SBC_NAME, SHADOW, startEdge, type World } from "../sandbox/edge/testing";

let world: World;
afterEach(() => world?.close());

const TABLE = "Cutover routing guide";
const column = (title: string, type: string) => ({ title, type });

/** The guide's numbers behind the flow that the program generates, every caller canaried, and a carrier that answers with `code`. */
async function start(code: number) {
  world = await startEdge();
  const { store, plan } = world;
  const [route] = store.sites.routesOf(world.site.id).all();
  const named = (id: string) => ({ id, name: id });
  store.sites.updateRoute(world.site.id, route!.id, { externalTrunkBases: [{ id: world.trunk.id }] }, named);
  const table = store.flows.tables.create({
    name: TABLE,
    schema: {
      type: "object",
      additionalProperties: false,
      required: ["key"],
      properties: {
        key: column("key", "string"),
        path: column("path", "string"),
        standby: column("standby", "string"),
        canaryPercent: column("canaryPercent", "integer"),
      },
    },
  });
  store.flows.tables.createRow(table.id, { key: "w1", path: "gcv", standby: "warm", canaryPercent: 100 });
  store.flows.createQueue({ name: plan.inbound.codecFallbackQueue }, 2);
  const numbers = plan.numbers.map((n) => n.number);
  const front = store.flows.publishText(
    frontFlow({
      name: "Main inbound front",
      flow: "Main inbound",
      shadow: SHADOW,
      parts: [{ part: "w1", ranges: [{ from: numbers[0]!, to: numbers.at(-1)! }] }],
      table: TABLE,
      inbound: plan.inbound,
    }),
  );
  const ivr = store.ivrs.ivrs.named("Main inbound")!;
  store.ivrs.update(ivr.id, { name: ivr.name, openHoursFlow: { id: front.id } });
  const pair = await world.authority.issue([SBC_NAME]);
  const carrier = await world.party({ tls: { host: world.hosts.sbc, port: 5061, ...pair } });
  carrier.onInvite = (call) => call.reject(code);
  const party = await world.party();
  return { store, call: () => callGcv(world, party, numbers[0]!) };
}

describe("a caller whose canary leg failed", () => {
  it.each([
    [488, "goes on by the direct path", "Main inbound", true],
    [488, "reaches the people who look for a codec when that fails too", "Codec fallback", false],
    [503, "reaches the failover queue when that fails too, not those people", "Overflow", false],
  ])("with %i %s", async (code, _, queue, direct) => {
    const { store, call } = await start(code);
    if (!direct) store.flows.deactivate("Main inbound");
    const leg = call();
    expect((await outcomeOf(leg)).heard).toContain(`queue="${queue}"`);
    await leg.hangup();
    expect(store.records.visible()[0]).toMatchObject({ queue, legs: [{ sipResponseCode: code }] });
  });
});
