import { UserError } from "../../../model/errors";
import { HttpError } from "../../../providers/lib/http";
import { invoke, type PropertySpec, type ProviderSpec, resource } from "../../../providers/lib/provider";
import type { Value } from "../../../providers/lib/values";
import { loopbackUrl } from "../loopback";
import { type RecordSet, Route53Client } from "./route53-client";

/** `aws:route53/record:Record`, property names of @pulumi/aws 7; routing policies and aliases are not served. */
interface RecordInputs {
  zoneId: string;
  name: string;
  type: string;
  ttl?: number;
  records?: string[];
  allowOverwrite?: boolean;
}

interface RecordOutputs extends RecordInputs {
  fqdn: string;
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, "");
/** Names are the same whatever their case and with or without the final dot. */
const bare = (name: Value): Value => (typeof name === "string" ? plain(name) : name);

const setFrom = (inputs: RecordInputs): RecordSet => ({
  name: plain(inputs.name),
  type: inputs.type,
  ttl: inputs.ttl ?? 300,
  records: (inputs.records ?? []).map((r) => (inputs.type === "CNAME" ? plain(r) : r)),
});

const idOf = (inputs: RecordInputs) => `${inputs.zoneId}_${plain(inputs.name)}_${inputs.type}`;

/** `ZONEID_name_TYPE`; names may hold underscores themselves, zone ids and types do not. */
function parseId(id: string): { zoneId: string; name: string; type: string } {
  const match = /^([A-Z0-9]+)_(.+)_([A-Z]+)$/.exec(id);
  if (!match)
    throw new UserError(
      `${id} is not the id of a Route 53 record; expected ZONEID_name_TYPE, such as Z4KAPRWWNC7JR_sip.example.com_CNAME.`,
    );
  return { zoneId: match[1] as string, name: match[2] as string, type: match[3] as string };
}

export const record = resource<RecordInputs, RecordOutputs, Route53Client>({
  inputs: {
    zoneId: { type: "string", required: true, replace: true },
    name: { type: "string", required: true, replace: true, view: bare },
    type: { type: "string", required: true, replace: true },
    ttl: { type: "integer", min: 0 },
    records: { type: "array", set: true, items: { type: "string" } },
    allowOverwrite: { type: "boolean", computed: true },
  },
  outputs: { fqdn: { stable: true } },
  async create(inputs, { client }) {
    await client.change(inputs.zoneId, inputs.allowOverwrite ? "UPSERT" : "CREATE", setFrom(inputs));
    return { id: idOf(inputs), outputs: { ...inputs, fqdn: plain(inputs.name) } };
  },
  async read(id, state, { client }) {
    const { zoneId, name, type } = parseId(id);
    const found = await client.recordSet(zoneId, name, type).catch((error) => {
      if (error instanceof HttpError && error.status === 404) return null;
      throw error;
    });
    if (!found) return null;
    const inputs: RecordInputs = {
      zoneId,
      name: state.inputs?.name ?? name,
      type,
      ttl: found.ttl,
      records: found.records.map((r) => plain(r)),
    };
    if (state.inputs?.allowOverwrite !== undefined) inputs.allowOverwrite = state.inputs.allowOverwrite;
    return { id, inputs, outputs: { ...inputs, fqdn: found.name } };
  },
  async update(_id, news, _olds, { client }) {
    await client.change(news.zoneId, "UPSERT", setFrom(news));
    return { ...news, fqdn: plain(news.name) };
  },
  async delete(id, _olds, { client }) {
    const { zoneId, name, type } = parseId(id);
    // A DELETE must name the values exactly as they stand.
    const found = await client.recordSet(zoneId, name, type);
    if (found) await client.change(zoneId, "DELETE", found);
  },
});

export const getZone = invoke<{ name?: string; zoneId?: string; privateZone?: boolean }, Route53Client>(
  async (args, { client }) => {
    const privateZone = args.privateZone ?? false;
    let id = args.zoneId;
    if (!id) {
      if (!args.name)
        throw new UserError("aws.route53.getZone: neither name nor zoneId is given; expected one of them.");
      const found = (await client.zonesNamed(args.name)).filter((z) => z.privateZone === privateZone);
      if (found.length !== 1) {
        const kind = privateZone ? "private" : "public";
        throw new UserError(
          `aws.route53.getZone: ${found.length} ${kind} hosted zones are named ${args.name}; expected exactly one. Correct dns[].zone and dns[].view, or give the zone's id.`,
        );
      }
      id = found[0]?.id as string;
    }
    const { zone, nameServers, vpcId } = await client.zone(id);
    return {
      arn: `arn:aws:route53:::hostedzone/${zone.id}`,
      callerReference: zone.callerReference,
      comment: zone.comment,
      id: zone.id,
      linkedServiceDescription: "",
      linkedServicePrincipal: "",
      name: zone.name,
      nameServers,
      primaryNameServer: nameServers[0] ?? "",
      privateZone: zone.privateZone,
      resourceRecordSetCount: zone.count,
      tags: {},
      ...(vpcId ? { vpcId } : {}),
      zoneId: zone.id,
    };
  },
);

/** Settings of the official plug-in that mean nothing against a sandbox: taken, so that one configuration serves both. */
const IGNORED = [
  "accessKey",
  "secretKey",
  "token",
  "profile",
  "maxRetries",
  "retryMode",
  "insecure",
  "defaultTags",
  "ignoreTags",
  "allowedAccountIds",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "s3UsePathStyle",
];

/** The sandbox's stand-in for the `aws` plug-in: Route 53 records and zones, at `aws:endpoints[].route53` on loopback. */
export function awsProvider(): ProviderSpec<Route53Client> {
  const ignored = Object.fromEntries(IGNORED.map((key): [string, PropertySpec] => [key, { type: "any" }]));
  return {
    name: "aws",
    version: "7.48.0",
    config: { endpoints: { type: "array" }, region: { type: "string" }, ...ignored },
    configure({ config, clock, signal }) {
      const endpoints = (config.endpoints ?? []) as { route53?: string }[];
      const address = endpoints.map((e) => e?.route53).find(Boolean);
      return new Route53Client(loopbackUrl("aws", "aws:endpoints[].route53", address), clock, signal);
    },
    resources: { "aws:route53/record:Record": record },
    invokes: { "aws:route53/getZone:getZone": getZone },
  };
}
