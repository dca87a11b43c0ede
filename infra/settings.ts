import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../model/errors";
import { readNames } from "../model/leftOut";
import { type Override, readOverrides } from "../model/override";
import { PHASES, type Phase, type WaveStates } from "../model/types";
import { checkStackKeys } from "../model/stackKeys";
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
}

/**
 * Reads the stack's configuration.
 * @throws UserError for a key that nothing reads, an unknown phase, a wave text that does not parse, or JSON that is not JSON.
 */
export function loadSettings(defaultAdapter: (planDir: string) => "manual" | "telnyx"): Settings {
  const cfg = new pulumi.Config("cutover");
  const stack = pulumi.getStack();
  checkStackKeys(`Pulumi.${stack}.yaml`, Object.keys(pulumi.runtime.allConfig()));
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
  return {
    stack,
    phase: phase as Phase,
    waves: parseWaves(cfg.get("waves") ?? ""),
    planDir,
    workDir: cfg.get("workDir") || `.cutover/${stack}`,
    deskDir,
    confirm: cfg.get("confirm") ?? "",
    waitSeconds: (cfg.getNumber("waitMinutes") ?? 1440) * 60,
    // Pulumi gives a key of Pulumi.yaml its default: 0 stands for "none".
    canaryPercent: cfg.getNumber("canaryPercent") || undefined,
    trunkPassword: cfg.getSecret("trunkPassword"),
    clock: cfg.get("clock"),
    genesysUrl: gateway && `${gateway.protocol ?? "https"}://${gateway.host}${gateway.port ? `:${gateway.port}` : ""}`,
    carrier: {
      adapter: (carrier.get("adapter") as "manual" | "telnyx" | undefined) ?? defaultAdapter(planDir),
      url: carrier.get("url"),
      deskDir: carrier.get("deskDir") || deskDir,
    },
    resolvers: cfg.getObject<ResolverSetting[]>("resolvers") ?? [],
    nameServers: cfg.getObject<ResolverSetting[]>("nameServers") ?? [],
    overrides: readOverrides(cfg.get("override")).overrides,
    without: readNames(cfg.get("withoutPolicies")),
  };
}
