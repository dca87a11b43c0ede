import { flowSlug } from "./flowslug";
import { nearest, type Problem } from "./problems";
import type { PlanNumber, PlanPortOrder } from "./types";

interface Files {
  numbers: string;
  ports: string;
}

/** How the rows of numbers.csv and ports.csv fit together. Cells that are empty are reported by estateCsv.ts already. */
export function estateRules(
  files: Files,
  numbers: readonly PlanNumber[],
  orders: readonly PlanPortOrder[],
  carrier?: string,
): Problem[] {
  return [
    ...orderRules(files, numbers, orders, carrier),
    ...numberRules(files, numbers, orders),
    ...callRouteRules(files, numbers),
    ...nameRules(files, numbers),
  ];
}

function orderRules(
  files: Files,
  numbers: readonly PlanNumber[],
  orders: readonly PlanPortOrder[],
  carrier?: string,
): Problem[] {
  const used = new Set(numbers.map((n) => n.portOrder));
  return orders.flatMap((order) => {
    const at = { file: files.ports, row: order.row };
    const problems: Problem[] = [];
    if (order.id && !used.has(order.id)) {
      problems.push({
        ...at,
        column: "port_order",
        seen: order.id,
        expected: `at least one number of this order in ${files.numbers}`,
        fix: "remove the order or add its numbers",
      });
    }
    if (carrier !== undefined && order.gainingCarrier && order.gainingCarrier !== carrier) {
      problems.push({
        ...at,
        column: "gaining_carrier",
        seen: order.gainingCarrier,
        expected: `"${carrier}", the carrier of the plan`,
        fix: "correct it, or carrier.name in the plan",
      });
    }
    return problems;
  });
}

function numberRules(files: Files, numbers: readonly PlanNumber[], orders: readonly PlanPortOrder[]): Problem[] {
  const byId = new Map(orders.map((o) => [o.id, o]));
  const waves = [...new Set(orders.map((o) => o.wave))];
  const waveSet = new Set(waves);
  const problems: Problem[] = [];
  for (const n of numbers) {
    const at = { file: files.numbers, row: n.row };
    const order = byId.get(n.portOrder);
    if (n.wave && !waveSet.has(n.wave)) {
      problems.push({
        ...at,
        column: "wave",
        seen: n.wave,
        expected: `a wave of ${files.ports}: ${some(waves)}`,
        fix: fixName(n.wave, waves),
      });
    }
    if (order) problems.push(...agreementRules(n, order, at, waveSet));
    else if (n.portOrder)
      problems.push({
        ...at,
        column: "port_order",
        seen: n.portOrder,
        expected: `an order of ${files.ports}: ${some([...byId.keys()])}`,
        fix: fixName(n.portOrder, [...byId.keys()]),
      });
  }
  return [
    ...problems,
    ...addressRules(
      files,
      numbers.filter((n) => byId.has(n.portOrder)),
    ),
  ];
}

/** A number and its order agree. */
function agreementRules(
  n: PlanNumber,
  order: PlanPortOrder,
  at: { file: string; row: number },
  waves: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  if (n.wave && waves.has(n.wave) && n.wave !== order.wave) {
    problems.push({
      ...at,
      column: "wave",
      seen: n.wave,
      expected: `${order.wave}, the wave of its order ${order.id}`,
      fix: "move the number to an order of its wave",
    });
  }
  if (n.site && n.site !== order.site) {
    problems.push({
      ...at,
      column: "site",
      seen: n.site,
      expected: `${order.site}, the site of its order ${order.id}`,
      fix: "give each site an order of its own",
    });
  }
  return problems;
}

/** An order has one service address. */
function addressRules(files: Files, numbers: readonly PlanNumber[]): Problem[] {
  const addressOf = new Map<string, PlanNumber>();
  const reported = new Set<string>();
  const problems: Problem[] = [];
  for (const n of numbers) {
    const first = addressOf.get(n.portOrder);
    if (!first) addressOf.set(n.portOrder, n);
    else if (
      n.emergencyAddress &&
      first.emergencyAddress !== n.emergencyAddress &&
      !reported.has(`${n.portOrder}\n${n.emergencyAddress}`)
    ) {
      // One line for each further address: a mixed order of a thousand numbers is one mistake, not a thousand.
      reported.add(`${n.portOrder}\n${n.emergencyAddress}`);
      problems.push({
        file: files.numbers,
        row: n.row,
        column: "emergency_address",
        seen: n.emergencyAddress,
        expected: `${first.emergencyAddress}, the service address of order ${n.portOrder} (row ${first.row}); a carrier takes one address in an order`,
        fix: "split the order",
      });
    }
  }
  return problems;
}

/** A call route opens one flow in its open hours, and what will be made for it has a name of its own. */
function callRouteRules(files: Files, numbers: readonly PlanNumber[]): Problem[] {
  const byName = new Map<string, PlanNumber>();
  for (const n of numbers) if (!byName.has(n.callRoute)) byName.set(n.callRoute, n);
  const flows = new Set(numbers.map((n) => n.flow));
  const reported = new Set<string>();
  const problems: Problem[] = [];
  for (const n of numbers) {
    const first = byName.get(n.callRoute)!;
    const key = `${n.callRoute}\n${n.flow}`;
    if (!n.flow || first.flow === n.flow || reported.has(key)) continue;
    reported.add(key);
    problems.push({
      file: files.numbers,
      row: n.row,
      column: "flow",
      seen: n.flow,
      expected: `"${first.flow}", which the call route "${n.callRoute}" opens (row ${first.row}); a call route opens one flow`,
      fix: "correct one of the two rows",
    });
  }
  for (const [name, n] of byName) {
    const taken = byName.has(`${name} BYOC`)
      ? `${name} BYOC`
      : flows.has(`${name} front`)
        ? `${name} front`
        : undefined;
    if (!name || !taken) continue;
    problems.push({
      file: files.numbers,
      row: n.row,
      column: routeColumn(n),
      seen: name,
      expected: `no call route or flow of the plan to be named "${taken}": the migration makes one of that name beside "${name}"`,
      fix: `rename "${taken}" in Genesys Cloud and here`,
    });
  }
  return problems;
}

/** Column that names a number's call route. */
const routeColumn = (n: PlanNumber) => (n.callRoute === n.flow ? "flow" : "call_route");

/** Names that differ but would give one resource name. */
function nameRules(files: Files, numbers: readonly PlanNumber[]): Problem[] {
  return (["callRoute", "site"] as const).flatMap((column) => {
    const bySlug = new Map<string, PlanNumber>();
    const checked = new Set<string>();
    return numbers.flatMap((n): Problem[] => {
      const name = n[column];
      if (!name || checked.has(name)) return [];
      checked.add(name);
      const slug = flowSlug(name);
      const first = bySlug.get(slug);
      if (!first) bySlug.set(slug, n);
      if (!first || first[column] === name) return [];
      return [
        {
          file: files.numbers,
          row: n.row,
          column: column === "site" ? column : routeColumn(n),
          seen: name,
          expected: `a name that differs from "${first[column]}" (row ${first.row}) by more than case and signs`,
          fix: "use one spelling, or rename one",
        },
      ];
    });
  });
}

const some = (names: readonly string[]) =>
  names.length > 8 ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more` : names.join(", ");

function fixName(seen: string, known: readonly string[]): string {
  const near = nearest(seen, known);
  return near ? `write ${near}, or add it to the orders` : "correct it, or add it to the orders";
}
