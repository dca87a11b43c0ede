import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Telnyx from "telnyx";
import { eventually, refusal, type Suite } from "./harness";
import type { Sample } from "./models";
import type { SandboxWorld } from "./world";

const DAY_SECONDS = 86_400;

/** The Telnyx SDK against the carrier's API: ports from the draft to the last active number, routing per number, jobs, connections. */
export async function walkTelnyx(suite: Suite, world: SandboxWorld, root: string): Promise<Sample[]> {
  const client = new Telnyx({ apiKey: "sandbox", baseURL: `${world.carrier}/v2`, maxRetries: 0 });
  const numbers = readFileSync(`${root}/stacks/dev/numbers.csv`, "utf8").match(/^\+\d+/gm) as string[];
  const samples: Sample[] = [];
  const keep = <T>(type: string, value: T): T => {
    samples.push({ type: `Telnyx.${type}`, value: JSON.parse(JSON.stringify(value)) });
    return value;
  };
  await ports(suite, world, client, numbers, keep);
  await cancels(suite, client, numbers);
  await routing(suite, world, client, numbers, keep);
  return samples;
}

type Keep = <T>(type: string, value: T) => T;

async function ports(suite: Suite, world: SandboxWorld, client: Telnyx, numbers: string[], keep: Keep): Promise<void> {
  const own = numbers.slice(0, 30);
  await suite.check("Telnyx SDK: portability of the organisation's numbers and of a stranger's", async () => {
    const { data = [] } = await client.portabilityChecks.run({ phone_numbers: [own[0] as string, "+12125550000"] });
    assert.deepEqual(
      data.map((d) => d.portable),
      [true, false],
    );
  });
  let id = "";
  const statusOf = async () => (await client.portingOrders.retrieve(id)).data?.status?.value;
  const numberStates = async () => {
    const states: string[] = [];
    const listed = client.portingPhoneNumbers.list({
      filter: { porting_order_id: id } as never,
      "page[size]": 7,
    } as never);
    for await (const number of listed) states.push(String(number.activation_status));
    return states;
  };
  await suite.check(
    "Telnyx SDK: an order from draft over the FOC date to Active numbers; every state in its time",
    async () => {
      const made = await client.portingOrders.create({ phone_numbers: own, customer_reference: "PEER-1" });
      id = made.data?.[0]?.id as string;
      assert.equal(await statusOf(), "draft");
      const windows = await client.portingOrders.retrieveAllowedFocWindows(id);
      assert.ok((windows.data?.length ?? 0) > 5);
      const wanted = windows.data?.[9]?.started_at as string;
      const updated = await client.portingOrders.update(id, {
        activation_settings: { foc_datetime_requested: wanted },
      });
      assert.equal(updated.data?.activation_settings?.foc_datetime_requested, wanted);
      await client.portingOrders.actions.confirm(id);
      assert.equal(await statusOf(), "submitted");
      assert.deepEqual([...new Set(await numberStates())], ["Pending"]);
      await world.jump(5 * DAY_SECONDS);
      const foc = keep("PortingOrder", (await client.portingOrders.retrieve(id)).data);
      assert.equal(foc?.status?.value, "foc-date-confirmed");
      const actual = foc?.activation_settings?.foc_datetime_actual as string;
      assert.ok(actual.startsWith(wanted.slice(0, 10)), `${actual}, asked for ${wanted}`);
      // A confirmed date is not live.
      assert.deepEqual([...new Set(await numberStates())], ["Concurred"]);
      await world.jump(7 * DAY_SECONDS);
      const states = await numberStates();
      assert.equal(states.length, own.length);
      assert.deepEqual([...new Set(states)], ["Active"]);
      assert.equal(await statusOf(), "ported");
    },
  );
  await suite.check(
    "Telnyx SDK: numbers on an order, unknown orders and drafts without reference are refused",
    async () => {
      assert.equal((await refusal(client.portingOrders.create({ phone_numbers: [own[0] as string] }))).status, 422);
      assert.equal((await refusal(client.portingOrders.retrieve("00000000-0000-4000-8000-000000000000"))).status, 404);
      const made = await client.portingOrders.create({ phone_numbers: [numbers[100] as string] });
      const draft = made.data?.[0]?.id as string;
      assert.equal((await refusal(client.portingOrders.actions.confirm(draft))).status, 422);
      await client.portingOrders.delete(draft);
      assert.equal((await refusal(client.portingOrders.retrieve(draft))).status, 404);
    },
  );
  await suite.check("Telnyx SDK: the events of an order, and filters by status and reference", async () => {
    const events = await client.porting.events.list({ filter: { porting_order_id: id } as never });
    assert.ok(
      events.data.every((e) => e.event_type === "porting_order.status_changed"),
      JSON.stringify(events.data),
    );
    keep(
      "Porting.PortingEvent",
      events.data.find((e) => e.event_type === "porting_order.status_changed"),
    );
    const found = await client.portingOrders.list({
      filter: { customer_reference: "PEER-1", status: "ported" } as never,
    });
    assert.deepEqual(
      found.data.map((o) => o.id),
      [id],
    );
    const one = await client.portingPhoneNumbers.list({ filter: { porting_order_id: id } as never });
    keep("PortingPhoneNumber", one.data[0]);
  });
}

async function cancels(suite: Suite, client: Telnyx, numbers: string[]): Promise<void> {
  await suite.check("Telnyx SDK: an order is cancelled before its deadline, a ported one is not", async () => {
    const made = await client.portingOrders.create({
      phone_numbers: numbers.slice(40, 45),
      customer_reference: "PEER-2",
    });
    const id = made.data?.[0]?.id as string;
    await client.portingOrders.actions.confirm(id);
    const cancelled = await client.portingOrders.actions.cancel(id);
    assert.equal(cancelled.data?.status?.value, "cancel-pending");
    const [ported] = (await client.portingOrders.list({ filter: { customer_reference: "PEER-1" } as never })).data;
    assert.equal((await refusal(client.portingOrders.actions.cancel(ported?.id as string))).status, 422);
  });
}

async function routing(
  suite: Suite,
  world: SandboxWorld,
  client: Telnyx,
  numbers: string[],
  keep: Keep,
): Promise<void> {
  let connection = "";
  await suite.check("Telnyx SDK: FQDN connection and FQDN: create, read, update, list", async () => {
    const made = await client.fqdnConnections.create({ connection_name: "peers", transport_protocol: "TLS" } as never);
    connection = made.data?.id as string;
    keep("FqdnConnection", made.data);
    const fqdn = await client.fqdns.create({
      connection_id: connection,
      fqdn: "peers.byoc.use1.pure.cloud",
      dns_record_type: "a",
      port: 5061,
    } as never);
    keep("Fqdn", fqdn.data);
    await client.fqdns.update(fqdn.data?.id as string, { port: 5062 } as never);
    const listed = await client.fqdns.list({ filter: { connection_id: connection } as never });
    assert.deepEqual(
      listed.data.map((f) => f.port),
      [5062],
    );
    assert.equal(
      (await refusal(client.fqdns.create({ connection_id: "1", fqdn: "x.example", dns_record_type: "a" } as never)))
        .status,
      422,
    );
  });
  await suite.check("Telnyx SDK: a bulk job sets connection and translated number; each number says so", async () => {
    const own = numbers.slice(0, 3);
    const job = await client.phoneNumbers.jobs.updateBatch({
      phone_numbers: own,
      connection_id: connection,
      voice: { translated_number: "+15005550010" },
    } as never);
    const done = await eventually(
      async () => {
        await world.jump(30);
        return client.phoneNumbers.jobs.retrieve(job.data?.id as string);
      },
      (answer) => answer.data?.status === "completed",
    );
    keep("PhoneNumbers.PhoneNumbersJob", done.data);
    const listed = await client.phoneNumbers.list({ filter: { connection_id: connection } as never });
    assert.equal(listed.data.length, 3);
    keep("NumbersPhoneNumberDetailed", listed.data[0]);
    const voice = await client.phoneNumbers.voice.retrieve(listed.data[0]?.id as string);
    assert.equal(voice.data?.translated_number, "+15005550010");
    keep("PhoneNumbers.PhoneNumberWithVoiceSettings", voice.data);
  });
  await suite.check(
    "Telnyx SDK: a job puts numbers on an emergency address on file; on one that is not it fails",
    async () => {
      const wanted = { customer_reference: { eq: "ADDR-NORTH" } };
      const addresses = (await client.addresses.list({ filter: wanted } as never)).data;
      assert.equal(addresses.length, 1);
      keep("Address", addresses[0]);
      const own = numbers.slice(0, 2);
      const put = async (emergency_address_id: string) => {
        const body = { phone_numbers: own, emergency_enabled: true, emergency_address_id };
        const job = await client.phoneNumbers.jobs.updateEmergencySettingsBatch(body);
        return eventually(
          async () => {
            await world.jump(30);
            return client.phoneNumbers.jobs.retrieve(job.data?.id as string);
          },
          (answer) => answer.data?.status === "completed" || answer.data?.status === "failed",
        );
      };
      assert.equal((await put("0")).data?.status, "failed");
      const done = (await put(addresses[0]?.id as string)).data;
      assert.deepEqual([done?.status, done?.successful_operations?.length], ["completed", own.length]);
      keep("PhoneNumbers.PhoneNumbersJob", done);
      const filter = { phone_number: own[0] };
      const [voice] = (await client.phoneNumbers.voice.list({ filter } as never)).data;
      assert.deepEqual(
        [voice?.emergency?.emergency_enabled, voice?.emergency?.emergency_address_id],
        [true, addresses[0]?.id],
      );
      keep("PhoneNumbers.PhoneNumberWithVoiceSettings", voice);
    },
  );
  await suite.check("Telnyx SDK: without a key nothing is told", async () => {
    const answer = await fetch(`${world.carrier}/v2/phone_numbers`);
    assert.equal(answer.status, 401);
  });
}
