import assert from "node:assert/strict";
import type { Suite } from "../harness";
import type { Sample } from "../models";
import type { SandboxWorld } from "../world";
import { CLIENT_ID, CLIENT_SECRET } from "./api";
import { factsOf, misfits, modelName } from "./facts";

/** Endpoints of the official provider that this project's program never needs, and that the sandbox therefore does not serve. */
const NOT_SERVED: readonly RegExp[] = [
  /presignedUrl/,
  /\/flows\/export\//,
  /\/queues\/\{queueId\}\/(wrapupcodes|members)/,
  /\/integrations\/credentials/,
  /\/users\//,
  /PUT \/api\/v2\/organizations\/me/,
  /\/authorization\/roles\/default/,
  /\/locations\/search/,
  /\/trunkbasesettings\/(template|availablemetabases)/,
  /GET \/api\/v2\/telephony\/providers\/edges\/outboundroutes/,
  /\/numberplans\/classifications/,
];

/** Every field of the answers, of which at least `least` have a model in the facts. */
export async function compareFields(
  suite: Suite,
  here: string,
  samples: readonly Sample[],
  least: number,
): Promise<void> {
  const facts = factsOf(here);
  const known = samples.filter(({ type }) => facts.models[modelName(type)]);
  await suite.check(`${known.length} answers have only fields and types that the facts give their models`, () => {
    assert.ok(known.length >= least, samples.map((each) => each.type).join());
    const wrong = known.flatMap(({ type, value }) => misfits(facts, modelName(type), value, modelName(type)));
    assert.deepEqual(wrong, []);
  });
}

/** The sandbox's API against the machine-readable facts: every field of every answer, every endpoint. */
export async function compareFacts(
  suite: Suite,
  world: SandboxWorld,
  here: string,
  samples: readonly Sample[],
): Promise<void> {
  await compareFields(suite, here, samples, 12);
  const facts = factsOf(here);
  const all = [...new Set(Object.values(facts.endpoints).flat())];
  const served = all.filter((each) => !NOT_SERVED.some((known) => known.test(each)));
  await suite.check(
    `${served.length} endpoints of the facts exist, with their methods and nothing found under them`,
    async () => {
      const token = await logIn(world);
      const missing: string[] = [];
      for (const endpoint of served) {
        const [method = "", path = ""] = endpoint.split(" ");
        const url = world.genesys + path.replaceAll(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000");
        const body = method === "GET" || method === "DELETE" ? undefined : "{}";
        const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` }, body });
        const text = await answer.text();
        if (answer.status === 405 || text.includes(`requested resource ${method} `)) missing.push(endpoint);
        assert.notEqual(answer.status, 500, `${endpoint}: ${text}`);
      }
      assert.deepEqual(missing, []);
    },
  );
}

async function logIn(world: SandboxWorld): Promise<string> {
  const answer = await fetch(`${world.genesys}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
