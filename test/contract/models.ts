import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type Suite } from "./harness";

/** One answer of the sandbox with the SDK's type for it (`Models.IVR`, `Telnyx.PortingOrder`). */
export interface Sample {
  type: string;
  value: unknown;
}

/**
 * Where the sandbox knowingly says more or other than the SDK's types. Each entry is one diagnostic that is expected; when it goes
 * away the check fails too, so that the list cannot rot.
 */
const KNOWN: Readonly<Record<string, readonly RegExp[]>> = {
  genesys: [
    // JSON Schema has `additionalProperties: false`, and official exports send just that; the SDK calls every JSON value an object.
    /Type 'boolean' is not assignable to type 'object'/,
    // Load and scaling of Genesys' own machines: a sandbox has none to tell.
    /from type 'OrganizationCallMetrics': "autoScalingTriggerPercentage"/,
  ],
  // Required, and null while no external system uses it: which the comparison leaves out.
  telnyx: [/Property 'external_pin' is missing/],
};

/** APIs send null for what is absent; the SDKs' types call it absent. */
const withoutNull = (_key: string, value: unknown) => (value === null ? undefined : value);

/**
 * Holds the sandbox's answers against the types of the official SDK: every answer becomes an object literal of its model's type, so
 * that the compiler names each field that the model does not have and each value of another type.
 */
export async function compareModels(
  suite: Suite,
  o: { sdk: string; header: string; root: string; here: string },
  samples: readonly Sample[],
): Promise<void> {
  const lines = samples.map(
    ({ type, value }, i) => `export const sample${i}: ${type} = ${JSON.stringify(value, withoutNull, 1)};`,
  );
  const dir = join(o.here, "node_modules", ".cache", "contract");
  const file = join(dir, `samples-${o.sdk}.ts`);
  writeFileSync(file, `${o.header}\n${lines.join("\n")}\n`);
  const tsc = join(o.root, "node_modules", "typescript", "bin", "tsc");
  const args = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    file,
  ];
  const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: dir, timeoutMs: 120_000 });
  const problems = stdout.split("\n").filter((line) => /error TS/.test(line));
  await suite.check(`${samples.length} answers fit the models of the ${o.sdk} SDK field by field`, () => {
    const expected = KNOWN[o.sdk] ?? [];
    const unknown = problems.filter((line) => !expected.some((known) => known.test(line)));
    const gone = expected.filter((known) => !problems.some((line) => known.test(line)));
    if (unknown.length + gone.length > 0)
      throw new Error([...unknown, ...gone.map((known) => `no longer seen: ${known}`)].join("\n"));
  });
}
