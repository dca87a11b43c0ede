/** Behaviours 1 to 16: the life of resources. */
import type { Declared, Scenario } from "./scenario";

/** A note of this name, text and kind. */
export const note = (name: string, text = name, kind = "x", more: Record<string, unknown> = {}): Declared => ({
  name,
  args: { text, kind },
  ...more,
});
const a = note("a");

export const N1: Scenario[] = [
  { number: 1, name: "empty program", steps: [{ list: [] }, { list: [] }] },
  {
    number: 2,
    name: "create, same, update, delete with a default provider",
    steps: [{ list: [a] }, { list: [a] }, { list: [note("a", "aa")] }, { list: [] }],
  },
  {
    number: 3,
    name: "duplicate URN",
    steps: [{ list: [a] }, { list: [a, note("a", "again", "x", { dependsOn: ["a"] })] }],
  },
  {
    number: 4,
    name: "check failure",
    steps: [{ list: [note("a", "BAD")] }, { list: [a] }, { list: [note("a", "BAD")] }],
  },
  {
    number: 5,
    name: "old inputs and old outputs go to check and diff",
    steps: [{ list: [a] }, { list: [note("a", "aaa")] }],
  },
  {
    number: 6,
    name: "a provider that cannot diff",
    steps: [
      { list: [a], steer: { diffUnknown: true } },
      { list: [a], steer: { diffUnknown: true } },
      { list: [note("a", "b")], steer: { diffUnknown: true } },
    ],
  },
  {
    number: 7,
    name: "replacement by the provider's keys",
    steps: [
      { list: [a] },
      { run: "preview", list: [note("a", "a", "y")] },
      { list: [note("a", "a", "y")], steer: { diffs: true } },
    ],
  },
  {
    number: 8,
    name: "diff unavailable while the provider's configuration is unknown",
    steps: [1, 2].map((n) => ({
      run: n === 1 ? ("up" as const) : ("preview" as const),
      list: [
        note("a", "a".repeat(n)),
        { name: "p", as: "provider" as const, args: { region: "@a.length" } },
        note("q", "q", "x", { provider: "p" }),
      ],
    })),
  },
  {
    number: 9,
    name: "preview of a provider that cannot preview",
    steps: [
      { run: "preview", list: [a, note("b", "@a.id")] },
      { list: [a] },
      { run: "preview", list: [note("a", "z")] },
    ],
  },
  {
    number: 9,
    name: "preview of a provider that can, unknowns passed on",
    previewing: true,
    steps: [
      { run: "preview", list: [a, note("b", "@a.id")] },
      { list: [a] },
      { run: "preview", list: [note("a", "z")] },
    ],
  },
  {
    number: 10,
    name: "create before delete, dependents in between",
    ordered: true,
    steps: [{ list: [a, note("b", "@a.id")] }, { list: [note("a", "a", "y"), note("b", "@a.id")] }],
  },
  {
    number: 11,
    name: "delete before replace: by the provider, by option, option wins",
    ordered: true,
    steps: [
      { list: [a] },
      { list: [note("a", "a", "dbr")] },
      { list: [note("a", "a", "y", { deleteBeforeReplace: true })] },
      { list: [note("a", "a", "dbr", { deleteBeforeReplace: false })] },
    ],
  },
  {
    number: 12,
    name: "delete before replace reaches property dependents that would be replaced",
    ordered: true,
    steps: ["x", "y"].map((k) => ({
      list: [note("a", "a", k, { deleteBeforeReplace: true }), note("b", "b", "@a.id"), note("c", "@b.id")],
    })),
  },
  {
    number: 13,
    name: "delete before replace of something a protected one hangs on",
    steps: ["x", "y"].map((k) => ({
      list: [note("a", "a", k, { deleteBeforeReplace: true }), note("b", "b", "@a.id", { protect: true })],
    })),
  },
  {
    number: 14,
    name: "a replacement that failed after its deletion goes on next time",
    steps: [{ list: [a] }, { list: [note("a", "FAIL", "dbr")] }, { list: [note("a", "good", "dbr")] }],
  },
  {
    number: 15,
    name: "leftovers of a replacement are deleted at the end of the next run",
    ordered: true,
    steps: [
      { list: [a] },
      { list: [note("a", "a", "y")], steer: { deleteFails: "a" } },
      { list: [note("a", "a", "y"), note("b")], steer: {} },
    ],
  },
  {
    number: 16,
    name: "protected resources: all are told of at once; no replacement",
    steps: [
      { list: [note("a", "a", "x", { protect: true }), note("b", "b", "x", { protect: true })] },
      // The refusal ends the run: what is to be seen of b must be over by then.
      { list: [note("b", "b", "x", { protect: true }), note("a", "a", "y", { protect: true, dependsOn: ["b"] })] },
      { list: [] },
    ],
  },
];
