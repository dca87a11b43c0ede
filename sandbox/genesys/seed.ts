/** The organisation before `baseline`, made from the estate through the same code that the API uses. */

import { parseChangeWindow } from "../../model/changeWindow";
import { expandRanges } from "../../model/ranges";
import type { Plan } from "../../model/types";
import { type GenesysStore, SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from "./store";
import { PERMISSION_CATALOGUE } from "./store/access";
import { DEFAULT_ROUTE_NAME } from "./store/sites";

const GCV_NAME = "PureCloud Voice - AWS";
/** Agents of a seeded queue. */
const AGENTS = 20;

/**
 * Fills an empty store. `country` is the ISO code of the organisation's home, `lacks` the rights that the migration's client has not,
 * `emergencyOf` the call routes in the organisation's emergency group: all, or those that somebody named for themselves.
 */
export function seed(
  store: GenesysStore,
  country: string,
  lacks: readonly string[] = [],
  emergencyOf: "all" | "named" = "named",
): void {
  const { plan } = store;
  seedAccess(store, lacks);
  seedTelephony(store, country);
  const flowNames = [...new Set(plan.numbers.map((n) => n.flow))].sort();
  for (const queue of new Set([...flowNames, plan.inbound.failoverQueue]))
    store.flows.createQueue({ name: queue }, AGENTS);
  const siteOf = new Map(plan.numbers.map((n) => [n.number, n.site]));
  // People note beside a range what it is for: here, the site, or the sites.
  store.numbers.seedInventory(siteOf.keys(), (range) =>
    [...new Set([...expandRanges([range])].map((number) => siteOf.get(number)))].join(", "),
  );
  const flowIds = new Map<string, string>();
  for (const name of flowNames) {
    const flow = store.flows.publishText(existingFlow(name));
    flowIds.set(name, flow.id);
  }
  const flowOf = new Map(plan.numbers.map((n) => [n.callRoute, n.flow]));
  let ownHours = 0;
  for (const [name, flow] of [...flowOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const dnis = plan.numbers.filter((n) => n.callRoute === name).map((n) => n.number);
    const hours = name === flow ? {} : seedHours(store, name, ownHours++);
    store.ivrs.create({ name, dnis, openHoursFlow: { id: flowIds.get(flow) }, ...hours }, true);
  }
  const named = [...flowOf].filter(([name, flow]) => emergencyOf === "all" || name !== flow).map(([name]) => name);
  if (named.length > 0) seedEmergency(store, named.sort());
}

/** Name of the seeded emergency group, of its flow, and of the queue that flow leads to. */
export const EVACUATION = "Evacuation";

/** An emergency group as a hospital has it: switched on, all its call routes lead to the people who handle the alarm. */
function seedEmergency(store: GenesysStore, callRoutes: readonly string[]): void {
  store.flows.createQueue({ name: EVACUATION }, AGENTS);
  const flow = store.flows.publishText(existingFlow(EVACUATION));
  const ivrs = callRoutes.map((name) => ({ id: store.ivrs.ivrs.named(name)?.id }));
  store.ivrs.createGroup({
    name: EVACUATION,
    enabled: false,
    emergencyCallFlows: [{ emergencyFlow: { id: flow.id }, ivrs }],
  });
}

/** The organisation's holiday, local date: a Friday, so that a weekday's hours would have it open. */
export const HOLIDAY = "2026-06-19";
const NEXT_DAY = "2026-06-20";

const DAY_MINUTES = 1440;
const toHour = (minute: number, up: boolean) => (up ? Math.ceil(minute / 60) : Math.floor(minute / 60)) * 60;
const clockText = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/**
 * Open hours of the call routes with hours of their own, by their place in the order of names: every day or on weekdays, 06:00 to 22:00, full
 * hours, and whatever more the change window has: steps are made with test calls, and those find people in open hours only.
 */
export function hoursWindow({ changeWindow, timezone }: Plan["limits"], i: number): string {
  const { days, fromMinute, toMinute } = parseChangeWindow(changeWindow, timezone);
  const everyDay = i % 2 === 1 || days.includes(0) || days.includes(6);
  let from = Math.min(6 * 60, toHour(fromMinute, false));
  let to = Math.max(22 * 60, toHour(toMinute, true));
  if (toMinute < fromMinute) {
    // Over midnight: closed around noon.
    from = Math.max(toHour(toMinute, true) + 60, toHour(fromMinute, false) - 4 * 60);
    to = Math.min(toHour(toMinute, true) + 8 * 60, from - 60);
  }
  return `${everyDay ? "Mon-Sun" : "Mon-Fri"} ${clockText(from)}-${clockText(to)}`;
}

/** The same hours as a schedule: the first occurrence, on a Monday, and its recurrence. */
function scheduleOf(hours: string, timezone: string) {
  const { days, fromMinute, toMinute } = parseChangeWindow(hours, timezone);
  const monday = Date.UTC(2026, 0, 5);
  const local = (minute: number) => new Date(monday + minute * 60_000).toISOString().replace("Z", "000");
  const end = toMinute < fromMinute ? toMinute + DAY_MINUTES : toMinute;
  const byDay = days.map((d) => ["SU", "MO", "TU", "WE", "TH", "FR", "SA"][d]).join(",");
  return { start: local(fromMinute), end: local(end), rrule: `FREQ=WEEKLY;INTERVAL=1;BYDAY=${byDay}` };
}

/** What a flow outside the open hours says. */
export const outsideText = (flow: string): string => `${flow}: please call again.`;

/** A call route that somebody named for itself has its own hours as well: flows outside the open ones, and schedules. */
function seedHours(store: GenesysStore, callRoute: string, i: number) {
  const flow = (when: string) => ({ id: store.flows.publishText(outsideFlow(`${callRoute} ${when}`)).id });
  const { schedules } = store.ivrs;
  const open = schedules.create({
    name: `${callRoute} open`,
    ...scheduleOf(hoursWindow(store.plan.limits, i), store.plan.limits.timezone),
  });
  const holiday = schedules.create({
    name: `${callRoute} holidays`,
    start: `${HOLIDAY}T00:00:00.000000`,
    end: `${NEXT_DAY}T00:00:00.000000`,
  });
  const group = schedules.createGroup({
    name: `${callRoute} hours`,
    timeZone: store.plan.limits.timezone,
    openSchedules: [{ id: open.id }],
    holidaySchedules: [{ id: holiday.id }],
  });
  return { closedHoursFlow: flow("closed"), holidayHoursFlow: flow("holiday"), scheduleGroup: { id: group.id } };
}

function seedAccess(store: GenesysStore, lacks: readonly string[]): void {
  const master = store.access.createRole({
    name: "Master Admin",
    description: "All rights of the organisation",
    permissionPolicies: [{ domain: "*", entityName: "*", actionSet: ["*"] }],
  });
  const role = lacks.length === 0 ? master : store.access.createRole(roleWithout(lacks));
  store.access.createClient(
    { name: "Sandbox deployer", authorizedGrantType: "CLIENT-CREDENTIALS", roleIds: [role.id] },
    { id: SANDBOX_CLIENT_ID, secret: SANDBOX_CLIENT_SECRET },
  );
}

/** A role with every right there is but some. */
function roleWithout(lacks: readonly string[]) {
  const permissionPolicies = Object.entries(PERMISSION_CATALOGUE).flatMap(([domain, entities]) =>
    Object.entries(entities).map(([entityName, actions]) => ({
      domain,
      entityName,
      actionSet: actions.filter((action) => !lacks.includes(`${domain}:${entityName}:${action}`)),
    })),
  );
  return { name: "Deployer", description: "A role somebody put together", permissionPolicies };
}

function seedTelephony(store: GenesysStore, country: string): void {
  const { plan, sites } = store;
  const trunk = store.trunks.seedGcv(GCV_NAME, gcvProperties(plan));
  const siteOf = (name: string, managed: boolean) => {
    const location = sites.createLocation({ name, address: { country, countryName: country } });
    const site = sites.add({
      name,
      managed,
      mediaModel: "Cloud",
      mediaRegions: [plan.organisation.region],
      mediaRegionsUseLatencyBased: true,
      callerId: "",
      callerName: "",
      location: { id: location.id, name },
      primarySites: [],
      secondarySites: [],
    });
    const routes = sites.routesOf(site.id);
    const route = routes.named(DEFAULT_ROUTE_NAME);
    if (route)
      routes.update(route.id, {
        classificationTypes: ["Emergency", "National", "International"],
        externalTrunkBases: [{ id: trunk.id, name: trunk.name }],
      });
    return site;
  };
  const names = [...new Set(plan.numbers.map((n) => n.site))];
  const [first] = names.map((name) => siteOf(name, false));
  if (first) sites.defaultSiteId = first.id;
  siteOf(GCV_NAME, true);
}

function gcvProperties(plan: Plan): Record<string, { value: { instance: unknown } }> {
  const values = {
    trunk_enabled: true,
    trunk_label: GCV_NAME,
    trunk_recording_enabled: plan.gcv.recording,
    trunk_calling_id_priority: plan.gcv.callerIdPriority,
  };
  return Object.fromEntries(Object.entries(values).map(([key, instance]) => [key, { value: { instance } }]));
}

/** A flow as customers have them: greet, queue, and an apology when the queue cannot take the call. */
const existingFlow = (name: string): string =>
  flowText(name, [
    {
      transferToAcd: {
        name: "To queue",
        targetQueue: { lit: { name } },
        priority: { lit: 0 },
        failureOutputs: { errorType: { noValue: true }, errorMessage: { noValue: true } },
        outputs: {
          failure: {
            actions: [{ playAudio: { name: "Sorry", audio: { tts: "All lines are busy. Please call again." } } }],
          },
        },
      },
    },
    { disconnect: { name: "End" } },
  ]);

/** A flow outside the open hours: it says so. */
const outsideFlow = (name: string): string =>
  flowText(name, [
    { playAudio: { name: "Closed", audio: { tts: outsideText(name) } } },
    { disconnect: { name: "End" } },
  ]);

function flowText(name: string, actions: unknown[]): string {
  const flow = {
    inboundCall: {
      name,
      division: "Home",
      startUpRef: "/inboundCall/tasks/task[Main_10]",
      defaultLanguage: "en-us",
      supportedLanguages: {
        "en-us": { defaultLanguageSkill: { noValue: true }, textToSpeech: { defaultEngine: { voice: "Jill" } } },
      },
      tasks: [
        {
          task: {
            name: "Main",
            refId: "Main_10",
            actions,
          },
        },
      ],
    },
  };
  // JSON is YAML: no quoting rules to get wrong for names with colons or quotes.
  return JSON.stringify(flow);
}
