import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
  type RRType,
  waitUntilResourceRecordSetsChanged,
} from "@aws-sdk/client-route-53";
import type { SandboxWorld } from "./world";

/** The official SDK pointed at a sandbox. */
export function route53Of(world: SandboxWorld, maxAttempts = 10) {
  const client = new Route53Client({
    endpoint: world.route53,
    region: "us-east-1",
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
    maxAttempts,
  });
  return {
    client,
    /** Id of the zone; of several with the name the public one. */
    async zone(name: string): Promise<string> {
      const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: name }));
      const zone = HostedZones.find((each) => each.Name === `${name}.` && !each.Config?.PrivateZone);
      if (!zone?.Id) throw new Error(`no zone ${name}`);
      return zone.Id.replace("/hostedzone/", "");
    },
    /** Sends a batch and waits, as the SDK waits, until every name server has it. */
    async change(zoneId: string, changes: Change[]): Promise<void> {
      const { ChangeInfo } = await client.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } }),
      );
      await waitUntilResourceRecordSetsChanged(
        { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
        { Id: ChangeInfo?.Id as string },
      );
    },
  };
}

export const upsert = (name: string, type: RRType, ttl: number, values: readonly string[]): Change => ({
  Action: "UPSERT",
  ResourceRecordSet: { Name: name, Type: type, TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) },
});
