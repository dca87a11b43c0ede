import { normalName } from "./dns/names";
import type { PortOrder, PortRegistry } from "./porting";

/** A resolver's answer changed: from here on it said something else than before. */
export interface TurnedAnswer {
  /** World time, ISO. */
  at: string;
  /** Wall clock, ms since 1970. */
  wallMs: number;
  resolver: string;
  kind: string;
  view: string;
  /** Name asked for. */
  name: string;
  /** End of the CNAME chain; null when the name led nowhere. */
  target: string | null;
  /** TTL handed out with the first such answer. */
  ttlSeconds: number;
}

/** A port order, or a part split off it, changed. */
export interface PortState {
  at: string;
  wallMs: number;
  /** The customer's name of the order. */
  order: string;
  /** Identifier at the carrier: parts of a split order differ in it. */
  id: string;
  status: string;
  numbers: number;
  /** Numbers of it that the gaining carrier serves: what counts, whatever the order's status says. */
  active: number;
  /** Confirmed date, ISO. */
  foc: string | null;
  detail: string;
}

/** Audio quality of the conversations that ended in one wall second on one path, as the organisation measured it. */
export interface QualitySecond {
  /** Seconds since 1970. */
  second: number;
  path: "gcv" | "byoc";
  calls: number;
  /** E-model MOS, 1 to 4.88. */
  meanMos: number;
  minMos: number;
}

/** What the chronicle reads of a conversation that ended. */
interface Ended {
  path: "gcv" | "byoc";
  mos?: number;
  legs?: readonly unknown[];
}

/**
 * What happened in the world beside the calls, for the report's time line. It only listens: nobody is asked, no cache is filled, so a
 * world that is watched goes the way of one that is not.
 */
export class Chronicle {
  readonly #now: () => Date;
  readonly #names: ReadonlySet<string>;
  readonly #last = new Map<string, string>();
  readonly #answers: TurnedAnswer[] = [];
  readonly #ports: PortState[] = [];
  readonly #quality = new Map<
    string,
    { second: number; path: "gcv" | "byoc"; calls: number; sum: number; min: number }
  >();

  /** @param names DNS names whose answers are of interest: the customer's own. */
  constructor(now: () => Date, names: readonly string[]) {
    this.#now = now;
    this.#names = new Set(names.map(normalName));
  }

  /** A resolver handed out an answer. Kept when it differs from what this resolver said of this name before. */
  answered(
    resolver: { name: string; kind: string; view: string },
    name: string,
    target: string | null,
    ttl: number,
  ): void {
    if (!this.#names.has(name)) return;
    const key = `${resolver.name}|${name}`;
    const said = target ?? "";
    if (this.#last.get(key) === said) return;
    this.#last.set(key, said);
    const { name: who, kind, view } = resolver;
    this.#answers.push({ ...this.#stamp(), resolver: who, kind, view, name, target, ttlSeconds: ttl });
  }

  /** Notes every change of every port order from now on. */
  watchPorts(ports: PortRegistry): void {
    ports.on("order", (order: PortOrder) => {
      const detail = ports.events().findLast((e) => e.orderId === order.id)?.detail ?? "";
      this.#ports.push({
        ...this.#stamp(),
        order: order.reference,
        id: order.id,
        status: order.status,
        numbers: order.numbers.length,
        active: order.numbers.filter((n) => ports.isActive(n)).length,
        foc: order.focActual?.toISOString() ?? null,
        detail,
      });
    });
  }

  /** A conversation ended. One that left for the trunk and came back (a canary's hairpin) has crossed BYOC, wherever it came in. */
  ended(conversation: Ended): void {
    if (conversation.mos === undefined) return;
    const second = Math.floor(Date.now() / 1000);
    const path = conversation.path === "byoc" || conversation.legs?.length ? "byoc" : "gcv";
    const key = `${second}|${path}`;
    const found = this.#quality.get(key) ?? { second, path, calls: 0, sum: 0, min: Number.POSITIVE_INFINITY };
    found.calls++;
    found.sum += conversation.mos;
    found.min = Math.min(found.min, conversation.mos);
    this.#quality.set(key, found);
  }

  /** Everything so far, in the order it happened. */
  read(): { answers: TurnedAnswer[]; ports: PortState[]; quality: QualitySecond[] } {
    const quality = [...this.#quality.values()].map(({ sum, min, ...rest }) => ({
      ...rest,
      meanMos: round(sum / rest.calls),
      minMos: round(min),
    }));
    return { answers: [...this.#answers], ports: [...this.#ports], quality };
  }

  #stamp(): { at: string; wallMs: number } {
    return { at: this.#now().toISOString(), wallMs: Date.now() };
  }
}

const round = (mos: number): number => Math.round(mos * 100) / 100;
