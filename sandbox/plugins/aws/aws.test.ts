import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Props } from "../../../providers/lib/values";
import { query } from "../../dns/client";
import { fixture } from "../../dns/fixture";
import { harness } from "../harness";
import { awsProvider } from "./provider";
import { signedHeaders } from "../../../providers/lib/sigv4";

const TOKEN = "aws:route53/record:Record";
const NAME = "sip.meridian.example";
const open = (url: string) =>
  harness(awsProvider(), { endpoints: JSON.stringify([{ route53: url }]), region: "us-east-1" }, TOKEN);

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
});
afterEach(() => vi.unstubAllEnvs());

describe("signature version 4", () => {
  // AWS' published test suite, case get-vanilla-query-order-key-case.
  it("signs the published example", () => {
    const headers = signedHeaders(
      { method: "GET", url: new URL("http://example.amazonaws.com/?Param2=value2&Param1=value1"), body: "" },
      { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
      new Date("2015-08-30T12:36:00Z"),
      { region: "us-east-1", service: "service" },
    );
    expect(headers.authorization).toContain(
      "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    );
  });
});

describe("Route 53 stand-in against the sandbox's API", () => {
  let world: Awaited<ReturnType<typeof fixture>>;
  beforeEach(async () => {
    world = await fixture();
  });
  afterEach(() => world.close());

  const served = async (view = "public", name = NAME) => {
    const server = world.nameServers.find((s) => s.provider === "route53" && s.view === view);
    const { answers } = await query(server!.address, name, "CNAME");
    return answers.map((a) => ("data" in a && "ttl" in a ? `${a.data} ${a.ttl}` : a.type));
  };

  it("finds the public and the private zone of one name", async () => {
    const aws = await open(world.route53.url);
    const [open_, closed] = await Promise.all([
      aws.invoke("aws:route53/getZone:getZone", { name: "meridian.example", privateZone: false }),
      aws.invoke("aws:route53/getZone:getZone", { name: "meridian.example.", privateZone: true }),
    ]);
    expect(open_).toMatchObject({ name: "meridian.example", privateZone: false });
    expect(closed).toMatchObject({ privateZone: true });
    expect(open_.zoneId).not.toBe(closed.zoneId);
    await expect(aws.invoke("aws:route53/getZone:getZone", { name: "nobody.example" })).rejects.toThrow(
      "0 public hosted zones",
    );
  });

  it("adopts by import id, changes the TTL in place, and sees drift", async () => {
    const aws = await open(world.route53.url);
    const { zoneId } = await aws.invoke("aws:route53/getZone:getZone", { name: "meridian.example" });
    const id = `${String(zoneId)}_${NAME}_CNAME`;
    const imported = await aws.read(id);
    const declared: Props = { zoneId, name: NAME, type: "CNAME", ttl: 3600, records: ["gcv.meridian.example"] };
    expect(imported).toMatchObject({ id, inputs: declared });
    expect(await aws.diff(id, imported!.inputs, declared)).toEqual([]);
    const lowered = { ...declared, ttl: 300 };
    expect(await aws.diff(id, declared, lowered)).toEqual([{ path: "ttl", kind: "update" }]);
    await aws.update(id, lowered, imported!.outputs, declared);
    expect(await served()).toEqual(["gcv.meridian.example 300"]);
    expect(await served("private")).toEqual(["gcv.meridian.example 3600"]);
    expect((await aws.read(id, imported!.outputs, declared))?.inputs.ttl).toBe(300);
  });

  it("creates, refuses a second one of the name without allowOverwrite, deletes, and is then gone", async () => {
    const aws = await open(world.route53.url);
    const { zoneId } = await aws.invoke("aws:route53/getZone:getZone", { name: "meridian.example" });
    const inputs: Props = { zoneId, name: "new.meridian.example", type: "CNAME", ttl: 60, records: ["a.example"] };
    const made = await aws.create(inputs);
    expect(made.outputs.fqdn).toBe("new.meridian.example");
    expect(await served("public", "new.meridian.example")).toEqual(["a.example 60"]);
    await expect(aws.create(inputs)).rejects.toThrow(/InvalidChangeBatch/);
    expect((await aws.create({ ...inputs, ttl: 61, allowOverwrite: true })).id).toBe(made.id);
    await aws.remove(made.id, made.outputs);
    expect(await aws.read(made.id, made.outputs, inputs)).toBeNull();
  });
});

describe("throttling and refusals", () => {
  const fault = (code: string) =>
    `<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
  const serve = async (answers: [number, string][]) => {
    let asked = 0;
    const server = createServer((_req, res) => {
      const [status, body] = answers[Math.min(asked++, answers.length - 1)]!;
      res.writeHead(status, { "content-type": "text/xml" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked: () => asked,
      close: () => server.close(),
    };
  };
  const done = `<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status></ChangeInfo></ChangeResourceRecordSetsResponse>`;
  const inputs: Props = { zoneId: "Z1", name: NAME, type: "CNAME", ttl: 300, records: ["x.example"] };

  it("tries again when told Throttling or PriorRequestNotComplete, both HTTP 400", async () => {
    const api = await serve([
      [400, fault("Throttling")],
      [400, fault("PriorRequestNotComplete")],
      [200, done],
    ]);
    const aws = await open(api.url);
    await aws.create(inputs);
    expect(api.asked()).toBe(3);
    api.close();
  });

  it("does not try again what will not change, and tells AWS' reason", async () => {
    const api = await serve([[400, fault("InvalidInput")]]);
    const aws = await open(api.url);
    await expect(aws.create(inputs)).rejects.toThrow(/400 InvalidInput: no/);
    expect(api.asked()).toBe(1);
    api.close();
  });

  it("refuses every address that is not loopback", async () => {
    await expect(open("https://route53.amazonaws.com")).rejects.toThrow("loopback addresses only");
    await expect(harness(awsProvider(), { region: "us-east-1" }, TOKEN)).rejects.toThrow("is not set");
  });

  it("a preview asks nobody", async () => {
    const api = await serve([[200, done]]);
    const aws = await open(api.url);
    await aws.create(inputs, true);
    expect(api.asked()).toBe(0);
    api.close();
  });
});
