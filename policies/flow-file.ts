import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../model/errors";
import { type CallFlow, readFlow } from "../model/rules/flow";
import type { Judged } from "./policy";
import { roots } from "./project";

const read = new Map<string, CallFlow | undefined>();
const READ_MAX = 500;

/**
 * The flow of a Flow resource, read from the very file that will be published: its hash is compared. Undefined for flows that are no
 * inbound call flows. The path of a settled stack may be another machine's, so the stack's own place is looked at too.
 * Throws UserError when no file with this content is found.
 */
export function flowOf({ props }: Judged): CallFlow | undefined {
  const hash = props.fileContentHash === undefined ? undefined : String(props.fileContentHash);
  if (hash && read.has(hash)) return read.get(hash);
  const text = textWith(String(props.filepath), hash);
  const flow = readFlow(text);
  if (read.size >= READ_MAX) read.clear();
  read.set(sha256(text), flow);
  return flow;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function textWith(filepath: string, hash: string | undefined): string {
  const workDir = new pulumi.Config("cutover").get("workDir") || `.cutover/${pulumi.getStack()}`;
  const own = join(workDir, "flows", basename(filepath));
  const paths = [filepath, own].flatMap((path) =>
    isAbsolute(path) ? [path] : roots().map((root) => join(root, path)),
  );
  for (const path of paths) {
    const text = textAt(path);
    if (text !== undefined && (hash === undefined || sha256(text) === hash)) return text;
  }
  throw new UserError(
    `the flow's file ${filepath} with the hash ${hash ?? "left out"} is not found, so what will be published is not known; fix: run in the project's directory, with the cutover:workDir that the file was written to`,
  );
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
