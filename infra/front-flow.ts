import { stringify } from "yaml";
import type { NumberRange, Plan } from "../model/types";

/** Seconds a caller may wait for the canary leg before going on by the direct path. */
const CANARY_CONNECT_SECONDS = 5;

const CODEC_TROUBLE = 'Contains(Flow.canaryError, "488") or Contains(Flow.canaryMessage, "488")';

const TASKS = "/inboundCall/tasks";
const ROUTE = "Route_10";
const DIRECT = "Direct_20";
const CLOSED = "Closed_30";

type Action = Record<string, unknown>;
const exp = (text: string) => ({ exp: text });
const str = (text: string) => JSON.stringify(text);
const noOutputs = { errorType: { noValue: true }, errorMessage: { noValue: true } };
const jump = (name: string, refId: string): Action => ({
  jumpToTask: { name, targetTaskRef: `${TASKS}/task[${refId}]` },
});
const set = (name: string, kind: string, variable: string, value: string): Action => ({
  updateData: { name, statements: [{ [kind]: { variable, value: exp(value) } }] },
});
const acd = (name: string, queue: string, failure: Action[]): Action => ({
  transferToAcd: {
    name,
    targetQueue: { lit: { name: queue } },
    priority: { lit: 0 },
    failureOutputs: noOutputs,
    outputs: { failure: { actions: failure } },
  },
});
const decision = (name: string, condition: string, yes: Action[], no: Action[] = []): Action => ({
  decision: { name, condition: exp(condition), outputs: { yes: { actions: yes }, no: { actions: no } } },
});

/** Splits a range where all but its last six digits change: Architect compares small integers, and only those. */
export function rangeConditions(range: NumberRange, variable: string): string[] {
  const out: string[] = [];
  const tail = Math.min(6, range.to.length - 2);
  const step = 10n ** BigInt(tail);
  let from = BigInt(range.from.slice(1));
  const end = BigInt(range.to.slice(1));
  while (from <= end) {
    const head = from / step;
    const last = end < (head + 1n) * step - 1n ? end : (head + 1n) * step - 1n;
    const length = range.from.length;
    const low = Number(from - head * step);
    const high = Number(last - head * step);
    const prefix = `Length(${variable}) == ${length} and Left(${variable}, ${length - tail}) == ${str(`+${head}`)}`;
    const number = `ToInt(Right(${variable}, ${tail}))`;
    out.push(
      low === high
        ? `(${prefix} and ${number} == ${low})`
        : `(${prefix} and ${number} >= ${low} and ${number} <= ${high})`,
    );
    from = last + 1n;
  }
  return out;
}

/** Cases of the switch that finds the wave part of a dialled number: at most 20 ranges in one condition. */
function partCases(parts: { part: string; ranges: NumberRange[] }[]): Action[] {
  return parts.flatMap(({ part, ranges }) => {
    const all = ranges.flatMap((r) => rangeConditions(r, "Task.dialled"));
    const chunks = Array.from({ length: Math.ceil(all.length / 20) }, (_, i) => all.slice(i * 20, i * 20 + 20));
    return chunks.map((chunk) => ({
      case: { value: exp(chunk.join(" or ")), actions: [set(`Part ${part}`, "string", "Task.part", str(part))] },
    }));
  });
}

export interface FrontFlowArgs {
  name: string;
  /** The existing flow, which takes the calls in the end. */
  flow: string;
  shadow: string;
  /** Every wave part with the call route's own numbers in it. */
  parts: { part: string; ranges: NumberRange[] }[];
  table: string;
  inbound: Plan["inbound"];
}

/**
 * The front flow of one call route, as Architect YAML. It tells the source of a call (SIP headers exist on BYOC Cloud calls
 * only; a GCV call takes the failure path, and a call that came in on the shadow is never canaried), reads the row of the
 * number's wave, sends the canary share of callers (by the last two digits of their number: stable per caller) over the BYOC
 * trunk, and hands everybody else to the existing flow. Whatever fails on the way leads on to the direct path, never out.
 */
export function frontFlow(args: FrontFlowArgs): string {
  const { flow, shadow, inbound } = args;
  const route = [...sourceActions(shadow), ...rowActions(args), ...shareActions(shadow)];
  return render(args.name, inbound.failoverQueue, [
    { name: "Route", refId: ROUTE, actions: route, variables: ROUTE_VARIABLES },
    { name: "Direct", refId: DIRECT, actions: directActions(flow, inbound), variables: [] },
    { name: "Closed", refId: CLOSED, actions: closedActions(inbound), variables: [] },
  ]);
}

/** Which number was dialled, and over which path the call came; one that came in on the shadow goes on by the direct path. */
const sourceActions = (shadow: string): Action[] => [
  set("Dialled", "string", "Task.dialled", "ToString(ToPhoneNumber(Call.CalledAddressOriginal).e164)"),
  {
    getSIPHeaders: {
      name: "Source",
      sipHeaderNames: exp('MakeList("to")'),
      sipHeadersResult: { var: "Task.headers" },
      failureOutputs: noOutputs,
      outputs: {
        success: {
          actions: [
            set("From BYOC", "string", "Task.source", '"byoc"'),
            set("To header", "string", "Task.to", 'GetJsonObjectProperty(Task.headers, "to")'),
            decision("Has a number in To", 'Contains(Task.to, "+") and Contains(Task.to, "@")', [
              set(
                "Dialled by To",
                "string",
                "Task.dialled",
                'Substring(Task.to, FindString(Task.to, "+"), FindString(Task.to, "@") - FindString(Task.to, "+"))',
              ),
            ]),
          ],
        },
        failure: { actions: [] },
      },
    },
  },
  decision("Came in on the shadow", `Task.dialled == ${str(shadow)}`, [jump("Never canaried", DIRECT)]),
];

/** The row of the dialled number's wave; without one the call is none of the plan's. */
const rowActions = (args: FrontFlowArgs): Action[] => [
  {
    switch: {
      name: "Wave part",
      evaluate: { firstTrue: { default: { actions: [] }, cases: partCases(args.parts) } },
    },
  },
  decision("No wave", 'Task.part == ""', [jump("Not of this plan", DIRECT)]),
  {
    dataTableLookup: {
      name: "Row of the wave",
      lookupValue: exp("Task.part"),
      dataTable: {
        [args.table]: {
          foundOutputs: {
            path: { var: "Task.path" },
            standby: { var: "Task.standby" },
            canaryPercent: { var: "Task.canaryPercent" },
          },
          failureOutputs: noOutputs,
        },
      },
      outputs: {
        found: { actions: [] },
        notFound: { actions: [jump("No row", DIRECT)] },
        failure: { actions: [jump("Table not readable", DIRECT)] },
      },
    },
  },
];

/** Who goes where by that row: BYOC calls and most callers directly, the canary share over the trunk, all to the standby once GCV is closed. */
function shareActions(shadow: string): Action[] {
  const canary: Action = {
    transferToNumber: {
      name: "Canary over BYOC",
      targetNumber: { lit: shadow },
      connectTimeout: { lit: { seconds: CANARY_CONNECT_SECONDS } },
      // Which of the two tells the SIP code is not documented: both are looked at.
      failureOutputs: { errorType: { var: "Flow.canaryError" }, errorMessage: { var: "Flow.canaryMessage" } },
      outputs: { failure: { actions: [jump("Canary leg failed", DIRECT)] } },
    },
  };
  return [
    decision("From BYOC is direct", 'Task.source == "byoc"', [jump("BYOC direct", DIRECT)]),
    decision("GCV closed", 'Task.standby == "closed"', [jump("Standby", CLOSED)]),
    set("Caller", "string", "Task.caller", "ToString(ToPhoneNumber(Call.Ani).e164)"),
    decision(
      "Canary share",
      'Task.path == "gcv" and Length(Task.caller) > 2 and ToInt(Right(Task.caller, 2)) < Task.canaryPercent',
      [canary],
    ),
    jump("Direct", DIRECT),
  ];
}

/** On to the existing flow; where that fails, to a queue. */
function directActions(flow: string, inbound: Plan["inbound"]): Action[] {
  const failover = acd("Failover queue", inbound.failoverQueue, [
    { playAudio: { name: "No queue", audio: { tts: inbound.standbyMessage } } },
    { disconnect: { name: "End" } },
  ]);
  return [
    {
      transferToFlow: {
        name: "Existing flow",
        targetFlow: { name: flow },
        failureOutputs: noOutputs,
        outputs: {
          failure: {
            actions: [
              // Architect never sees a 488 of an inbound INVITE (the edge refuses it): what it can know is that the canary leg
              // failed on it, so only then do people look at the call by hand.
              decision("Codec trouble before", CODEC_TROUBLE, [
                acd("Codec fallback queue", inbound.codecFallbackQueue, [failover]),
              ]),
              failover,
            ],
          },
        },
      },
    },
  ];
}

const closedActions = (inbound: Plan["inbound"]): Action[] => [
  { playAudio: { name: "Standby message", audio: { tts: inbound.standbyMessage } } },
  acd("Alternate queue", inbound.failoverQueue, []),
  { disconnect: { name: "End" } },
];

/** The closed standby of the emergency group: message, then the alternate queue. */
export function standbyFlow(name: string, inbound: Plan["inbound"]): string {
  return render(name, inbound.failoverQueue, [
    {
      name: "Closed",
      refId: ROUTE,
      variables: [],
      actions: closedActions(inbound),
    },
  ]);
}

const text = (name: string, value: string) => ({ stringVariable: { name, initialValue: { lit: value } } });
const ROUTE_VARIABLES: unknown[] = [
  text("Task.dialled", ""),
  text("Task.source", "gcv"),
  text("Task.to", ""),
  text("Task.part", ""),
  text("Task.path", ""),
  text("Task.standby", ""),
  text("Task.caller", ""),
  { integerVariable: { name: "Task.canaryPercent", initialValue: { lit: 0 } } },
  { jsonVariable: { name: "Task.headers", initialValue: { noValue: true } } },
];

interface TaskArgs {
  name: string;
  refId: string;
  variables: unknown[];
  actions: Action[];
}

function render(name: string, failoverQueue: string, tasks: TaskArgs[]): string {
  return stringify(
    {
      inboundCall: {
        name,
        division: "Home",
        startUpRef: `${TASKS}/task[${tasks[0]!.refId}]`,
        defaultLanguage: "en-us",
        supportedLanguages: {
          "en-us": { defaultLanguageSkill: { noValue: true }, textToSpeech: { defaultEngine: { voice: "Jill" } } },
        },
        settingsErrorHandling: {
          errorHandling: { queue: { targetQueue: { lit: { name: failoverQueue } } } },
          preHandlingAudio: { tts: "Please hold." },
        },
        variables: [text("Flow.canaryError", ""), text("Flow.canaryMessage", "")],
        tasks: tasks.map((task) => ({ task })),
      },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
