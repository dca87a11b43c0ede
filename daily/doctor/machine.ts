import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { promisify } from "node:util";
import type { Plan } from "../../model/types";
import type { StackSettings } from "../settings";
import { fail, type Finding, finding, ok, skip, warn } from "./check";

/** Oldest Node that runs the project (package.json, engines). */
const NODE_MIN = [20, 19] as const;
/** CLI that the SDK of package.json is made for; an older one may not know its protocol. */
const PULUMI_MIN = [3, 200] as const;

const run = promisify(execFile);

const atLeast = (version: string, min: readonly [number, number] | readonly number[]): boolean => {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > min[0]! || (major === min[0] && minor >= min[1]!);
};

/** Node is as new as package.json asks for. */
export function nodeVersion(version = process.versions.node): Finding {
  if (atLeast(version, NODE_MIN)) return ok("node", `Node ${version}`);
  return fail("node", `Node ${version}`, `install Node ${NODE_MIN.join(".")} or later`);
}

/** The Pulumi CLI: needed for a stack of a real organisation; a sandbox stack runs on the embedded engine. */
export async function pulumiCli(sandbox: boolean | undefined, env: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const { stdout } = await run("pulumi", ["version"], { env, timeout: 20_000 });
    const version = stdout.trim();
    if (atLeast(version, PULUMI_MIN)) return ok("pulumi", `Pulumi CLI ${version}`);
    return warn("pulumi", `Pulumi CLI ${version}`, `install ${PULUMI_MIN.join(".")} or later`);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const seen = missing
      ? "no Pulumi CLI on the PATH"
      : `pulumi version failed: ${(error as Error).message.split("\n")[0]}`;
    if (sandbox) return skip("pulumi", `${seen}; a sandbox stack runs without one`);
    const cure = "install the Pulumi CLI and log in to a state backend";
    // Without a readable plan nobody knows whether a CLI is needed.
    return sandbox === undefined ? warn("pulumi", seen, cure) : fail("pulumi", seen, cure);
  }
}

/** Credentials by name, as far as the plan uses them. Values are never shown. */
export function credentials(plan: Plan, settings: StackSettings, env: NodeJS.ProcessEnv): Finding[] {
  const adapter = settings.carrier.adapter ?? plan.porting.provider;
  const uses = (provider: string) => plan.dns.some((d) => d.provider === provider);
  const wanted: [string, boolean, string[]][] = [
    ["genesys", true, ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"]],
    ["carrier", adapter === "telnyx", ["TELNYX_API_KEY"]],
    ["route53", uses("route53"), ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]],
    ["cloudflare", uses("cloudflare"), ["CLOUDFLARE_API_TOKEN"]],
  ];
  return wanted.map(([name, used, keys]) => {
    const check = `credentials ${name}`;
    if (!used) return skip(check, "the plan does not use it");
    const missing = keys.filter((key) => !env[key]);
    if (missing.length === 0) return ok(check, `${keys.join(", ")} set`);
    return fail(check, `${missing.join(", ")} not set`, `set ${missing.join(" and ")} in the environment`);
  });
}

/** The desk takes requests to people: without a place to write them a manual carrier or the operator never hears of them. */
export function desk(settings: StackSettings): Promise<Finding> {
  const cure = "make the directory, or set cutover:deskDir";
  return finding("desk", cure, async () => {
    await mkdir(settings.deskDir, { recursive: true });
    await access(settings.deskDir, constants.W_OK);
    return ok("desk", `${settings.deskDir} can be written`);
  });
}
