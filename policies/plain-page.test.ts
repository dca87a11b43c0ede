import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { desiredState } from "../model/phases";
import { POLICY_NAMES } from "../model/policyNames";
import { offered, plan as guide, usePack, withPack } from "./testing";
import {
  cloudflare,
  flow,
  ivr,
  plain,
  POOL,
  rawTrunk,
  route53,
  stops,
  TARGET,
  told,
  trunk,
  type,
} from "./testing-plain";
import { configurePack, judgeStack, type Plain } from "./testing-stack";

/** What docs/policy-pack.md says that each policy can judge without this project's components is what it does judge. */
usePack();

const page = readFileSync(join(__dirname, "../docs/policy-pack.md"), "utf8");
const table = new Map(
  [...page.matchAll(/^\| `([a-z-]+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map((m) => [m[1]!, m.slice(2) as string[]]),
);
/** Policies of which the table's column (0: by itself, 1: with the pack's configuration, 2: with a plan) is not empty. */
const column = (n: number) =>
  [...table]
    .filter(([, cells]) => cells[n] !== "-")
    .map(([name]) => name)
    .sort();
/** They judge the configuration, not resources. */
const OF_THE_CONFIGURATION = ["levels-kept", "not-judged", "override-in-use"];
const own = (names: readonly string[]) => names.filter((n) => !OF_THE_CONFIGURATION.includes(n)).sort();

const pool: Plain = {
  type: POOL,
  name: "pool",
  props: { startPhoneNumber: "+12025550100", endPhoneNumber: "+12025550109" },
  protect: false,
};
const role: Plain = {
  type: type("AuthRole"),
  name: "role",
  props: { name: "Runs", permissionPolicies: [{ domain: "routing", entityName: "*", actionSets: ["*"] }] },
};
/** Every mistake that a plain resource can hold. */
const MISTAKES: Plain[] = [
  trunk({
    trunk_transport_protocolVariant: "tcp",
    trunk_access_acl_allowList: ["0.0.0.0/0"],
    trunk_access_acl_denyList: ["203.0.113.10"],
    trunk_media_codec: ["audio/opus"],
    trunk_calling_id_priority: ["Trunk"],
    trunk_recording_enabled: false,
    trunk_sip_authentication_credentials_password: "hush",
    trunk_maxConcurrentCalls: 1,
  }),
  pool,
  ivr("a", { dnis: ["+12025550100"] }),
  ivr("b", { dnis: ["+12025550100"] }),
  flow("looping-flow.yaml"),
  cloudflare("dnsRecord:DnsRecord", { content: TARGET, proxied: true, ttl: 1 }),
  role,
];
const CONFIGURATION = {
  "allowlist-covers-carrier": { sourceRanges: ["203.0.113.10"] },
  "allowlist-not-too-wide": { sourceRanges: ["203.0.113.10"] },
  "caller-id-preserved": { priority: ["Source", "Trunk"] },
  "channels-suffice": { peakConcurrentCalls: 10 },
  "codec-fallback-present": { queue: "Codec fallback" },
  "codecs-agree": { carrierCodecs: ["PCMU"] },
  "failover-paths-present": { queue: "Overflow" },
  "least-privilege": { roles: ["Runs"] },
  "recording-kept": { gcvRecording: true },
};

describe("docs/policy-pack.md", () => {
  it("has a row for each policy of the pack, and no other", () => {
    expect([...table.keys()].sort()).toEqual([...POLICY_NAMES]);
  });

  it(
    "tells which judge plain resources by themselves",
    plain(async (pack) => {
      expect(stops(await judgeStack(pack, MISTAKES))).toEqual(own(column(0)));
    }),
  );

  it(
    "tells which judge more with the pack's configuration, and by which of its properties",
    plain(async (pack) => {
      const before = stops(await judgeStack(pack, MISTAKES));
      await configurePack(pack, CONFIGURATION);
      const after = stops(await judgeStack(pack, MISTAKES));
      expect(after).toEqual([...new Set([...before, ...own(column(1))])].sort());
      expect(Object.keys(CONFIGURATION).sort()).toEqual(own(column(1)));
      for (const [name, properties] of Object.entries(CONFIGURATION))
        for (const property of Object.keys(properties)) expect(table.get(name)![1]).toContain(`\`${property}\``);
    }),
  );

  it(
    "tells which judge more with a plan",
    withPack({ "cutover:phase": "baseline" }, async (pack) => {
      const [route] = desiredState(guide, "baseline", {}).gcvIvrs;
      const mistakes = [
        trunk(
          {
            trunk_sip_termination_uri: "other",
            trunk_access_acl_allowList: ["198.51.100.0/24"],
            trunk_media_codec: ["audio/opus"],
            trunk_calling_id_priority: ["Trunk"],
            trunk_recording_enabled: false,
            trunk_maxConcurrentCalls: 1,
          },
          "Guide BYOC",
        ),
        ivr("Other", { dnis: ["+16173540791"] }),
        // One number on the existing call route and on its BYOC one.
        ivr(route!.callRoute, { dnis: route!.numbers.slice(0, 1) }),
        ivr("byoc", { name: `${route!.callRoute} BYOC`, dnis: route!.numbers.slice(0, 1) }),
        route53("sip", { name: "sip", type: "A", ttl: 172800, records: ["guide-primary.byoc.use1.pure.cloud"] }),
        { type: type("ArchitectEmergencygroup"), name: "group", props: { name: "Closed", enabled: true } },
        role,
        flow("looping-flow.yaml"),
      ];
      const found = stops(await judgeStack(pack, mistakes));
      for (const name of column(2)) expect([...found, ...NOT_TRIED_HERE], name).toContain(name);
      for (const name of found) expect([...column(0), ...column(2)], name).toContain(name);
    }),
  );

  it(
    "leaves to the gate's evidence what is left, and the pack tells those by name",
    plain(async (pack) => {
      const evidence = own([...table.keys()].filter((name) => [0, 1, 2].every((n) => table.get(name)![n] === "-")));
      const line = told(await judgeStack(pack, [rawTrunk("{}")])).match(/that these judge by: ([a-z, -]+)\./)![1]!;
      expect(evidence.filter((name) => !line.split(", ").includes(name))).toEqual([]);
      expect((await offered(pack)).policies).toEqual(expect.arrayContaining(evidence));
    }),
  );
});

/** Judged with a plan and tried in the program's own tests: the codec fallback of the plan's front flows, a site's route by its name. */
const NOT_TRIED_HERE = ["codec-fallback-present", "outbound-after-port"];
