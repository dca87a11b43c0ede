/** Behaviours 17 to 28: options, aliases, providers, secrets. */
import { note } from "./scenarios-lifecycle";
import type { Declared, Scenario } from "./scenario";

const deep = (text: string, n: number, more: Record<string, unknown> = {}): Declared => ({
  name: "a",
  args: { text, deep: { list: [1, n], other: "o" } },
  ...more,
});
const box = (name: string, more: Record<string, unknown> = {}): Declared => ({ name, as: "box", ...more });
const mine = (region: string): Declared => ({ name: "mine", as: "provider", args: { region } });

export const N2: Scenario[] = [
  {
    number: 17,
    name: "retainOnDelete",
    steps: [{ list: [note("a", "a", "x", { retainOnDelete: true })] }, { list: [] }],
  },
  {
    number: 18,
    name: "deletedWith skips the deletion and is replaced with its owner",
    steps: [
      { list: [note("a"), note("b", "b", "x", { deletedWith: "a" })] },
      { list: [note("a", "a", "y"), note("b", "b", "x", { deletedWith: "a" })] },
      { run: "destroy" },
    ],
  },
  {
    number: 19,
    name: "ignoreChanges, nested and invalid paths",
    steps: [
      { list: [deep("a", 2)] },
      { list: [deep("b", 3, { ignoreChanges: ["text", "deep.list[1]"] })] },
      { list: [deep("b", 3, { ignoreChanges: ["nothing.there"] })] },
    ],
  },
  {
    number: 20,
    name: "replaceOnChanges with a wildcard",
    steps: [
      { list: [deep("a", 2)] },
      { list: [deep("a", 3, { replaceOnChanges: ["deep.list[*]"] })], steer: { diffUnknown: true } },
    ],
  },
  {
    number: 21,
    name: "replacementTrigger and replaceWith",
    steps: ["1", "2"].map((t) => ({
      list: [note("a", "a", "x", { replacementTrigger: t }), note("b", "b", "x", { replaceWith: ["a"] })],
    })),
  },
  {
    number: 22,
    name: "alias by name",
    steps: [{ list: [note("a")] }, { list: [note("z", "a", "x", { aliases: [{ name: "a" }] })] }],
  },
  {
    number: 22,
    name: "alias of a parent takes the children along",
    steps: [
      { list: [box("old"), note("in", "in", "x", { parent: "old" })] },
      { list: [box("new", { aliases: [{ name: "old" }] }), note("in", "in", "x", { parent: "new" })] },
    ],
  },
  {
    number: 23,
    name: "dependencies in the state follow an alias",
    steps: [
      { list: [note("a"), note("b", "@a.id"), note("c", "c", "x", { dependsOn: ["b"] })] },
      {
        list: [
          note("z", "a", "x", { aliases: [{ name: "a" }] }),
          note("b", "@z.id"),
          note("c", "c", "x", { dependsOn: ["b"] }),
        ],
      },
    ],
  },
  {
    number: 24,
    name: "deletions in reverse order of dependence",
    ordered: true,
    steps: [{ list: [note("a"), note("b", "@a.id"), note("c", "c", "x", { dependsOn: ["b"] })] }, { list: [] }],
  },
  {
    number: 25,
    name: "explicit provider, and inherited through the parent",
    steps: [1, 2].map(() => ({
      list: [
        mine("r1"),
        box("box", { providers: ["mine"] }),
        note("in", "in", "x", { parent: "box" }),
        note("p", "p", "x", { provider: "mine" }),
      ],
    })),
  },
  {
    number: 26,
    name: "a provider's changed configuration replaces its resources",
    steps: ["r1", "r2"].map((r) => ({ list: [mine(r), note("p", "p", "x", { provider: "mine" })] })),
  },
  {
    number: 27,
    name: "a new provider version replaces nothing",
    steps: ["0.1.0", "0.2.0"].map((version) => ({ list: [note("a", "a", "x", { version })] })),
  },
  {
    number: 28,
    name: "secrets: input to output, additional ones, encrypted in the state",
    steps: ["hush-one", "hush-one", "hush-two"].map((token) => ({
      token,
      list: [
        { name: "s", args: { text: "t", secretText: "$token" } },
        note("n", "n", "x", { additionalSecretOutputs: ["length"] }),
      ],
      outputs: { hidden: "@s.secretText" },
    })),
  },
];
