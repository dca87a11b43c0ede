import { readFileSync } from "node:fs";
import { UserError } from "../../model/errors";

/** What `pulumi preview --json` said, as far as a reviewer needs it. */
export interface PreviewSummary {
  ok: boolean;
  /** Operation to count; operations of count 0 are left out. */
  counts: Record<string, number>;
  /** Steps that are not `same`: `create cutover:index:... name`. */
  steps: string[];
  errors: string[];
}

interface PreviewFile {
  steps?: { op?: string; urn?: string; diffReasons?: string[] | null }[];
  changeSummary?: Record<string, number>;
  diagnostics?: { severity?: string; message?: string; urn?: string }[];
}

/** Reads the output of `pulumi preview --json`. @throws UserError when the file cannot be read or is something else. */
export function readPreview(file: string): PreviewSummary {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `${file}: seen ${(error as NodeJS.ErrnoException).code ?? "no file"}; expected the output of pulumi preview --json; fix: correct --preview.`,
    );
  }
  let content: PreviewFile | null = null;
  try {
    content = JSON.parse(text) as PreviewFile;
  } catch {
    // told below
  }
  if (!content || typeof content !== "object" || (!content.steps && !content.changeSummary && !content.diagnostics)) {
    throw new UserError(`${file}: seen no preview; expected the output of pulumi preview --json; fix: run it again.`);
  }
  return summaryOf(content);
}

function summaryOf(content: PreviewFile): PreviewSummary {
  const diagnostics = content.diagnostics ?? [];
  const errors = diagnostics
    .filter((d) => d.severity === "error")
    .map((d) => (d.message ?? "").replace(/<\{%[^%]*%\}>/g, "").trim());
  const steps = (content.steps ?? [])
    .filter((s) => s.op !== "same")
    .map((s) => {
      const [, , type = "", name = ""] = (s.urn ?? "").split("::");
      const reasons = s.diffReasons?.length ? `: ${s.diffReasons.join(", ")}` : "";
      return `${s.op} ${type.split("$").at(-1)} ${name}${reasons}`;
    });
  const counts = Object.fromEntries(Object.entries(content.changeSummary ?? {}).filter(([, n]) => n > 0));
  return { ok: errors.length === 0, counts, steps, errors };
}
