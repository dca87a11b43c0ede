import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** What each room may import of the others; the arrows of docs/internals.md. */
const MAY: Record<string, string[]> = {
  model: [],
  policies: ["model", "providers/lib"],
  probes: ["model", "providers"],
  providers: ["model"],
  infra: ["model"],
  engine: ["model", "providers/lib"],
  sandbox: ["model", "providers/lib"],
  rehearsal: ["model", "engine", "sandbox", "probes", "providers"],
  daily: ["model", "probes", "providers"],
  cli: ["daily", "model", "engine", "sandbox", "rehearsal", "infra", "probes", "providers"],
};

function* sources(dir: string): Generator<string> {
  for (const name of readdirSync(dir)) {
    if (name === "node_modules" || name === "bin" || name === "testdata") continue;
    const file = join(dir, name);
    if (statSync(file).isDirectory()) yield* sources(file);
    else if (name.endsWith(".ts") && !name.endsWith(".test.ts")) yield file;
  }
}

describe("arrows point one way", () => {
  for (const [room, allowed] of Object.entries(MAY)) {
    it(`${room} imports only ${allowed.join(", ") || "itself"}`, () => {
      const files = [...sources(room)];
      expect(files.length).toBeGreaterThan(0);
      const wrong = files.flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*["'](\.[^"']+)["']/g)]
          .map((m) => normalize(join(dirname(file), m[1]!)))
          .filter(
            (target) =>
              !target.startsWith(`${room}/`) && !allowed.some((a) => target === a || target.startsWith(`${a}/`)),
          )
          .map((target) => `${file} -> ${target}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  it("model does no I/O beyond reading an estate and imports nothing of Pulumi", () => {
    const wrong = [...sources("model")].filter((file) =>
      /@pulumi|node:(http|net|dgram|child_process)|Date\.now\(|new Date\(\)/.test(readFileSync(file, "utf8")),
    );
    expect(wrong).toEqual([]);
  });
});
