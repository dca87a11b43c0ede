import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from "../sandbox/genesys";
import type { Position } from "../model/types";
import { formatWaves } from "../model/waves";
import type { WorldAddresses } from "./world";

/** Credentials of the sandbox's organisation and carrier: the world knows no others. */
export const SANDBOX_CREDENTIALS = {
  GENESYSCLOUD_OAUTHCLIENT_ID: SANDBOX_CLIENT_ID,
  GENESYSCLOUD_OAUTHCLIENT_SECRET: SANDBOX_CLIENT_SECRET,
  TELNYX_API_KEY: "sandbox-telnyx-key",
  AWS_ACCESS_KEY_ID: "sandbox",
  AWS_SECRET_ACCESS_KEY: "sandbox",
  CLOUDFLARE_API_TOKEN: "sandbox-cloudflare-token",
} as const;

export interface StackFiles {
  name: string;
  dir: string;
  stateDir: string;
  passphrase: string;
  trunkPassword: string;
}

/** Places of one rehearsal's own configuration and state, under `--out`; the repository's files stay untouched. */
export function stackFiles(out: string, name: string): StackFiles {
  const dir = join(out, "stack");
  const stateDir = join(out, "state");
  for (const path of [dir, stateDir, join(out, "desk", "requests"), join(out, "desk", "confirmations")]) {
    mkdirSync(path, { recursive: true });
  }
  return { name, dir, stateDir, passphrase: randomBytes(12).toString("hex"), trunkPassword: "sandbox-trunk-password" };
}

/** Where everything is in a running world, in the configuration keys of the program, the providers and the gates. */
export function worldConfig(world: WorldAddresses, o: { adapter: string; region: string }): Record<string, string> {
  const genesys = new URL(world.genesys);
  const gateway = [{ protocol: "http", host: genesys.hostname, port: genesys.port }];
  return {
    "cutover:deskDir": world.desk,
    "cutover:resolvers": JSON.stringify(world.resolvers.map(({ name, address, view }) => ({ name, address, view }))),
    "cutover:nameServers": JSON.stringify(world.dns),
    "cutover:clock": world.clock,
    "genesyscloud:gateways": JSON.stringify(gateway),
    "genesyscloud:awsRegion": o.region,
    "genesyscloud:clock": world.clock,
    "aws:endpoints": JSON.stringify([{ route53: world.route53 }]),
    "aws:region": "us-east-1",
    "cloudflare:baseUrl": world.cloudflare,
    "carrier:url": world.carrier,
    "carrier:adapter": o.adapter,
    "carrier:deskDir": world.desk,
    "carrier:clock": world.clock,
    "gates:probe": "dist/probe.js",
    "gates:clock": world.clock,
    "gates:deskDir": world.desk,
  };
}

/** The stack's configuration for a step: what `Pulumi.<stack>.yaml` would say, with the world's addresses. */
export function stackConfig(
  files: StackFiles,
  at: Position,
  world: WorldAddresses,
  o: { planDir: string; adapter: string; confirm: boolean; region: string },
): Record<string, string> {
  return {
    ...worldConfig(world, o),
    "cutover:phase": at.phase,
    "cutover:waves": formatWaves(at.waves),
    "cutover:plan": o.planDir,
    "cutover:confirm": o.confirm ? files.name : "",
    "cutover:workDir": files.dir,
    "cutover:trunkPassword": files.trunkPassword,
  };
}

/** Configuration that leaves policies out of all their layers: program, pack and gates read the first, the Genesys provider the second. */
export const withoutPolicies = (names: readonly string[]): Record<string, string> => ({
  "cutover:withoutPolicies": names.join(","),
  "genesyscloud:withoutPolicies": names.join(","),
});

/** Keeps the configuration of each step readable beside the report; the secret is left out. */
export function writeConfig(files: StackFiles, config: Record<string, string>): void {
  const shown = { ...config, "cutover:trunkPassword": "[secret]" };
  writeFileSync(join(files.dir, `Pulumi.${files.name}.yaml`), stringify({ config: shown }));
}
