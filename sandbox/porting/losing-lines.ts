import type { PortOrder, WorldTime } from "./port-order";
import { DAY } from "./port-rules";
import type { PortRegistry } from "./registry";

/** Hours from the port of an account's billing number until the losing carrier closes the account; not documented: a billing run. */
const CLOSING_MS = DAY;

/**
 * The lines as the losing carrier keeps them. Two things take a line out of service there although it was not ported: an order that was
 * cancelled less than 48 hours before its date is cut on that date all the same (the cancellation is best effort by then), and an account
 * whose billing number has left is closed with every number that is still on it.
 */
export class LosingLines {
  readonly #cut = new Set<string>();
  /** Numbers of an account by its billing number. */
  readonly #accounts = new Map<string, string[]>();

  constructor(
    private readonly o: {
      clock: WorldTime;
      ports: PortRegistry;
      /** What is ported together, with the billing number of its account where one is known. */
      orders: readonly { billingNumber?: string; numbers: readonly string[] }[];
    },
  ) {
    for (const { billingNumber, numbers } of o.orders) {
      if (!billingNumber) continue;
      this.#accounts.set(billingNumber, [...(this.#accounts.get(billingNumber) ?? []), ...numbers]);
    }
    o.ports.on("activated", (numbers: string[], at: Date) => this.#left(numbers, at));
    o.ports.on("cancelled-late", (order: PortOrder) => this.#cutAnyway(order));
    // What is taken back is in service again.
    o.ports.on("reverted", (numbers: string[]) => {
      for (const number of numbers) this.#cut.delete(number);
    });
  }

  /** Whether calls to the number, and calls with it as caller id, are refused: the line is out of service. */
  isCut(number: string): boolean {
    return this.#cut.has(number);
  }

  #left(numbers: readonly string[], at: Date): void {
    for (const number of numbers) {
      const account = this.#accounts.get(number);
      if (!account) continue;
      this.o.clock.at(new Date(at.getTime() + CLOSING_MS), "account-closes", `billing number ${number}`, () =>
        this.#takeOut(account),
      );
    }
  }

  #cutAnyway(order: PortOrder): void {
    this.o.clock.at(order.focActual!, "losing-cuts", order.reference, () => this.#takeOut(order.numbers));
  }

  /** Numbers that are ported by then go on being handed to GCV for the networks that have not learned of it. */
  #takeOut(numbers: readonly string[]): void {
    for (const number of numbers) if (!this.o.ports.isActive(number)) this.#cut.add(number);
  }
}
