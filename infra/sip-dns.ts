import * as aws from "@pulumi/aws/route53";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredDns } from "../model/types";

/** One provider's way to adopt and hold a CNAME record: the same shape for each. */
interface DnsAdapter {
  record(name: string, want: DesiredDns, importId: string, opts: pulumi.CustomResourceOptions): pulumi.CustomResource;
  /** Zone and import ids of the existing record. */
  find(want: DesiredDns): Promise<{ zoneId: string; importId: string }>;
}

const route53: DnsAdapter = {
  async find(want) {
    const zone = await aws.getZone({ name: want.zone, privateZone: want.view === "private" });
    return { zoneId: zone.zoneId, importId: `${zone.zoneId}_${want.name}_CNAME` };
  },
  record(name, want, zoneId, opts) {
    return new aws.Record(name, { zoneId, name: want.name, type: "CNAME", ttl: want.ttlSeconds, records: [want.target] }, opts);
  },
};

const cloudflareAdapter: DnsAdapter = {
  async find(want) {
    const zone = await cloudflare.getZone({ filter: { name: want.zone } });
    const found = await cloudflare.getDnsRecords({ zoneId: zone.zoneId, type: "CNAME", name: { exact: want.name } });
    const record = found.results[0];
    if (!record) {
      throw new pulumi.RunError(
        `DNS record ${want.name} (cloudflare, zone ${want.zone}): no CNAME of that name exists; expected the one that calls use today. Correct dns[] in plan.yaml.`,
      );
    }
    return { zoneId: zone.zoneId, importId: `${zone.zoneId}/${record.id}` };
  },
  record(name, want, zoneId, opts) {
    // A proxied name answers with Cloudflare's HTTP addresses: no call would arrive.
    return new cloudflare.DnsRecord(
      name,
      { zoneId, name: want.name, type: "CNAME", ttl: want.ttlSeconds, content: want.target, proxied: false },
      opts,
    );
  },
};

const ADAPTERS: Record<DesiredDns["provider"], DnsAdapter> = { route53, cloudflare: cloudflareAdapter };

/** A CNAME found in its zone, ready to be declared. */
export interface FoundRecord {
  want: DesiredDns;
  zoneId: string;
  importId: string;
}

/** Looks up zones and record ids of every record, at once. */
export function findRecords(wants: DesiredDns[]): Promise<FoundRecord[]> {
  return Promise.all(wants.map(async (want) => ({ want, ...(await ADAPTERS[want.provider].find(want)) })));
}

/** The CNAMEs that lead carriers to the organisation, one resource per provider and view, adopted and never deleted. */
export class SipDns extends pulumi.ComponentResource {
  readonly records: pulumi.CustomResource[];

  constructor(name: string, found: FoundRecord[], opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[] }) {
    super("cutover:index:SipDns", name, {}, opts);
    this.records = found.map(({ want, zoneId, importId }) =>
      ADAPTERS[want.provider].record(`${name}-${want.key}`, want, zoneId, {
        parent: this,
        import: importId,
        protect: true,
        retainOnDelete: true,
        dependsOn: opts.after,
      }),
    );
    this.registerOutputs({});
  }
}
