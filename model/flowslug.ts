/**
 * Lower-case ASCII name fit for keys and resource names: `Main inbound` -> `main-inbound`, `Réception` -> `reception`.
 * Different names may share one slug; the plan refuses such a pair (parsePlan.ts). A name without any letter or digit in
 * ASCII becomes `x` and its code points in hexadecimal, so that it is stable and never empty.
 */
export function flowSlug(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain || `x${[...name].map((c) => c.codePointAt(0)!.toString(16)).join("")}`;
}
