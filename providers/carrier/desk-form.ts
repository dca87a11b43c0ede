import { UserError } from "../../model/errors";
import { isIsoDate as isDate } from "../../model/isoDate";
import type { NumberRange } from "../../model/types";

/** A file of the desk as people may have written it. */
type Written = Record<string, unknown>;

const E164 = /^\+[1-9]\d{1,14}$/;
/** Numbers of one range, at most: beyond it a digit is missing or too many. */
const RANGE_MAX = 1_000_000;

const isGroup = (value: unknown): value is Written =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function isRange(value: unknown): value is NumberRange {
  if (!isGroup(value)) return false;
  const { from, to } = value;
  if (typeof from !== "string" || typeof to !== "string" || !E164.test(from) || !E164.test(to)) return false;
  const size = Number(to) - Number(from) + 1;
  return from.length === to.length && size >= 1 && size <= RANGE_MAX;
}

const wrong = (path: string, key: string, seen: unknown, expected: string) =>
  new UserError(
    `${path}, ${key}: seen ${(JSON.stringify(seen) ?? "nothing").slice(0, 80)}; expected ${expected}; fix: correct the file by hand.`,
  );
const RANGE = '{"from": "+12125550100", "to": "+12125550149"}';

/** @throws UserError for a request whose head, or whose ranges, are not as they were written. */
export function checkRequest(path: string, id: string, request: Written): void {
  if (request.id !== id) throw wrong(path, "id", request.id, `"${id}", the file's own name`);
  for (const key of ["kind", "subject"] as const)
    if (typeof request[key] !== "string") throw wrong(path, key, request[key], "text");
  if (!isDate(request.at)) throw wrong(path, "at", request.at, "an ISO 8601 date and time");
  const { ranges } = request;
  if (ranges !== undefined && !(Array.isArray(ranges) && ranges.every(isRange)))
    throw wrong(path, "ranges", ranges, `a list of ranges such as ${RANGE}`);
}

/**
 * What a confirmation says beside done or refused. A date that nobody can read would let an order be cancelled after its deadline.
 * @throws UserError for a date that is no ISO date, and for numbers that are no list of ranges with their status.
 */
export function checkConfirmation(path: string, answer: Written): void {
  if (answer.status !== "done" && answer.status !== "refused")
    throw wrong(path, "status", answer.status, '"done" or "refused"');
  const { foc, numbers } = answer;
  if (foc !== undefined && foc !== null && !isDate(foc))
    throw wrong(path, "foc", foc, "an ISO 8601 date such as 2026-06-15T08:00:00Z");
  if (numbers === undefined || numbers === null) return;
  const form = `a list of {"range": ${RANGE}, "status": "Active", "activatedAt": "<ISO date>", "foc"?: "<ISO date>"}`;
  if (!Array.isArray(numbers)) throw wrong(path, "numbers", numbers, form);
  for (const [i, entry] of numbers.entries()) {
    const { range, status, activatedAt, foc: own } = isGroup(entry) ? entry : {};
    const dated = [activatedAt, own].every((date) => date === undefined || date === null || isDate(date));
    if (!isRange(range) || typeof status !== "string" || !dated) throw wrong(path, `numbers[${i}]`, entry, form);
  }
}
