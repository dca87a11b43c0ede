import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { Declared } from "./trap";
import { FLOW_TYPE } from "./types";

/** One action of an Architect flow: its kind and its body. */
// biome-ignore lint/suspicious/noExplicitAny: a flow's YAML, changed in place
export type FlowAction = Record<string, any>;

/** Changes the actions of the front flows' tasks, by task, as if somebody had edited the generated file. Other resources stay as they are. */
export function changeFrontFlow(r: Declared, change: (tasks: Record<string, FlowAction[]>) => void): void {
  if (r.type !== FLOW_TYPE || !String(r.props.name).endsWith(" front")) return;
  const flow = parse(readFileSync(r.props.filepath, "utf8"));
  const tasks = flow.inboundCall.tasks as { task: { name: string; actions: FlowAction[] } }[];
  change(Object.fromEntries(tasks.map(({ task }) => [task.name, task.actions])));
  const yaml = stringify(flow, { lineWidth: 0, aliasDuplicateObjects: false });
  r.props.filepath = String(r.props.filepath).replace(/\.yaml$/, "-mistaken.yaml");
  writeFileSync(r.props.filepath, yaml);
  r.props.fileContentHash = createHash("sha256").update(yaml).digest("hex");
}

/** The body of the action of a name, wherever it stands in a list of actions. */
export const actionNamed = (actions: FlowAction[], name: string): FlowAction | undefined =>
  actions.flatMap((a) => Object.values(a)).find((body) => body.name === name);
