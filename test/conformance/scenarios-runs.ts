/** Behaviours 29 to 39: components, reads, imports, failures, refresh, policies. */
import { note } from "./scenarios-lifecycle";
import type { Scenario } from "./scenario";

export const N3: Scenario[] = [
  {
    number: 29,
    name: "component and stack outputs; kept when the program throws",
    steps: [
      { list: [note("a")], outputs: { len: "@a.length" } },
      { list: [note("a")], outputs: { len: "@a.length" }, throws: "the program gave up" },
    ],
  },
  {
    number: 30,
    name: "an invoke, and outputs of one resource in another",
    steps: [1, 2].map(() => ({ list: [note("a"), note("b", "@a.length")], say: "hi" })),
  },
  {
    number: 31,
    name: "get, then management taken over, then let go",
    steps: [
      { list: [{ name: "e", as: "get", id: "some-id" }] },
      { list: [{ name: "e", as: "get", id: "other-id" }] },
      { list: [note("e")] },
      { list: [{ name: "e", as: "get", id: "third-id" }] },
      { list: [] },
    ],
  },
  {
    number: 32,
    name: "import: mismatch, success, then like any other",
    steps: [
      { list: [note("i", "else", "x", { import: "ext-1" })] },
      { list: [note("i", "imported", "x", { import: "ext-1" })] },
      { list: [note("i", "imported", "x", { import: "ext-1" })] },
      { list: [note("i", "changed", "x", { import: "ext-1" })] },
    ],
  },
  {
    number: 32,
    name: "import of what is not there",
    steps: [{ list: [note("i", "imported", "x", { import: "nowhere" })] }],
  },
  {
    number: 33,
    name: "a resource that did not come up right",
    steps: [{ list: [note("a", "INIT")] }, { list: [note("a", "INIT")] }],
  },
  {
    number: 35,
    name: "a failure stops what has not begun",
    steps: [{ list: [note("f", "FAIL"), note("g", "@f.id")] }, { list: [note("f", "ok"), note("g", "@f.id")] }],
  },
  {
    number: 35,
    name: "continue on error: dependents are skipped, others come",
    steps: [{ list: [note("f", "FAIL"), note("g", "@f.id"), note("h")], continueOnError: true }],
  },
  {
    number: 36,
    name: "refresh: drift",
    steps: [
      { list: [note("a"), note("b")] },
      { run: "refresh", steer: { drift: "a" } },
      { list: [note("a"), note("b")], steer: {} },
    ],
  },
  {
    number: 36,
    name: "refresh: gone, and forgotten by those that hung on it",
    steps: [
      { list: [note("a"), note("b", "@a.id")] },
      { run: "refresh", steer: { gone: "a" } },
      { list: [note("a"), note("b", "@a.id")], steer: {} },
    ],
  },
  {
    number: 38,
    name: "policies: advisory, mandatory, remediation, the whole stack",
    pack: true,
    steps: [
      { list: [note("a", "fixme")] },
      { list: [note("a", "HELLO")] },
      { list: [note("a", "a", "forbidden")] },
      { run: "preview", list: [note("a", "a", "forbidden")] },
      { list: ["a", "b", "c", "d"].map((n) => note(n)) },
    ],
  },
  {
    number: 39,
    name: "the program waits until deletions are done",
    steps: [{ list: [note("a"), note("b")] }, { list: [note("a")] }],
  },
];
