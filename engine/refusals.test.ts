/** What the embedded engine refuses: one clear sentence each, and nothing is changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../model/errors";
import { Engine } from "./engine";
import { readProject } from "./project";
import { Bench, TESTDATA } from "./testing";

const PROJECT = join(TESTDATA, "refusals");
const OFFER = "which the embedded engine does not offer: run this stack with the Pulumi CLI, or leave it out";

/** What the program asks for, and what it is told. */
const ASKS: Record<string, string> = {
  "stack transform": "the program registers a transform of all resources",
  "invoke transform": "the program registers a transform of invokes",
  "resource transform": 'the program gives tiny:index:Note "t" a transform',
  "resource hook": 'the program registers the resource hook "h"',
  "error hook": 'the program registers the error hook "e"',
  "remote component": 'the program declares the remote component tiny:index:Remote "r"',
  "method call": "the program calls the method tiny:index:Note/go",
  "stack reference": 'the program reads the stack reference "organization/other/prod"',
  "dynamic provider": 'the program declares pulumi-nodejs:dynamic:Resource "d" with a dynamic provider',
  "parameterised package": "the program uses the parameterised package bridge",
};

const PREVIEWED = ["stack transform", "remote component"];

describe("a program that asks for", () => {
  let b: Bench;
  beforeAll(async () => {
    b = new Bench({ projectDir: PROJECT });
    expect((await b.up({})).ok).toBe(true);
    b.calls();
  });
  afterAll(() => b.close());
  // A provider resource is written anew with each run's time: its settings are the engine's own.
  const recorded = () => b.state().resources.map(({ modified: _, ...r }) => r);

  test.each(Object.entries(ASKS))("a %s is told so, and nothing is changed", async (ask, text) => {
    const before = recorded();
    // The way to the refusal is one in both: a preview for some of them is enough.
    for (const run of PREVIEWED.includes(ask) ? (["preview", "up"] as const) : (["up"] as const)) {
      const r = await b[run]({ ask });
      expect(r.ok).toBe(false);
      expect(r.diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([`${text}, ${OFFER}`]);
      expect(b.writes()).toEqual([]);
      expect(recorded()).toEqual(before);
    }
  });

  test("nothing special goes through", async () => {
    expect((await b.up({})).steps).toEqual([]);
  });
});

test("a provider that cannot preview is not asked to, and that is said once", async () => {
  const b = new Bench({});
  try {
    const r = await b.preview({ SCENARIO: "plain" });
    const told = (b.events as { diagnosticEvent?: { severity: string; message: string } }[])
      .flatMap((e) => (e.diagnosticEvent ? [e.diagnosticEvent] : []))
      .filter((d) => d.message.includes("cannot preview"));
    expect(told).toEqual([
      expect.objectContaining({ severity: "info", message: expect.stringMatching(/^the provider tiny /) }),
    ]);
    expect(r.changes.create).toBe(5);
    expect(b.writes()).toEqual([]);
    expect(existsSync(b.stateFile())).toBe(false);
  } finally {
    await b.close();
  }
});

describe("before anything is read or started", () => {
  const base = {
    projectDir: "/nowhere",
    stack: "prod",
    stateDir: "/nowhere",
    passphrase: "",
    config: {},
    secretKeys: [],
    packs: [],
    pluginPath: [],
    env: {},
  };

  test("a stack that is no sandbox's", () => {
    for (const sandbox of [false, undefined, "true", 1]) {
      const open = () => new Engine({ ...base, sandbox: sandbox as unknown as boolean });
      expect(open).toThrow(UserError);
      expect(open).toThrow(
        /^the stack prod is not marked `sandbox: true` in its plan: .* use the Pulumi CLI for all others$/,
      );
    }
  });

  test("a project that is missing, or of another language", () => {
    const b = new Bench({});
    const dir = join(b.dir, "python");
    mkdirSync(dir);
    expect(() => readProject(dir)).toThrow(/Pulumi\.yaml cannot be read/);
    writeFileSync(join(dir, "Pulumi.yaml"), "name: x\nruntime: python\n");
    expect(() => readProject(dir)).toThrow(/has name "x" and runtime "python": expected a name and the runtime nodejs/);
    return b.close();
  });

  test("a state whose secrets are kept elsewhere, of another stack, or that is imported damaged", async () => {
    const b = new Bench({ projectDir: PROJECT });
    try {
      await b.up({});
      const whole = readFileSync(b.stateFile(), "utf8");
      const cases: [string, RegExp][] = [
        [whole.replace('"type":"passphrase"', '"type":"cloud"'), /keeps its secrets with the provider "cloud"/],
        [whole.replaceAll("urn:pulumi:s::", "urn:pulumi:other::"), /belongs to another stack: expected scen\/s/],
      ];
      for (const [text, why] of cases) {
        writeFileSync(b.stateFile(), text);
        await expect(b.engine.up()).rejects.toThrow(why);
        expect(readFileSync(b.stateFile(), "utf8")).toBe(text);
      }
      writeFileSync(b.stateFile(), whole);
      const exported = await b.engine.export();
      exported.deployment.resources?.reverse();
      await expect(b.engine.import(exported)).rejects.toThrow(/stands before/);
      await expect(b.engine.import({ ...exported, version: 4 } as never)).rejects.toThrow("has version 4: expected 3");
      expect(readFileSync(b.stateFile(), "utf8")).toBe(whole);
    } finally {
      await b.close();
    }
  });
});
