import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../model/errors";
import { readNames } from "../model/leftOut";
import { type Override, readOverrides } from "../model/override";
import { PHASES, type Phase, type WaveStates } from "../model/types";
import { stackKeyProblems } from "../model/stackKeys";
import { parseWaves } from "../model/waves";

/** A resolver or name server as configured: `address` is `ip:port`. */
export interface ResolverSetting {
  name?: string;
  address: string;
  view: "public" | "private";
  provider?: string;
  zone?: string;
}

/** Everything the program reads from the stack's configuration. Credentials are never here: they come from the environment. */
export interface Settings {
  stack: string;
  phase: Phase;
  waves: WaveStates;
  planDir: string;
  workDir: string;
  deskDir: string;
  confirm: string;
  waitSeconds: number;
  /** A share of callers below the plan's, percent, on the way to it. */
  canaryPercent?: number;
  trunkPassword?: pulumi.Output<string>;
  clock?: string;
  genesysUrl?: string;
  carrier: { adapter: "manual" | "telnyx"; url?: string; deskDir: string };
  resolvers: ResolverSetting[];
  nameServers: ResolverSetting[];
  /** Policies set aside by name, as configured: whether one counts is judged by pack and gate. */
  overrides: Record<string, Override>;
  /** Policies that a rehearsal leaves out; refused for every stack that is not a sandbox's. */
  without: string[];
  /** Mistakes in what a way back can do without, each a sentence: refused in any other step. What they spoil stands at its default here. */
  problems: string[];
}

/**
 * Reads the stack's configuration. Mistakes that say nothing of where the stack is to be are left to the caller (`problems`): it knows by then
 * whether the step is a way back, which none of them stops.
 * @throws UserError for an unknown phase, a wave text that does not parse, and a key that was meant for one of them.
 */
export function loadSettings(defaultAdapter: (planDir: string) => "manual" | "telnyx"): Settings {
  const cfg = new pulumi.Config("cutover");
  const stack = pulumi.getStack();
  const { refused, told: problems } = stackKeyProblems(`Pulumi.${stack}.yaml`, pulumi.runtime.allConfig());
  if (refused.length > 0) throw new UserError([...refused, ...problems]);
  const phase = cfg.get("phase") ?? "baseline";
  if (!(PHASES as readonly string[]).includes(phase)) {
    throw new UserError(
      `Pulumi.${stack}.yaml, cutover:phase: "${phase}" is not a phase; expected one of ${PHASES.join(", ")}; fix: correct that line.`,
    );
  }
  const gateways = new pulumi.Config("genesyscloud").getObject<
    { protocol?: string; host: string; port?: string | number }[]
  >("gateways");
  const gateway = gateways?.[0];
  const planDir = cfg.get("plan") || `stacks/${stack}`;
  const deskDir = cfg.get("deskDir") || `stacks/${stack}/desk`;
  const carrier = new pulumi.Config("carrier");
  /** A value that is not of its kind counts as left out. */
  const lenient = <T>(key: string, expected: string, read: () => T | undefined, fits: (value: T) => boolean) => {
    try {
      const value = read();
      if (value === undefined || fits(value)) return value;
    } catch (error) {
      if (!pulumi.RunError.isInstance(error)) throw error;
    }
    const seen = String(cfg.get(key)).slice(0, 60);
    problems.push(`Pulumi.${stack}.yaml, cutover:${key}: seen ${seen}; expected ${expected}; fix: correct it.`);
    return undefined;
  };
  // No number is no share at all: the plan, which bounds it, is not known here.
  const share = Number(cfg.get("canaryPercent") || "0");
  const number = (key: string) => lenient(key, "a number", () => cfg.getNumber(key), Number.isFinite);
  const servers = (key: string) =>
    lenient(key, 'a list of {"address": "ip:port", ...}', () => cfg.getObject<ResolverSetting[]>(key), isServers) ?? [];
  return {
    stack,
    phase: phase as Phase,
    waves: parseWaves(cfg.get("waves") ?? ""),
    planDir,
    workDir: cfg.get("workDir") || `.cutover/${stack}`,
    deskDir,
    confirm: cfg.get("confirm") ?? "",
    waitSeconds: (number("waitMinutes") ?? 1440) * 60,
    // Pulumi gives a key of Pulumi.yaml its default: 0 stands for "none".
    canaryPercent: share === 0 ? undefined : share,
    trunkPassword: cfg.getSecret("trunkPassword"),
    clock: cfg.get("clock"),
    genesysUrl: gateway && `${gateway.protocol ?? "https"}://${gateway.host}${gateway.port ? `:${gateway.port}` : ""}`,
    carrier: {
      adapter: (carrier.get("adapter") as "manual" | "telnyx" | undefined) ?? defaultAdapter(planDir),
      url: carrier.get("url"),
      deskDir: carrier.get("deskDir") || deskDir,
    },
    resolvers: servers("resolvers"),
    nameServers: servers("nameServers"),
    overrides: readOverrides(cfg.get("override")).overrides,
    without: readNames(cfg.get("withoutPolicies")),
    problems,
  };
}

const isServers = (list: unknown): boolean =>
  Array.isArray(list) && list.every((s: Partial<ResolverSetting> | null) => typeof s?.address === "string");
