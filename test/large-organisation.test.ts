import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { discover } from "../daily/discover/command";
import { loadPlan } from "../model/plan";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import { createWorld, type World } from "../sandbox/world";

/** More pages of single numbers than an OAuth client may ask for in a minute. */
const NUMBERS = 31_000;
const dir = mkdtempSync(join(tmpdir(), "cutover-large-"));
let world: World | undefined;
afterAll(async () => {
  await world?.close();
  rmSync(dir, { recursive: true, force: true });
});

it("an organisation of 31,000 scattered numbers is read whole, within 300 requests a minute, with progress", async () => {
  const dev = loadPlan("stacks/dev");
  const numbers = Array.from({ length: NUMBERS }, (_, i) => ({
    ...dev.numbers[0]!,
    number: `+1212${2_000_000 + i * 2}`,
    flow: `Flow ${i % 250}`,
    callRoute: `Flow ${i % 250}`,
    site: ["HQ", "North"][i % 2]!,
  }));
  const plan = { ...dev, numbers, parts: [{ id: "w1", wave: "w1", numbers: numbers.map((n) => n.number) }] };
  world = await createWorld({ plan, seed: 1, mode: "auto", desk: join(dir, "desk") });
  const { genesys, clock, route53, cloudflare, control } = world.addresses();
  const url = new URL(genesys);
  const settings = { gateways: [{ protocol: "http", host: url.hostname, port: url.port }], clock, route53, cloudflare };
  const told: string[] = [];
  const estate = await discover({
    out: dir,
    settings,
    zones: [],
    records: [],
    force: false,
    env: SANDBOX_CREDENTIALS,
    progress: (what, done, total) => told.push(total === undefined ? what : `${what} ${done} of ${total}`),
  });
  expect(estate.counts).toMatchObject({ numbers: NUMBERS, flows: 250, sites: 2 });
  const { genesys: asked } = (await (await fetch(`${control}/requests`)).json()) as {
    genesys: { reads: number; writes: number; throttled: number };
  };
  expect(asked).toMatchObject({ writes: 0, throttled: 0 });
  expect(asked.reads).toBeGreaterThan(310);
  expect(told).toEqual(expect.arrayContaining([`number pools 0 of ${NUMBERS}`, `number pools 30900 of ${NUMBERS}`]));
  const rows = readFileSync(join(dir, "numbers.csv"), "utf8").trim().split("\n").slice(1);
  const pick = (n: { number: string; flow: string; site: string }) => `${n.number},${n.flow},${n.site}`;
  const found = rows.map((row) => row.split(",")).map(([number, , , flow, site]) => `${number},${flow},${site}`);
  expect(found.sort()).toEqual(numbers.map(pick).sort());
}, 120_000);
