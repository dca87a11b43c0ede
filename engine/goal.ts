/** What a program asks for in one registration, out of the SDK's request. */
import type * as ResourceProto from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct, fromValue } from "./rpc";
import type { Timeouts } from "./state";
import { type Props, SIG, UNKNOWN, type Value } from "./values";

export interface AliasSpec {
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parentUrn?: string;
  noParent?: boolean;
}

export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Props;
  /** Reference of an explicit provider, "" = the default one. */
  provider: string;
  version: string;
  pluginDownloadURL: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  replacementTrigger: Value | undefined;
  additionalSecretOutputs: string[];
  aliases: AliasSpec[];
  importId: string;
  deletedWith: string;
  replaceWith: string[];
  timeouts: Timeouts;
}

/** Reads a RegisterResource request. */
export function readGoal(r: ResourceProto.RegisterResourceRequest): Goal {
  const propertyDependencies: Record<string, string[]> = {};
  r.getPropertydependenciesMap().forEach((d, k) => {
    propertyDependencies[k] = d.getUrnsList();
  });
  const t = r.getCustomtimeouts();
  const trigger = fromValue(r.getReplacementTrigger());
  return {
    type: r.getType(),
    name: r.getName(),
    custom: r.getCustom(),
    parent: r.getParent(),
    inputs: fromStruct(r.getObject()),
    provider: r.getProvider(),
    version: r.getVersion(),
    pluginDownloadURL: r.getPlugindownloadurl(),
    dependencies: r.getDependenciesList(),
    propertyDependencies,
    protect: r.hasProtect() ? r.getProtect() : undefined,
    retainOnDelete: r.hasRetainondelete() ? r.getRetainondelete() : undefined,
    deleteBeforeReplace: r.getDeletebeforereplacedefined() ? r.getDeletebeforereplace() : undefined,
    ignoreChanges: r.getIgnorechangesList(),
    replaceOnChanges: r.getReplaceonchangesList(),
    replacementTrigger: trigger === undefined ? undefined : settle(trigger),
    additionalSecretOutputs: r.getAdditionalsecretoutputsList(),
    aliases: readAliases(r),
    importId: r.getImportid(),
    deletedWith: r.getDeletedwith(),
    replaceWith: r.getReplaceWithList(),
    timeouts: t ? readTimeouts(t) : {},
  };
}

function readAliases(r: ResourceProto.RegisterResourceRequest): AliasSpec[] {
  const out: AliasSpec[] = r.getAliasurnsList().map((urn) => ({ urn }));
  for (const a of r.getAliasesList()) {
    const s = a.getSpec();
    if (!s) {
      out.push({ urn: a.getUrn() });
      continue;
    }
    out.push({
      name: s.getName(),
      type: s.getType(),
      stack: s.getStack(),
      project: s.getProject(),
      ...(s.hasParenturn() ? { parentUrn: s.getParenturn() } : {}),
      noParent: s.hasNoparent() && s.getNoparent(),
    });
  }
  return out;
}

/** An output value among the trigger's parts stands for its value, or for something unknown. */
function settle(v: Value): Value {
  if (typeof v !== "object" || v === null || Array.isArray(v)) return v;
  if (v[SIG] === "d0e6a833031e9bbcd3f4e8bde6ca49a4") return v.value === undefined ? UNKNOWN : (v.value as Value);
  return v;
}

function readTimeouts(t: ResourceProto.RegisterResourceRequest.CustomTimeouts): Timeouts {
  const out: Timeouts = {};
  const pairs = [
    ["create", t.getCreate()],
    ["update", t.getUpdate()],
    ["delete", t.getDelete()],
    ["read", t.getRead()],
  ] as const;
  for (const [k, text] of pairs) if (text) out[k] = seconds(text);
  return out;
}

const UNIT_SECONDS = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 } as const;

/** Seconds of a duration as Go writes it (`1h30m`, `45s`); 0 for what is none. */
export function seconds(text: string): number {
  let sum = 0;
  for (const m of text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)) {
    sum += Number(m[1]) * UNIT_SECONDS[m[2] as keyof typeof UNIT_SECONDS];
  }
  return sum;
}
