/** A small estate and clock for the tests of this folder. */

import { parseDocument } from "yaml";
import type { NumberRange, Plan, PlanNumber } from "../../model/types";
import { Random } from "../random";
import { type GenesysOptions, GenesysStore } from "./store";
import { ApiError } from "./store/errors";

/** A clock that tests move. */
export class TestClock {
  private ms = Date.parse("2026-03-02T09:00:00Z");
  now(): Date {
    return new Date(this.ms);
  }
  set(to: Date): void {
    this.ms = to.getTime();
  }
  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

function number(n: string, flow: string, site: string): PlanNumber {
  const rest = { wave: "w1", part: "w1", kind: "local" as const, portOrder: "PO-1", emergencyAddress: "ADDR", row: 2 };
  return { number: n, flow, callRoute: flow, site, ...rest };
}

/** Two flows on two sites: Claims has +12125550100..104, Sales +12125550105..106 and +13125550100. */
export function testPlan(): Plan {
  const claims = ["0100", "0101", "0102", "0103", "0104"].map((n) => number(`+1212555${n}`, "Claims", "North"));
  const sales = ["+12125550105", "+12125550106", "+13125550100"].map((n) => number(n, "Sales", "West"));
  const plan: Partial<Plan> = {
    name: "test",
    sandbox: true,
    organisation: { name: "Test Ltd", region: "us-east-1", inboundMatching: "by-pool" },
    inbound: { failoverQueue: "Overflow", codecFallbackQueue: "Codec", standbyMessage: "Not available." },
    gcv: { recording: true, callerIdPriority: ["Source", "Trunk"] },
    limits: { changeWindow: "Mon-Thu 06:00-22:00", timezone: "America/New_York" } as Plan["limits"],
    numbers: [...claims, ...sales],
  };
  return plan as Plan;
}

export function testStore(options: GenesysOptions = {}, plan = testPlan()): { store: GenesysStore; clock: TestClock } {
  const clock = new TestClock();
  return { store: new GenesysStore(plan, clock, new Random(1), options), clock };
}

/** Trunk properties in API form. */
export function properties(values: Record<string, unknown>): Record<string, { value: { instance: unknown } }> {
  return Object.fromEntries(Object.entries(values).map(([key, instance]) => [key, { value: { instance } }]));
}

/** A body for a BYOC trunk that comes in on a site. */
export function byocTrunk(siteId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "BYOC Test",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json" },
    trunkType: "EXTERNAL",
    inboundSite: { id: siteId },
    properties: properties({
      trunk_enabled: true,
      trunk_sip_termination_uri: "test-primary",
      trunk_transport_protocolVariant: "tls",
      trunk_transport_serverProxyList: ["sbc.carrier.example:5061"],
      trunk_access_acl_allowList: ["198.51.100.44/30"],
      trunk_media_codec: ["audio/pcmu", "audio/g729"],
      trunk_maxCallRate: "300/2s",
      ...more,
    }),
  };
}

/** A flow whose one task has these actions (YAML list text) and variables. */
export function flowYaml(name: string, actions: string, variables = "[]", extra = ""): string {
  const indent = (text: string, by: number) => text.replace(/^/gm, " ".repeat(by));
  const text = `inboundCall:
  name: ${JSON.stringify(name)}
  startUpRef: "/inboundCall/tasks/task[Main_1]"
  defaultLanguage: en-us
  supportedLanguages: {en-us: {defaultLanguageSkill: {noValue: true}, textToSpeech: {defaultEngine: {voice: Jill}}}}
${indent(extra, 2)}
  tasks:
    - task:
        name: Main
        refId: Main_1
        variables: ${variables}
        actions:
${indent(actions, 10)}
`;
  const { errors } = parseDocument(text);
  if (errors.length > 0) throw new Error(`bad YAML in a test: ${errors[0]?.message}`);
  return text;
}

/** Declarations of string variables `Task.<name>`, for `flowYaml`. */
export const strings = (...names: string[]) =>
  `[${names.map((n) => `{stringVariable: {name: Task.${n}, initialValue: {noValue: true}}}`).join(", ")}]`;

/** Two tasks: Main calls or jumps to Other. */
export function twoTasks(main: string, other: string): string {
  return flowYaml("Test", main).replace(
    /$/,
    `    - task:
        name: Other
        refId: Other_2
        variables: [{stringVariable: {name: Task.only, initialValue: {lit: fresh}}}]
        actions:
${other.replace(/^/gm, "          ")}
`,
  );
}

/** The refusal that an action meets: `<status> <code>`. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.code}`;
    throw error;
  }
  return "accepted";
}

/** One number, or a run of them. */
export const range = (from: string, to = from): NumberRange => ({ from, to });

/** Body of a BYOC pool. */
export const POOL = (from: string, to = from) => ({
  startPhoneNumber: from,
  endPhoneNumber: to,
  provider: "PURE_CLOUD",
});
