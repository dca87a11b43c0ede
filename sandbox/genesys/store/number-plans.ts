/** Number plans of a site: dialled number to classification. Ordered, the first match wins. */

import { badRequest } from "./errors";

export interface NumberPlan {
  id: string;
  name: string;
  classification: string;
  matchType: "digitLength" | "e164NumberList" | "interCountryCode" | "intraCountryCode" | "numberList" | "regex";
  priority: number;
  state: string;
  match?: string;
  normalizedFormat?: string;
  numbers?: { start: string; end: string }[];
  digitLength?: { start: string; end: string };
  version: number;
}

export interface PlanMatch {
  plan: NumberPlan;
  /** The number to put on the wire. */
  number: string;
}

const MATCH_TYPES = ["digitLength", "e164NumberList", "interCountryCode", "intraCountryCode", "numberList", "regex"];

/** Plans that Genesys makes with every site, kept when a PUT leaves them out. `home` is the E.164 country code without plus. */
export function defaultPlans(home: string, newId: () => string): NumberPlan[] {
  const plan = (name: string, fields: Partial<NumberPlan> & Pick<NumberPlan, "matchType">): NumberPlan => ({
    id: newId(),
    name,
    classification: name,
    priority: 0,
    state: "active",
    version: 1,
    ...fields,
  });
  const list = [
    plan("Emergency", {
      matchType: "numberList",
      numbers: [
        { start: "911", end: "911" },
        { start: "112", end: "112" },
      ],
    }),
    plan("Suicide Prevention", { matchType: "numberList", numbers: [{ start: "988", end: "988" }] }),
    plan("Extension", { matchType: "digitLength", digitLength: { start: "3", end: "6" } }),
    plan("National", { matchType: "intraCountryCode", match: home }),
    plan("International", { matchType: "interCountryCode", match: home }),
    plan("Network", { matchType: "regex", match: "^([^@:]+@[^@]+)$", normalizedFormat: "sip:$1" }),
  ];
  return list.map((p, priority) => ({ ...p, priority }));
}

const DEFAULT_PLAN_NAMES = ["Emergency", "Suicide Prevention", "Extension", "National", "International", "Network"];

/** Reads the body of `PUT numberplans`: given order is priority; default plans left out stay, behind the given ones. */
export function replacePlans(current: readonly NumberPlan[], body: unknown, newId: () => string): NumberPlan[] {
  if (!Array.isArray(body)) throw badRequest("The number plans must be a list.");
  const given = body.map((entry) => readPlan(entry as Record<string, unknown>, current, newId));
  const names = new Set(given.map((plan) => plan.name));
  if (names.size !== given.length) throw badRequest("The names of number plans must be unique in their site.");
  const kept = current.filter((plan) => DEFAULT_PLAN_NAMES.includes(plan.name) && !names.has(plan.name));
  return [...given, ...kept].map((plan, priority) => ({ ...plan, priority }));
}

function readPlan(entry: Record<string, unknown>, current: readonly NumberPlan[], newId: () => string): NumberPlan {
  const { name, classification, matchType } = entry;
  if (typeof name !== "string" || name === "") throw badRequest("A number plan must have a name.");
  if (typeof classification !== "string" || classification === "")
    throw badRequest(`The number plan '${name}' must have a classification.`);
  if (typeof matchType !== "string" || !MATCH_TYPES.includes(matchType))
    throw badRequest(`The number plan '${name}' has the unknown matchType '${String(matchType)}'.`);
  const old = current.find((plan) => plan.id === entry.id || plan.name === name);
  const plan: NumberPlan = {
    id: old?.id ?? newId(),
    name,
    classification,
    matchType: matchType as NumberPlan["matchType"],
    priority: 0,
    state: "active",
    version: (old?.version ?? 0) + 1,
  };
  if (typeof entry.match === "string") plan.match = checkedPattern(entry.match, matchType, name);
  if (typeof entry.normalizedFormat === "string") plan.normalizedFormat = entry.normalizedFormat;
  if (Array.isArray(entry.numbers))
    plan.numbers = entry.numbers.map((n) => ({ start: String(n.start), end: String(n.end ?? n.start) }));
  const length = entry.digitLength as { start?: string; end?: string } | undefined;
  if (length) plan.digitLength = { start: String(length.start), end: String(length.end ?? length.start) };
  if ((matchType === "e164NumberList" || matchType === "numberList") && !plan.numbers?.length)
    throw badRequest(`The number plan '${name}' must list numbers.`);
  return plan;
}

function checkedPattern(pattern: string, matchType: string, name: string): string {
  if (matchType !== "regex") return pattern;
  try {
    new RegExp(pattern);
    return pattern;
  } catch {
    throw badRequest(`The number plan '${name}' has an invalid regular expression.`);
  }
}

/** First plan that matches, or null. */
export function matchPlans(plans: readonly NumberPlan[], dialled: string): PlanMatch | null {
  for (const plan of plans) {
    const number = matchOne(plan, dialled);
    if (number !== null) return { plan, number };
  }
  return null;
}

/** Whether a plan lists the number explicitly. */
export function listsNumber(plan: NumberPlan, number: string): boolean {
  return plan.matchType === "e164NumberList" && inList(plan, number);
}

function inList(plan: NumberPlan, number: string): boolean {
  return (plan.numbers ?? []).some(
    ({ start, end }) => number.length === start.length && number >= start && number <= end,
  );
}

function matchOne(plan: NumberPlan, dialled: string): string | null {
  switch (plan.matchType) {
    case "e164NumberList":
    case "numberList":
      return inList(plan, dialled) ? dialled : null;
    case "digitLength": {
      const { start = "0", end = "0" } = plan.digitLength ?? {};
      return /^\d+$/.test(dialled) && dialled.length >= Number(start) && dialled.length <= Number(end) ? dialled : null;
    }
    case "intraCountryCode":
      return dialled.startsWith(`+${plan.match ?? ""}`) ? dialled : null;
    case "interCountryCode":
      return dialled.startsWith("+") && !dialled.startsWith(`+${plan.match ?? ""}`) ? dialled : null;
    case "regex": {
      const match = plan.match === undefined ? null : new RegExp(plan.match).exec(dialled);
      return match ? (plan.normalizedFormat ?? "$1").replace(/\$(\d)/g, (_, i) => match[Number(i)] ?? "") : null;
    }
  }
}
