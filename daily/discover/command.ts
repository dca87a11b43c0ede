import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../model/errors";
import { GenesysClient } from "../../providers/genesyscloud/client";
import { type Clock, clockFrom } from "../../providers/lib/clock";
import type { StackSettings } from "../settings";
import { CloudflareReader } from "./cloudflare";
import { type Estate, estateOf } from "./estate";
import { type Progress, readOrganisation } from "./organisation";
import { awsCredentials, Route53Reader } from "./route53";
import { dialledNames, type FoundCname } from "./zones";

export interface DiscoverArgs {
  /** Directory to write to; made when missing. */
  out: string;
  settings: Pick<StackSettings, "gateways" | "region" | "clock" | "route53" | "cloudflare">;
  /** Zones to read; every zone the credentials see when empty. */
  zones: readonly string[];
  /** Labels of the names the carrier dials; guessed when empty. */
  records: readonly string[];
  /** Overwrite an estate that is there. */
  force: boolean;
  env: NodeJS.ProcessEnv;
  progress?: Progress;
}

/**
 * Reads an organisation and its DNS, and writes plan.yaml, numbers.csv and ports.csv. Changes nothing outside `out`.
 * @throws UserError when credentials are missing or refused, or the directory holds an estate already.
 */
export async function discover(args: DiscoverArgs): Promise<Estate> {
  const files = ["plan.yaml", "numbers.csv", "ports.csv"];
  const there = existsSync(args.out) ? readdirSync(args.out).filter((name) => files.includes(name)) : [];
  if (there.length > 0 && !args.force) {
    throw new UserError(
      `${args.out}: seen ${there.join(", ")}; expected a directory without an estate, since answers would be lost; fix: name another --out, or add --force.`,
    );
  }
  const clock = clockFrom(args.settings.clock);
  const signal = new AbortController().signal;
  const { gateways, region } = args.settings;
  const client = new GenesysClient({
    gateways,
    awsRegion: region,
    clock,
    steeredClock: args.settings.clock !== undefined,
    signal,
    env: args.env,
    log: args.progress && ((message) => args.progress!(message)),
  });
  const organisation = await readOrganisation(client, args.progress);
  const { found, unread } = await readDns(args, clock);
  const sandbox = args.settings.clock !== undefined;
  const estate = estateOf({ organisation, dns: dialledNames(found, args.records), unread, sandbox });
  mkdirSync(args.out, { recursive: true });
  const texts = [estate.plan, estate.numbers, estate.ports];
  files.forEach((name, i) => {
    writeFileSync(join(args.out, name), texts[i]!);
  });
  return estate;
}

/** CNAMEs of the providers whose credentials are there; why each other one was not read. */
async function readDns(args: DiscoverArgs, clock: Clock): Promise<{ found: FoundCname[]; unread: string[] }> {
  const found: FoundCname[] = [];
  const unread: string[] = [];
  const aws = awsCredentials(args.env);
  if (aws) {
    args.progress?.("Route 53");
    found.push(...(await new Route53Reader(aws, clock, args.settings.route53).cnames(args.zones)));
  } else unread.push("Route 53 was not read: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set.");
  const token = args.env.CLOUDFLARE_API_TOKEN;
  if (token) {
    args.progress?.("Cloudflare");
    found.push(...(await new CloudflareReader(token, clock, args.settings.cloudflare).cnames(args.zones)));
  } else unread.push("Cloudflare was not read: CLOUDFLARE_API_TOKEN is not set.");
  return { found, unread };
}
