/** The Genesys Cloud provider at an organisation that takes only so many new numbers in one request (`--world genesys-ivr-numbers-per-put`). */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { genesyscloud } from "../providers/genesyscloud/provider";
import { ProviderUnderTest } from "../providers/lib/testing";
import { TestApi } from "../sandbox/genesys/api/testing";
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from "../sandbox/genesys/store";

const IVR = "genesyscloud:index/architectIvr:ArchitectIvr";
const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `+1646555${String(from + i).padStart(4, "0")}`);

let api: TestApi | undefined;
let clock: Server | undefined;
let provider: ProviderUnderTest | undefined;
afterEach(async () => {
  provider?.close();
  clock?.close();
  await api?.close();
  vi.unstubAllEnvs();
});

/** An organisation with a pool of 200 numbers and the limit, and the provider configured for it. */
async function organisation(dnisAddedPerPutMax: number) {
  const organisation = await TestApi.start({}, { dnisAddedPerPutMax });
  api = organisation;
  await organisation.ok("POST", "/telephony/providers/edges/didpools", {
    startPhoneNumber: numbers(0, 1)[0],
    endPhoneNumber: numbers(199, 1)[0],
    provider: "PURE_CLOUD",
  });
  // Waits of the provider pass at once.
  clock = createServer((_, res) => res.end(JSON.stringify({ now: organisation.clock.now() })));
  await new Promise<void>((ok) => clock?.listen(0, "127.0.0.1", ok));
  vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_ID", SANDBOX_CLIENT_ID);
  vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_SECRET", SANDBOX_CLIENT_SECRET);
  const { hostname: host, port } = new URL(organisation.url);
  provider = await ProviderUnderTest.of(genesyscloud);
  await provider.configure({
    gateways: JSON.stringify([{ protocol: "http", host, port }]),
    clock: `http://127.0.0.1:${(clock.address() as AddressInfo).port}`,
  });
  const openHoursFlowId = organisation.store.ivrs.ivrs.all()[0]?.openHoursFlow?.id as string;
  const bound = () => organisation.store.ivrs.ivrs.named("Big")?.dnis;
  const puts = () => organisation.api.log.filter((each) => each.method === "PUT" && each.status === 200).length;
  return { provider, openHoursFlowId, bound, puts };
}

test("fifty at a time: 120 numbers come and 130 others take their place", async () => {
  const { provider: p, openHoursFlowId, bound, puts } = await organisation(50);
  const made = await p.create(IVR, "big", { name: "Big", dnis: numbers(0, 120), openHoursFlowId });
  expect(new Set(bound())).toEqual(new Set(numbers(0, 120)));
  const before = puts();
  await p.update(made, { name: "Big", dnis: numbers(60, 130), openHoursFlowId });
  expect(new Set(bound())).toEqual(new Set(numbers(60, 130)));
  // 70 new ones.
  expect(puts() - before).toBeGreaterThanOrEqual(2);
});

test("an organisation that takes fewer refuses, and nothing is left half bound", async () => {
  const { provider: p, openHoursFlowId, bound } = await organisation(49);
  await expect(p.create(IVR, "big", { name: "Big", dnis: numbers(0, 120), openHoursFlowId })).rejects.toThrow(
    /At most 49 numbers/,
  );
  expect(bound()).toBeUndefined();
});
