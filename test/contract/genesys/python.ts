import assert from "node:assert/strict";
import { join } from "node:path";
import { run, type Suite } from "../harness";
import type { SandboxWorld } from "../world";
import { CLIENT_ID, CLIENT_SECRET } from "./api";

/** A refusal as the walk prints it: status, code, message, length of the context id (a UUID has 36). */
type Refused = [status: number, code: string, message: string, contextIdLength: number];

/** The official Python SDK over the same resources (genesys_walk.py): another client, other habits on the wire. */
export async function walkByPython(suite: Suite, world: SandboxWorld, python: string, here: string): Promise<void> {
  let seen: Record<string, unknown> = {};
  await suite.check(
    "Python SDK: walks organisation, site, trunk, route, pool, IVR, table, job, role, client",
    async () => {
      const args = [join(here, "genesys_walk.py"), world.genesys, CLIENT_ID, CLIENT_SECRET];
      // The SDK has 6,000 files: without their compiled form each start takes ten seconds.
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "" };
      const { code, stdout, stderr } = await run(python, args, { env, timeoutMs: 90_000 });
      assert.equal(code, 0, stderr.slice(-1500));
      seen = JSON.parse(stdout) as Record<string, unknown>;
      assert.equal(seen.login, "ApiException");
      assert.equal(seen.organisation, "Meridian Ltd");
      assert.deepEqual(seen.site, [1, 2, "by Python"]);
      assert.deepEqual(seen.trunk, [1, 2, "python"]);
      assert.deepEqual(seen.routes, ["Default Outbound Route", "Python"]);
      const [distinct, total, pages] = seen.numbers as [number, number, number];
      assert.equal(distinct, total);
      assert.equal(pages, Math.ceil(total / 100));
      assert.deepEqual(seen.ivr, [1, 2, ["+15005560010", "+15005560011"]]);
      assert.deepEqual(seen.row, { key: "w1", live: true });
      assert.deepEqual(seen.job, ["Failure", true]);
      assert.deepEqual(seen.oauth, [true, null]);
      assert.equal(seen.gone, 404);
    },
  );
  await suite.check("Python SDK: every refusal has its status, a code, a message and a context id", () => {
    const expected: Record<string, [status: number, about: RegExp]> = {
      site_stale: [409, /version/],
      trunk_stale: [409, /version/],
      ivr_stale: [409, /version/],
      trunk_without_site: [400, /inboundSite/],
      trunk_managed: [400, /managed/],
      trunk_in_use: [400, /in use/],
      pool_overlap: [409, /overlap/],
      pool_in_use: [409, /assigned/],
      ivr_outside: [400, /didPoolId/],
      row_twice: [409, /exists/],
    };
    for (const [name, [status, about]] of Object.entries(expected)) {
      const [saw, code, message, length] = (seen[name] ?? []) as Refused;
      assert.equal(saw, status, `${name}: ${JSON.stringify(seen[name])}`);
      assert.ok(code && length === 36, name);
      assert.match(message, about);
    }
    // What was refused has changed nothing.
    assert.deepEqual(seen.ivr_after, ["+15005560010", "+15005560011"]);
  });
}
