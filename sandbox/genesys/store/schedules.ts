/** Schedules and schedule groups: what hour it is for a call route. */

import { type Body, Collection, type Entity, type Ref, refId, type StoreContext } from "./collection";
import { badRequest } from "./errors";

export interface Schedule extends Entity {
  /** Local time without a zone, as the API has it: `2026-01-05T08:00:00.000000`. */
  start: string;
  end: string;
  /** iCal recurrence; left out for a schedule that occurs once. */
  rrule?: string;
}

export interface ScheduleGroup extends Entity {
  /** IANA name: the zone in which its schedules are read. */
  timeZone: string;
  openSchedules: Ref[];
  closedSchedules: Ref[];
  holidaySchedules: Ref[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
/** Longest occurrence that is looked for, days. */
const SPAN_DAYS_MAX = 31;
const KINDS = ["openSchedules", "closedSchedules", "holidaySchedules"] as const;

/** The parts of RFC 5545's recurrence that are played; a rule with any other is refused, never played half. */
interface Rule {
  freq: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  interval: number;
  byDay?: number[];
  byMonth?: number[];
  byMonthDay?: number[];
  until?: number;
}

/** Milliseconds of a local time, counted as if its zone were UTC. @throws ApiError 400. */
function localMs(text: unknown, field: string): number {
  const ms = typeof text === "string" && !/[Z+]/.test(text) ? Date.parse(`${text.slice(0, 23)}Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw badRequest(`${field} must be a local date and time without a zone, saw ${String(text)}.`);
  return ms;
}

function ruleOf(text: string): Rule {
  const parts = new Map(
    text
      .replace(/^RRULE:/, "")
      .split(";")
      .map((p) => p.split("=") as [string, string]),
  );
  const list = (key: string) => parts.get(key)?.split(",");
  const numbers = (key: string, max: number) =>
    list(key)?.map((n) => {
      const value = Number(n);
      if (!Number.isInteger(value) || value < 1 || value > max)
        throw badRequest(`rrule: ${key}=${n} is not played here.`);
      return value;
    });
  const unknown = [...parts.keys()].filter(
    (k) => !["FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "UNTIL", "WKST"].includes(k),
  );
  const freq = parts.get("FREQ") as Rule["freq"];
  if (unknown.length > 0 || !["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].includes(freq))
    throw badRequest(`rrule: ${unknown.join(", ") || `FREQ=${String(freq)}`} is not played here.`);
  const byDay = list("BYDAY")?.map((d) => {
    if (!WEEKDAYS.includes(d)) throw badRequest(`rrule: BYDAY=${d} is not played here.`);
    return WEEKDAYS.indexOf(d);
  });
  const until = parts.get("UNTIL")?.replace(/^(\d{4})(\d{2})(\d{2}).*$/, "$1-$2-$3T23:59:59.999");
  return {
    freq,
    interval: numbers("INTERVAL", 1000)?.[0] ?? 1,
    byDay,
    byMonth: numbers("BYMONTH", 12),
    byMonthDay: numbers("BYMONTHDAY", 31),
    ...(until ? { until: localMs(until, "UNTIL") } : {}),
  };
}

/** Whether an occurrence begins on a day (local midnight), for a schedule whose first day is `first`. */
function occursOn(day: number, first: number, rule: Rule | undefined): boolean {
  if (!rule) return day === first;
  if (day < first || (rule.until !== undefined && day > rule.until)) return false;
  const [at, from] = [new Date(day), new Date(first)];
  if (rule.byDay && !rule.byDay.includes(at.getUTCDay())) return false;
  if (rule.byMonth && !rule.byMonth.includes(at.getUTCMonth() + 1)) return false;
  if (rule.byMonthDay && !rule.byMonthDay.includes(at.getUTCDate())) return false;
  const months = (at.getUTCFullYear() - from.getUTCFullYear()) * 12 + at.getUTCMonth() - from.getUTCMonth();
  const sameDay = rule.byDay !== undefined || rule.byMonthDay !== undefined || at.getUTCDate() === from.getUTCDate();
  // Weeks begin on Monday, as RFC 5545 has it where no WKST is given.
  const week = (ms: number) => Math.floor((ms / DAY_MS + 3) / 7);
  switch (rule.freq) {
    case "DAILY":
      return ((day - first) / DAY_MS) % rule.interval === 0;
    case "WEEKLY":
      return (
        (week(day) - week(first)) % rule.interval === 0 &&
        (rule.byDay !== undefined || at.getUTCDay() === from.getUTCDay())
      );
    case "MONTHLY":
      return months % rule.interval === 0 && sameDay;
    case "YEARLY": {
      const sameMonth = rule.byMonth !== undefined || at.getUTCMonth() === from.getUTCMonth();
      return (at.getUTCFullYear() - from.getUTCFullYear()) % rule.interval === 0 && sameMonth && sameDay;
    }
  }
}

const zones = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at a moment, counted as if it were UTC, to the minute. */
function wallMs(at: Date, timeZone: string): number {
  let format = zones.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    zones.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, Number(p.value)]));
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!);
}

/** Whether a schedule is on at a moment, read in a zone. An occurrence lasts as long as the first one does. */
export function isOn(schedule: Pick<Schedule, "start" | "end" | "rrule">, timeZone: string, at: Date): boolean {
  const start = localMs(schedule.start, "start");
  const lastsMs = localMs(schedule.end, "end") - start;
  const rule = schedule.rrule ? ruleOf(schedule.rrule) : undefined;
  const now = wallMs(at, timeZone);
  const first = Math.floor(start / DAY_MS) * DAY_MS;
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const back = Math.min(SPAN_DAYS_MAX, Math.ceil(lastsMs / DAY_MS));
  for (let day = today; day >= today - back * DAY_MS; day -= DAY_MS) {
    const begins = day + (start - first);
    if (now >= begins && now < begins + lastsMs && occursOn(day, first, rule)) return true;
  }
  return false;
}

/** Schedules and their groups. */
export class Schedules {
  readonly schedules: Collection<Schedule>;
  readonly groups: Collection<ScheduleGroup>;

  constructor(context: StoreContext) {
    const of = (what: string, path: string) => ({ what, path: `/api/v2/architect/${path}`, uniqueNames: true });
    this.schedules = new Collection<Schedule>(context, of("schedule", "schedules"));
    this.groups = new Collection<ScheduleGroup>(context, of("schedule group", "schedulegroups"));
  }

  /** @throws ApiError 400 for times that are no local times, an end before the start, and a recurrence that is not played. */
  create(body: Body): Schedule {
    const { start, end, rrule } = body as { start: string; end: string; rrule?: string };
    const lastsMs = localMs(end, "end") - localMs(start, "start");
    if (lastsMs < MINUTE_MS || lastsMs > SPAN_DAYS_MAX * DAY_MS)
      throw badRequest("end must be a minute to 31 days after start.");
    if (rrule) ruleOf(rrule);
    return this.schedules.create({ name: String(body.name), start, end, ...(rrule ? { rrule } : {}) });
  }

  /** @throws ApiError 400 for an unknown zone or schedule, and for a group without an open schedule. */
  createGroup(body: Body): ScheduleGroup {
    const timeZone = String(body.timeZone ?? "UTC");
    try {
      wallMs(new Date(0), timeZone);
    } catch {
      throw badRequest(`timeZone ${timeZone} is not known.`);
    }
    const lists = Object.fromEntries(KINDS.map((kind) => [kind, this.refs(body[kind])])) as Record<
      (typeof KINDS)[number],
      Ref[]
    >;
    if (lists.openSchedules.length === 0) throw badRequest("A schedule group needs at least one open schedule.");
    return this.groups.create({ name: String(body.name), timeZone, ...lists });
  }

  private refs(list: unknown): Ref[] {
    return ((list ?? []) as unknown[]).map((ref) => {
      const schedule = this.schedules.get(refId(ref, "schedule") as string);
      return { id: schedule.id, name: schedule.name };
    });
  }

  /**
   * What a group says of a moment, in Genesys' order: holiday, closed, open. No schedule on means closed: Architect's action has that as its
   * default; of call routes it is not documented.
   */
  verdict(groupId: string, at: Date): "holiday" | "closed" | "open" {
    const group = this.groups.get(groupId);
    const on = (refs: readonly Ref[]) => refs.some(({ id }) => isOn(this.schedules.get(id), group.timeZone, at));
    if (on(group.holidaySchedules)) return "holiday";
    if (on(group.closedSchedules)) return "closed";
    return on(group.openSchedules) ? "open" : "closed";
  }
}
