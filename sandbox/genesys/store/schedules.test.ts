import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChangeWindow, windowContains } from "../../../model/changeWindow";
import type { Plan } from "../../../model/types";
import { hoursWindow } from "../seed";
import { isOn, Schedules } from "./schedules";

const at = (iso: string) => new Date(iso);
const office = { start: "2026-01-05T08:00:00.000000", end: "2026-01-05T18:00:00.000000" };
const weekdays = { ...office, rrule: "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR" };

describe("a schedule", () => {
  it("is read in the zone of its group, summer time included, its end not", () => {
    const berlin = (iso: string) => isOn(weekdays, "Europe/Berlin", at(iso));
    expect([berlin("2026-06-01T05:59:00Z"), berlin("2026-06-01T06:00:00Z")]).toEqual([false, true]);
    expect([berlin("2026-06-01T15:59:00Z"), berlin("2026-06-01T16:00:00Z")]).toEqual([true, false]);
    expect([berlin("2026-01-06T06:59:00Z"), berlin("2026-01-06T07:00:00Z")]).toEqual([false, true]);
    expect(berlin("2026-06-06T10:00:00Z")).toBe(false);
    // Not before its first day.
    expect(berlin("2025-12-30T10:00:00Z")).toBe(false);
  });

  it("without a recurrence is on once; one over midnight lasts into the next day", () => {
    const day = { start: "2026-06-19T00:00:00.000000", end: "2026-06-20T00:00:00.000000" };
    const on = (iso: string) => isOn(day, "America/New_York", at(iso));
    expect([on("2026-06-19T03:59:00Z"), on("2026-06-19T04:00:00Z"), on("2026-06-20T03:59:00Z")]).toEqual([
      false,
      true,
      true,
    ]);
    expect([on("2026-06-20T04:00:00Z"), on("2027-06-19T12:00:00Z")]).toEqual([false, false]);
    const night = { start: "2026-01-05T22:00:00.000", end: "2026-01-06T06:00:00.000", rrule: "FREQ=WEEKLY;BYDAY=FR" };
    const late = (iso: string) => isOn(night, "UTC", at(iso));
    expect([late("2026-06-05T23:00:00Z"), late("2026-06-06T05:59:00Z"), late("2026-06-06T23:00:00Z")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ["FREQ=DAILY;INTERVAL=2", ["2026-01-05", "2026-01-07"], ["2026-01-06"]],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", ["2026-01-05", "2026-01-09", "2026-01-19"], ["2026-01-12", "2026-01-16"]],
    ["FREQ=MONTHLY", ["2026-02-05", "2026-12-05"], ["2026-02-06"]],
    ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26", ["2026-12-25", "2027-12-26"], ["2026-12-24", "2026-11-25"]],
    ["FREQ=DAILY;UNTIL=20260107T235959", ["2026-01-07"], ["2026-01-08"]],
  ])("%s occurs on its days only", (rrule, days, others) => {
    const on = (day: string) => isOn({ ...office, rrule }, "UTC", at(`${day}T10:00:00Z`));
    expect(days.map(on)).toEqual(days.map(() => true));
    expect(others.map(on)).toEqual(others.map(() => false));
  });

  it("agrees with the change window's reading of the same hours at any moment of a year", () => {
    const window = parseChangeWindow("Mon-Fri 08:00-18:00", "America/New_York");
    const minute = fc.integer({ min: Date.UTC(2026, 0, 6) / 60_000, max: Date.UTC(2027, 0, 6) / 60_000 });
    fc.assert(
      fc.property(minute, (m) => {
        const moment = new Date(m * 60_000);
        return isOn(weekdays, "America/New_York", moment) === windowContains(window, moment);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the seeded hours", () => {
  it.each([
    ["Mon-Thu 06:00-22:00", "Mon-Fri 06:00-22:00", "Mon-Sun 06:00-22:00"],
    ["Sat 05:30-23:30", "Mon-Sun 05:00-24:00", "Mon-Sun 05:00-24:00"],
    ["Tue-Thu 22:00-04:00", "Mon-Fri 18:00-12:00", "Mon-Sun 18:00-12:00"],
    ["Mon-Fri 10:00-08:00", "Mon-Fri 09:00-08:00", "Mon-Sun 09:00-08:00"],
  ])("hold the change window %s, and close some time", (changeWindow, first, second) => {
    const limits = { changeWindow, timezone: "Europe/Berlin" } as Plan["limits"];
    expect([hoursWindow(limits, 0), hoursWindow(limits, 1)]).toEqual([first, second]);
    const [change, open] = [changeWindow, first].map((w) => parseChangeWindow(w, limits.timezone));
    const week = Array.from({ length: 7 * 48 }, (_, i) => new Date(Date.UTC(2026, 5, 1) + i * 1_800_000));
    expect(week.filter((at) => windowContains(change!, at) && !windowContains(open!, at))).toEqual([]);
    expect(week.some((at) => !windowContains(open!, at))).toBe(first !== "Mon-Sun 00:00-24:00");
  });
});

describe("schedule groups", () => {
  let n = 0;
  const context = {
    now: () => at("2026-06-01T08:00:00Z"),
    newId: () => `id-${++n}`,
    division: { id: "d", name: "Home" },
  };
  const open = () => {
    const schedules = new Schedules(context);
    const of = (name: string, body: object) => ({ id: schedules.create({ name, ...body }).id });
    const day = { start: "2026-06-19T00:00:00.000", end: "2026-06-20T00:00:00.000" };
    const lunch = { start: "2026-01-05T12:00:00.000", end: "2026-01-05T13:00:00.000", rrule: "FREQ=DAILY" };
    return { schedules, office: of("office", weekdays), holiday: of("holiday", day), lunch: of("lunch", lunch) };
  };

  it("ask for holidays first, then closed hours, then open ones; otherwise it is closed", () => {
    const { schedules, office, holiday, lunch } = open();
    const { id } = schedules.createGroup({
      name: "hours",
      timeZone: "UTC",
      openSchedules: [office],
      closedSchedules: [lunch],
      holidaySchedules: [holiday],
    });
    const verdicts = ["2026-06-18T10:00Z", "2026-06-18T12:30Z", "2026-06-19T12:30Z", "2026-06-18T20:00Z"];
    expect(verdicts.map((v) => schedules.verdict(id, at(v)))).toEqual(["open", "closed", "holiday", "closed"]);
  });

  it("and schedules refuse what they could only play half", () => {
    const { schedules } = open();
    const make = (change: object) => () => schedules.create({ name: "x", ...weekdays, ...change });
    expect(make({ rrule: "FREQ=MONTHLY;BYDAY=1MO" })).toThrow(/BYDAY=1MO is not played/);
    expect(make({ rrule: "FREQ=DAILY;COUNT=3" })).toThrow(/COUNT is not played/);
    expect(make({ rrule: "FREQ=HOURLY" })).toThrow(/FREQ=HOURLY is not played/);
    expect(make({ start: "2026-01-05T08:00:00Z" })).toThrow(/local date and time/);
    expect(make({ end: office.start })).toThrow(/after start/);
    expect(() => schedules.createGroup({ name: "g", timeZone: "Mars/Base", openSchedules: [] })).toThrow(/Mars/);
    expect(() => schedules.createGroup({ name: "g", timeZone: "UTC" })).toThrow(/at least one open schedule/);
  });
});
