import * as aws from "@pulumi/aws/route53";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { dnsKey } from "../model/phases";
import type { DesiredDns, PlanDnsRecord } from "../model/types";

/** One provider's way to adopt and hold a CNAME record: the same shape for each. */
interface DnsAdapter {
  record(name: string, want: DesiredDns, importId: string, opts: pulumi.CustomResourceOptions): pulumi.CustomResource;
  /** Zone and import ids of the existing record. */
  find(of: PlanDnsRecord): Promise<{ zoneId: string; importId: string }>;
}

const route53: DnsAdapter = {
  async find(of) {
    const zone = await aws.getZone({ name: of.zone, privateZone: of.view === "private" });
    return { zoneId: zone.zoneId, importId: `${zone.zoneId}_${of.record}.${of.zone}_CNAME` };
  },
  record(name, want, zoneId, opts) {
    return new aws.Record(
      name,
      { zoneId, name: want.name, type: "CNAME", ttl: want.ttlSeconds, records: [want.target] },
      opts,
    );
  },
};

const cloudflareAdapter: DnsAdapter = {
  async find(of) {
    const name = `${of.record}.${of.zone}`;
    const zone = await cloudflare.getZone({ filter: { name: of.zone } });
    const found = await cloudflare.getDnsRecords({ zoneId: zone.zoneId, type: "CNAME", name: { exact: name } });
    const record = found.results[0];
    if (!record) {
      throw new pulumi.RunError(
        `DNS record ${name} (cloudflare, zone ${of.zone}): no CNAME of that name exists; expected the one that calls use today. Correct dns[] in plan.yaml.`,
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
  key: string;
  zoneId: string;
  importId: string;
}

/** Looks up zones and record ids of every record, at once. */
export function findRecords(records: PlanDnsRecord[]): Promise<FoundRecord[]> {
  return Promise.all(records.map(async (of) => ({ key: dnsKey(of), ...(await ADAPTERS[of.provider].find(of)) })));
}

/** The CNAMEs that lead carriers to the organisation, one resource per provider and view, adopted and never deleted. */
export class SipDns extends pulumi.ComponentResource {
  readonly records: pulumi.CustomResource[];

  constructor(
    name: string,
    wants: DesiredDns[],
    found: FoundRecord[],
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[] },
  ) {
    super("cutover:index:SipDns", name, {}, opts);
    this.records = wants.map((want) => {
      const { zoneId, importId } = found.find((f) => f.key === want.key)!;
      return ADAPTERS[want.provider].record(`${name}-${want.key}`, want, zoneId, {
        parent: this,
        import: importId,
        protect: true,
        retainOnDelete: true,
        dependsOn: opts.after,
      });
    });
    this.registerOutputs({});
  }
}
