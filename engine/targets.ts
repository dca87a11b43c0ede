/** `--target`: which resources an operation is for. Source: Pulumi pkg/resource/deploy/deployment.go, UrnTargets. */
import { references, type State } from "./state";
import { parseReference } from "./urn";

/** A set of URNs, some of them patterns: `*` stands for any characters but `:`, `**` for any at all. Without any, everything is in it. */
export class Targets {
  /** URNs without a wildcard, as given. */
  readonly literals: readonly string[];
  private readonly patterns: readonly RegExp[];
  /** What came to the set as a dependent of its members. */
  private readonly dependent = new Set<string>();

  constructor(
    given: readonly string[] = [],
    /** What hangs on a target is a target too. */
    readonly withDependents = false,
  ) {
    this.literals = given.filter((g) => !g.includes("*"));
    this.patterns = given.filter((g) => g.includes("*")).map(pattern);
  }

  /** Is anything left out? */
  get constrained(): boolean {
    return this.literals.length > 0 || this.patterns.length > 0;
  }

  /** Was this URN asked for (dependents do not count)? */
  named(urn: string): boolean {
    return !this.constrained || this.literals.includes(urn) || this.patterns.some((p) => p.test(urn));
  }

  /** Is this resource one the operation is for? A dependent found is remembered, for what hangs on it in turn. */
  includes(s: State): boolean {
    if (this.named(s.urn)) return true;
    if (!this.withDependents) return false;
    const near = s.provider ? [...references(s), parseReference(s.provider).urn] : references(s);
    if (!near.some((u) => this.dependent.has(u) || this.named(u))) return false;
    this.dependent.add(s.urn);
    return true;
  }
}

function pattern(glob: string): RegExp {
  const quoted = (s: string) => s.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const parts = glob.split("**").map((part) => part.split("*").map(quoted).join("[^:]*"));
  return new RegExp(`^${parts.join(".*")}$`);
}
