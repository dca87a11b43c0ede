import type { NumberRange } from "../../model/types";
import { numbersIn } from "./numbers";

/** Where the gaining carrier sends calls to one number. */
export interface RouteTarget {
  /** Name of the route resource or connection it came from: for traces. */
  key: string;
  /** Name the carrier resolves and dials. */
  host: string;
  /** Number put into the Request-URI; null = the dialled number itself. */
  calledNumber: string | null;
  /** Tried when `host` answers one of the carrier's retry codes, times out or cannot be reached. */
  nextHost: string | null;
}

interface NamedRoute extends RouteTarget {
  numbers: string[];
}

/** A source of routes: the desk's table, or the numbers of the API with their connections. */
export interface RouteSource {
  routeOf(number: string): RouteTarget | null;
}

/** Routes by name, each over number ranges, as a carrier's desk types them in. The newest route of a number wins. */
export class RouteTable implements RouteSource {
  #byName = new Map<string, NamedRoute>();
  #byNumber = new Map<string, NamedRoute>();

  /** Sets or replaces the route called `name`; takes effect for the next call. Throws RangeError for bad ranges. */
  set(
    name: string,
    route: { ranges: readonly NumberRange[]; host: string; calledNumber?: string | null; nextHost?: string | null },
  ): void {
    const numbers = numbersIn(route.ranges);
    const entry: NamedRoute = {
      key: name,
      host: route.host,
      calledNumber: route.calledNumber || null,
      nextHost: route.nextHost || null,
      numbers,
    };
    // New entries go in before old ones go out: no number is without a route at any moment.
    const old = this.#byName.get(name);
    this.#byName.set(name, entry);
    for (const number of numbers) this.#byNumber.set(number, entry);
    if (old) this.#drop(old);
  }

  /** Removes a route; false when there is none of that name. */
  remove(name: string): boolean {
    const old = this.#byName.get(name);
    if (!old) return false;
    this.#byName.delete(name);
    this.#drop(old);
    return true;
  }

  /** Takes some numbers off a route; the route stays for the rest. False when there is none of that name. */
  narrow(name: string, ranges: readonly NumberRange[]): boolean {
    const route = this.#byName.get(name);
    if (!route) return false;
    const gone = new Set(numbersIn(ranges));
    route.numbers = route.numbers.filter((n) => !gone.has(n));
    for (const number of gone) if (this.#byNumber.get(number) === route) this.#byNumber.delete(number);
    return true;
  }

  routeOf(number: string): RouteTarget | null {
    return this.#byNumber.get(number) ?? null;
  }

  /** Names of all routes. */
  names(): string[] {
    return [...this.#byName.keys()];
  }

  #drop(route: NamedRoute): void {
    for (const number of route.numbers) if (this.#byNumber.get(number) === route) this.#byNumber.delete(number);
  }
}
