import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** What a user is told when `--engine pulumi` finds no CLI. */
export const NO_CLI =
  "--engine pulumi: no pulumi CLI with pulumi-language-nodejs was found (CUTOVER_PULUMI_ROOT, PATH, $PULUMI_HOME/bin, $PULUMI_HOME/versions); install it, or leave the flag out for the embedded engine.";

const executable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The root of a real Pulumi CLI (`<root>/bin/pulumi`): an explicit setting (`CUTOVER_PULUMI_ROOT`), PATH, `$PULUMI_HOME/bin`,
 * `$PULUMI_HOME/versions/*`. One is taken only with its Node language host beside it or on PATH; never from `node_modules/.bin`,
 * where the npm wrapper would stand before it.
 */
export function findPulumiRoot(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const path = (env.PATH ?? "").split(delimiter).filter((dir) => dir && !dir.includes("node_modules"));
  const home = env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const versions = join(home, "versions");
  const bins = [
    ...(env.CUTOVER_PULUMI_ROOT ? [join(env.CUTOVER_PULUMI_ROOT, "bin")] : []),
    ...path,
    join(home, "bin"),
    ...(existsSync(versions) ? readdirSync(versions).map((v) => join(versions, v, "bin")) : []),
  ];
  const host = (bin: string) => [bin, ...path].some((dir) => executable(join(dir, "pulumi-language-nodejs")));
  const bin = bins.find((dir) => dir.endsWith("/bin") && executable(join(dir, "pulumi")) && host(dir));
  return bin && dirname(bin);
}
