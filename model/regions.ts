import { UserError } from "./errors";
import type { Plan } from "./types";

/**
 * Genesys Cloud regions: API domain (the official Terraform provider's `awsRegion` table, v1.84.1) and the domain BYOC trunks
 * answer under (`<termination id>.<byoc>`). The BYOC names have no official machine-readable source: they are a third-party
 * mapping and Genesys help pages, read on 2026-11-22; the Inbound Request-URI Reference in the organisation's own trunk
 * page decides. A plan whose dns[].to names the trunk is therefore believed over this table (trunkHost).
 */
const REGIONS: Readonly<Record<string, { api: string; byoc: string }>> = {
  "us-east-1": { api: "mypurecloud.com", byoc: "byoc.use1.pure.cloud" },
  "us-east-2": { api: "use2.us-gov-pure.cloud", byoc: "byoc.use2.us-gov-pure.cloud" },
  "us-west-2": { api: "usw2.pure.cloud", byoc: "byoc.usw2.pure.cloud" },
  "ca-central-1": { api: "cac1.pure.cloud", byoc: "byoc.cac1.pure.cloud" },
  "sa-east-1": { api: "sae1.pure.cloud", byoc: "byoc.sae1.pure.cloud" },
  "mx-central-1": { api: "mxc1.pure.cloud", byoc: "byoc.mxc1.genesys.cloud" },
  "eu-west-1": { api: "mypurecloud.ie", byoc: "byoc.mypurecloud.ie" },
  "eu-west-2": { api: "euw2.pure.cloud", byoc: "byoc.euw2.pure.cloud" },
  "eu-central-1": { api: "mypurecloud.de", byoc: "byoc.mypurecloud.de" },
  "eu-central-2": { api: "euc2.pure.cloud", byoc: "byoc.euc2.pure.cloud" },
  "eusc-de-east-1": { api: "edee1.eusc-pure.cloud", byoc: "byoc.edee1.eusc-pure.cloud" },
  "me-central-1": { api: "mec1.pure.cloud", byoc: "byoc.mec1.pure.cloud" },
  "ap-southeast-2": { api: "mypurecloud.com.au", byoc: "byoc.mypurecloud.com.au" },
  "ap-southeast-1": { api: "apse1.pure.cloud", byoc: "byoc.apse1.pure.cloud" },
  "ap-northeast-1": { api: "mypurecloud.jp", byoc: "byoc.mypurecloud.jp" },
  "ap-northeast-2": { api: "apne2.pure.cloud", byoc: "byoc.apne2.pure.cloud" },
  "ap-northeast-3": { api: "apne3.pure.cloud", byoc: "byoc.apne3.pure.cloud" },
  "ap-south-1": { api: "aps1.pure.cloud", byoc: "byoc.aps1.pure.cloud" },
};

/** Names of the known regions, as the provider's `awsRegion` takes them. */
export const REGION_NAMES: readonly string[] = Object.keys(REGIONS);

function region(name: string) {
  const found = REGIONS[name];
  if (!found) {
    throw new UserError(
      `The region "${name}" is not known; expected one of ${REGION_NAMES.join(", ")}; correct organisation.region.`,
    );
  }
  return found;
}

/** API domain of a region, such as `mypurecloud.de`. Throws UserError for an unknown one. */
export const apiDomain = (name: string): string => region(name).api;

/** `https://api.<domain>`. Throws UserError for an unknown region. */
export const apiUrl = (name: string): string => `https://api.${region(name).api}`;

/** `https://login.<domain>`, where tokens come from. Throws UserError for an unknown region. */
export const loginUrl = (name: string): string => `https://login.${region(name).api}`;

/** Domain under which BYOC trunks of a region answer. Throws UserError for an unknown one. */
export const byocDomain = (name: string): string => region(name).byoc;

/**
 * Every domain under which a BYOC trunk of the region may answer: the one above, the regional `pure.cloud` name, the API
 * domain's, and that of Dynamic Cloud Voice trunks. Sources disagree (see REGIONS), so an edge should know them all.
 * Throws UserError for an unknown region.
 */
export function byocDomains(name: string): string[] {
  const { api, byoc } = region(name);
  // eu-central-1 -> euc1, ap-northeast-2 -> apne2
  const [area, place, digit] = name.split("-").slice(-3) as [string, string, string];
  const short = `${area}${place.replace(/(north|south)?(east|west)?(central)?/, (_, ns = "", ew = "", c = "") => `${ns[0] ?? ""}${ew[0] ?? ""}${c[0] ?? ""}`)}${digit}`;
  return [...new Set([byoc, `byoc.${api}`, `byoc.${short}.pure.cloud`, `byoc.${short}.genesys.cloud`])];
}

/**
 * Genesys' own name of the plan's BYOC trunk: what the carrier dials in R1, and what the certificate covers best.
 * The plan's CNAME target when it has one (checked by parsePlan to be the trunk's name), else built from the region.
 */
export function trunkHost(plan: Pick<Plan, "dns" | "trunk" | "organisation">): string {
  return plan.dns[0]?.to ?? `${plan.trunk.terminationId}.${byocDomain(plan.organisation.region)}`;
}

/** The customer's name that R2 dials, or undefined without a record of the public view: a carrier sees no other. */
export function customerHost(plan: Pick<Plan, "dns">): string | undefined {
  const record = plan.dns.find((d) => d.view === "public");
  return record && `${record.record}.${record.zone}`;
}
