import { UserError } from "../model/errors";
import type { TestAsk, TestCall } from "../model/facts";
import { freshMinutes } from "../model/freshness";
import { trunkHost } from "../model/regions";
import { testCallsPerSecond } from "../model/testPace";
import type { Plan } from "../model/types";
import { Desk } from "../providers/carrier/desk";
import type { Clock } from "../providers/lib/clock";
import { HttpClient } from "../providers/lib/http";
import { type Conversation, pathOf, queryConversations } from "./conversations";
import { addressesOf, parseServer } from "./dns-client";
import { errorText, inParallel, type ProbeFacts, type ProbeSettings } from "./document";
import { type GenesysReader, loadPlanOf, openGenesys } from "./genesys";
import { Pace } from "./pace";
import { sipOptions } from "./sip-options";

/** Share of the trunk's channels that test calls may take at once: enough to be quick, few enough to leave them to callers. */
const TEST_CHANNEL_SHARE = 0.1;
/** Test calls per second above which a question for every source or network may be asked beside others. */
const AMPLE_TESTS_PER_SECOND = 20;
/** Conversations whose path is asked for at once. */
const LOOKUPS_AT_ONCE = 8;
/** How long the organisation's records may lag behind a call before it counts as not seen, and how often they are looked at. */
const LAG_SECONDS_MAX = 600;
const LAG_POLL_SECONDS = 20;

/** What the carrier's test desk answers for one call. */
interface DeskTest {
  number: string;
  source?: string | null;
  network?: string | null;
  code: number | null;
  answered: boolean;
  audioSent: number;
  audioReceived: number;
  farReceived?: number | null;
  transport?: string | null;
  srtp?: boolean | null;
  ani?: string | null;
  callId?: string | null;
  at?: string;
  why?: string;
}

type Tested = DeskTest & { purpose: TestCall["purpose"] };

async function askOptions(settings: ProbeSettings, plan: Plan): Promise<Record<string, unknown>> {
  const host = trunkHost(plan);
  const { transport } = plan.trunk;
  try {
    const address = await resolveHost(settings, plan, host);
    const port = transport === "tls" ? 5061 : 5060;
    return {
      target: `${transport}:${host}:${port}`,
      address,
      ...(await sipOptions({ transport, address, port, host })),
    };
  } catch (error) {
    return { target: `${transport}:${host}`, code: null, error: errorText(error) };
  }
}

/** By the configured resolvers; by the machine's where none is configured, but never for a sandbox: it asks nobody outside. */
async function resolveHost(settings: ProbeSettings, plan: Plan, host: string): Promise<string> {
  const resolver = settings.resolvers?.find((r) => r.view === "public");
  if (resolver) {
    const [address] = await addressesOf(parseServer(resolver.address), host);
    return address as string;
  }
  if (plan.sandbox)
    throw new UserError("cutover:resolvers: no public resolver is configured; expected the sandbox's own.");
  const { lookup } = await import("node:dns/promises");
  return (await lookup(host, { family: 4 })).address;
}

/** Asks the carrier's test desk over HTTP for one entry of `ask.tests`; one call per source or network. */
async function placeTest(http: HttpClient, test: TestAsk): Promise<Tested[]> {
  const body = {
    number: test.number,
    purpose: test.purpose,
    ...(test.sources ? { source: test.sources } : {}),
    ...(test.networks ? { network: test.networks } : {}),
    ...(test.host ? { host: test.host } : {}),
  };
  const { results } = await http.json<{ results: DeskTest[] }>("POST", "/test_calls", { body });
  if (!Array.isArray(results) || results.length === 0)
    throw new Error(`the test desk answered no result for ${test.number}`);
  return results.map((r) => ({ ...r, purpose: test.purpose }));
}

/** Results a person wrote down: `confirmations/test-calls-*.json {status: "done", at, results: [...]}`, but for those that are too old: they say nothing against newer ones. */
async function writtenTests(settings: ProbeSettings, plan: Plan, clock: Clock, asked: TestAsk[]): Promise<Tested[]> {
  const dir = settings.carrier?.deskDir;
  if (!dir)
    throw new UserError(
      "Neither carrier:url (a test desk) nor carrier:deskDir is set; expected one of them, so that test calls can be asked for.",
    );
  // The gate judges each call by its own date, one without a date that can be read too: here older ones are only passed over.
  const minutesMax = freshMinutes(plan, "testCalls");
  const oldest = (await clock.now()).getTime() - minutesMax * 60_000;
  const files = await new Desk(dir, clock).confirmations("test-calls-");
  const fresh = files
    .filter((f) => f.status === "done" && Date.parse(f.at) >= oldest)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const written = fresh
    .flatMap((f) => ((f.results ?? []) as Tested[]).map((r) => ({ at: f.at, ...r })))
    .filter((r) => !(Date.parse(r.at ?? "") < oldest));
  const found = asked.map((test) => written.filter((w) => w.number === test.number && w.purpose === test.purpose));
  const missing = asked.filter((_, i) => found[i]?.length === 0);
  if (missing.length > 0) {
    const list = missing
      .slice(0, 5)
      .map(
        (t) =>
          `${t.number} (${t.purpose}${t.sources ? ", from every source address" : ""}${t.networks ? ", from every network" : ""})`,
      );
    const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
    throw new UserError(
      `Test calls are missing for ${list.join(", ")}${more}; expected them in ${dir}/confirmations/test-calls-<any>.json, {id, at, status: "done", results: [...]}, not older than ${Math.round((minutesMax / 60) * 10) / 10} h (limits.freshMinutes.testCalls). Have them placed with audio and write down what was heard.`,
    );
  }
  return found.flat();
}

async function testsOf(settings: ProbeSettings, plan: Plan, clock: Clock, asked: TestAsk[]): Promise<Tested[]> {
  // An API without a test desk (Telnyx' own) is no test desk: people place the calls there.
  const url = settings.carrier?.url;
  if (!url || /(^|\.)telnyx\.com$/.test(new URL(url).hostname)) return writtenTests(settings, plan, clock, asked);
  const http = new HttpClient({ baseUrl: url.replace(/\/$/, ""), clock });
  const atOnce = Math.max(2, Math.floor(plan.trunk.maxConcurrentCalls * TEST_CHANNEL_SHARE));
  const perSecond = testCallsPerSecond(plan);
  const pace = new Pace(perSecond);
  // On a trunk of this size a handful of calls at once is no burst: only smaller ones are asked one question at a time.
  const small = perSecond < AMPLE_TESTS_PER_SECOND;
  const place = async (test: TestAsk) => {
    // From every source or network: how many calls that were, only the desk knows.
    if (small && (test.sources || test.networks)) {
      return pace.alone(
        () => placeTest(http, test),
        (placed) => placed.length,
      );
    }
    await pace.turn();
    return placeTest(http, test);
  };
  const placed = (await inParallel(asked, atOnce, place)).flat();
  if (small) await pace.settle();
  return placed;
}

/** The conversation of a test call: same caller id, begun at or after it; each conversation serves one test only. */
function matchTests(tests: Tested[], conversations: Conversation[], fromMs: number): (Conversation | undefined)[] {
  const used = new Set<string>();
  const oldestFirst = [...conversations].sort((a, b) => a.startMs - b.startMs);
  return tests.map((test) => {
    if (!test.ani) return undefined;
    const begun = Math.max(fromMs, test.at ? Date.parse(test.at) - 60_000 : fromMs);
    const found = oldestFirst.find(
      (c) =>
        !used.has(c.id) && c.startMs >= begun && c.legs.some((l) => l.direction !== "outbound" && l.ani === test.ani),
    );
    if (found) used.add(found.id);
    return found;
  });
}

/** Reads the calls back from the organisation's own records, waiting out their lag: what a carrier says of itself is half a proof. */
async function readBack(
  genesys: GenesysReader,
  clock: Clock,
  tests: Tested[],
  from: Date,
): Promise<(Conversation | undefined)[]> {
  const anis = [...new Set(tests.flatMap((t) => (t.answered && t.ani ? [t.ani] : [])))];
  const oldest = Math.min(from.getTime(), ...tests.flatMap((t) => (t.at ? [Date.parse(t.at)] : [])));
  const since = new Date(oldest - 60_000);
  for (let waited = 0; ; waited += LAG_POLL_SECONDS) {
    const to = new Date((await clock.now()).getTime() + 60_000);
    const { conversations } =
      anis.length > 0
        ? await queryConversations(genesys, { from: since, to }, { ani: anis }, 10)
        : { conversations: [] };
    const matched = matchTests(tests, conversations, since.getTime());
    const unseen = tests.some((t, i) => t.answered && t.ani && !matched[i]);
    if (!unseen || waited >= LAG_SECONDS_MAX) return matched;
    await clock.sleep(LAG_POLL_SECONDS);
  }
}

/** OPTIONS to the trunk, and the test calls of `ask.tests`: placed by the carrier, read back from the organisation. */
export async function probeSip(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  const plan = await loadPlanOf(settings);
  const asked = (settings.ask?.tests ?? []) as TestAsk[];
  const options = askOptions(settings, plan);
  if (asked.length === 0) return { options: await options, tests: [] };
  const from = await clock.now();
  const tests = await testsOf(settings, plan, clock, asked);
  const genesys = await openGenesys(settings, clock);
  const seen = await readBack(genesys, clock, tests, from);
  const via = await inParallel(seen, LOOKUPS_AT_ONCE, async (c) => (c ? pathOf(genesys, c.id, plan.trunk.name) : null));
  return { options: await options, tests: tests.map((test, i) => testCall(test, seen[i], via[i] ?? null)) };
}

function testCall(test: Tested, seen: Conversation | undefined, via: "byoc" | "gcv" | null): TestCall {
  return {
    number: test.number,
    purpose: test.purpose,
    source: test.source ?? null,
    network: test.network ?? null,
    via,
    code: test.code || null,
    answered: test.answered,
    audioSent: test.audioSent,
    audioReceived: test.audioReceived,
    farReceived: test.farReceived ?? null,
    transport: test.transport?.toLowerCase() ?? null,
    srtp: test.srtp ?? null,
    seenByOrg: seen !== undefined,
    queue: seen?.queue ?? null,
    at: test.at ?? null,
    ani: test.ani ?? null,
    aniSeen: seen?.legs.find((l) => l.direction !== "outbound")?.ani ?? null,
    ...(test.why ? { why: test.why } : {}),
  };
}
