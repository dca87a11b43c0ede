import { parse } from "yaml";
import { UserError } from "../errors";
import { type Finding, some } from "./finding";

type Action = Record<string, Body>;
interface Outputs {
  [branch: string]: { actions?: Action[] } | undefined;
}
interface Body {
  name?: string;
  condition?: { exp?: string };
  targetNumber?: { lit?: string; exp?: string };
  targetQueue?: { lit?: { name?: string } };
  targetFlow?: { name?: string };
  targetTaskRef?: string;
  connectTimeout?: { lit?: { seconds?: number } };
  failureOutputs?: Record<string, { var?: string } | undefined>;
  outputs?: Outputs;
  evaluate?: { firstTrue?: { default?: { actions?: Action[] }; cases?: { case?: { actions?: Action[] } }[] } };
  [key: string]: unknown;
}
interface Task {
  name: string;
  refId: string;
  actions?: Action[];
}

/** An Architect inbound call flow, as far as the rules read it. */
export interface CallFlow {
  name: string;
  start: string;
  errorQueue: string | undefined;
  /** Numbers it transfers calls to, each once; undefined for one that the flow works out itself. */
  transfersTo: readonly (string | undefined)[];
  tasks: ReadonlyMap<string, Task>;
}

/**
 * Reads the YAML of an inbound call flow; undefined for flows of other types. Throws UserError for a text that is no flow.
 */
export function readFlow(text: string): CallFlow | undefined {
  let doc: { inboundCall?: Record<string, unknown> } | null;
  try {
    doc = parse(text) as typeof doc;
  } catch {
    throw new UserError(
      "The flow's file is not YAML; expected an Architect flow; fix: correct the file that its filepath names.",
    );
  }
  if (doc === null || typeof doc !== "object")
    throw new UserError(
      "The flow's file is empty; expected an Architect flow; fix: correct the file that its filepath names.",
    );
  if (!doc.inboundCall) return undefined;
  const flow = doc.inboundCall as {
    name?: string;
    startUpRef?: string;
    tasks?: { task?: Task }[];
    settingsErrorHandling?: { errorHandling?: { queue?: { targetQueue?: { lit?: { name?: string } } } } };
  };
  return {
    name: String(flow.name ?? ""),
    start: refOf(flow.startUpRef) ?? "",
    errorQueue: flow.settingsErrorHandling?.errorHandling?.queue?.targetQueue?.lit?.name,
    transfersTo: [...new Set(numbersDialled(flow))],
    tasks: new Map((flow.tasks ?? []).flatMap(({ task }) => (task ? [[task.refId, task]] : []))),
  };
}

/** Targets of all transfers to a number, wherever in the flow they stand: in tasks, menus or states. */
function numbersDialled(part: unknown): (string | undefined)[] {
  if (part === null || typeof part !== "object") return [];
  return Object.entries(part).flatMap(([key, value]) => [
    ...(key === "transferToNumber" ? [(value as Body | null)?.targetNumber?.lit] : []),
    ...numbersDialled(value),
  ]);
}

/** `/inboundCall/tasks/task[Route_10]` names the task Route_10. */
const refOf = (ref: string | undefined): string | undefined => /\[([^\]]+)\]$/.exec(ref ?? "")?.[1];

/** What is known of a call at one action: the conditions that would have led it elsewhere, and the queues tried before. */
interface Seen {
  /** Conditions whose yes branch leaves: here they do not hold. */
  excluded: readonly string[];
  queued: boolean;
  path: readonly string[];
}

type Visit = (kind: string, body: Body, seen: Seen) => void;

/** Walks every action that a call can reach, with what is known of the call there. A jump goes on in its task. `runsOut` is told tasks that can end by running out. */
function walkFlow(
  flow: CallFlow,
  visit: Visit,
  round: (path: readonly string[]) => void,
  runsOut: (task: string) => void = () => undefined,
): void {
  const done = new Set<string>();
  const task = (ref: string, seen: Seen): void => {
    if (seen.path.includes(ref)) {
      round([...seen.path, ref]);
      return;
    }
    const key = JSON.stringify([ref, seen.excluded, seen.queued]);
    if (done.has(key)) return;
    done.add(key);
    const found = flow.tasks.get(ref);
    if (found && endings(found.actions ?? [], seen.queued).has(false)) runsOut(found.name ?? ref);
    list(found?.actions ?? [], { ...seen, path: [...seen.path, ref] });
  };
  const list = (actions: readonly Action[], seen: Seen): void => {
    let known = seen;
    for (const action of actions) {
      const [kind, body] = Object.entries(action)[0] ?? [];
      if (!kind || !body) continue;
      visit(kind, body, known);
      if (kind === "jumpToTask") {
        task(refOf(body.targetTaskRef) ?? "", known);
        return;
      }
      const below = kind === "transferToAcd" ? { ...known, queued: true } : known;
      for (const branch of branchesOf(body)) list(branch, below);
      known = after(kind, body, below);
    }
  };
  task(flow.start, { excluded: [], queued: false, path: [] });
}

const branchesOf = (body: Body): Action[][] => [
  ...Object.values(body.outputs ?? {}).map((o) => o?.actions ?? []),
  ...(body.evaluate?.firstTrue?.cases ?? []).map((c) => c.case?.actions ?? []),
  body.evaluate?.firstTrue?.default?.actions ?? [],
];

/** A decision whose yes branch leaves tells what does not hold behind it. */
function after(kind: string, body: Body, seen: Seen): Seen {
  const condition = body.condition?.exp;
  if (kind !== "decision" || !condition || !leaves(body.outputs?.yes?.actions ?? [])) return seen;
  return { ...seen, excluded: [...seen.excluded, condition.replace(/\s+/g, " ").trim()] };
}

const LEAVING = new Set(["jumpToTask", "transferToFlow", "transferToAcd", "disconnect"]);
const leaves = (actions: readonly Action[]): boolean => {
  const last = actions.at(-1);
  return last !== undefined && LEAVING.has(Object.keys(last)[0] ?? "");
};

/**
 * Ways in which a call could go round: a transfer to a number that the same flow answers, reached by calls that came in on that number
 * or over the new trunk already; a transfer to the flow itself; tasks that jump in a circle.
 */
export function loops(flow: CallFlow): Finding[] {
  const findings: Finding[] = [];
  const required = "a call that came in over BYOC or on the shadow leaves before the canary transfer";
  const fix = "keep the flow as the program generates it: both decisions stand before the transfer";
  walkFlow(
    flow,
    (kind, body, { excluded }) => {
      if (kind === "transferToFlow" && body.targetFlow?.name === flow.name)
        findings.push({
          seen: `${body.name}: a transfer of ${flow.name} to itself`,
          required: "a transfer to another flow",
          fix,
        });
      if (kind !== "transferToNumber") return;
      const number = body.targetNumber?.lit ?? "";
      const onNumber = excluded.some((c) => c.endsWith(`== "${number}"`) && number !== "");
      const overByoc = excluded.some((c) => /source == "byoc"$/i.test(c));
      if (onNumber && overByoc) return;
      const open = [...(onNumber ? [] : [`on ${number || "an unknown number"}`]), ...(overByoc ? [] : ["over BYOC"])];
      findings.push({
        seen: `${body.name}: calls that came in ${open.join(" and ")} are transferred to ${number || "an unknown number"} again`,
        required,
        fix,
      });
    },
    (path) =>
      findings.push({ seen: `tasks in a circle: ${path.join(", ")}`, required: "tasks that never lead back", fix }),
  );
  return unique(findings);
}

/**
 * Ways out of a flow that are not a queue: a transfer whose failure leads nowhere, an end before a queue was tried, an error that no
 * queue takes. `failoverQueue` is the plan's; left out, any queue will do.
 */
export function missingFailover(flow: CallFlow, failoverQueue?: string): Finding[] {
  const findings: Finding[] = [];
  const queue = failoverQueue ?? "a queue";
  const required = `every failure leads on to ${queue}`;
  const fix =
    "keep the flow as the program generates it: give each transfer a failure path, and the flow an error queue";
  if (!flow.errorQueue || (failoverQueue && flow.errorQueue !== failoverQueue))
    findings.push({ seen: `errors of the flow ${flow.name} go to ${flow.errorQueue ?? "no queue"}`, required, fix });
  walkFlow(
    flow,
    (kind, body, seen) => {
      if (kind === "disconnect" && !seen.queued)
        findings.push({ seen: `${body.name}: an end before a queue was tried`, required, fix });
      if (kind !== "transferToFlow" && kind !== "transferToNumber") return;
      if (!reachesQueue(flow, body.outputs?.failure?.actions ?? [], failoverQueue))
        findings.push({ seen: `${body.name}: a failure that leads to no queue`, required, fix });
      if (kind === "transferToNumber" && !(Number(body.connectTimeout?.lit?.seconds) > 0))
        findings.push({
          seen: `${body.name}: no connect timeout`,
          required: "a timeout in seconds, after which the caller goes on",
          fix,
        });
    },
    () => undefined,
    (task) =>
      findings.push({ seen: `the task ${task} runs out before a queue was tried: the call ends there`, required, fix }),
  );
  return unique(findings);
}

/**
 * In which states a sequence of actions can run out with the call still in it: true where a queue was tried before. Architect hangs up then.
 * A transfer that succeeds has taken the call along; what it does not name leads on.
 */
function endings(actions: readonly Action[], queued: boolean): ReadonlySet<boolean> {
  let open: ReadonlySet<boolean> = new Set([queued]);
  for (const action of actions) {
    const [kind, body] = Object.entries(action)[0] ?? [];
    if (!kind || !body) continue;
    open = new Set([...open].flatMap((tried) => [...endingsOf(kind, body, tried)]));
  }
  return open;
}

function endingsOf(kind: string, body: Body, queued: boolean): ReadonlySet<boolean> {
  if (kind === "disconnect" || kind === "jumpToTask") return new Set();
  if (kind.startsWith("transferTo"))
    return endings(body.outputs?.failure?.actions ?? [], queued || kind === "transferToAcd");
  // A switch without a default leads on when no case holds; so does a decision of which one branch is left out.
  const branches = branchesOf(body).slice(0, body.evaluate ? undefined : -1);
  const left = kind === "decision" && !(body.outputs?.yes && body.outputs.no);
  return new Set([
    ...branches.flatMap((branch) => [...endings(branch, queued)]),
    ...(branches.length === 0 || left ? [queued] : []),
  ]);
}

/** Whether actions lead to a transfer to the queue, jumps included. */
function reachesQueue(
  flow: CallFlow,
  actions: readonly Action[],
  queue: string | undefined,
  past: readonly string[] = [],
): boolean {
  return actions.some((action) => {
    const [kind, body] = Object.entries(action)[0] ?? [];
    if (!kind || !body) return false;
    if (kind === "transferToAcd" && (queue === undefined || body.targetQueue?.lit?.name === queue)) return true;
    const ref = kind === "jumpToTask" ? refOf(body.targetTaskRef) : undefined;
    if (ref && !past.includes(ref))
      return reachesQueue(flow, flow.tasks.get(ref)?.actions ?? [], queue, [...past, ref]);
    return branchesOf(body).some((branch) => reachesQueue(flow, branch, queue, past));
  });
}

/** Variables that a failed transfer to a number leaves what it knows in. */
function failureVariables(flow: CallFlow): string[] {
  const found: string[] = [];
  const visit: Visit = (kind, body) => {
    if (kind !== "transferToNumber") return;
    found.push(...Object.values(body.failureOutputs ?? {}).flatMap((output) => output?.var ?? []));
  };
  walkFlow(flow, visit, () => undefined);
  return found;
}

/** Whether calls that met a codec mismatch (488 on the canary leg) reach people who look at them by hand. */
export function missingCodecFallback(flow: CallFlow, queue: string): Finding[] {
  const told = failureVariables(flow);
  let found = false;
  const look = (actions: readonly Action[], on488: boolean): void => {
    for (const action of actions) {
      const [kind, body] = Object.entries(action)[0] ?? [];
      if (!kind || !body) continue;
      if (kind === "transferToAcd" && on488 && body.targetQueue?.lit?.name === queue) found = true;
      // A decision on a variable that no transfer writes is never taken.
      const condition = kind === "decision" ? (body.condition?.exp ?? "") : "";
      const about488 = condition.includes("488") && told.some((variable) => condition.includes(variable));
      for (const [name, o] of Object.entries(body.outputs ?? {}))
        look(o?.actions ?? [], on488 || (about488 && name === "yes"));
      for (const c of body.evaluate?.firstTrue?.cases ?? []) look(c.case?.actions ?? [], on488);
    }
  };
  for (const task of flow.tasks.values()) look(task.actions ?? [], false);
  if (found) return [];
  return [
    {
      seen: `no way from a 488 to the queue ${queue} in the flow ${flow.name}`,
      required: `calls whose canary leg ended with 488 reach ${queue} when the direct path fails too (inbound.codecFallbackQueue)`,
      fix: "keep the flow as the program generates it",
    },
  ];
}

function unique(findings: Finding[]): Finding[] {
  const first = new Map(findings.map((f) => [f.seen, f]));
  return first.size <= 4 ? [...first.values()] : [{ ...[...first.values()][0]!, seen: some([...first.keys()]) }];
}
