/**
 * The Genesys Cloud provider and the sandbox's API, with the engine killed (SIGKILL) at each creation in turn, right after the
 * organisation carried it out: every object is made exactly once, and the stack ends as it would have.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Result } from "../engine";
import { hostFile } from "../engine/testing";
import { TestApi } from "../sandbox/genesys/api/testing";
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from "../sandbox/genesys/store";
import { factsOf, misfits } from "./contract/genesys/facts";

const PROJECT = join(__dirname, "crash");
const CHILD = join(__dirname, "..", "node_modules", ".cache", `crash-providers-${process.pid}.js`);
const dir = mkdtempSync(join(tmpdir(), "cutover-crash-"));
/** Creations of test/crash/index.js. */
const OBJECTS = 10;

let api: TestApi;
let gate: Server;
/** Creations that were carried out, in order: the collection's path. */
const posts: string[] = [];
/** Objects sent, each with the path it was sent to. */
const bodies: { at: string; body: unknown }[] = [];
/** Called when a creation was carried out and not answered yet; true keeps the answer back. */
let onPost: () => boolean = () => false;

/** Stands between provider and organisation, and can lose an answer. */
function pass(req: IncomingMessage, res: ServerResponse): void {
  // The world's clock: waits for what may still appear pass at once.
  if (req.url === "/sleep" || req.url === "/now") return void res.end(JSON.stringify({ now: api.clock.now() }));
  const { host, port } = new URL(api.url.replace("http://", "http://x:x@"));
  const to = request(
    { host: host.split(":")[0], port, method: req.method, path: req.url, headers: req.headers },
    (answer) => {
      const made = req.method === "POST" && !req.url?.includes("/oauth/token") && (answer.statusCode ?? 500) < 300;
      if (made) posts.push(req.url as string);
      if (made && onPost()) return void answer.resume();
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(res);
    },
  );
  let text = "";
  req.on("data", (chunk) => {
    text += chunk;
  });
  req.on("end", () => {
    if (text.startsWith("{") || text.startsWith("["))
      bodies.push({ at: `${req.method} ${req.url}`, body: JSON.parse(text) });
  });
  req.pipe(to);
  to.on("error", () => res.destroy());
}

beforeAll(async () => {
  api = await TestApi.start();
  gate = createServer(pass);
  await new Promise<void>((ok) => gate.listen(0, "127.0.0.1", ok));
  mkdirSync(join(dir, "state"));
  const entryPoints = [join(__dirname, "..", "engine", "testdata", "crash", "child.ts")];
  buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", packages: "external", outfile: CHILD });
});
afterAll(async () => {
  gate.closeAllConnections();
  gate.close();
  await api.close();
  rmSync(dir, { recursive: true, force: true });
  rmSync(CHILD, { force: true });
});

/** One up in an engine of its own; undefined when it was killed. `die`: kill it when the next creation was carried out. */
async function up(die: boolean): Promise<Result | undefined> {
  const { port } = gate.address() as AddressInfo;
  const gateway = [
    {
      protocol: "http",
      host: "127.0.0.1",
      port: String(port),
      pathParams: [{ pathName: "login", pathValue: "login" }],
    },
  ];
  const more = {
    env: { GENESYSCLOUD_OAUTHCLIENT_ID: SANDBOX_CLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET: SANDBOX_CLIENT_SECRET },
    config: {
      "genesyscloud:gateways": JSON.stringify(gateway),
      "genesyscloud:clock": `http://127.0.0.1:${port}`,
    },
  };
  const p = spawn(process.execPath, [CHILD, PROJECT, dir, hostFile(), JSON.stringify(more)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onPost = () => die && p.kill("SIGKILL");
  const { locations } = api.store.sites;
  p.stdin.write(`${JSON.stringify({ locationId: locations.all()[0]?.id })}\n`);
  const line = new Promise<string | undefined>((ok) => {
    createInterface({ input: p.stdout }).once("line", ok);
    p.once("exit", () => ok(undefined));
  });
  const text = await line;
  p.stdin.end();
  return text === undefined ? undefined : (JSON.parse(text) as Result);
}

test("each creation interrupted in turn: made once, adopted, and the same end", { timeout: 120_000 }, async () => {
  let crashes = 0;
  let result = await up(true);
  for (; result === undefined && crashes <= OBJECTS; result = await up(true)) crashes++;
  expect(result?.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(result?.ok).toBe(true);
  // Several may be under way when the engine dies, so there are fewer crashes than objects.
  expect(crashes).toBeGreaterThanOrEqual(3);
  expect(posts).toHaveLength(OBJECTS);
  const again = await up(false);
  expect(again?.steps).toEqual([]);
  expect(again?.diagnostics.filter((d) => d.severity === "warning")).toEqual([]);
  expect(posts).toHaveLength(OBJECTS);
});

/** What the official SDK calls the objects of these paths; data tables are not among the facts, rows are free. */
const MODELS: readonly [path: RegExp, model: string][] = [
  [/\/trunkbasesettings/, "Trunkbase"],
  [/\/sites\/[^/]+\/numberplans/, "[]Numberplan"],
  [/\/sites\/[^/]+\/outboundroutes/, "Outboundroutebase"],
  [/\/sites/, "Site"],
  [/\/didpools/, "Didpool"],
  [/\/architect\/ivrs/, "Ivr"],
  [/\/routing\/queues/, "Queue"],
  [/\/authorization\/roles/, "Domainorganizationrole"],
  [/\/oauth\/clients/, "Oauthclient"],
];

test("what the provider sends has only fields and types of the official SDK's models", () => {
  const facts = factsOf(join(__dirname, "contract"));
  const seen = new Set<string>();
  const wrong = bodies.flatMap(({ at, body }) => {
    const model = MODELS.find(([path]) => path.test(at))?.[1];
    if (!model) return [];
    seen.add(model);
    return misfits(facts, model, body, at);
  });
  expect(wrong).toEqual([]);
  expect([...seen].sort()).toEqual(MODELS.map(([, model]) => model).sort());
});
