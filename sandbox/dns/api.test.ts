import { XMLParser } from "fast-xml-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { query } from "./client";
import { fixture } from "./fixture";
import { ROUTE53_LIMITS } from "./route53";

const NAME = "sip.meridian.example";
const NEW = "meridian-primary.byoc.use1.pure.cloud";
const xml = new XMLParser({
  parseTagValue: false,
  isArray: (name) => ["HostedZone", "ResourceRecordSet", "NameServer"].includes(name),
});
type World = Awaited<ReturnType<typeof fixture>>;
let world: World;
afterEach(() => world.close());

const served = async (provider: string, view = "public", name = NAME, type = "CNAME") => {
  const server = world.nameServers.find((each) => each.provider === provider && each.view === view);
  const { answers } = await query(server!.address, name, type);
  return answers.map((a) => ("data" in a && "ttl" in a ? `${a.data} ${a.ttl}` : a.type));
};

describe("Route 53 API", () => {
  beforeEach(async () => {
    world = await fixture();
  });
  const call = async (
    path: string,
    body?: string,
    headers: Record<string, string> = { authorization: "AWS4-HMAC-SHA256 Credential=any/20260601" },
  ) => {
    const reply = await fetch(`${world.route53.url}/2013-04-01/${path}`, {
      method: body ? "POST" : "GET",
      body,
      headers,
    });
    return { status: reply.status, body: xml.parse(await reply.text()) };
  };
  const zoneId = (view: string) => world.copies.find((each) => each.provider === "route53" && each.view === view)!.id;
  const change = (action: string, name: string, type: string, ttl: number, value: string, extra = "") =>
    `<Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>${type}</Type>${extra}<TTL>${ttl}</TTL><ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>`;
  const batch = (...changes: string[]) =>
    call(
      `hostedzone/${zoneId("public")}/rrset/`,
      `<?xml version="1.0"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Comment>c</Comment><Changes>${changes.join("")}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
    );

  it("lists zones by name, the private one marked", async () => {
    const { body } = await call("hostedzonesbyname?dnsname=meridian.example");
    const zones = body.ListHostedZonesByNameResponse.HostedZones.HostedZone;
    expect(
      zones.map((z: { Name: string; Config: { PrivateZone: string } }) => `${z.Name} ${z.Config.PrivateZone}`).sort(),
    ).toEqual(["meridian.example. false", "meridian.example. true"]);
    const one = await call(`hostedzone/${zoneId("public")}`);
    expect(one.body.GetHostedZoneResponse.HostedZone[0].Id).toBe(`/hostedzone/${zoneId("public")}`);
    expect(one.body.GetHostedZoneResponse.DelegationSet.NameServers.NameServer).toHaveLength(4);
    expect((await call("hostedzone/ZNONE")).body.ErrorResponse.Error.Code).toBe("NoSuchHostedZone");
  });

  it("UPSERT is PENDING, then INSYNC and served; the other copies stay as they were", async () => {
    expect(await served("route53")).toEqual(["gcv.meridian.example 3600"]);
    const { body } = await batch(change("UPSERT", `${NAME}.`, "CNAME", 300, NEW));
    const info = body.ChangeResourceRecordSetsResponse.ChangeInfo;
    expect(info.Status).toBe("PENDING");
    const id = info.Id.replace("/change/", "");
    const status = async () => (await call(`change/${id}`)).body.GetChangeResponse.ChangeInfo.Status;
    await expect.poll(status).toBe("INSYNC");
    expect(await served("route53")).toEqual([`${NEW} 300`]);
    expect(await served("route53", "private")).toEqual(["gcv.meridian.example 3600"]);
    expect(await served("cloudflare")).toEqual(["gcv.meridian.example 14400"]);
    expect(world.route53.requests()).toMatchObject({ writes: 1, throttled: 0 });
  });

  it("pages record sets by reversed labels", async () => {
    await batch(
      change("CREATE", "b.meridian.example", "A", 60, "127.0.0.1"),
      change("CREATE", "*.a.meridian.example", "A", 60, "127.0.0.1"),
    );
    const names: string[] = [];
    let path = "?maxitems=2";
    for (;;) {
      const { ListResourceRecordSetsResponse: page } = (await call(`hostedzone/${zoneId("public")}/rrset${path}`)).body;
      names.push(
        ...page.ResourceRecordSets.ResourceRecordSet.map((s: { Name: string; Type: string }) => `${s.Name} ${s.Type}`),
      );
      if (page.IsTruncated === "false") break;
      path = `?maxitems=2&name=${encodeURIComponent(page.NextRecordName)}&type=${page.NextRecordType}`;
    }
    expect(names).toEqual([
      "meridian.example. NS",
      "meridian.example. SOA",
      "\\052.a.meridian.example. A",
      "b.meridian.example. A",
      "gcv.meridian.example. A",
      "sip.meridian.example. CNAME",
    ]);
  });

  it("a batch is all or nothing, and every problem is told", async () => {
    const { status, body } = await batch(
      change("UPSERT", NAME, "CNAME", 60, NEW),
      change("CREATE", NAME, "A", 60, "127.0.0.1"),
      change("CREATE", "meridian.example", "CNAME", 60, NEW),
      change("DELETE", "gcv.meridian.example", "A", 60, "127.9.9.9"),
      change("CREATE", "www.other.example", "A", 60, "127.0.0.1"),
    );
    const { Code, Message } = body.ErrorResponse.Error;
    expect([status, Code]).toEqual([400, "InvalidChangeBatch"]);
    for (const part of [
      "conflicts with other records",
      "not permitted at apex",
      "do not match the current values",
      "not permitted in zone",
    ]) {
      expect(Message).toContain(part);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await served("route53")).toEqual(["gcv.meridian.example 3600"]);
  });

  it.each([
    ["an unknown action", change("MOVE", NAME, "CNAME", 60, NEW), "InvalidInput"],
    ["a bad address", change("CREATE", "x.meridian.example", "A", 60, "localhost"), "InvalidChangeBatch"],
    ["a bad TTL", change("UPSERT", NAME, "CNAME", -1, NEW), "InvalidInput"],
    ["no change", "", "MalformedInput"],
    ["something that exists", change("CREATE", NAME, "CNAME", 60, NEW), "InvalidChangeBatch"],
    ["something that is not there", change("DELETE", "x.meridian.example", "A", 60, "127.0.0.1"), "InvalidChangeBatch"],
    [
      "weighted beside plain",
      change("CREATE", NAME, "CNAME", 60, NEW, "<SetIdentifier>a</SetIdentifier><Weight>1</Weight>"),
      "InvalidChangeBatch",
    ],
    ["the apex NS", change("DELETE", "meridian.example", "NS", 172800, "x.example"), "InvalidChangeBatch"],
  ])("refuses %s", async (_, xmlChange, code) => {
    const { status, body } = await batch(xmlChange);
    expect([status, body.ErrorResponse.Error.Code, body.ErrorResponse.Error.Type]).toEqual([400, code, "Sender"]);
  });

  it("answers weighted sets by weight", async () => {
    const weighted = (id: string, weight: number) => `<SetIdentifier>${id}</SetIdentifier><Weight>${weight}</Weight>`;
    await batch(
      change("DELETE", NAME, "CNAME", 3600, "gcv.meridian.example"),
      change("CREATE", NAME, "CNAME", 60, "gcv.meridian.example", weighted("old", 0)),
      change("CREATE", NAME, "CNAME", 60, NEW, weighted("new", 255)),
    );
    await expect.poll(() => served("route53")).toEqual([`${NEW} 60`]);
    for (let i = 0; i < 10; i++) expect(await served("route53")).toEqual([`${NEW} 60`]);
  });

  it("throttles by token bucket and asks for a signature", async () => {
    await world.close();
    world = await fixture({ route53Limits: ROUTE53_LIMITS.former });
    const replies = await Promise.all(Array.from({ length: 12 }, () => call("hostedzone")));
    const refused = replies.filter((each) => each.status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(6);
    expect(refused[0]!.body.ErrorResponse.Error).toMatchObject({ Code: "Throttling", Message: "Rate exceeded" });
    expect(world.route53.requests().throttled).toBe(refused.length);
    expect((await call("hostedzone", undefined, {})).body.ErrorResponse.Error.Code).toBe("MissingAuthenticationToken");
  });
});

describe("Cloudflare API", () => {
  beforeEach(async () => {
    world = await fixture();
  });
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: "Bearer any" },
  ) => {
    const reply = await fetch(world.cloudflare.url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return {
      status: reply.status,
      headers: reply.headers,
      body: (await reply.json()) as {
        success: boolean;
        result: never;
        errors: { code: number }[];
        result_info: unknown;
      },
    };
  };
  const records = async (search = "") => {
    const { body } = await call("GET", `/zones/${await zone()}/dns_records${search}`);
    return body.result as { id: string; name: string; type: string; content: string; ttl: number; proxied: boolean }[];
  };
  const zone = async () => {
    const { body } = await call("GET", "/zones?name=meridian.example");
    return (body.result as { id: string }[])[0]!.id;
  };

  it("lists the zone's records in the envelope, without the apex SOA and NS", async () => {
    const { body } = await call("GET", `/zones/${await zone()}/dns_records?per_page=1&page=2`);
    expect(body).toMatchObject({
      success: true,
      errors: [],
      result_info: { page: 2, per_page: 1, count: 1, total_count: 2, total_pages: 2 },
    });
    expect((await records()).map((r) => `${r.name} ${r.type}`)).toEqual([
      "gcv.meridian.example A",
      "sip.meridian.example CNAME",
    ]);
    expect(await records("?page=3")).toEqual([]);
    expect((await records(`?name.exact=${NAME}&type=CNAME`))[0]).toMatchObject({
      content: "gcv.meridian.example",
      ttl: 14_400,
      proxied: false,
    });
  });

  it("PATCH keeps the other fields, strips the trailing dot and is served soon", async () => {
    const [record] = await records(`?name=${NAME}`);
    const { body } = await call("PATCH", `/zones/${await zone()}/dns_records/${record!.id}`, {
      content: `${NEW}.`,
      ttl: 300,
    });
    expect(body.result).toMatchObject({ id: record!.id, name: NAME, content: NEW, ttl: 300 });
    await expect.poll(() => served("cloudflare")).toEqual([`${NEW} 300`]);
    expect(await served("route53")).toEqual(["gcv.meridian.example 3600"]);
    expect(world.cloudflare.requests()).toEqual({ reads: 3, writes: 1, throttled: 0 });
  });

  it("creates, replaces and deletes; automatic TTL is served as 300", async () => {
    const at = `/zones/${await zone()}/dns_records`;
    const made = await call("POST", at, { name: "new", type: "A", content: "127.0.0.1", ttl: 1 });
    const { id } = made.body.result as { id: string };
    expect(made.body.result).toMatchObject({ name: "new.meridian.example", proxiable: true });
    await expect.poll(() => served("cloudflare", "public", "new.meridian.example", "A")).toEqual(["127.0.0.1 300"]);
    await call("PUT", `${at}/${id}`, { name: "new", type: "A", content: "127.0.0.2", ttl: 60 });
    await expect.poll(() => served("cloudflare", "public", "new.meridian.example", "A")).toEqual(["127.0.0.2 60"]);
    expect((await call("DELETE", `${at}/${id}`)).body.result).toEqual({ id });
    await expect.poll(() => served("cloudflare", "public", "new.meridian.example", "A")).toEqual([]);
    expect((await call("GET", `${at}/${id}`)).body.errors[0]!.code).toBe(81_044);
  });

  it("a batch is one transaction in the order deletes, patches, puts, posts", async () => {
    const at = `/zones/${await zone()}/dns_records/batch`;
    const [record] = await records(`?name=${NAME}`);
    const failed = await call("POST", at, { deletes: [{ id: record!.id }], patches: [{ id: "missing", ttl: 60 }] });
    expect([failed.status, failed.body.errors[0]!.code]).toEqual([404, 81_044]);
    expect(await records(`?name=${NAME}`)).toHaveLength(1);
    const done = await call("POST", at, {
      posts: [{ name: NAME, type: "A", content: "127.0.0.1", ttl: 60 }],
      deletes: [{ id: record!.id }],
    });
    expect(done.body.result).toMatchObject({ deletes: [{ id: record!.id }], posts: [{ type: "A" }] });
    await expect.poll(() => served("cloudflare", "public", NAME, "A")).toEqual(["127.0.0.1 60"]);
  });

  it("a proxied name answers Cloudflare's addresses, not its target", async () => {
    const [record] = await records(`?name=${NAME}`);
    const { body } = await call("PATCH", `/zones/${await zone()}/dns_records/${record!.id}`, {
      proxied: true,
      ttl: 3600,
    });
    expect(body.result).toMatchObject({ proxied: true, ttl: 1 });
    await expect
      .poll(() => served("cloudflare", "public", NAME, "A"))
      .toEqual(["104.16.132.229 300", "104.16.133.229 300"]);
  });

  it.each([
    ["a TTL below 60", { name: "x", type: "A", content: "127.0.0.1", ttl: 30 }, 9021],
    ["a name for an address", { name: "x", type: "A", content: "gcv.meridian.example" }, 9005],
    ["a second CNAME", { name: NAME, type: "CNAME", content: "other.example" }, 81_053],
    ["an address beside a CNAME", { name: NAME, type: "A", content: "127.0.0.1" }, 81_054],
    ["a CNAME beside an address", { name: "gcv", type: "CNAME", content: "other.example" }, 81_053],
    ["the same again", { name: NAME, type: "CNAME", content: "gcv.meridian.example." }, 81_058],
    [
      "a proxied SRV",
      {
        name: "_sips._tcp",
        type: "SRV",
        data: { priority: 1, weight: 1, port: 5061, target: "a.example" },
        proxied: true,
      },
      9004,
    ],
    ["an unknown type", { name: "x", type: "WKS", content: "1" }, 9004],
  ])("refuses %s", async (_, body, code) => {
    const reply = await call("POST", `/zones/${await zone()}/dns_records`, body);
    expect([reply.status, reply.body.success, reply.body.errors[0]!.code]).toEqual([400, false, code]);
  });

  it("knows its routes and wants a token", async () => {
    expect((await call("GET", "/zones/0000/dns_records")).body.errors[0]!.code).toBe(7003);
    expect((await call("GET", "/zones", undefined, {})).body.errors[0]!.code).toBe(9106);
  });
});
