import type { ExportedDeployment } from "../engine/checkpoint";
import type { Steps } from "./report";

/** One change as the engine did or would do it. */
export interface DeployedStep {
  op: string;
  urn: string;
  type: string;
  name: string;
  diffs?: { path: string; kind: string; old?: unknown; new?: unknown }[];
}

export interface DeployResult {
  ok: boolean;
  changes: Steps;
  steps: DeployedStep[];
  policies: { evaluated: number; violations: { policy: string; resource: string; level: string; message: string }[] };
  diagnostics: { severity: string; urn?: string; message: string }[];
  seconds: number;
}

/** What walks a stack: the embedded engine, or the real CLI behind the same verbs. */
export interface Deployer {
  readonly name: string;
  preview(config: Record<string, string>): Promise<DeployResult>;
  up(config: Record<string, string>): Promise<DeployResult>;
  /** The stack's deployment, secrets encrypted with the stack's passphrase. */
  export(): Promise<ExportedDeployment>;
  /** Takes over a deployment that either engine exported under the same passphrase. */
  import(deployment: ExportedDeployment): Promise<void>;
  close(): Promise<void>;
}

/** Changes that are not `same`. */
export const changeCount = (s: Steps): number => s.create + s.update + s.replace + s.delete + s.import;
