import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { POLICY_NAMES } from "../model/policyNames";
import { PHASES } from "../model/types";
import { TRAPS } from "../rehearsal/traps";
import { SWITCHES } from "../sandbox/switches";
import { pages } from "./docs-commands";

/** Names in the pages: policies, traps, switches and files that were renamed or taken away must not live on there. */
const OWN = pages().filter((p) => /guide-map|concepts|runbooks|limits|cli\.md|README/.test(p));

/** Values of the plan and parts of verdicts that look like names of policies. */
const VALUES = [
  "customer-name",
  "genesys-name",
  "org-wide",
  "by-pool",
  "r1-tested",
  "dns-moved",
  "real-tested",
  "clamp-low",
];
const known = new Set<string>([...POLICY_NAMES, ...TRAPS.map((t) => t.name), ...PHASES, ...VALUES]);

const codeIn = (file: string) =>
  [
    ...readFileSync(file, "utf8")
      .replace(/```[\s\S]*?```/g, "")
      .matchAll(/`([^`]+)`/g),
  ].map((m) => m[1]!);

describe("names in the pages", () => {
  it("of policies, traps and phases are of today", () => {
    const wrong = OWN.flatMap((p) =>
      codeIn(p)
        .filter((code) => /^[a-z]+(?:-[a-z0-9]+)+$/.test(code) && !known.has(code))
        .map((code) => `${p}: ${code}`),
    );
    expect(wrong).toEqual([]);
  });

  it("of the world's switches are of today", () => {
    const wrong = OWN.flatMap((p) =>
      [...readFileSync(p, "utf8").matchAll(/--world ([a-z0-9-]+)(?:=|\b)|`([a-z0-9-]+)=[a-z]/g)]
        .map((m) => m[1] ?? m[2]!)
        .filter((name) => !(name in SWITCHES) && name !== "world" && !/^w\d/.test(name))
        .map((name) => `${p}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("of files are there", () => {
    const wrong = OWN.flatMap((p) =>
      codeIn(p)
        .filter((code) =>
          /^(?:infra|model|policies|probes|providers|sandbox|test|docs|daily|cli)\/[\w./-]+\.\w+$/.test(code),
        )
        .filter((code) => !existsSync(code))
        .map((code) => `${p}: ${code}`),
    );
    expect(wrong).toEqual([]);
  });

  it("say of every policy in the guide's map what it is: each is found there or in a runbook", () => {
    const text = OWN.map((p) => readFileSync(p, "utf8")).join("\n");
    const steps = POLICY_NAMES.filter((name) => !text.includes(name));
    expect(steps).toEqual([]);
  });
});
