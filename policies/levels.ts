import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";

/** Levels of a policy as CrossGuard knows them, in the order of the protocol's numbers. */
const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
export type Level = (typeof LEVELS)[number];

const configured = new Map<string, Level>();
const properties = new Map<string, string[]>();

/** Policies that need the level `remediate` to be shown secrets. Nothing is changed by them, and their violations count as mandatory. */
const SHOWN_SECRETS: readonly string[] = ["trunk-secret-not-plain"];

/**
 * Listens to the level that a stack's configuration gives to each policy. The SDK tells a policy its own properties but not its level,
 * and a disabled policy is not asked at all: the message that brings both (Analyzer.Configure) is read as it arrives. A stack that says
 * `mandatory`, of such a policy or of all, means what `remediate` does here, and would otherwise have every secret taken for an unknown.
 */
export function listenToLevels(): void {
  const proto = analyzer.ConfigureAnalyzerRequest.prototype;
  const read = proto.getPolicyconfigMap;
  proto.getPolicyconfigMap = function (this: typeof proto, ...args: Parameters<typeof read>) {
    const map = read.apply(this, args);
    configured.clear();
    properties.clear();
    for (const [name, config] of map.entries()) {
      const level = LEVELS[(config as unknown as { getEnforcementlevel(): number }).getEnforcementlevel()];
      if (level) configured.set(name, level);
      const own = (config as unknown as { getProperties(): { toJavaScript(): object } | undefined }).getProperties();
      properties.set(name, Object.keys(own?.toJavaScript() ?? {}));
      if (level === "mandatory" && SHOWN_SECRETS.includes(name))
        (config as unknown as { setEnforcementlevel(level: number): void }).setEnforcementlevel(
          LEVELS.indexOf("remediate"),
        );
    }
    return map;
  } as typeof read;
}

/** The level of a policy in this stack; undefined while nothing was configured. */
export const levelOf = (policy: string): Level | undefined => configured.get(policy);

/** Everything that this stack's configuration names: policies, whether or not the pack has them, with the properties given to each. */
export const configuredNames = (): ReadonlyMap<string, readonly string[]> => properties;
