import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../model/errors";
import { PHASES, type Phase, type WaveStates } from "../model/types";
import { stackConfig, type Tell } from "../model/stackKeys";
import { parseWaves } from "../model/waves";
import type { ProbeSettings, ServerSetting } from "../probes/document";
import type { Gateway } from "../providers/genesyscloud/client";

/** What the daily verbs read of a stack: where it is to be, and where everything answers. Never a credential. */
export interface StackSettings {
  stack: string;
  /** File the settings came from, for messages. */
  file: string;
  phase?: Phase;
  waves: WaveStates;
  /** `cutover:canaryPercent`: a share below the plan's, on the way to it. */
  canaryPercent?: number;
  planDir: string;
  deskDir: string;
  confirm: string;
  /** Text of `cutover:override`: policies set aside by name. */
  override?: string;
  clock?: string;
  gateways?: Gateway[];
  /** `genesyscloud:awsRegion`. */
  region?: string;
  route53?: string;
  cloudflare?: string;
  carrier: { adapter?: "manual" | "telnyx"; url?: string; deskDir: string };
  resolvers: ServerSetting[];
  nameServers: ServerSetting[];
}

/** Addresses of a running sandbox world: the first line that `cutover sandbox` prints (docs/internals.md section 6). */
export interface WorldFile {
  genesys: string;
  route53: string;
  cloudflare: string;
  carrier: string;
  dns: ServerSetting[];
  resolvers: ServerSetting[];
  clock: string;
  desk: string;
}

/** `Pulumi.<stack>.yaml` of a directory, the current one by default. */
export const stackFile = (stack: string, dir = "."): string => join(dir, `Pulumi.${stack}.yaml`);

/**
 * Reads `Pulumi.<stack>.yaml` as the program would read its configuration, without Pulumi. With `tell` mistakes in what a way back can do without are
 * told, as the program does on a way back, and count as left out.
 * @throws UserError for a missing or unreadable file, an unknown phase, or waves or JSON that cannot be read.
 */
export function readStack(stack: string, file = stackFile(stack), tell?: Tell): StackSettings {
  if (!existsSync(file)) {
    throw new UserError(`${file}: seen no such file; expected the configuration of stack ${stack}; fix: name another.`);
  }
  const config = new ConfigFile(file, tell);
  const spared = <T>(read: () => T | undefined): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!tell || !(error instanceof UserError)) throw error;
      error.problems.forEach(tell);
      return undefined;
    }
  };
  const phase = config.text("cutover:phase");
  if (phase !== undefined && !(PHASES as readonly string[]).includes(phase)) {
    throw new UserError(
      `${file}, cutover:phase: "${phase}" is not a phase; expected one of ${PHASES.join(", ")}; fix: correct that line.`,
    );
  }
  const adapter = config.text("carrier:adapter");
  if (adapter !== undefined && adapter !== "manual" && adapter !== "telnyx") {
    throw new UserError(
      `${file}, carrier:adapter: "${adapter}" is not an adapter; expected manual or telnyx; fix: correct that line.`,
    );
  }
  const deskDir = config.text("cutover:deskDir") ?? `stacks/${stack}/desk`;
  return {
    stack,
    file,
    phase: phase as Phase | undefined,
    waves: parseWaves(config.text("cutover:waves") ?? ""),
    canaryPercent: spared(() => config.number("cutover:canaryPercent")) || undefined,
    planDir: config.text("cutover:plan") ?? `stacks/${stack}`,
    deskDir,
    confirm: config.text("cutover:confirm") ?? "",
    override: spared(() => overrideText(config)),
    clock: config.text("cutover:clock"),
    gateways: config.list<Gateway>("genesyscloud:gateways"),
    region: config.text("genesyscloud:awsRegion"),
    route53: config.list<{ route53?: string }>("aws:endpoints")?.[0]?.route53,
    cloudflare: config.text("cloudflare:baseUrl"),
    carrier: { adapter, url: config.text("carrier:url"), deskDir: config.text("carrier:deskDir") ?? deskDir },
    resolvers: spared(() => config.list<ServerSetting>("cutover:resolvers")) ?? [],
    nameServers: spared(() => config.list<ServerSetting>("cutover:nameServers")) ?? [],
  };
}

/** The same settings out of a sandbox world's first line. @throws UserError when the file does not hold one. */
export function readWorld(file: string, planDir = ""): StackSettings {
  const world = worldOf(file);
  const url = new URL(world.genesys);
  return {
    stack: "sandbox",
    file,
    waves: {},
    planDir,
    deskDir: world.desk,
    confirm: "",
    clock: world.clock,
    gateways: [{ protocol: "http", host: url.hostname, port: url.port }],
    route53: world.route53,
    cloudflare: world.cloudflare,
    carrier: { url: world.carrier, deskDir: world.desk },
    resolvers: world.resolvers.map(({ name, address, view }) => ({ name, address, view })),
    nameServers: world.dns,
  };
}

/** What a running sandbox printed first, out of a file. @throws UserError when the file does not hold that line. */
export function worldOf(file: string): WorldFile {
  const expected =
    "expected the first line that `cutover sandbox` prints; fix: `cutover sandbox --plan DIR --auto > world.json`";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`--world ${file}: seen ${(error as NodeJS.ErrnoException).code ?? "no file"}; ${expected}.`);
  }
  try {
    const world: unknown = JSON.parse(text.split("\n")[0] ?? "");
    if (isWorld(world)) return world;
  } catch {
    // told below
  }
  throw new UserError(`--world ${file}: its first line is not a world's addresses; ${expected}.`);
}

function isWorld(value: unknown): value is WorldFile {
  const world = (value ?? {}) as Record<string, unknown>;
  const servers = (list: unknown) =>
    Array.isArray(list) && list.every((s: Partial<ServerSetting> | null) => typeof s?.address === "string");
  return (
    [world.genesys, world.route53, world.cloudflare, world.carrier, world.clock].every(
      (url) => typeof url === "string" && URL.canParse(url),
    ) &&
    typeof world.desk === "string" &&
    servers(world.resolvers) &&
    servers(world.dns)
  );
}

function overrideText(config: ConfigFile): string | undefined {
  const value = config.json<unknown>("cutover:override");
  return value === undefined ? undefined : JSON.stringify(value);
}

/** What names the place that a verb works on. */
export interface Place {
  stack?: string;
  /** File of the stack's configuration in place of `Pulumi.<stack>.yaml`. */
  config?: string;
  /** File with a sandbox world's first line: its addresses replace the stack's. */
  world?: string;
  /** An estate in place of the stack's own. */
  plan?: string;
}

/** Settings of a stack, of a world, or of a stack played in a world; `tell` as in `readStack`. @throws UserError when neither is named, or a world without an estate. */
export function settingsOf({ stack, config, world, plan }: Place, tell?: Tell): StackSettings {
  if (stack === undefined) {
    if (world === undefined) throw new UserError("Name --stack or --world: where the organisation answers.");
    return readWorld(world, plan);
  }
  const own = readStack(stack, config, tell);
  const planDir = plan ?? own.planDir;
  if (world === undefined) return { ...own, planDir };
  const { deskDir, clock, gateways, route53, cloudflare, carrier, resolvers, nameServers } = readWorld(world);
  const addresses = { deskDir, clock, gateways, route53, cloudflare, resolvers, nameServers };
  return { ...own, ...addresses, planDir, carrier: { ...carrier, adapter: own.carrier.adapter } };
}

/** Base URL of the first gateway, or undefined when the region decides. */
export function genesysUrl(settings: Pick<StackSettings, "gateways">): string | undefined {
  const gateway = settings.gateways?.[0];
  if (!gateway) return undefined;
  return `${gateway.protocol ?? "https"}://${gateway.host}${gateway.port ? `:${gateway.port}` : ""}`;
}

/** The settings of one probe run, as the program makes them (infra/evidence.ts). */
export function probeSettings(
  settings: StackSettings,
  adapter: "manual" | "telnyx",
  ask: Record<string, unknown>,
): ProbeSettings {
  const { planDir, stack, carrier, resolvers, nameServers, clock } = settings;
  const genesys = genesysUrl(settings);
  const own = { ...carrier, adapter: carrier.adapter ?? adapter };
  return { plan: planDir, stack, genesys, carrier: own, resolvers, nameServers, clock, ask };
}

/** The `config:` of a stack file. Values written by `pulumi config set --path` are objects, others text or JSON text. */
class ConfigFile {
  private readonly values: Record<string, unknown>;

  constructor(
    private readonly file: string,
    tell?: Tell,
  ) {
    let content: unknown;
    try {
      content = parse(readFileSync(file, "utf8"));
    } catch (error) {
      const why = (error as Error).message.split("\n")[0]!.replace(/:$/, "");
      throw new UserError(`${file}: ${why}; expected YAML; fix: correct it.`);
    }
    this.values = stackConfig(file, content, tell);
  }

  /** Undefined for a missing or empty value; a secret (`secure:`) counts as missing, since no verb here needs one. */
  text(key: string): string | undefined {
    const value = this.values[key];
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value !== "object") return String(value);
    if ("secure" in value) return undefined;
    throw this.unexpected(key, value, "text");
  }

  number(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    throw this.unexpected(key, text, "a number");
  }

  list<T>(key: string): T[] | undefined {
    const value = this.json<unknown>(key);
    if (value === undefined) return undefined;
    const groups = Array.isArray(value) && value.every((v) => v !== null && typeof v === "object" && !Array.isArray(v));
    if (groups) return value as T[];
    throw this.unexpected(key, value, "a list of groups of keys");
  }

  json<T>(key: string): T | undefined {
    const value = this.values[key];
    if (value !== null && typeof value === "object") return value as T;
    const text = this.text(key);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new UserError(`${this.file}, ${key}: seen ${text.slice(0, 60)}; expected JSON; fix: correct its quotes.`);
    }
  }

  private unexpected(key: string, value: unknown, expected: string): UserError {
    const seen = JSON.stringify(value).slice(0, 60);
    return new UserError(`${this.file}, ${key}: seen ${seen}; expected ${expected}; fix: correct it.`);
  }
}
