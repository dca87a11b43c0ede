/** Stands in for the AWS SDK where it is not installed: the suite's own code is checked, the SDK's types are not. */
declare class Command {
  constructor(input: unknown);
}
export class Route53Client {
  constructor(options?: unknown);
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the SDK here
  send(command: Command): Promise<any>;
}
export class ChangeResourceRecordSetsCommand extends Command {}
export class GetChangeCommand extends Command {}
export class ListHostedZonesByNameCommand extends Command {}
export class ListHostedZonesCommand extends Command {}
export class ListResourceRecordSetsCommand extends Command {}
export function waitUntilResourceRecordSetsChanged(options: unknown, input: unknown): Promise<unknown>;
export type RRType = string;
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of the SDK here
export type ResourceRecordSet = any;
export interface Change {
  Action: string;
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the SDK here
  ResourceRecordSet: any;
}
