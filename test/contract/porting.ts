import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type Telnyx from "telnyx";
import { telnyxOf } from "./carriers";
import { eventually, refusal, sleep, type Suite } from "./harness";
import { type SandboxWorld, startWorld } from "./world";

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

/** Switches of the world of the checks below: each fault for an order of its own. */
export const PORT_SWITCHES = [
  "port=split:48:PEER-S",
  "port=slip:24:PEER-S",
  "port=on-demand:6:PEER-D",
  "port=on-demand:6:PEER-W",
  "port=rejected::PEER-R",
  "port=early:6:PEER-E",
  "port=reverted:4:PEER-V",
] as const;

/** An order that was sent on, and ways to look at it. */
export async function submit(client: Telnyx, reference: string, numbers: readonly string[], more: object = {}) {
  const made = await client.portingOrders.create({ phone_numbers: [...numbers], customer_reference: reference });
  const id = made.data?.[0]?.id as string;
  if (Object.keys(more).length > 0) await client.portingOrders.update(id, more);
  await client.portingOrders.actions.confirm(id);
  const order = async () => (await client.portingOrders.retrieve(id)).data;
  return {
    id,
    order,
    status: async () => (await order())?.status?.value,
    foc: async () => (await order())?.activation_settings?.foc_datetime_actual as string,
    /** Activation states of an order's numbers, each once. */
    states: async (of = id) => {
      const page = await client.portingPhoneNumbers.list({ filter: { porting_order_id: of } as never });
      return [...new Set((page.data as { activation_status?: string }[]).map((n) => n.activation_status))].join();
    },
  };
}

/** World time, ms. */
export async function now(world: SandboxWorld): Promise<number> {
  return Date.parse(((await (await fetch(`${world.clock}/now`)).json()) as { now: string }).now);
}

/** Moves the world to an instant (ISO), give or take seconds. */
export const travel = async (world: SandboxWorld, at: string, moreSeconds: number) =>
  world.jump(Math.max(1, (Date.parse(at) - (await now(world))) / 1000 + moreSeconds));

/** A world with PORT_SWITCHES: ports that go other ways, as the Telnyx SDK meets them. */
export async function meetPortFaults(suite: Suite, world: SandboxWorld, root: string): Promise<void> {
  const client = telnyxOf(world);
  const numbers = readFileSync(`${root}/stacks/dev/numbers.csv`, "utf8").match(/^\+\d+/gm) as string[];
  const part = (i: number) => numbers.slice(10 * i, 10 * i + 10);
  await splitAndSlipped(suite, world, client, part(0));
  await onDemand(suite, world, client, [part(1), part(2)]);
  await exception(suite, world, client, part(3));
  await earlyAndReverted(suite, world, client, [part(4), part(5)]);
}

async function splitAndSlipped(suite: Suite, world: SandboxWorld, client: Telnyx, numbers: string[]): Promise<void> {
  await suite.check(
    "Telnyx SDK: a split order goes live in two parts; the event names the child; a date slips",
    async () => {
      const { id, foc, states } = await submit(client, "PEER-S", numbers);
      await world.jump(6 * DAY_SECONDS);
      const events = (await client.porting.events.list({ filter: { porting_order_id: id } as never })).data;
      const split = (events as { event_type?: string; payload?: unknown }[]).find(
        (e) => e.event_type === "porting_order.split",
      ) as { payload?: { to?: { id?: string } } } | undefined;
      const child = split?.payload?.to?.id as string;
      const first = await foc();
      const both = () => Promise.all([states(), states(child)]);
      assert.deepEqual(await both(), ["Concurred", "Concurred"]);
      const seen = new Set<string>();
      for (let day = 0; day < 20; day++) {
        seen.add((await both()).join(" / "));
        await world.jump(DAY_SECONDS / 2);
      }
      assert.ok(seen.has("Active / Concurred") || seen.has("Concurred / Active"), [...seen].join("; "));
      assert.deepEqual(await both(), ["Active", "Active"]);
      const actual = await foc();
      assert.ok(Date.parse(actual) - Date.parse(first) >= 23 * 3_600_000, `${first} slipped to ${actual}`);
    },
  );
}

async function onDemand(suite: Suite, world: SandboxWorld, client: Telnyx, [asked = [], waited = []]: string[][]) {
  await suite.check("Telnyx SDK: activation on demand, inside its window only, once, by a job that ends", async () => {
    const port = await submit(client, "PEER-D", asked);
    assert.equal((await refusal(client.portingOrders.actions.activate(port.id))).status, 422);
    await world.jump(5 * DAY_SECONDS);
    assert.equal((await port.order())?.activation_settings?.fast_port_eligible, true);
    assert.equal((await refusal(client.portingOrders.actions.activate(port.id))).status, 422);
    await travel(world, await port.foc(), 60);
    assert.equal(await port.states(), "Activate RDY");
    const job = (await client.portingOrders.actions.activate(port.id)).data;
    assert.deepEqual([job?.activation_type, job?.status], ["on-demand", "in-process"]);
    assert.equal((await refusal(client.portingOrders.actions.activate(port.id))).status, 422);
    assert.equal(await port.states(), "Activate RDY");
    await world.jump(20 * 60);
    assert.equal(await port.states(), "Active");
    const done = await client.portingOrders.activationJobs.retrieve(job?.id as string, { id: port.id });
    assert.equal(done.data?.status, "completed");
  });
  await suite.check("Telnyx SDK: what nobody activates goes live by itself at the end of its window", async () => {
    const port = await submit(client, "PEER-W", waited);
    await world.jump(5 * DAY_SECONDS);
    const foc = await port.foc();
    await travel(world, foc, 6 * HOUR_SECONDS - 120);
    assert.equal(await port.states(), "Activate RDY");
    await travel(world, foc, 6 * HOUR_SECONDS + 120);
    assert.equal(await port.states(), "Active");
    const jobs = await client.portingOrders.activationJobs.list(port.id);
    assert.equal(jobs.data.length, 0);
  });
}

async function exception(suite: Suite, world: SandboxWorld, client: Telnyx, numbers: string[]): Promise<void> {
  await suite.check(
    "Telnyx SDK: a rejected order is an exception with its code; sent on again it is ported",
    async () => {
      const port = await submit(client, "PEER-R", numbers);
      await world.jump(5 * DAY_SECONDS);
      const order = await port.order();
      assert.equal(order?.status?.value, "exception");
      assert.equal(order?.status?.details?.[0]?.code, "ACCOUNT_NUMBER_MISMATCH");
      assert.equal(await port.states(), "Conflict");
      await client.portingOrders.actions.confirm(port.id);
      await world.jump(20 * DAY_SECONDS);
      assert.deepEqual([await port.status(), await port.states()], ["ported", "Active"]);
    },
  );
}

async function earlyAndReverted(suite: Suite, world: SandboxWorld, client: Telnyx, parts: string[][]): Promise<void> {
  await suite.check("Telnyx SDK: numbers may be live before their date, and be taken back after it", async () => {
    const early = await submit(client, "PEER-E", parts[0] ?? []);
    const reverted = await submit(client, "PEER-V", parts[1] ?? []);
    await world.jump(5 * DAY_SECONDS);
    await travel(world, await early.foc(), -5 * HOUR_SECONDS);
    assert.equal(await early.states(), "Active");
    const foc = await reverted.foc();
    if (Date.parse(foc) > (await now(world))) await travel(world, foc, 60);
    const seen = new Set<string>();
    for (let hour = 0; hour < 40; hour++) {
      seen.add(await reverted.states());
      await world.jump(HOUR_SECONDS);
    }
    assert.ok(seen.has("Active") && seen.has("Conflict"), [...seen].join());
    assert.equal(await reverted.states(), "Active");
  });
}

/** An event as it arrives. */
interface Hook {
  data: { id: string; event_type: string; occurred_at: string; payload: { status?: { value?: string } } };
}

/** A customer's server for webhooks. */
async function listener(): Promise<{ url: string; heard: Hook[]; close(): void }> {
  const heard: Hook[] = [];
  const server = createServer((req, res) => {
    let text = "";
    req.on("data", (chunk) => {
      text += chunk;
    });
    req.on("end", () => {
      heard.push(JSON.parse(text) as Hook);
      res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    close: () => server.close(),
  };
}

/** One order, and what its webhooks said, beside what the API says happened. */
async function webhooksOf(suite: Suite, root: string, manner: string): Promise<{ heard: Hook[]; events: string[] }> {
  const world = await startWorld(suite, root, "test/estates/guide", ["--world", `webhooks=${manner}`]);
  const { url, heard, close } = await listener();
  const client = telnyxOf(world);
  const numbers = readFileSync(`${root}/test/estates/guide/numbers.csv`, "utf8").match(/^\+\d+/gm) as string[];
  const port = await submit(client, "PEER-H", numbers.slice(0, 4), { webhook_url: url } as object);
  await world.jump(20 * DAY_SECONDS);
  const done = await client.porting.events.list({ filter: { porting_order_id: port.id } as never });
  const events = (done.data as { id?: string; created_at?: string }[])
    .sort((a, b) => String(a.created_at).localeCompare(String(b.created_at)))
    .map((each) => String(each.id));
  const expected =
    manner === "doubled" ? 2 * events.length : manner === "lost" ? Math.ceil(events.length / 2) : events.length;
  await eventually(
    async () => heard.length,
    (count) => count >= expected,
    5000,
    50,
  ).catch(() => {});
  await sleep(400);
  close();
  await world.stop();
  return { heard, events };
}

/** Webhooks come once and in order, or lost, doubled, out of order: each a switch. */
export async function meetWebhooks(suite: Suite, root: string): Promise<void> {
  const ids = (heard: Hook[]) => heard.map((hook) => hook.data.id);
  await suite.check("webhooks of an order: each event once and in order, with the status it had then", async () => {
    const { heard, events } = await webhooksOf(suite, root, "ordered");
    assert.ok(events.length >= 3, events.join());
    assert.deepEqual(ids(heard), events);
    const statuses = heard.map((hook) => hook.data.payload.status?.value);
    assert.deepEqual(statuses, ["submitted", "foc-date-confirmed", "ported"]);
  });
  await suite.check("webhooks=doubled, lost, disordered: twice each, every second one, not in order", async () => {
    const doubled = await webhooksOf(suite, root, "doubled");
    assert.deepEqual(
      ids(doubled.heard),
      doubled.events.flatMap((id) => [id, id]),
    );
    const lost = await webhooksOf(suite, root, "lost");
    assert.deepEqual(
      ids(lost.heard),
      lost.events.filter((_, i) => i % 2 === 0),
    );
    const disordered = await webhooksOf(suite, root, "disordered");
    assert.deepEqual(new Set(ids(disordered.heard)), new Set(disordered.events));
    assert.notDeepEqual(ids(disordered.heard), disordered.events);
  });
}
