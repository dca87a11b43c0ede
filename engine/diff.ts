/** Comparison of inputs by the engine itself (a provider that answers DIFF_UNKNOWN) and the lines a diff is shown by. */
import { formatPath, getAt, overlaps, type Path, parsePath } from "./paths";
import { ASSET, display, isObject, isUnknown, type Props, plain, SIG, sameValue, type Value } from "./values";

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
export interface PropertyDiff {
  kind: DiffKind;
  inputDiff: boolean;
}

/** What a provider (or the engine in its place) says about old and new. */
export interface Diff {
  changes: "none" | "some";
  /** Top-level keys or paths that force a replacement. */
  replaces: string[];
  /** Top-level keys that changed. */
  diffs: string[];
  detailed: Record<string, PropertyDiff> | null;
  deleteBeforeReplace: boolean;
  /** Replaced for a reason that is no property (a trigger). */
  forced?: true;
}

export const NO_DIFF: Diff = { changes: "none", replaces: [], diffs: [], detailed: null, deleteBeforeReplace: false };
/** Whether a difference cannot be made in place. */
export const replaces = (d: Diff): boolean =>
  d.changes === "some" &&
  (d.replaces.length > 0 ||
    d.forced === true ||
    Object.values(d.detailed ?? {}).some((p) => p.kind.endsWith("-replace")));

/** Paths at which two values differ, leaves only; secret marks are looked through. */
function changedPaths(
  olds: Value | undefined,
  news: Value | undefined,
  at: Path = [],
): { path: Path; kind: "add" | "delete" | "update" }[] {
  const a = plain(olds);
  const b = plain(news);
  if (a === undefined && b === undefined) return [];
  if (a === undefined) return [{ path: at, kind: "add" }];
  if (b === undefined) return [{ path: at, kind: "delete" }];
  if (isUnknown(b)) return [{ path: at, kind: "update" }];
  if (Array.isArray(a) && Array.isArray(b)) {
    const n = Math.max(a.length, b.length);
    return Array.from({ length: n }, (_, i) => changedPaths(a[i], b[i], [...at, i])).flat();
  }
  if (isObject(a) && isObject(b) && !(a[SIG] === ASSET || b[SIG] === ASSET)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((k) => changedPaths(a[k], b[k], [...at, k]));
  }
  return sameValue(a, b) ? [] : [{ path: at, kind: "update" }];
}

/** The diff of inputs, for a provider that cannot tell. `__internal` is the engine's own and never counts. */
export function inputDiff(olds: Props, news: Props): Diff {
  const changed = changedPaths(olds, news).filter((c) => c.path[0] !== "__internal");
  if (changed.length === 0) return NO_DIFF;
  const detailed: Record<string, PropertyDiff> = {};
  for (const c of changed) detailed[formatPath(c.path)] = { kind: c.kind, inputDiff: true };
  const diffs = [...new Set(changed.map((c) => String(c.path[0])))];
  return { changes: "some", replaces: [], diffs, detailed, deleteBeforeReplace: false };
}

/**
 * Turns changes at the paths of `replaceOnChanges` into replacements. A path forces what lies at or below it; only a path that names a
 * whole top-level key names it among the reasons. Source: Pulumi step_generator.go, applyReplaceOnChanges.
 */
export function applyReplaceOnChanges(diff: Diff, paths: readonly string[]): Diff {
  if (diff.changes === "none" || paths.length === 0) return diff;
  const patterns = paths.map(parsePath);
  const hit = (p: Path) => patterns.some((pattern) => pattern.length <= p.length && overlaps(pattern, p));
  const forced = new Set(diff.replaces);
  const detailed = diff.detailed && { ...diff.detailed };
  for (const [text, d] of Object.entries(detailed ?? {})) {
    if (hit(parsePath(text)) && !d.kind.endsWith("-replace"))
      (detailed as Record<string, PropertyDiff>)[text] = { ...d, kind: `${d.kind}-replace` as DiffKind };
  }
  for (const key of diff.diffs) if (hit([key])) forced.add(key);
  return { ...diff, replaces: [...forced], detailed };
}

/** One line of a shown diff; secrets read `[secret]`. */
export interface ShownDiff {
  path: string;
  kind: DiffKind;
  old?: Value;
  new?: Value;
}

/** The lines of a plain comparison of two property maps. */
export function changedLines(olds: Props, news: Props): ShownDiff[] {
  const detailed: Record<string, PropertyDiff> = {};
  for (const c of changedPaths(olds, news)) detailed[formatPath(c.path)] = { kind: c.kind, inputDiff: true };
  return shownDiffs({ detailed, replaces: [] }, { inputs: olds, outputs: olds }, news);
}

/** The lines of a step's diff: the provider's own paths, or the changed inputs when it names none. */
export function shownDiffs(
  diff: { detailed: Record<string, PropertyDiff> | null; replaces: readonly string[] },
  old: { inputs: Props; outputs: Props },
  news: Props,
): ShownDiff[] {
  const forced = (path: Path) => diff.replaces.some((r) => overlaps(parsePath(r), path));
  const lines = diff.detailed
    ? Object.entries(diff.detailed).map(([text, d]) => ({ path: parsePath(text), ...d }))
    : changedPaths(old.inputs, news)
        .filter((c) => c.path[0] !== "__internal")
        .map((c) => ({
          path: c.path,
          kind: (forced(c.path) ? `${c.kind}-replace` : c.kind) as DiffKind,
          inputDiff: true,
        }));
  return lines.map((l) => {
    const was = getAt(l.inputDiff ? old.inputs : old.outputs, l.path) ?? getAt(old.outputs, l.path);
    const is = getAt(news, l.path);
    return {
      path: formatPath(l.path),
      kind: l.kind,
      ...(was === undefined ? {} : { old: display(was) }),
      ...(is === undefined ? {} : { new: display(is) }),
    };
  });
}
