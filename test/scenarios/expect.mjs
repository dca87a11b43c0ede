/**
 * What a story expects of its report (`expect` of scenario.yaml):
 * verdict: pass | stopped, where `stopped` is a walk that a policy ended while every call was served;
 * stoppedBy, stoppedIn (`preview`, `up`), phase: of that policy; ends: where the walk ends; back: waves or phases gone back to;
 * events: kinds that the world must have met, in this order; outsideWindow: kinds that must have come outside the change window;
 * quiet: no policy may say anything, at whatever level; calls: {name: [min, max]} over the sums of the ledger. Zero lost, misrouted,
 * silent and dropped calls are expected of every story, unless `calls` says otherwise.
 */
const NOTHING_LOST = {
  lost: [0, 0],
  misrouted: [0, 0],
  noAudio: [0, 0],
  inProgressDropped: [0, 0],
  wrongCallerId: [0, 0],
  unrecorded: [0, 0],
  intrudersAccepted: [0, 0],
  "outbound.lost": [0, 0],
};

const at = (object, path) => path.split(".").reduce((o, key) => o?.[key], object);
const position = ({ phase, waves }) => `${phase} ${waves}`.trim();

/** Everything in which a report falls short of what was expected; empty when it does not. */
export function shortfalls(report, expect) {
  const short = [];
  const want = (ok, text) => {
    if (!ok) short.push(text);
  };
  want(report.calls.offered > 0, "no call was offered");
  for (const [name, [min, max]] of Object.entries({ ...NOTHING_LOST, ...expect.calls })) {
    const seen = at(report.calls, name);
    want(seen >= min && seen <= max, `calls.${name}: seen ${seen}, expected ${min} to ${max}`);
  }
  if (expect.verdict === "pass") {
    want(
      report.verdict === "pass",
      `verdict ${report.verdict}: ${report.failures.slice(0, 2).join(" | ").slice(0, 700)}`,
    );
  } else {
    const { stopped } = report;
    want(
      stopped?.policy === expect.stoppedBy,
      `stopped by ${stopped?.policy ?? "nothing"}, expected ${expect.stoppedBy}: ${report.failures[0]?.slice(0, 500)}`,
    );
    if (expect.stoppedIn)
      want(stopped?.in === expect.stoppedIn, `stopped in ${stopped?.in}, expected ${expect.stoppedIn}`);
    if (expect.phase) want(stopped?.phase === expect.phase, `stopped at ${stopped?.phase}, expected ${expect.phase}`);
    if (expect.stoppedIn === "preview") want(stopped?.writes === 0, `${stopped?.writes} writes before the stop`);
  }
  if (expect.quiet) {
    const said = report.phases.flatMap((p) => p.policies.violations.map((v) => `${v.policy} (${v.level})`));
    want(said.length === 0, `policies said something: ${[...new Set(said)].join(", ")}`);
  }
  const last = report.phases.at(-1);
  if (expect.ends)
    want(last && position(last) === expect.ends, `ends at ${last && position(last)}, expected ${expect.ends}`);
  const back = report.phases.filter((p) => p.direction === "back").map(position);
  if (expect.back)
    want(
      JSON.stringify(back) === JSON.stringify(expect.back),
      `back: ${back.join(" > ")}, expected ${expect.back.join(" > ")}`,
    );
  const full = report.phases.filter((p) => p.secondUpSteps > 0);
  want(full.length === 0, `a second up changed something at ${full.map(position).join(", ")}`);
  // A hurried walk makes a second up after its last step and the steps back.
  if (expect.verdict === "pass") want(last?.secondUpSteps === 0, "the walk does not end with an empty second up");
  let from = 0;
  for (const kind of expect.events ?? []) {
    const found = report.events.slice(from).findIndex((e) => e.kind === kind);
    want(found !== -1, `no event ${kind} after ${from}: ${[...new Set(report.events.map((e) => e.kind))].join(", ")}`);
    if (found !== -1) from += found + 1;
  }
  for (const { kind, fromHour, toHour } of expect.atHours ?? []) {
    const hours = report.events.filter((e) => e.kind === kind).map((e) => new Date(e.at).getUTCHours());
    want(
      hours.length > 0 &&
        hours.every((h) => (fromHour <= toHour ? h >= fromHour && h < toHour : h >= fromHour || h < toHour)),
      `${kind} at hours ${hours.join(", ")} UTC, expected ${fromHour} to ${toHour}`,
    );
  }
  return short;
}
