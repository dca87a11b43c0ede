import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { genesyscloud as provider } from "./provider";
import * as sdk from "../../sdks/genesyscloud/src/index";

const made: pulumi.runtime.MockResourceArgs[] = [];
const asked: pulumi.runtime.MockCallArgs[] = [];
beforeEach(async () => {
  made.length = 0;
  asked.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      made.push(args);
      return { id: `${args.name}-id`, state: args.inputs };
    },
    call: (args) => {
      asked.push(args);
      return { id: "found", ...args.inputs };
    },
  });
});
const value = <T>(o: pulumi.Output<T>) => new Promise<T>((ok) => o.apply(ok));

/** Every class with its smallest arguments. */
const smallest: [new (name: string, args: never) => pulumi.CustomResource, object][] = [
  [
    sdk.TelephonyProvidersEdgesTrunkbasesettings,
    { name: "n", trunkMetaBaseId: "m", trunkType: "EXTERNAL", properties: "{}" },
  ],
  [sdk.TelephonyProvidersEdgesSite, { name: "n", locationId: "l", mediaModel: "Cloud" }],
  [sdk.TelephonyProvidersEdgesSiteOutboundRoute, { name: "n", siteId: "s", classificationTypes: ["National"] }],
  [sdk.TelephonyProvidersEdgesDidPool, { startPhoneNumber: "+13125550000", endPhoneNumber: "+13125550001" }],
  [sdk.ArchitectIvr, { name: "n", dnis: ["+13125550000"] }],
  [sdk.Flow, { filepath: "f.yaml" }],
  [sdk.ArchitectDatatable, { name: "n", properties: [{ name: "key", type: "string" }] }],
  [sdk.ArchitectDatatableRow, { datatableId: "t", keyValue: "k" }],
  [sdk.RoutingQueue, { name: "n" }],
  [sdk.ArchitectEmergencygroup, { name: "n" }],
  [sdk.AuthRole, { name: "n" }],
  [sdk.OauthClient, { name: "n", authorizedGrantType: "CODE" }],
];

describe("classes and provider agree", () => {
  test("every resource of the provider has a class, and every class a resource", async () => {
    for (const [i, [Class, args]] of smallest.entries()) await value(new Class(`r${i}`, args as never).urn);
    expect(made.map((m) => m.type).sort()).toEqual(Object.keys(provider.resources).sort());
  });
  test("every input of the provider is an input of the class, under the same name", () => {
    for (const [Class, args] of smallest) {
      const instance = new Class("x", args as never) as unknown as Record<string, unknown> & { __pulumiType: string };
      const spec = provider.resources[instance.__pulumiType];
      expect(spec, instance.__pulumiType).toBeDefined();
      for (const key of [...Object.keys(spec?.inputs ?? {}), ...Object.keys(spec?.outputs ?? {})]) {
        expect(pulumi.Output.isInstance(instance[key]), `${instance.__pulumiType}.${key}`).toBe(true);
      }
      const required = Object.entries(spec?.inputs ?? {}).filter(([, s]) => s.required);
      for (const [key] of required) {
        const without = { ...args, [key]: undefined };
        expect(() => new Class("y", without as never), `${instance.__pulumiType}.${key}`).toThrow(
          `Missing required property '${key}'`,
        );
      }
    }
  });
  test("every look-up of the provider has its two functions", async () => {
    const all = sdk as unknown as Record<string, (args: object) => unknown>;
    const names = Object.keys(provider.invokes ?? {}).map((t) => t.split(":").pop() as string);
    for (const name of names) {
      await all[name]?.({ name: "n" });
      await value(all[`${name}Output`]?.({ name: pulumi.output("n") }) as pulumi.Output<unknown>);
    }
    expect(asked.map((a) => a.token)).toEqual(Object.keys(provider.invokes ?? {}).flatMap((t) => [t, t]));
  });
});

test("the trunk's properties are a secret whatever the program says", async () => {
  const trunk = new sdk.TelephonyProvidersEdgesTrunkbasesettings("t", {
    name: "n",
    trunkMetaBaseId: "m",
    trunkType: "EXTERNAL",
    properties: "{}",
  });
  expect(await pulumi.isSecret(trunk.properties)).toBe(true);
  expect(await pulumi.isSecret(trunk.name)).toBe(false);
  expect(sdk.TelephonyProvidersEdgesTrunkbasesettings.isInstance(trunk)).toBe(true);
  expect(sdk.ArchitectIvr.isInstance(trunk)).toBe(false);
});
