import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { policyPage, type TrapResult } from "./page";

const row = (harmWithout: TrapResult["harmWithout"]): TrapResult => ({
  trap: "port-not-live",
  policy: "port-live",
  mistake: "live | too early",
  stoppedBy: "port-live",
  stoppedIn: "preview of cutover w1=live",
  writesBeforeStop: 0,
  overlaps: ["release-drained"],
  harmWithout,
});

it("a trap's row tells policy, stop, overlaps and harm, counted as people count", () => {
  const page = policyPage([
    row({ kind: "lost calls", count: 1 }),
    row({ kind: "secret in plain text", count: 2 }),
    row(null),
  ]);
  const head =
    "| `port-not-live` | live \\| too early | `port-live` | preview of cutover w1=live, 0 writes | `release-drained` |";
  expect(page.split("\n").filter((line) => line.startsWith("| `port-not-live`"))).toEqual([
    `${head} 1 lost call |`,
    `${head} 2 secrets in plain text |`,
    `${head} none seen |`,
  ]);
});

it("the words before the tables of docs/policies.md are this program's", () => {
  const intro = policyPage([]).split("\n| policy |")[0]!;
  expect(readFileSync(join(__dirname, "../docs/policies.md"), "utf8").startsWith(intro)).toBe(true);
});
