import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Seat } from "../model/rules/emergencyGroups";
import type { NumberRange, Position } from "../model/types";

/** The proof a move needs: facts as inputs, judged by the policy pack, and gathered once more by its provider. */
export class Gate extends pulumi.CustomResource {
  constructor(
    name: string,
    args: {
      from: Position;
      to: Position;
      digest: string;
      plan: string;
      settings: unknown;
      facts: unknown;
      overrides?: unknown;
      without?: string[];
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("gates:index:Gate", name, { name, ...args, passedAt: undefined }, opts);
  }
}

/** A proof in the middle of one up: waits by the clock until it holds, or fails. */
export class Proof extends pulumi.CustomResource {
  constructor(
    name: string,
    args: {
      kind: "r1-tested" | "dns-moved" | "real-tested";
      subject: unknown;
      plan: string;
      settings: unknown;
      waitSeconds: number;
      without?: string[];
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("gates:index:Proof", name, { name, ...args, provenAt: undefined }, opts);
  }
}

/** A request to a person: taking numbers out of the GCV inventory, which has no API, or changing what is the customer's own. */
export class Request extends pulumi.CustomResource {
  constructor(
    name: string,
    args:
      | { kind: "inventory-removal"; ranges: NumberRange[]; note: string }
      | { kind: "emergency-group"; groups: Seat[]; note: string },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("gates:index:Request", name, { name, ...args, requestId: undefined }, opts);
  }
}

/** Short stable fingerprint of a value, for resources that are only to change with their subject. */
export const fingerprint = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
