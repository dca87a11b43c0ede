import { readFileSync } from "node:fs";
import { UserError } from "../../model/errors";

/** A policy of a pack that a preview violates. */
export interface Violation {
  policy: string;
  /** `mandatory`, `advisory`, ...: only an advisory one lets an up go on. */
  level: string;
  /** Type and name of the resource; empty for a policy of the whole stack. */
  resource: string;
  message: string;
}

/** What `pulumi preview --json` said, as far as a reviewer needs it. */
export interface PreviewSummary {
  ok: boolean;
  /** Operation to count; operations of count 0 are left out. */
  counts: Record<string, number>;
  /** Steps that are not `same`: `create cutover:index:... name`. */
  steps: string[];
  errors: string[];
  /** Undefined when the file does not tell: the digest that the CLI writes by default leaves the packs out. */
  violations?: Violation[];
}

interface Digest {
  steps?: { op?: string; urn?: string; diffReasons?: string[] | null }[];
  changeSummary?: Record<string, number>;
  diagnostics?: { severity?: string; message?: string }[];
}

/** One line of the stream: an engine event (apitype of the CLI), as far as it is read. */
interface EngineEvent {
  resourcePreEvent?: { metadata?: { op?: string; urn?: string; diffs?: string[] | null } };
  summaryEvent?: { resourceChanges?: Record<string, number> };
  diagnosticEvent?: { severity?: string; message?: string };
  policyEvent?: { policyName?: string; enforcementLevel?: string; resourceUrn?: string; message?: string };
}

/** How a preview is run so that it also tells what the policy pack says. */
export const STREAMED = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json";

/**
 * Reads the output of `pulumi preview --json`: events, one a line (STREAMED), or the default's one document, which hides the packs.
 * @throws UserError when the file cannot be read or is something else.
 */
export function readPreview(file: string): PreviewSummary {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `${file}: seen ${(error as NodeJS.ErrnoException).code ?? "no file"}; expected the output of ${STREAMED}; fix: correct --preview.`,
    );
  }
  const summary = digestOf(text) ?? eventsOf(text);
  if (summary) return summary;
  throw new UserError(`${file}: seen no preview; expected the output of ${STREAMED}; fix: run it again.`);
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function digestOf(text: string): PreviewSummary | undefined {
  const content = parsed(text) as Digest | null | undefined;
  if (typeof content !== "object" || !content || !(content.steps || content.changeSummary || content.diagnostics))
    return undefined;
  const errors = errorsOf(content.diagnostics ?? []);
  const steps = (content.steps ?? []).flatMap(({ op, urn, diffReasons }) => stepText(op, urn, diffReasons));
  return { ok: errors.length === 0, counts: countsOf(content.changeSummary), steps, errors };
}

function eventsOf(text: string): PreviewSummary | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map((line) => parsed(line) as EngineEvent | null | undefined);
  if (events.length === 0 || events.some((e) => typeof e !== "object" || !e)) return undefined;
  const all = events as EngineEvent[];
  const errors = errorsOf(all.flatMap((e) => e.diagnosticEvent ?? []));
  const violations = all.flatMap(({ policyEvent: p }): Violation[] =>
    p
      ? [
          {
            policy: p.policyName ?? "unknown",
            level: p.enforcementLevel ?? "mandatory",
            resource: resourceText(p.resourceUrn),
            message: plain(p.message),
          },
        ]
      : [],
  );
  const end = all.find((e) => e.summaryEvent)?.summaryEvent;
  // The engine sums up at the end of every preview: a stream without it was cut short.
  if (!end) errors.push("it did not come to its end");
  const steps = all.flatMap(({ resourcePreEvent: e }) =>
    stepText(e?.metadata?.op, e?.metadata?.urn, e?.metadata?.diffs),
  );
  const ok = errors.length === 0 && violations.every((v) => v.level === "advisory");
  return { ok, counts: countsOf(end?.resourceChanges), steps, errors, violations };
}

const plain = (message: string | undefined): string => (message ?? "").replace(/<\{%[^%]*%\}>/g, "").trim();

const errorsOf = (diagnostics: readonly { severity?: string; message?: string }[]): string[] =>
  diagnostics.filter((d) => d.severity === "error").map((d) => plain(d.message));

const countsOf = (changes: Record<string, number> | undefined): Record<string, number> =>
  Object.fromEntries(Object.entries(changes ?? {}).filter(([, n]) => n > 0));

function resourceText(urn: string | undefined): string {
  const [, , type = "", name = ""] = (urn ?? "").split("::");
  return `${type.split("$").at(-1)} ${name}`.trim();
}

function stepText(op: string | undefined, urn: string | undefined, reasons: string[] | null | undefined): string[] {
  if (op === undefined || op === "same") return [];
  return [`${op} ${resourceText(urn)}${reasons?.length ? `: ${reasons.join(", ")}` : ""}`];
}
