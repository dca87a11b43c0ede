import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { Existing } from "../../infra/lookups";
import { Migration } from "../../infra/migration";
import type { Settings } from "../../infra/settings";
import { dnsKey, planCallRoutes } from "../../model/phases";
import { hoursOf } from "../../model/testing";
import type { EmergencyGroup } from "../../model/rules/emergencyGroups";
import type { DesiredState, Plan, WaveStates } from "../../model/types";

/** A resource as the program declares it, with the options that policies see. */
export interface Declared {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  secrets: string[];
  protect: boolean;
  secretOutputs: string[];
  propertyDependencies: Record<string, string[]>;
}

const require = createRequire(__filename);
// The SDK's own stand-in for an engine; its options are seen only beneath the documented `setMocks`.
// biome-ignore lint/suspicious/noExplicitAny: the class has no types
type Monitor = new (mocks: unknown) => any;
const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks") as { MockMonitor: Monitor };
const SECRET = "4dabf18193072939515e22adb298388d";

let into: Declared[] = [];

class Recorder extends MockMonitor {
  // biome-ignore lint/suspicious/noExplicitAny: a generated message
  async registerResource(req: any, callback: (error: Error | null, answer?: any) => void): Promise<void> {
    const raw = (req.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
    const secrets = Object.keys(raw).filter((key) => isSecret(raw[key]));
    const dependencies = [...req.getPropertydependenciesMap().entries()] as [string, { getUrnsList(): string[] }][];
    await super.registerResource(req, (error: Error | null, answer: { getUrn(): string }) => {
      if (!error) {
        into.push({
          type: req.getType(),
          name: req.getName(),
          urn: answer.getUrn(),
          props: plain(raw) as Record<string, unknown>,
          secrets,
          protect: req.getProtect(),
          secretOutputs: req.getAdditionalsecretoutputsList(),
          propertyDependencies: Object.fromEntries(dependencies.map(([k, d]) => [k, d.getUrnsList()])),
        });
      }
      callback(error, answer);
    });
  }
}

const isSecret = (value: unknown): boolean => value !== null && typeof value === "object" && SECRET in value;

/** Values without the wrapping of secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (isSecret(value)) return plain((value as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
}

/** Ids as look-ups would find them. */
function existingOf(plan: Plan): Existing {
  const sites = [...new Set(plan.numbers.map((n) => n.site))];
  return {
    callRoutes: new Map(
      planCallRoutes(plan).map((r) => [r.callRoute, { flowId: `flow-${r.flow}`, ivrId: `ivr-${r.callRoute}` }]),
    ),
    hours: new Map(planCallRoutes(plan).map((r) => [r.callRoute, hoursOf(r.callRoute)])),
    emergencyGroups: [],
    sites: new Map(sites.map((s) => [s, { siteId: `site-${s}`, routeId: `site-${s}:route` }])),
    gcvTrunkId: "gcv-trunk",
    locationId: "location",
    records: plan.dns.map((d) => ({ key: dnsKey(d), zoneId: "zone", importId: "record" })),
  };
}

let started = false;

/** Everything the program declares for a desired state, as a policy pack would be asked about it. */
export async function declare(
  plan: Plan,
  state: DesiredState,
  at: { planDir: string; workDir: string; floor: WaveStates; groups?: EmergencyGroup[] },
): Promise<Declared[]> {
  if (!started) {
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "cutover",
      "test",
      false,
    );
    started = true;
  }
  into = [];
  const monitor = new Recorder({
    newResource: (a: { name: string; id?: string; inputs: object; custom?: boolean }) => ({
      id: a.custom ? a.id || `${a.name}-id` : undefined,
      state: a.inputs,
    }),
    call: () => ({}),
  });
  // biome-ignore lint/suspicious/noExplicitAny: replaces the monitor that setMocks made
  (pulumi.runtime as any).setMockOptions(monitor, "cutover", "test", false);
  const settings = {
    stack: "test",
    phase: state.phase,
    waves: state.waves,
    planDir: at.planDir,
    workDir: at.workDir,
    deskDir: at.workDir,
    confirm: "test",
    waitSeconds: 60,
    trunkPassword: pulumi.secret("digest-secret"),
    carrier: { adapter: "manual", deskDir: at.workDir },
    resolvers: [],
    nameServers: [],
    overrides: {},
    without: [],
    problems: [],
  } as Settings;
  class Anchor extends pulumi.CustomResource {
    constructor() {
      super("test:index:Anchor", "gate", {});
    }
  }
  new Migration(plan.name, {
    plan,
    state,
    settings,
    existing: { ...existingOf(plan), emergencyGroups: at.groups ?? [] },
    gate: new Anchor(),
    record: { phase: state.phase, waves: state.waves, floor: at.floor, digest: plan.digest, since: {} },
  });
  // biome-ignore lint/suspicious/noExplicitAny: exported, without types
  await (pulumi.runtime as any).waitForRPCs();
  return into.filter((d) => d.type !== "test:index:Anchor");
}
