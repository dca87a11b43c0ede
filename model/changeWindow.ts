import { UserError } from "./errors";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** A weekly window in a time zone: days 0 (Sunday) to 6, minutes of the day, `to` exclusive. */
export interface ChangeWindow {
  days: readonly number[];
  fromMinute: number;
  toMinute: number;
  timezone: string;
}

/**
 * Reads `Mon-Thu 06:00-22:00`, `Mon,Wed 20:00-02:00` (over midnight: belongs to the day it opens), `Sat 00:00-24:00`.
 * The time zone is an IANA name. Throws UserError for anything else.
 */
export function parseChangeWindow(text: string, timezone: string): ChangeWindow {
  const match = /^([A-Za-z,-]+)\s+(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text.trim());
  const days = match ? parseDays(match[1]!) : undefined;
  const [h1, m1, h2, m2] = match ? match.slice(2, 6).map(Number) : [];
  const fromMinute = h1! * 60 + m1!;
  const toMinute = h2! * 60 + m2!;
  const valid = days && fromMinute < 1440 && toMinute <= 1440 && m1! < 60 && m2! < 60 && fromMinute !== toMinute;
  if (!valid)
    throw new UserError(
      `The change window "${text}" is not readable; expected such as Mon-Thu 06:00-22:00; correct limits.changeWindow.`,
    );
  if (!isTimezone(timezone))
    throw new UserError(
      `The time zone "${timezone}" is not known; expected an IANA name such as Europe/Berlin; correct limits.timezone.`,
    );
  return { days, fromMinute, toMinute, timezone };
}

/** Whether the runtime knows the IANA time zone. */
export function isTimezone(name: string): boolean {
  // The default needs no look into ICU's tables, which take longer to open than the rest of a small plan to read.
  if (name === "UTC") return true;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function parseDays(text: string): number[] | undefined {
  const days = new Set<number>();
  for (const piece of text.split(",")) {
    const [first, last, ...rest] = piece.split("-").map((d) => DAYS.indexOf(d as (typeof DAYS)[number]));
    if (first === undefined || first < 0 || rest.length > 0 || (last !== undefined && last < 0)) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === (last ?? first)) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function local(at: Date, timezone: string): { day: number; minute: number } {
  let format = formatters.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formatters.set(timezone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
  return {
    day: DAYS.indexOf(parts.weekday as (typeof DAYS)[number]),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** Whether the moment lies in the window, by the window's own time zone (summer time included). */
export function windowContains(window: ChangeWindow, at: Date): boolean {
  const { day, minute } = local(at, window.timezone);
  if (window.fromMinute < window.toMinute) {
    return window.days.includes(day) && minute >= window.fromMinute && minute < window.toMinute;
  }
  const dayBefore = (day + 6) % 7;
  return (
    (window.days.includes(day) && minute >= window.fromMinute) ||
    (window.days.includes(dayBefore) && minute < window.toMinute)
  );
}

/** The first full minute at or after `at` that lies in the window. */
export function nextOpening(window: ChangeWindow, at: Date): Date {
  if (windowContains(window, at)) return at;
  const minute = 60_000;
  let moment = Math.ceil(at.getTime() / minute) * minute;
  // Zones differ by quarters of an hour, so steps to full quarters never jump over an opening by more than the last loop mends.
  const quarter = 15 * minute;
  while (moment % quarter !== 0 && !windowContains(window, new Date(moment))) moment += minute;
  while (!windowContains(window, new Date(moment))) moment += quarter;
  while (windowContains(window, new Date(moment - minute)) && moment - minute > at.getTime()) moment -= minute;
  return new Date(moment);
}
