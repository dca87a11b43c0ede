/** Behaviours 34 to 37 and 40: runs that were killed or cancelled, parts of a stack, reading back before an update. */
import type { Scenario } from "./scenario";
import { note } from "./scenarios-lifecycle";

const a = note("a");
const b = note("b");
const c = note("c");
const onA = note("b", "@a.id");
/** Takes 60 s to create: whoever stops the engine at it finds it under way. */
const endless = note("s", "slow", "x", { dependsOn: ["a"] });

export const N4: Scenario[] = [
  {
    number: 34,
    name: "killed in a creation: told and kept pending, made again, cleared by refresh",
    steps: [
      { list: [a, endless], stop: { at: "create s", signal: "SIGKILL" } },
      { run: "preview", list: [a, note("s", "quick")] },
      { list: [a, note("s", "quick")] },
      { list: [a, note("s", "quick")] },
      { run: "refresh", clearPendingCreates: true },
      { list: [a, note("s", "quick")] },
    ],
  },
  {
    number: 34,
    name: "killed in an update: told, read back, done again, nothing stays pending",
    steps: [
      { list: [a] },
      { list: [note("a", "slow")], stop: { at: "update a", signal: "SIGKILL" } },
      // The embedded engine reads back what was being changed without being asked; the CLI has to be asked.
      { refresh: true, list: [note("a", "quick")] },
    ],
  },
  {
    number: 35,
    name: "continue on error: what nothing that failed needs is deleted",
    steps: [
      { list: [a, onA, c, note("d", "@c.id")] },
      { list: [a, note("b", "FAIL"), note("e", "@b.id")], continueOnError: true },
      { list: [a, onA] },
    ],
  },
  {
    number: 35,
    name: "continue on error: a destroy deletes what it can",
    steps: [
      { list: [a, onA, c] },
      { run: "destroy", continueOnError: true, steer: { deleteFails: "b" } },
      { run: "destroy", steer: {} },
    ],
  },
  {
    number: 36,
    name: "refresh before a preview and an update",
    steps: [
      { list: [a, onA] },
      { run: "preview", refresh: true, list: [a, onA], steer: { drift: "a", diffs: true } },
      { refresh: true, list: [a, onA], steer: { drift: "a", diffs: true } },
      { refresh: true, list: [a, onA], steer: { gone: "a" } },
      { run: "destroy", refresh: true, steer: { gone: "b" } },
    ],
  },
  {
    number: 37,
    name: "targets: others stay as they were, and are not made",
    steps: [
      { list: [a, b] },
      { run: "preview", list: [note("a", "aa"), note("b", "bb"), c], targets: ["a"] },
      { list: [note("a", "aa"), note("b", "bb"), c], targets: ["a"] },
      { list: [note("a", "aa"), note("b", "bb"), c], targets: ["**::b"] },
      { list: [note("a", "aa"), note("b", "bb"), c] },
    ],
  },
  {
    number: 37,
    name: "targets: one that needs what is not made is refused",
    steps: [
      { list: [a] },
      { run: "preview", list: [a, c, note("d", "@c.id")], targets: ["d"] },
      { list: [a, c, note("d", "@c.id")], targets: ["d"] },
      { list: [a, c, note("d", "@c.id")], targets: ["c", "d"] },
    ],
  },
  {
    number: 37,
    name: "targets and their dependents",
    steps: [
      { list: [a, onA, c] },
      {
        list: [note("a", "aa"), note("b", "@a.length"), note("c", "cc"), note("d", "@b.id")],
        targets: ["a"],
        targetDependents: true,
      },
    ],
  },
  {
    number: 37,
    name: "targets: only what is named is deleted",
    steps: [{ list: [a, b, c] }, { list: [b], targets: ["a"] }, { list: [b], targets: ["b"] }, { list: [b] }],
  },
  {
    number: 37,
    name: "targets of a destroy: dependents are refused, or go along",
    ordered: true,
    steps: [
      { list: [a, onA, c] },
      { run: "destroy", targets: ["a"] },
      { run: "destroy", targets: ["a"], targetDependents: true },
      { run: "destroy", targets: ["c"] },
    ],
  },
  {
    number: 37,
    name: "targets of a refresh, and one that nothing is called",
    steps: [
      { list: [a, onA, c] },
      { run: "refresh", targets: ["c"], steer: { drift: "c" } },
      { run: "refresh", targets: ["a"], targetDependents: true, steer: {} },
      { list: [a, onA, c], targets: ["nobody"] },
    ],
  },
  {
    number: 37,
    name: "targets and policies: what is no target is judged by what it was",
    pack: true,
    steps: [
      { list: [a, b] },
      { list: [note("a", "aa"), note("b", "b", "forbidden"), note("c", "c", "forbidden")], targets: ["a"] },
      { list: [note("a", "aa"), note("b", "b", "forbidden", { dependsOn: ["a"] })], targets: ["b"] },
    ],
  },
  {
    number: 40,
    name: "cancelled: what runs ends and is saved, nothing new begins, the next run goes on",
    steps: [
      { list: [note("a", "slow2000"), note("b", "@a.id")], stop: { at: "create a", signal: "SIGINT" } },
      { list: [note("a", "slow2000"), note("b", "@a.id")] },
      { run: "destroy" },
    ],
  },
];
