import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Props } from "../../../providers/lib/values";
import { fixture } from "../../dns/fixture";
import { harness } from "../harness";
import { cloudflareProvider } from "./provider";

const TOKEN = "cloudflare:index/dnsRecord:DnsRecord";
const NAME = "sip.meridian.example";
const open = (baseUrl: string) => harness(cloudflareProvider(), { baseUrl }, TOKEN);

describe("Cloudflare stand-in against the sandbox's API", () => {
  let world: Awaited<ReturnType<typeof fixture>>;
  beforeEach(async () => {
    vi.stubEnv("CLOUDFLARE_API_TOKEN", "t");
    world = await fixture();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await world.close();
  });

  it("finds zone and record by name, adopts by <zone>/<record>, and updates in place", async () => {
    const cf = await open(world.cloudflare.url);
    const { zoneId } = await cf.invoke("cloudflare:index/getZone:getZone", { filter: { name: "meridian.example" } });
    const found = await cf.invoke("cloudflare:index/getDnsRecords:getDnsRecords", {
      zoneId,
      type: "CNAME",
      name: { exact: NAME },
    });
    const [record] = found.results as { id: string; content: string; ttl: number }[];
    expect(found.results).toHaveLength(1);
    expect(record).toMatchObject({ content: "gcv.meridian.example", ttl: 14_400 });
    const imported = await cf.read(`${String(zoneId)}/${record!.id}`);
    const declared: Props = {
      zoneId,
      name: NAME,
      type: "CNAME",
      ttl: 14_400,
      content: "gcv.meridian.example",
      proxied: false,
    };
    expect(imported?.id).toBe(record!.id);
    expect(await cf.diff(imported!.id, imported!.inputs, declared)).toEqual([]);
    const moved = { ...declared, ttl: 300, content: "Target.Example." };
    expect((await cf.diff(imported!.id, declared, moved)).map((d) => d.path).sort()).toEqual(["content", "ttl"]);
    await cf.update(imported!.id, moved, imported!.outputs, declared);
    const after = await cf.read(imported!.id, imported!.outputs, moved);
    expect(after?.inputs).toMatchObject({ ttl: 300, content: "target.example" });
    expect(await cf.diff(imported!.id, moved, after!.inputs)).toEqual([]);
  });

  it("creates, deletes, and a record that is gone reads as gone", async () => {
    const cf = await open(world.cloudflare.url);
    const { zoneId } = await cf.invoke("cloudflare:index/getZone:getZone", { filter: { name: "meridian.example" } });
    const inputs: Props = { zoneId, name: "new.meridian.example", type: "CNAME", ttl: 300, content: "a.example" };
    const made = await cf.create(inputs);
    expect(await cf.read(made.id, made.outputs, inputs)).not.toBeNull();
    await cf.remove(made.id, made.outputs);
    expect(await cf.read(made.id, made.outputs, inputs)).toBeNull();
    await cf.remove(made.id, made.outputs);
  });

  it("tells the API's reason for a refusal", async () => {
    const cf = await open(world.cloudflare.url);
    const { zoneId } = await cf.invoke("cloudflare:index/getZone:getZone", { filter: { name: "meridian.example" } });
    await expect(cf.create({ zoneId, name: NAME, type: "CNAME", ttl: 7, content: "a.example" })).rejects.toThrow(
      /answered 4\d\d/,
    );
    await expect(cf.invoke("cloudflare:index/getZone:getZone", { filter: { name: "nobody.example" } })).rejects.toThrow(
      "0 zones",
    );
  });

  it("refuses an address that is not loopback, and a run without a token", async () => {
    await expect(open("https://api.cloudflare.com/client/v4")).rejects.toThrow("loopback addresses only");
    vi.stubEnv("CLOUDFLARE_API_TOKEN", "");
    await expect(open(world.cloudflare.url)).rejects.toThrow("CLOUDFLARE_API_TOKEN is not set");
  });
});
