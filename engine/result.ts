/** What an operation gives back, and the events it tells on the way (the CLI's form: sdk/go/common/apitype/events.go). */
import type { PropertyDiff, ShownDiff } from "./diff";
import { changedLines, shownDiffs } from "./diff";
import type { Finding } from "./policy";
import type { State } from "./state";
import { isDefaultProvider, nameOf } from "./urn";
import { deepEqual, mask, type Props, secretTexts } from "./values";

export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "discard"
  | "discard-replaced"
  | "import"
  | "import-replacement"
  | "refresh"
  | "remove-pending-replace";

export interface StepResult {
  op: Op;
  urn: string;
  type: string;
  name: string;
  /** Changed properties, secrets shown as `[secret]`. */
  diffs?: ShownDiff[];
  /** Properties that force the replacement. */
  replaceReasons?: string[];
}

export interface Violation {
  policy: string;
  /** URN of the resource; of the Stack for a stack policy that names none. */
  resource: string;
  level: "advisory" | "mandatory" | "remediate";
  message: string;
}

export interface Diagnostic {
  severity: "debug" | "info" | "info#err" | "warning" | "error";
  urn?: string;
  message: string;
}

export type ChangeKind = "create" | "update" | "replace" | "delete" | "same" | "import";

export interface Result {
  ok: boolean;
  /** Counted as the CLI does: default providers are not, explicit ones and the Stack are. */
  changes: Record<ChangeKind, number>;
  /** Every step that changes something, in the order of completion; default providers left out. */
  steps: StepResult[];
  policies: { evaluated: number; violations: Violation[] };
  diagnostics: Diagnostic[];
  seconds: number;
  /** The Stack's outputs; secrets in the SDK's marked form. */
  outputs: Props;
}

/** One event in the CLI's JSON form. */
export type EngineEvent = { sequence: number; timestamp: number } & Record<string, unknown>;

/** A step of the plan, as it is told of. */
export interface Step {
  op: Op;
  urn: string;
  type: string;
  old?: State;
  new?: State;
  keys?: string[];
  diffs?: string[];
  detailed?: Record<string, PropertyDiff> | null;
  /** Part of a refresh: the state follows what was read. */
  refresh?: boolean;
  /** What a failed step left behind: nothing new, a resource that did not come up right, or who knows (the default). */
  left?: keyof typeof STATUS;
}

/** Source: Pulumi sdk/go/common/resource/status.go. */
const STATUS = { nothing: 0, partial: 1, unknown: 2 } as const;

const COUNTED: Partial<Record<Op, ChangeKind>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  same: "same",
  import: "import",
};

/** Counts steps, hides secrets, and tells events as they happen; its end is the result of the operation. */
export class Reporter {
  private sequence = 0;
  private readonly secrets: Set<string>;
  private readonly started = Date.now();
  readonly changes: Record<ChangeKind, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0, import: 0 };
  readonly steps: StepResult[] = [];
  /** Steps that change nothing of what a provider holds, for the CLI's own summary. */
  private readonly others: Partial<Record<"read" | "discard", number>> = {};
  readonly violations: Violation[] = [];
  readonly diagnostics: Diagnostic[] = [];
  evaluated = 0;
  /** A provider failed in a way that leaves open what it did. */
  maybeCorrupt = false;

  constructor(
    private readonly onEvent: ((e: EngineEvent) => void) | undefined,
    readonly preview: boolean,
    /** Secret texts: read `[secret]` in every message, whoever wrote it. */
    secrets: readonly string[] = [],
  ) {
    this.secrets = new Set(secrets);
  }

  /** The secrets in these properties are not to be shown in any message either. */
  hide(properties: Props): void {
    for (const text of secretTexts(properties)) this.secrets.add(text);
  }

  private bare(text: string): string {
    let out = text;
    for (const s of this.secrets) out = out.replaceAll(s, "[secret]");
    return out;
  }

  event(body: Record<string, unknown>): void {
    this.onEvent?.({ sequence: this.sequence++, timestamp: Math.floor(Date.now() / 1000), ...body });
  }

  prelude(config: Record<string, string>, secretKeys: readonly string[]): void {
    const shown = Object.entries(config).map(([k, v]) => [k, secretKeys.includes(k) ? "[secret]" : v]);
    this.event({ preludeEvent: { config: Object.fromEntries(shown) } });
  }

  /** A step starts. */
  begin(s: Step): void {
    if (!isDefaultProvider(s.urn)) {
      this.told("resourcePreEvent", s, this.preview ? { planning: true } : {});
    }
  }

  /** A step is done: it counts, and it shows in the result when it changed something. */
  done(s: Step): void {
    if (isDefaultProvider(s.urn)) return;
    const kind = COUNTED[s.op];
    if (kind) this.changes[kind]++;
    const reread = s.op === "read" && s.old && s.new && !deepEqual(s.old.outputs, s.new.outputs);
    if (s.op === "discard" || (s.op === "read" && reread)) this.others[s.op] = (this.others[s.op] ?? 0) + 1;
    if (s.op !== "same" && s.op !== "read" && s.op !== "refresh") this.steps.push(describe(s));
  }

  /** A step's outputs are known (for a component: when it registers them). */
  outputs(s: Step): void {
    if (!isDefaultProvider(s.urn)) this.told("resOutputsEvent", s, this.preview ? { planning: true } : {});
  }

  /** A step failed. The event carries how many steps were done until then. */
  failed(s: Step): void {
    const steps = Object.values(this.changes).reduce((a, b) => a + b, 0);
    if (!isDefaultProvider(s.urn)) this.told("resOpFailedEvent", s, { status: STATUS[s.left ?? "unknown"], steps });
  }

  say(severity: Diagnostic["severity"], text: string, urn?: string, ephemeral = false): void {
    const message = this.bare(text);
    const prefix = severity === "info" || severity === "info#err" ? "" : `${severity}: `;
    if (severity !== "debug" && !ephemeral) this.diagnostics.push({ severity, message, ...(urn ? { urn } : {}) });
    this.event({
      diagnosticEvent: { ...(urn ? { urn } : {}), prefix, message: `${message}\n`, color: "never", severity },
    });
  }

  finding(found: Finding): void {
    const f = { ...found, message: this.bare(found.message) };
    const level = f.level as Violation["level"];
    this.violations.push({ policy: f.policy, resource: f.urn, level, message: f.message });
    if (f.level === "remediate") return;
    this.event({
      policyEvent: {
        resourceUrn: f.urn,
        message: `${f.message}\n`,
        color: "never",
        policyName: f.policy,
        ...packOf(f),
        enforcementLevel: f.level,
      },
    });
  }

  remediation(f: Finding, before: Props, after: Props): void {
    this.finding(f);
    this.event({
      policyRemediationEvent: {
        resourceUrn: f.urn,
        color: "raw",
        policyName: f.policy,
        ...packOf(f),
        before: mask(before),
        after: mask(after),
      },
    });
  }

  /** Which policies of a pack passed and failed on a resource (or, without a URN, on the stack). */
  policySummary(
    kind: "policyRemediateSummaryEvent" | "policyAnalyzeSummaryEvent" | "policyAnalyzeStackSummaryEvent",
    pack: { pack: string; version: string },
    evaluated: readonly string[],
    failed: readonly string[],
    urn?: string,
  ): void {
    if (kind !== "policyRemediateSummaryEvent") this.evaluated += evaluated.length;
    if (!this.onEvent) return;
    const bad = [...new Set(failed)].sort();
    const passed = evaluated.filter((n) => !bad.includes(n)).sort();
    this.event({
      [kind]: {
        ...(urn ? { resourceUrn: urn } : {}),
        ...packOf(pack),
        ...(passed.length ? { passed } : {}),
        ...(bad.length ? { failed: bad } : {}),
      },
    });
  }

  /** The last events, and the result. */
  finish(ok: boolean, outputs: Props, packs: Record<string, string>): Result {
    const seconds = (Date.now() - this.started) / 1000;
    const all = Object.entries({ ...this.changes, ...this.others });
    const resourceChanges = Object.fromEntries(all.filter(([, n]) => n > 0));
    this.event({
      summaryEvent: {
        maybeCorrupt: this.maybeCorrupt,
        durationSeconds: Math.floor(seconds),
        resourceChanges,
        PolicyPacks: packs,
        isPreview: this.preview,
        result: ok ? "succeeded" : "failed",
      },
    });
    this.event({ cancelEvent: {} });
    return {
      ok,
      changes: this.changes,
      steps: this.steps,
      policies: { evaluated: this.evaluated, violations: this.violations },
      diagnostics: this.diagnostics,
      seconds,
      outputs,
    };
  }

  private told(kind: string, s: Step, more: Record<string, unknown>): void {
    // The form of a state is costly to make: only for somebody who listens.
    if (this.onEvent) this.event({ [kind]: { metadata: metadata(s), ...more } });
  }
}

const packOf = (p: { pack: string; version: string }) => ({
  policyPackName: p.pack,
  policyPackVersion: p.version,
  policyPackVersionTag: p.version,
});

function describe(s: Step): StepResult {
  const lines = s.old && s.new && s.op !== "delete" ? diffLines(s, s.old, s.new) : undefined;
  return {
    op: s.op,
    urn: s.urn,
    type: s.type,
    name: nameOf(s.urn),
    ...(lines && lines.length > 0 ? { diffs: lines } : {}),
    ...(s.keys && s.keys.length > 0 ? { replaceReasons: s.keys } : {}),
  };
}

function diffLines(s: Step, old: State, news: State): ShownDiff[] {
  if (s.refresh) return changedLines(old.outputs, news.outputs);
  return shownDiffs({ detailed: s.detailed ?? null, replaces: s.keys ?? [] }, old, news.inputs);
}

function metadata(s: Step): Record<string, unknown> {
  const logical =
    !s.refresh &&
    ![
      "create-replacement",
      "delete-replaced",
      "discard-replaced",
      "import-replacement",
      "read-replacement",
      "refresh",
    ].includes(s.op);
  return {
    op: s.op,
    urn: s.urn,
    type: s.type,
    old: s.old ? shownState(s.old) : null,
    new: s.new ? shownState(s.new) : null,
    ...(s.keys?.length ? { keys: s.keys } : {}),
    ...(s.diffs?.length ? { diffs: s.diffs } : {}),
    detailedDiff: s.detailed
      ? Object.fromEntries(
          Object.entries(s.detailed).map(([k, d]) => [
            k,
            { diffKind: d.kind, ...(d.inputDiff ? { inputDiff: true } : {}) },
          ]),
        )
      : null,
    ...(logical ? { logical: true } : {}),
    provider: (s.new ?? s.old)?.provider ?? "",
  };
}

function shownState(s: State): Record<string, unknown> {
  return {
    type: s.type,
    urn: s.urn,
    ...(s.custom ? { custom: true } : {}),
    ...(s.delete ? { delete: true } : {}),
    id: s.id,
    parent: s.parent,
    ...(s.protect ? { protect: true } : {}),
    ...(s.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(s.external ? { external: true } : {}),
    inputs: mask(s.inputs),
    outputs: mask(s.outputs),
    provider: s.provider,
    ...(s.initErrors.length ? { initErrors: s.initErrors } : {}),
  };
}
