import { planDigest } from "./digest";
import { UserError } from "./errors";
import { numberProblem, readNumbers, readPortOrders } from "./estateCsv";
import { estateRules } from "./estateRules";
import { splitWaves } from "./parts";
import { readPlanFile, type ReadPlanFile } from "./planYaml";
import { compareProblems, formatProblem, type Problem, withoutRepeats } from "./problems";
import { csvQuestions } from "./questions";
import { compareNumbers } from "./ranges";
import { customerHost } from "./regions";
import type { PlanFile } from "./schema";
import { spareNumbers } from "./spares";
import type { Plan, PlanNumber, PlanPortOrder } from "./types";

/** The three texts of an estate; the CSV names are those that plan.yaml gives. */
export interface EstateFiles {
  planName: string;
  plan: string;
  /** Returns the text of a CSV file, or undefined when there is none. */
  csv(name: string): string | undefined;
}

/**
 * Reads an estate (pure: takes texts). Throws UserError with every problem of all three files at once, each with file, row
 * (line, header = 1), column or key, the value seen, what was expected and how to fix it. Nothing is normalised or guessed.
 */
export function parsePlan(files: EstateFiles): Plan {
  const yaml = readPlanFile(files.planName, files.plan);
  const names = { numbers: yaml.content?.numbers ?? "numbers.csv", ports: yaml.content?.porting.orders ?? "ports.csv" };
  const problems = [...yaml.problems];
  const numbers = readCsv(files, names.numbers, problems, (text) => readNumbers(names.numbers, text));
  const orders = readCsv(files, names.ports, problems, (text) => readPortOrders(names.ports, text));
  // Files of which nothing could be read do not fail to fit each other as well.
  if (numbers && orders && !(unread(numbers.numbers, numbers) || unread(orders.orders, orders)))
    problems.push(...estateRules(names, numbers.numbers, orders.orders, yaml.content?.carrier.name));
  if (numbers?.problems.length === 0 && numbers.numbers.length === 0) {
    problems.push({
      file: names.numbers,
      seen: "no rows",
      expected: "at least one number",
      fix: "list the numbers to move",
    });
  }
  const callRoutes = new Set(numbers?.numbers.map((n) => n.callRoute) ?? []).size;
  if (yaml.content && numbers && !unread(numbers.numbers, numbers))
    problems.push(...spareProblems(files.planName, yaml, yaml.content, numbers.numbers, callRoutes));
  if (problems.length > 0)
    throw new UserError(withoutRepeats(problems.sort(compareProblems)).sort(compareProblems).map(formatProblem));
  return build(yaml.content!, numbers!.numbers, orders!.orders, callRoutes);
}

/** Whether a table has no row because its text or its columns were wrong. */
const unread = (rows: readonly unknown[], { problems }: { problems: readonly Problem[] }): boolean =>
  rows.length === 0 && problems.length > 0;

function readCsv<T extends { problems: Problem[] }>(
  files: EstateFiles,
  name: string,
  problems: Problem[],
  read: (text: string) => T,
): T | undefined {
  const text = files.csv(name);
  if (text === undefined) {
    problems.push({ file: name, seen: undefined, expected: "the file", fix: `add ${name} beside ${files.planName}` });
    return undefined;
  }
  // Rows that are still questions would each break several rules: the questions alone are what there is to do.
  const questions = csvQuestions(name, text);
  if (questions.length > 0) {
    problems.push(...questions);
    return undefined;
  }
  const table = read(text);
  problems.push(...table.problems);
  return table;
}

/** Spare numbers: one of each kind for every call route, valid, and nobody's. */
function spareProblems(
  file: string,
  yaml: ReadPlanFile,
  plan: PlanFile,
  numbers: readonly PlanNumber[],
  callRoutes: number,
): Problem[] {
  const used = new Map(numbers.map((n) => [n.number, `row ${n.row} of ${plan.numbers}`]));
  return (["shadowNumbers", "testNumbers"] as const).flatMap((key) => {
    const list = plan.carrier[key];
    const at = (i?: number) => {
      const path = i === undefined ? ["carrier", key] : ["carrier", key, i];
      return { file, row: yaml.lineOf(path), column: `carrier.${key}${i === undefined ? "" : `[${i}]`}` };
    };
    const problems: Problem[] = [];
    if (list.length !== callRoutes && !(plan.sandbox && list.length === 0)) {
      problems.push({
        ...at(),
        seen: list.length,
        expected: `${callRoutes} spare numbers of the gaining carrier, one for each call route`,
        fix: "order spare numbers there and list them",
      });
    }
    list.forEach((number, i) => {
      const bad = numberProblem(number);
      if (bad) problems.push({ ...at(i), seen: number, ...bad });
      const other = used.get(number);
      if (other)
        problems.push({
          ...at(i),
          seen: number,
          expected: `a number that is used nowhere else (see ${other})`,
          fix: "choose another spare number",
        });
      used.set(number, `carrier.${key}[${i}]`);
    });
    return problems;
  });
}

function build(
  file: PlanFile,
  rows: readonly PlanNumber[],
  orders: readonly PlanPortOrder[],
  callRoutes: number,
): Plan {
  const { numbers: _numbers, porting, carrier, trunk, ...rest } = file;
  const sorted = [...rows].sort((a, b) => compareNumbers(a.number, b.number));
  // Waves in the order in which the orders name them: what the user wrote first moves first.
  const waves = [...new Set(orders.map((o) => o.wave))];
  const byWave = new Map<string, string[]>(waves.map((w) => [w, []]));
  for (const n of sorted) byWave.get(n.wave)!.push(n.number);
  const parts = splitWaves(
    waves.map((wave) => ({ wave, numbers: byWave.get(wave)! })),
    file.limits.maxNumbersPerUpdate,
  );
  const partOf = new Map(parts.flatMap((p) => p.numbers.map((n) => [n, p.id] as const)));
  const all = sorted.map((n) => n.number);
  const shadowNumbers = carrier.shadowNumbers.length
    ? carrier.shadowNumbers
    : spareNumbers(all, carrier.testNumbers, callRoutes);
  const testNumbers = carrier.testNumbers.length ? carrier.testNumbers : spareNumbers(all, shadowNumbers, callRoutes);
  const plan: Omit<Plan, "digest"> = {
    ...rest,
    trunk: { ...trunk, maxCallRate: trunk.maxCallRate ?? `${2 * trunk.maxConcurrentCalls}/5s` },
    carrier: {
      ...carrier,
      routeHost: carrier.routeHost ?? (customerHost(file) ? "customer-name" : "genesys-name"),
      shadowNumbers,
      testNumbers,
    },
    porting: { provider: porting.provider },
    numbers: sorted.map((n) => ({ ...n, part: partOf.get(n.number)! })),
    portOrders: [...orders],
    parts,
  };
  return { ...plan, digest: planDigest(plan) };
}
