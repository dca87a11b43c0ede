import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type Suite } from "./harness";
import type { Sample } from "./genesys";

/**
 * Where the sandbox knowingly says more or other than the SDK's types. Each entry is one diagnostic that is expected; when it goes
 * away the check fails too, so that the list cannot rot.
 */
const KNOWN: readonly RegExp[] = [
  // JSON Schema has `additionalProperties: false`, and official exports send just that; the SDK calls every JSON value an object.
  /Type 'boolean' is not assignable to type 'object'/,
];

/**
 * Holds the sandbox's answers against the types of the official SDK: every answer becomes an object literal of its model's type, so
 * that the compiler names each field that the model does not have and each value of another type.
 */
export async function compareModels(suite: Suite, root: string, here: string, samples: readonly Sample[]): Promise<void> {
  const lines = samples.map(
    ({ model, value }, i) => `export const sample${i}_${model}: Models.${model} = ${JSON.stringify(value, null, 1)};`,
  );
  const dir = join(here, "node_modules", ".cache", "contract");
  const file = join(dir, "samples.ts");
  writeFileSync(file, `import type { Models } from "purecloud-platform-client-v2";\n${lines.join("\n")}\n`);
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", file];
  const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: dir, timeoutMs: 120_000 });
  const problems = stdout.split("\n").filter((line) => /error TS/.test(line));
  await suite.check(`${samples.length} answers fit the SDK's models field by field`, () => {
    const unknown = problems.filter((line) => !KNOWN.some((known) => known.test(line)));
    const gone = KNOWN.filter((known) => !problems.some((line) => known.test(line)));
    if (unknown.length + gone.length > 0)
      throw new Error([...unknown, ...gone.map((known) => `no longer seen: ${known}`)].join("\n"));
  });
}
