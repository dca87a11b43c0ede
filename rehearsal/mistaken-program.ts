import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { trapOf } from "./traps";

/**
 * The unchanged program with one mistake in it, as if somebody had edited it: what the trap changes is changed on the way from the
 * program to the engine. Only a rehearsal starts it; nothing in infra/ knows of it.
 */
export default async () => {
  // Without a name it is the right program: a mistake may begin later than the first step.
  const mistake = new pulumi.Config("cutover").get("mistake");
  const trap = mistake ? trapOf(mistake) : undefined;
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const declared = { type, name, props: { ...props }, opts: { ...opts } };
    trap?.edit?.(declared);
    return { props: declared.props, opts: declared.opts as pulumi.ResourceOptions };
  });
  // Loaded by path at run time, so that it is the very file that production runs.
  const program = require(join(__dirname, "infra.js")) as () => Promise<unknown>;
  return program();
};
