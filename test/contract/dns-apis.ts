import assert from "node:assert/strict";
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import Cloudflare from "cloudflare";
import { ask } from "./dns-servers";
import { eventually, refusal, type Suite } from "./harness";
import { route53Of, upsert } from "./route53";
import type { SandboxWorld } from "./world";

/** One of the weighted sets of a name. */
const weightedSet = (SetIdentifier: string, Weight: number, target: string): Change => {
  const { Action, ResourceRecordSet } = upsert("weighted.meridian.example", "CNAME", 60, [target]);
  return { Action, ResourceRecordSet: { ...(ResourceRecordSet as ResourceRecordSet), SetIdentifier, Weight } };
};

/** The AWS SDK for JavaScript against the Route 53 API. */
export async function walkRoute53(suite: Suite, world: SandboxWorld, dig: string | undefined): Promise<void> {
  const { client, zone, change } = route53Of(world);
  const zoneId = await zone("meridian.example");
  const batch = (...changes: Parameters<typeof change>[1]) =>
    client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } }));
  const held = async (name: string) =>
    (
      (await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name })))
        .ResourceRecordSets ?? []
    ).filter((set) => set.Name === `${name}.`);
  await suite.check("AWS SDK: a change is PENDING, then INSYNC", async () => {
    const { ChangeInfo } = await batch(upsert("peer.meridian.example", "CNAME", 60, ["a.example"]));
    assert.equal(ChangeInfo?.Status, "PENDING");
    await eventually(
      () => client.send(new GetChangeCommand({ Id: ChangeInfo.Id })),
      (answer) => answer.ChangeInfo?.Status === "INSYNC",
    );
    assert.equal((await held("peer.meridian.example"))[0]?.ResourceRecords?.[0]?.Value, "a.example");
  });
  await suite.check("AWS SDK: one wrong change of a batch, and nothing of it is done", async () => {
    const error = await refusal(
      batch(upsert("half.meridian.example", "A", 60, ["192.0.2.1"]), {
        ...upsert("peer.meridian.example", "CNAME", 61, ["a.example"]),
        Action: "DELETE",
      }),
    );
    assert.equal(error.name, "InvalidChangeBatch");
    assert.match(String(error.message ?? error.messages), /DELETE|delete/);
    assert.equal((await held("half.meridian.example")).length, 0);
  });
  await suite.check("AWS SDK: no CNAME beside other records, no CREATE of what exists", async () => {
    const beside = await refusal(
      batch({ ...upsert("peer.meridian.example", "A", 60, ["192.0.2.1"]), Action: "CREATE" }),
    );
    assert.equal(beside.name, "InvalidChangeBatch");
    const twice = await refusal(
      batch({ ...upsert("peer.meridian.example", "CNAME", 60, ["a.example"]), Action: "CREATE" }),
    );
    assert.equal(twice.name, "InvalidChangeBatch");
  });
  await suite.check(
    "AWS SDK: simple to weighted only by one batch of DELETE and CREATE; pages by name, type and identifier",
    async () => {
      const simple = upsert("peer.meridian.example", "CNAME", 60, ["a.example"]).ResourceRecordSet;
      const weighted = (SetIdentifier: string, Weight: number) =>
        ({
          Action: "CREATE",
          ResourceRecordSet: { ...simple, SetIdentifier, Weight, Name: "peer.meridian.example", Type: "CNAME" },
        }) as const;
      assert.equal((await refusal(batch(weighted("old", 90)))).name, "InvalidChangeBatch");
      await change(zoneId, [{ Action: "DELETE", ResourceRecordSet: simple }, weighted("new", 10), weighted("old", 90)]);
      const seen: string[] = [];
      let from: { StartRecordName?: string; StartRecordType?: "CNAME"; StartRecordIdentifier?: string } = {};
      for (let more = true; more; ) {
        const page = await client.send(
          new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: 1, ...from }),
        );
        for (const set of page.ResourceRecordSets ?? [])
          seen.push(`${set.Name} ${set.Type} ${set.SetIdentifier ?? ""}`.trim());
        more = page.IsTruncated === true;
        from = {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType as "CNAME",
          StartRecordIdentifier: page.NextRecordIdentifier,
        };
      }
      assert.equal(new Set(seen).size, seen.length);
      const own = seen.filter((each) => each.startsWith("peer."));
      assert.deepEqual(own, ["peer.meridian.example. CNAME new", "peer.meridian.example. CNAME old"]);
    },
  );
  if (dig)
    await suite.check(
      "AWS SDK and dig: of the weighted sets each answer has one, about as often as its weight says",
      async () => {
        const nameServer = world.dns.find((each) => each.provider === "route53" && each.view === "public")?.address;
        await change(zoneId, [
          { ...weightedSet("old", 75, "old.example"), Action: "CREATE" },
          { ...weightedSet("new", 25, "new.example"), Action: "CREATE" },
        ]);
        const counts = new Map<string, number>();
        for (let i = 0; i < 60; i++) {
          const { answers } = await ask(dig, nameServer as string, ["weighted.meridian.example", "CNAME"]);
          assert.equal(answers.length, 1);
          const target = answers[0]?.data as string;
          counts.set(target, (counts.get(target) ?? 0) + 1);
        }
        // Four standard deviations about 15 of 60.
        const share = counts.get("new.example.") ?? 0;
        assert.ok(share >= 2 && share <= 28, JSON.stringify([...counts]));
        assert.equal(share + (counts.get("old.example.") ?? 0), 60);
        // Weight 0 takes a set out of the answers.
        await change(zoneId, [weightedSet("new", 0, "new.example")]);
        for (let i = 0; i < 15; i++) {
          const { answers } = await ask(dig, nameServer as string, ["weighted.meridian.example", "CNAME"]);
          assert.equal(answers[0]?.data, "old.example.");
        }
      },
    );
  await suite.check("AWS SDK: an unknown zone is NoSuchHostedZone, an unknown change NoSuchChange", async () => {
    const wrong = new ListResourceRecordSetsCommand({ HostedZoneId: "Z0000000000000" });
    assert.equal((await refusal(client.send(wrong))).name, "NoSuchHostedZone");
    assert.equal((await refusal(client.send(new GetChangeCommand({ Id: "C000000000000" })))).name, "NoSuchChange");
  });
  await suite.check(
    "AWS SDK: over the documented rate some calls are Throttling (400); the SDK's retries bring all through",
    async () => {
      const impatient = route53Of(world, 1).client;
      const answers = await Promise.allSettled(
        Array.from({ length: 90 }, () => impatient.send(new ListHostedZonesCommand({}))),
      );
      const throttled = answers.filter((a) => a.status === "rejected").map((a) => a.reason);
      assert.ok(throttled.length >= 20 && throttled.length <= 60, `${throttled.length} of 90`);
      assert.ok(throttled.every((e) => e.name === "Throttling" && e.$metadata.httpStatusCode === 400));
      await Promise.all(Array.from({ length: 5 }, () => client.send(new ListHostedZonesCommand({}))));
    },
  );
}

/** The Cloudflare SDK against the Cloudflare API, and dig against what its name servers then say. */
export async function walkCloudflare(suite: Suite, world: SandboxWorld, dig: string | undefined): Promise<void> {
  const client = new Cloudflare({ apiToken: "sandbox", baseURL: world.cloudflare, maxRetries: 0 });
  const nameServer = world.dns.find((each) => each.provider === "cloudflare")?.address as string;
  const zones = await client.zones.list({ name: "meridian.example" });
  const zone_id = zones.result[0]?.id as string;
  const { records } = client.dns;
  const code = (error: Record<string, unknown>) => (error.errors as { code: number }[] | undefined)?.[0]?.code;
  await suite.check("Cloudflare SDK: create, read, edit, list, delete", async () => {
    const made = await records.create({
      zone_id,
      type: "CNAME",
      name: "peer.meridian.example",
      content: "a.example.",
      ttl: 300,
    });
    assert.equal((made as { content?: string }).content, "a.example");
    const edited = await records.edit(made.id, {
      zone_id,
      type: "CNAME",
      name: "peer.meridian.example",
      content: "b.example",
      ttl: 1,
    });
    assert.equal(edited.ttl, 1);
    const seen: string[] = [];
    for await (const record of records.list({ zone_id, per_page: 1 })) seen.push(record.id);
    assert.ok(seen.includes(made.id) && new Set(seen).size === seen.length);
    await records.delete(made.id, { zone_id });
    assert.equal((await refusal(records.get(made.id, { zone_id }))).status, 404);
  });
  await suite.check("Cloudflare SDK: a TTL under 60, a CNAME beside an A and a second CNAME are refused", async () => {
    const short = await refusal(
      records.create({ zone_id, type: "CNAME", name: "x.meridian.example", content: "a.example", ttl: 30 }),
    );
    assert.equal(short.status, 400);
    assert.equal(code(short), 9021);
    const beside = await refusal(
      records.create({ zone_id, type: "CNAME", name: "gcv.meridian.example", content: "a.example", ttl: 300 }),
    );
    assert.equal(beside.status, 400);
    const second = await refusal(
      records.create({ zone_id, type: "CNAME", name: "sip.meridian.example", content: "a.example", ttl: 300 }),
    );
    assert.equal(second.status, 400);
  });
  await suite.check("Cloudflare SDK: a batch is one transaction", async () => {
    const before = (await records.list({ zone_id })).result.length;
    await refusal(
      records.batch({
        zone_id,
        posts: [{ type: "A", name: "b1.meridian.example", content: "192.0.2.1", ttl: 300 }],
        deletes: [{ id: "00000000000000000000000000000000" }],
      }),
    );
    assert.equal((await records.list({ zone_id })).result.length, before);
    const done = await records.batch({
      zone_id,
      posts: [
        { type: "A", name: "b1.meridian.example", content: "192.0.2.1", ttl: 300 },
        { type: "A", name: "b2.meridian.example", content: "192.0.2.2", ttl: 300 },
      ],
    });
    await records.batch({ zone_id, deletes: (done.posts ?? []).map(({ id }) => ({ id })) });
    assert.equal((await records.list({ zone_id })).result.length, before);
  });
  if (dig)
    await suite.check(
      "Cloudflare: automatic TTL answers 300, a proxied name answers addresses instead of its CNAME",
      async () => {
        const made = await records.create({
          zone_id,
          type: "CNAME",
          name: "p.meridian.example",
          content: "a.example",
          ttl: 1,
        });
        const query = () => ask(dig, nameServer, ["p.meridian.example", "CNAME"]);
        await eventually(query, (a) => a.answers[0]?.ttl === 300);
        await records.edit(made.id, {
          zone_id,
          type: "CNAME",
          name: "p.meridian.example",
          content: "a.example",
          ttl: 1,
          proxied: true,
        });
        const proxied = await eventually(
          () => ask(dig, nameServer, ["p.meridian.example", "A"]),
          (a) => a.answers[0]?.type === "A",
        );
        assert.equal(proxied.answers[0]?.ttl, 300);
        assert.equal((await query()).answers.length, 0);
        await records.delete(made.id, { zone_id });
      },
    );
}

/** Uses up what five minutes allow: last of all in its world. */
export async function throttleCloudflare(suite: Suite, world: SandboxWorld): Promise<void> {
  const client = new Cloudflare({ apiToken: "sandbox", baseURL: world.cloudflare, maxRetries: 0 });
  await suite.check("Cloudflare SDK: after 1,200 requests everything is 429 with retry-after", async () => {
    let refused: Record<string, unknown> | undefined;
    let asked = 0;
    while (!refused && asked < 1300) {
      asked += 50;
      await Promise.all(
        Array.from({ length: 50 }, () =>
          client.zones.list({ name: "meridian.example" }).catch((error) => {
            refused = error;
          }),
        ),
      );
    }
    assert.equal(refused?.status, 429, `no refusal after ${asked}`);
    assert.ok(asked > 1000, `refused after ${asked} already`);
    const headers = refused.headers as Headers;
    assert.ok(Number(headers.get("retry-after")) > 0);
  });
}
