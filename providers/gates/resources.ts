import { UserError } from "../../model/errors";
import type { Ask, Facts, Verdict } from "../../model/facts";
import { leftOut } from "../../model/leftOut";
import { type Override, overrideState } from "../../model/override";
import { PROOF_POLICY, type ProofKind, type ProofSubject } from "../../model/proof";
import type { Plan, Position } from "../../model/types";
import { formatVerdict } from "../../model/verdictText";
import type { Clock } from "../lib/clock";
import { type Failure, NothingLeft, type ProviderSpec, resource } from "../lib/provider";
import { equal, hasUnknown, type Value } from "../lib/values";
import { request } from "./request";
import { gatherFacts, type ProbeSettingsByName } from "./run-probe";

/** How often a proof looks again, seconds: soon at first, then less and less. */
const POLL_SECONDS = [5, 10, 20, 40, 60, 120, 300, 600, 1200] as const;

/** What the provider works with: the probe program, the desk, and model/ (loaded late: a preview judges nothing here). */
export interface GatesClient {
  probe: string | undefined;
  deskDir: string | undefined;
  clock: Clock;
  /** Address of the world's clock; undefined where the machine's counts. */
  clockAddress?: string;
  /** The plan's own mark, for what only a sandbox may do. */
  planOf(planDir: string): Promise<Pick<Plan, "name" | "sandbox">>;
  judge(planDir: string, from: Position, to: Position, facts: Facts, now: Date): Promise<Verdict[]>;
  judgeProof(planDir: string, kind: ProofKind, subject: ProofSubject, facts: Facts): Promise<Verdict>;
  /** What a proof has to ask of which probes. */
  proofEvidence(planDir: string, kind: ProofKind, subject: ProofSubject): Promise<Ask[]>;
}

/** The part of the client that is model/: replaced in tests. */
export type Predicates = Pick<GatesClient, "planOf" | "judge" | "judgeProof" | "proofEvidence">;

async function loaded(planDir: string): Promise<Plan> {
  const { loadPlan } = await import("../../model/plan");
  return loadPlan(planDir);
}

const predicates: Predicates = {
  planOf: loaded,
  async judge(planDir, from, to, facts, now) {
    const { judge } = await import("../../model/evidence");
    return judge(await loaded(planDir), from, to, facts, now);
  },
  async judgeProof(planDir, kind, subject, facts) {
    const { judgeProof } = await import("../../model/proof");
    return judgeProof(await loaded(planDir), kind, subject, facts);
  },
  async proofEvidence(planDir, kind, subject) {
    const { proofEvidence } = await import("../../model/proof");
    return proofEvidence(await loaded(planDir), kind, subject);
  },
};

const positionText = ({ phase, waves }: Position): string => {
  const steps = Object.entries(waves ?? {}).map(([part, step]) => `${part}=${step}`);
  return steps.length > 0 ? `${phase} (${steps.join(",")})` : phase;
};

function refusal(head: string, failing: Verdict[]): UserError {
  return new UserError([head, ...failing.map((v) => `- ${formatVerdict(v)}`)]);
}

const probeProgram = (client: GatesClient): string => {
  if (client.probe) return client.probe;
  throw new UserError("gates:probe is not set; expected the path of the probe program, dist/probe.js.");
};

interface GateInputs {
  name: string;
  from: Position;
  to: Position;
  digest: string;
  plan: string;
  settings: ProbeSettingsByName;
  facts: object;
  /** `cutover:override` and `cutover:withoutPolicies` as they were configured when the program ran. */
  overrides?: Record<string, Override>;
  without?: string[];
}

/** Policies that a sandbox's rehearsal leaves out. @throws UserError when the stack is not one's. */
async function withoutOf(inputs: { plan: string; without?: string[] }, client: GatesClient) {
  const names = inputs.without ?? [];
  return names.length > 0 ? leftOut(await client.planOf(inputs.plan), names, client.clockAddress) : new Set<string>();
}

const asValue = (v: unknown): Value => v as Value;

/** Gathers once more, judges, and returns when it was passed. @throws UserError with every failing verdict. */
async function passGate(inputs: GateInputs, client: GatesClient, signal: AbortSignal): Promise<string> {
  const without = await withoutOf(inputs, client);
  const settings = inputs.settings ?? {};
  const program = Object.keys(settings).length > 0 ? probeProgram(client) : "";
  const facts = await gatherFacts(program, settings, inputs.facts ?? {}, signal);
  const now = await client.clock.now();
  const failing = (await client.judge(inputs.plan, inputs.from, inputs.to, facts, now)).filter(
    (v) => v.status !== "passed" && !without.has(v.gate) && !overrideState(inputs.overrides?.[v.gate], now).active,
  );
  if (failing.length > 0) {
    throw refusal(
      `The move from ${positionText(inputs.from)} to ${positionText(inputs.to)} is not proven; nothing after this gate was touched:`,
      failing,
    );
  }
  return now.toISOString();
}

/**
 * An update that passed its gate and did not reach the phase record left the stack between two positions. From there the way leads on, or
 * back to where the record stands; any other step would start from a place that nobody has judged, and over objects still protected.
 */
function betweenPositions(news: GateInputs, olds: GateInputs | null): Failure[] {
  if (!olds || [news.from, news.to].some((p) => hasUnknown(asValue(p)))) return [];
  const same = (a: Position, b: Position) => equal(asValue(a), asValue(b));
  const halfWay = !same(olds.from, olds.to) && same(olds.from, news.from);
  if (!halfWay || same(news.to, olds.to) || same(news.to, olds.from)) return [];
  const [from, to] = [positionText(olds.from), positionText(olds.to)];
  const reason = `the update from ${from} to ${to} ended half way; seen ${positionText(news.to)}; expected ${from}, which takes back what was done, or ${to} once more, which goes on`;
  return [{ property: "to", reason }];
}

/**
 * The proof a move needs. Facts, settings and the plan's place are not what it is about: it changes exactly when a move is asked
 * for (`from` is not `to`), when one that ended half way is taken back, or when the plan changed. So a settled stack's next up is
 * empty, and a half-applied one is gated again.
 */
export const gate = resource<GateInputs, GateInputs & { passedAt: string }, GatesClient>({
  inputs: {
    name: { type: "string", required: true },
    from: { type: "object", required: true },
    to: { type: "object", required: true },
    digest: { type: "string", required: true },
    plan: { type: "string", required: true },
    settings: { type: "object", required: true },
    facts: { type: "object", required: true },
    overrides: { type: "object" },
    without: { type: "array", items: { type: "string" } },
  },
  outputs: { passedAt: {} },
  check: betweenPositions,
  diff(_base, { oldInputs, news }) {
    const stays = equal(asValue(news.from), asValue(news.to)) && equal(asValue(oldInputs.to), asValue(news.to));
    const moves = stays ? [] : [{ path: "to", kind: "update" as const }];
    const replanned = oldInputs.digest === news.digest ? [] : [{ path: "digest", kind: "update" as const }];
    return [...moves, ...replanned];
  },
  // A gate and a proof make nothing that could be left behind.
  resumes: true,
  async create(inputs, { client, signal, name, interrupted }) {
    if (interrupted?.undo) throw new NothingLeft();
    return { id: inputs.name || name, outputs: { ...inputs, passedAt: await passGate(inputs, client, signal) } };
  },
  // The world behind a gate is read by probes, at every move: there is nothing of its own to refresh.
  async read(id, { inputs, outputs }) {
    return inputs ? { id, inputs, outputs: outputs as GateInputs & { passedAt: string } } : null;
  },
  async update(_id, news, _olds, { client, signal }) {
    return { ...news, passedAt: await passGate(news, client, signal) };
  },
  async delete() {},
});

interface ProofInputs {
  name: string;
  kind: ProofKind;
  subject: ProofSubject;
  plan: string;
  settings: ProbeSettingsByName;
  waitSeconds: number;
  without?: string[];
}

/**
 * Settings of the probes a proof needs. Addresses are the same for all probes, so those of any entry serve one that is missing;
 * the question is the model's unless the program asked its own.
 */
async function proofSettings(inputs: ProofInputs, client: GatesClient): Promise<ProbeSettingsByName> {
  const given = inputs.settings as Record<string, { ask?: object } | undefined>;
  const common = Object.values(given)[0] ?? {};
  const asks = await client.proofEvidence(inputs.plan, inputs.kind, inputs.subject);
  const needed = asks.map(({ probe, ask }) => {
    const own = given[probe];
    const asked = own?.ask && Object.keys(own.ask).length > 0;
    return [probe, asked ? own : { ...common, ...own, ask }] as const;
  });
  return Object.fromEntries(needed);
}

/** Looks again and again, by the clock, until the proof holds. @throws UserError with what was seen last. */
async function prove(
  inputs: ProofInputs,
  client: GatesClient,
  signal: AbortSignal,
  log: (text: string) => void,
): Promise<string> {
  if (inputs.subject.withdrawn) return "withdrawn";
  if ((await withoutOf(inputs, client)).has(PROOF_POLICY[inputs.kind])) return "left out";
  const program = probeProgram(client);
  const settings = await proofSettings(inputs, client);
  const begun = (await client.clock.now()).getTime();
  for (let look = 0; ; look++) {
    const facts = await gatherFacts(program, settings, {}, signal);
    const verdict = await client.judgeProof(inputs.plan, inputs.kind, inputs.subject, facts);
    const now = await client.clock.now();
    if (verdict.status === "passed") return now.toISOString();
    const leftSeconds = inputs.waitSeconds - (now.getTime() - begun) / 1000;
    if (leftSeconds <= 0) {
      throw refusal(
        `${inputs.kind} was not proven within ${inputs.waitSeconds} s; what depends on it was not touched, run again when it is:`,
        [verdict],
      );
    }
    const wait = Math.min(POLL_SECONDS[Math.min(look, POLL_SECONDS.length - 1)] as number, leftSeconds);
    log(`${inputs.kind}: ${formatVerdict(verdict)}; looking again in ${Math.round(wait)} s`);
    await client.clock.sleep(wait, signal);
  }
}

/** A proof in the middle of one up. It is about its subject only: the same subject is not proven twice. */
export const proof = resource<ProofInputs, ProofInputs & { provenAt: string }, GatesClient>({
  inputs: {
    name: { type: "string", required: true },
    kind: { type: "string", required: true, enum: ["r1-tested", "dns-moved", "real-tested"] },
    subject: { type: "any", required: true },
    plan: { type: "string", required: true },
    settings: { type: "object", required: true },
    waitSeconds: { type: "number", required: true, min: 0 },
    without: { type: "array", items: { type: "string" } },
  },
  outputs: { provenAt: {} },
  diff: (_base, { oldInputs, news }) =>
    equal(asValue(oldInputs.subject), asValue(news.subject)) ? [] : [{ path: "subject", kind: "update" }],
  resumes: true,
  async create(inputs, { client, signal, log, interrupted }) {
    if (interrupted?.undo) throw new NothingLeft();
    return {
      id: inputs.name,
      outputs: { ...inputs, provenAt: await prove(inputs, client, signal, (t) => log("info", t)) },
    };
  },
  async read(id, { inputs, outputs }) {
    return inputs ? { id, inputs, outputs: outputs as ProofInputs & { provenAt: string } } : null;
  },
  async update(_id, news, _olds, { client, signal, log }) {
    return { ...news, provenAt: await prove(news, client, signal, (t) => log("info", t)) };
  },
  async delete() {},
});

/** The provider of package `gates`. `judging` is model/ itself, but in tests. */
export function gatesProvider(judging: Predicates = predicates): ProviderSpec<GatesClient> {
  return {
    name: "gates",
    version: "0.1.0",
    config: { probe: { type: "string" }, deskDir: { type: "string" }, clock: { type: "string" } },
    configure: ({ config, clock }) => ({
      probe: config.probe as string | undefined,
      deskDir: config.deskDir as string | undefined,
      clock,
      clockAddress: config.clock as string | undefined,
      ...judging,
    }),
    resources: { "gates:index:Gate": gate, "gates:index:Proof": proof, "gates:index:Request": request },
  };
}
