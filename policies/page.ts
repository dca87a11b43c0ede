import { policies } from "./pack";

/** One row of traps.json, as `cutover traps` writes it (rehearsal/traps/result.ts, which this room must not import). */
export interface TrapResult {
  trap: string;
  policy: string;
  mistake: string;
  stoppedBy: string | null;
  stoppedIn: string | null;
  writesBeforeStop: number | null;
  overlaps: string[];
  harmWithout: { kind: string; count: number } | null;
}

const INTRO = `# Policies

This page is made by \`npm run traps\`: the list from the pack's own metadata, the table from the walks into each trap.

Each policy has one predicate of \`model/\`, asked in up to three layers: the CrossGuard pack (in preview and in each up), the gate that all gated resources depend on, and the gate's
provider, which gathers the evidence once more. A message says resource, value seen, value required, how to fix it and how to override it by name.

* **Override.** \`cutover:override\` is JSON, \`{"<policy>": {"reason": "...", "until": "<date>"}}\`. Without a reason, or after its date, it does not count; pack and gate's provider obey the same one, and the advisory
  \`override-in-use\` tells it in every preview. A proof in the middle of an up (R1 test-called, DNS moved, real number test-called) has no override: it waits.
* **Left out.** \`cutover:withoutPolicies\`, set by \`--without-policy\`, takes policies out of all layers so that a rehearsal can show what they prevent. It needs a plan marked \`sandbox: true\` *and* a sandbox's clock, which
  itself is refused unless it is a loopback address of a sandbox's plan. On any other stack the program ends with one sentence, the pack goes on judging, and gate and proofs refuse: no layer can be switched off by accident.
* **Another plan.** A plan that changes under a standing stack is judged as well: call routes may lose nothing by it, a change of the trunk, the carrier or the organisation is judged as in \`parallel\`,
  an edit of \`dns[]\` may move no name (\`dns-agrees-everywhere\`), and orders near their date stay as they are. The record tells which of them changed: nothing is asked about the others.
* **Back.** No gate is asked on a way back, and no finding on a declared resource stops one: \`not-judged\` tells it. A way back is a move from where the phase record stands.
  A setting that is mistyped is told there too; only a key that seems meant for \`cutover:phase\` or \`cutover:waves\`, where that one is not set, is refused: the way back may be the mistake itself.
* **Levels and thresholds.** The pack takes a CrossGuard configuration (\`--policy-pack-config\`): a level for each policy, and the properties of its schema. Thresholds there only make a plan stricter. Lowering a policy that protects
  calls to \`advisory\` or \`disabled\` is a violation of \`levels-kept\` unless \`cutover:override\` names it with a reason and an end; so is a policy or a property that the pack does not have. The gate's provider goes by the plan alone and has no
  levels.
* **No way round.** In an update the program itself refuses to declare what its gate has not let through, so that \`--target\`, a skipped preview and a missing pack do not help: nothing is written.
* **On plain resources.** The pack judges programs of \`@pulumi/genesyscloud\`, \`@pulumi/aws\` and \`@pulumi/cloudflare\` without this project's components: [policy-pack.md](policy-pack.md) tells how, and what each policy can judge there. What a
  policy cannot know it does not pass: it is not applicable, and \`not-judged\` says what is missing (a plan, a property of the pack's configuration, or a value that the preview does not know yet).
* A proof in the middle of an up is not known in its preview: what only such a proof can see (a resolver that still answers the old target, a real number that does not answer) stops in the up, before the route that depends on it.
`;

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (names: string[]) => names.map((n) => `\`${n}\``).join(", ") || "none";

function policyTable(results: TrapResult[]): string {
  const rows = [...policies]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((p) => {
      const traps = results.filter((r) => r.policy === p.name).map((r) => r.trap);
      const level = p.enforcementLevel === "advisory" ? "advisory" : "mandatory";
      const without = level === "advisory" ? "none: it stops nothing" : "not measured yet";
      return `| \`${p.name}\` | ${cell(p.description ?? "")} | ${level} | ${traps.length > 0 ? code(traps) : without} |`;
    });
  return ["| policy | what it holds | level | traps |", "|---|---|---|---|", ...rows].join("\n");
}

/** `1 lost call`, `2 secrets in plain text`: kinds are named as rehearsal/harm.ts counts them, some of them in the singular. */
const harmText = ({ kind, count }: { kind: string; count: number }): string =>
  count === 1
    ? `1 ${kind.replace(/\b(call|change|intruder|number|object|right)s\b/, "$1")}`
    : `${count} ${kind.replace(/^(secret|trunk)\b/, "$1s")}`;

function trapTable(results: TrapResult[]): string {
  const rows = results.map((r) => {
    const by = r.stoppedBy === r.policy ? "" : ` by ${r.stoppedBy ?? "nothing"}`;
    const stopped = `${r.stoppedIn ?? "not stopped"}${by}, ${r.writesBeforeStop ?? "-"} writes`;
    const harm = r.harmWithout ? harmText(r.harmWithout) : "none seen";
    return `| \`${r.trap}\` | ${cell(r.mistake)} | \`${r.policy}\` | ${stopped} | ${code(r.overlaps)} | ${harm} |`;
  });
  const head = "| trap | mistake | policy | stopped in | also taken out to see the harm | harm without |";
  return [head, "|---|---|---|---|---|---|", ...rows].join("\n");
}

/** docs/policies.md, from the pack's metadata and the measured traps. */
export function policyPage(results: TrapResult[]): string {
  return `${INTRO}\n${policyTable(results)}\n\n## Traps, as walked into\n\n${trapTable(results)}\n`;
}
