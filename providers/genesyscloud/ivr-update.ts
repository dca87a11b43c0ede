import { UserError } from "../../model/errors";
import { HttpError } from "../lib/http";
import type { Entity, GenesysClient } from "./client";
import { idOf, isConflict, ref, strip } from "./entity";

export interface IvrInputs {
  name: string;
  description?: string;
  divisionId?: string;
  dnis?: string[];
  openHoursFlowId?: string;
  closedHoursFlowId?: string;
  holidayHoursFlowId?: string;
  scheduleGroupId?: string;
}

/** Numbers added by one PUT: the official provider's measure of what the API takes at once. */
export const CHUNK = 50;
const VERSION_TRIES = 5;
/** Waits, in seconds, while a DID pool just made is not yet known to the call routes. */
const POOL_SECONDS = [1, 2, 4];

const numbersOf = (e: Entity): string[] => (Array.isArray(e.dnis) ? (e.dnis as string[]) : []);

/**
 * The lists of numbers to PUT, in order, to come from `current` to `wanted`. Additions come first, 50 a PUT, with every present
 * number kept; the last PUT has exactly `wanted`. So no number is let go before all new ones are bound, and a change that only
 * removes, or adds no more than 50, is one PUT. `wanted` undefined = the numbers are not this program's business.
 */
export function planPuts(current: string[], wanted: string[] | undefined): (string[] | undefined)[] {
  if (wanted === undefined) return [current.length > 0 ? current : undefined];
  const have = new Set(current);
  const added = wanted.filter((n) => !have.has(n));
  const puts: string[][] = [];
  for (let end = CHUNK; end < added.length; end += CHUNK) puts.push([...current, ...added.slice(0, end)]);
  return [...puts, wanted];
}

/** Body of POST and PUT without version. */
export function ivrBody(news: IvrInputs, dnis: string[] | undefined, current: Entity | null): object {
  return strip({
    name: news.name,
    description: news.description ?? "",
    division: ref(news.divisionId) ?? current?.division,
    dnis,
    openHoursFlow: ref(news.openHoursFlowId),
    closedHoursFlow: ref(news.closedHoursFlowId),
    holidayHoursFlow: ref(news.holidayHoursFlowId),
    scheduleGroup: ref(news.scheduleGroupId),
  });
}

/** A change of an IVR that did not happen. `ambiguous` when it is not known where its numbers are. */
class IvrRefused extends Error {
  constructor(
    message: string,
    readonly ambiguous: boolean,
  ) {
    super(message);
    this.name = "IvrRefused";
  }
}

/**
 * Brings an IVR to `news`, or leaves it as it was: when a PUT is refused, the state before this update is put back and verified,
 * and the error (IvrRefused) says so. On a version conflict the IVR is read again and the change planned anew, at most five times.
 */
export async function changeIvr(
  client: GenesysClient,
  at: string,
  news: IvrInputs,
  tell: (message: string) => void,
): Promise<Entity> {
  let current = await client.http.json<Entity>("GET", at);
  let before = current;
  let written = false;
  for (let conflicts = 1; ; conflicts++) {
    try {
      for (const [i, dnis, last] of steps(current, news)) {
        if (i > 0) tell(`IVR "${news.name}": ${dnis?.length} numbers after part ${i + 1}`);
        // Flows change with the last PUT only: until all numbers are bound, calls go where they went.
        const body = last ? ivrBody(news, dnis, current) : { ...stateOf(current), dnis };
        current = await put(client, at, { ...body, version: current.version });
        written = true;
      }
      return await verified(client, at, current, news);
    } catch (e) {
      if (!isConflict(e) || conflicts >= VERSION_TRIES) throw await putBack(client, at, before, written, e);
      await client.clock.sleep(0.2 * conflicts, client.signal);
      current = await client.http.json<Entity>("GET", at);
      // Until our own first PUT, what others wrote in between is the state to fall back to.
      if (!written) before = current;
    }
  }
}

function* steps(current: Entity, news: IvrInputs): Generator<[number, string[] | undefined, boolean]> {
  const puts = planPuts(numbersOf(current), news.dnis);
  for (const [i, dnis] of puts.entries()) yield [i, dnis, i === puts.length - 1];
}

/** Body that says again what an IVR has. */
function stateOf(e: Entity): Record<string, unknown> {
  const dnis = numbersOf(e);
  return strip({
    name: e.name,
    description: e.description ?? "",
    division: e.division,
    dnis: dnis.length > 0 ? dnis : undefined,
    openHoursFlow: ref(idOf(e.openHoursFlow)),
    closedHoursFlow: ref(idOf(e.closedHoursFlow)),
    holidayHoursFlow: ref(idOf(e.holidayHoursFlow)),
    scheduleGroup: ref(idOf(e.scheduleGroup)),
  }) as Record<string, unknown>;
}

async function put(client: GenesysClient, at: string, body: object): Promise<Entity> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (
        (await client.http.json<Entity | undefined>("PUT", at, { body })) ?? (await client.http.json<Entity>("GET", at))
      );
    } catch (e) {
      const wait = POOL_SECONDS[attempt];
      const poolUnknown = e instanceof HttpError && e.status === 400 && /didpool/i.test(e.serverMessage);
      if (!poolUnknown || wait === undefined) throw e;
      await client.clock.sleep(wait, client.signal);
    }
  }
}

/** The IVR as it now is, once reads show the numbers that were written; reads may lag for seconds. */
async function verified(client: GenesysClient, at: string, answer: Entity, news: IvrInputs): Promise<Entity> {
  let seen = answer;
  for (const wait of [0.5, 1, 2, 4, 0]) {
    if (news.dnis === undefined || sameNumbers(numbersOf(seen), news.dnis)) return seen;
    if (wait === 0) break;
    await client.clock.sleep(wait, client.signal);
    seen = await client.http.json<Entity>("GET", at);
  }
  const missing = news.dnis?.filter((n) => !numbersOf(seen).includes(n)) ?? [];
  const extra = numbersOf(seen).filter((n) => !news.dnis?.includes(n));
  throw new UserError(
    `the API accepted the change of IVR "${news.name}" but does not show it (missing: ${some(missing)}; still there: ${some(extra)}); look at its numbers in Genesys Cloud, then run again`,
  );
}

/** Makes sure that a refused change left the IVR as it was, and gives the error that says what is so. */
async function putBack(
  client: GenesysClient,
  at: string,
  before: Entity,
  written: boolean,
  cause: unknown,
): Promise<IvrRefused> {
  const why = `IVR "${before.name}" was not changed: ${cause instanceof Error ? cause.message : String(cause)}`;
  const count = `${numbersOf(before).length} numbers`;
  let live: Entity = before;
  try {
    for (let attempt = 1; ; attempt++) {
      live = await client.http.json<Entity>("GET", at);
      if (sameState(live, before)) {
        return new IvrRefused(
          `${why}. ${written ? "The state before this update was put back" : "Nothing changed"}: its ${count} are bound as before.`,
          false,
        );
      }
      // Even a refused PUT has been seen to empty an IVR (terraform issue 525), so this is looked at, not assumed.
      written = true;
      if (attempt > 3) throw new Error("the API shows another state than was put back");
      await put(client, at, { ...stateOf(before), version: live.version }).catch((e: unknown) => {
        if (!isConflict(e) || attempt === 3) throw e;
      });
    }
  } catch (e) {
    const lost = numbersOf(before).filter((n) => !numbersOf(live).includes(n));
    const state = live === before ? "its state could not be read" : `not bound any more: ${some(lost)}`;
    return new IvrRefused(
      `${why}. Putting back the state before failed (${e instanceof Error ? e.message : String(e)}); ${state}. Check this IVR in Genesys Cloud now.`,
      true,
    );
  }
}

const sameNumbers = (a: string[], b: string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === new Set(a).size;

function sameState(a: Entity, b: Entity): boolean {
  const flows = (e: Entity) =>
    [e.openHoursFlow, e.closedHoursFlow, e.holidayHoursFlow, e.scheduleGroup].map((r) => idOf(r) ?? "").join();
  return sameNumbers(numbersOf(a), numbersOf(b)) && flows(a) === flows(b);
}

const some = (numbers: string[]): string =>
  numbers.length === 0
    ? "none"
    : numbers.length > 10
      ? `${numbers.slice(0, 10).join(", ")} and ${numbers.length - 10} more`
      : numbers.join(", ");
