import type { Command } from "commander";
import type { StackVerb } from "./stack";

const ABOUT: Record<StackVerb, string> = {
  preview: "show what an up of a sandbox stack would change, with the embedded engine",
  up: "bring a sandbox stack to what its configuration says",
  refresh: "read everything a sandbox stack holds back into its state",
  destroy: "delete everything a sandbox stack holds",
  export: "write a sandbox stack's state as `pulumi stack import` reads it",
  import: "take over a state that `export` or `pulumi stack export` wrote",
  cancel: "clear the lock of an engine that died",
};

/** `cutover preview|up|refresh|destroy|export|import|cancel`: sandbox stacks only; all others belong to the Pulumi CLI. */
export function registerStackVerbs(program: Command): void {
  for (const verb of Object.keys(ABOUT) as StackVerb[]) {
    const c = program
      .command(verb)
      .description(ABOUT[verb])
      .requiredOption("--stack <name>", "stack, as in Pulumi.<name>.yaml")
      .option("--config <file>", "stack configuration (default Pulumi.<stack>.yaml)")
      .option("--state <dir>", "where the state is kept (default .cutover/<stack>/state)");
    if (verb === "export" || verb === "import")
      c.option("--file <file>", "the deployment's file (default: the console)");
    else if (verb !== "cancel") {
      c.option("--world <file>", "first line that `cutover sandbox` printed: the addresses of the running world")
        .option("--continue-on-error", "independent resources go on after a failure")
        .option(
          "--target <urn>",
          "only this resource, by URN or pattern (`**::name`, `*` is anything but a colon); again for more",
          (urn: string, all: string[]) => [...all, urn],
          [],
        )
        .option("--target-dependents", "what depends on a target is a target as well")
        .option("--json", "print the engine's events, one JSON document a line");
    }
    if (verb === "preview" || verb === "up" || verb === "destroy") c.option("--refresh", "read everything back first");
    if (verb === "refresh")
      c.option(
        "--clear-pending-creates",
        "forget creations that an engine died in, once you have looked what they left",
      );
    c.action(async (o: Record<string, unknown>) => {
      const { stackCommand } = await import("./stack");
      process.exitCode = await stackCommand(verb, {
        stack: o.stack as string,
        config: o.config as string | undefined,
        world: o.world as string | undefined,
        state: o.state as string | undefined,
        file: o.file as string | undefined,
        refresh: o.refresh === true,
        continueOnError: o.continueOnError === true,
        clearPendingCreates: o.clearPendingCreates === true,
        targets: (o.target as string[] | undefined) ?? [],
        targetDependents: o.targetDependents === true,
        json: o.json === true,
      });
    });
  }
}
