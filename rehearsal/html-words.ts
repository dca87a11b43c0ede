import { count, duration, minute, plural, stepName } from "./html-text";
import type { Report } from "./report";

const IS_ARE = (n: number): string => (n === 1 ? "was" : "were");

/** The verdict as one would say it to somebody who has one minute: plain text, the first sentence is the answer. */
export function verdictInWords(report: Report): string[] {
  if (report.trap) return trapWords(report);
  return report.verdict === "pass" ? passWords(report) : failWords(report);
}

function passWords(report: Report): string[] {
  const { calls, estate, phases } = report;
  const numbers = estate ? `All ${count(estate.numbers)} numbers` : "All numbers";
  const where = estate ? ` of ${plural(estate.sites, "site")}` : "";
  const last = phases.at(-1);
  const back = phases.filter((p) => p.direction === "back").length;
  const reached =
    last?.phase === "complete"
      ? `${numbers}${where} moved to the new carrier, and no call was lost.`
      : `The walk went as far as ${last ? stepName(last) : "nothing"}, and no call was lost.`;
  return [
    reached,
    `${duration(report.simulatedSeconds)} of migration were played through in ${Math.round(report.wallSeconds)} seconds, in ${plural(phases.length, "step")}${back ? `, ${back} of them back` : ""}. Meanwhile ${plural(calls.offered, "call")} came in: ${count(calls.answered)} ${IS_ARE(calls.answered)} answered by the right people and ${count(calls.abandonedByCaller)} ${IS_ARE(calls.abandonedByCaller)} given up by the caller while it rang. ${crossing(report)}`,
    ...[quality(report), ports(report), resolvers(report)].filter((line) => line !== ""),
    `Going back to Genesys Cloud Voice stays possible up to the step "${report.lastReversiblePhase}"; after it the numbers stay where they are. Carriers and networks in a rehearsal are simulated: what it cannot prove is said at the end of this page.`,
  ];
}

function crossing({ calls }: Report): string {
  if (calls.inProgressAcrossChange === 0) return "";
  return `${plural(calls.inProgressAcrossChange, "call")} ${IS_ARE(calls.inProgressAcrossChange)} in progress at the very moment of a change; none of them was cut off.`;
}

function failWords(report: Report): string[] {
  const { stopped, failures, phases } = report;
  const last = phases.at(-1);
  const first = stopped
    ? `The rehearsal did not pass: the step "${stopped.phase}" was refused by the policy ${stopped.policy} in its ${stopped.in}.`
    : `The rehearsal did not pass: ${failures[0]?.split("\n")[0] ?? "no reason was given"}.`;
  return [
    first,
    `${plural(phases.length, "step")} went through before that${last ? `, the last one being "${stepName(last)}"` : ""}; ${plural(report.calls.offered, "call")} came in, ${count(report.calls.lost)} of them ${IS_ARE(report.calls.lost)} lost. Mend the cause and rehearse again before anything real is touched.`,
  ];
}

function trapWords({ trap, stopped, calls }: Report): string[] {
  if (!trap) return [];
  const mistake = `One mistake was put into a migration that was otherwise right: ${trap.mistake}`;
  if (trap.without.length === 0)
    return [
      stopped
        ? `The policy ${stopped.policy} stopped it in the ${stopped.in} of ${stopped.phase}, ${stopped.writes === 0 ? "before anything was changed" : `after ${plural(stopped.writes, "write")}`}.`
        : "Nothing stopped it.",
      mistake,
    ];
  const harm = trap.harm ? `${count(trap.harm.count)} ${trap.harm.kind}` : "no harm was seen";
  return [
    `Without ${trap.without.join(", ")} the mistake did harm: ${harm}.`,
    mistake,
    `${plural(calls.offered, "call")} came in, ${count(calls.lost)} ${IS_ARE(calls.lost)} lost.`,
  ];
}

/** Mean over all conversations of a path, weighted by calls. */
export function meanMos(report: Report, path: "gcv" | "byoc"): number | null {
  const mine = (report.timeline?.quality ?? []).filter((q) => q.path === path);
  const calls = mine.reduce((n, q) => n + q.calls, 0);
  return calls ? mine.reduce((sum, q) => sum + q.meanMos * q.calls, 0) / calls : null;
}

function quality(report: Report): string {
  const [gcv, byoc] = [meanMos(report, "gcv"), meanMos(report, "byoc")];
  if (gcv === null || byoc === null) return "";
  const limit = report.estate?.minMos
    ? `; a canary below ${report.estate.minMos} would have stopped the migration`
    : "";
  return `Audio quality (MOS) was ${byoc.toFixed(2)} on the new path and ${gcv.toFixed(2)} on the old one; 4.4 is a good telephone line${limit}.`;
}

function ports(report: Report): string {
  const states = report.timeline?.ports ?? [];
  const live = [...new Set(states.map((p) => p.id))].flatMap(
    (id) => states.find((p) => p.id === id && p.active > 0) ?? [],
  );
  if (live.length === 0) return "";
  const times = live.map((p) => p.at).sort();
  const [first, last] = [minute(times[0]!), minute(times.at(-1)!)];
  const when = first === last ? `at ${first} UTC` : `between ${first} and ${last} UTC`;
  return `${plural(live.length, "port order")} went live ${when}; nothing of ours had to happen at the port minute.`;
}

/** How long after the first resolver the last one turned to the target that won. */
function resolvers(report: Report): string {
  const turned = turns(report);
  if (turned.length < 2) return "";
  const times = turned.map((t) => Date.parse(t.at)).sort((a, b) => a - b);
  const slowest = turned.reduce((a, b) => (Date.parse(a.at) >= Date.parse(b.at) ? a : b));
  if (times[0] === times.at(-1))
    return `The name moved: all ${new Set(turned.map((t) => t.resolver)).size} resolvers asked knew it at once.`;
  return `The name moved at ${plural(new Set(turned.map((t) => t.resolver)).size, "resolver")} one by one; the last, ${slowest.resolver}, was seen to answer the new target ${duration((times.at(-1)! - times[0]!) / 1000)} after the first. Both paths answered all that time.`;
}

/** First answer with the last target, for each resolver and name that ever changed. */
export function turns(report: Report): NonNullable<Report["timeline"]>["answers"] {
  const answers = report.timeline?.answers ?? [];
  const last = new Map(answers.map((a) => [`${a.resolver}|${a.name}`, a]));
  return [...last.values()].filter((a) =>
    answers.some((b) => b.resolver === a.resolver && b.name === a.name && b.target !== a.target),
  );
}
