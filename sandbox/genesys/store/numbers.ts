/**
 * DID pools and who owns which number. The GCV inventory is the set of pools of provider PURE_CLOUD_VOICE: they are shown by
 * the DID pool API, and only Number Management (a person; here `operatorRemove`) changes them.
 */

import {
  compareNumbers,
  expandRanges,
  formatRange,
  POOL_NUMBERS_MAX,
  splitRanges,
  subtractRanges,
  toRanges,
} from "../../../model/ranges";
import type { NumberRange } from "../../../model/types";
import { type Body, Collection, type Entity, type StoreContext } from "./collection";
import { badRequest, conflict } from "./errors";

export type PoolProvider = "PURE_CLOUD" | "PURE_CLOUD_VOICE";

export interface DidPool extends Entity {
  startPhoneNumber: string;
  endPhoneNumber: string;
  provider: PoolProvider;
  comments?: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;

/** DID pools, the GCV inventory among them, and which number is bound. */
export class Numbers {
  readonly pools: Collection<DidPool>;
  /** Bound number to the IVR that has it. */
  readonly owner = new Map<string, string>();
  private sorted: DidPool[] | null = null;

  constructor(context: StoreContext) {
    this.pools = new Collection<DidPool>(context, {
      what: "DID pool",
      path: "/api/v2/telephony/providers/edges/didpools",
      uniqueNames: false,
    });
  }

  /** Fills the GCV inventory: one pool per contiguous range, cut at the size limit of a pool, with a person's note beside each. */
  seedInventory(numbers: Iterable<string>, noteOf: (range: NumberRange) => string): void {
    for (const range of splitRanges(toRanges(numbers)))
      this.add(range, "PURE_CLOUD_VOICE", { comments: noteOf(range) });
  }

  /** The pool that holds a number, in O(log n). */
  poolOf(number: string): DidPool | undefined {
    const pools = this.ordered();
    let low = 0;
    let high = pools.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const pool = pools[middle] as DidPool;
      if (compareNumbers(number, pool.startPhoneNumber) < 0) high = middle - 1;
      else if (compareNumbers(number, pool.endPhoneNumber) > 0) low = middle + 1;
      else return pool;
    }
    return undefined;
  }

  /** Pools in number order. */
  ordered(): readonly DidPool[] {
    this.sorted ??= this.pools.all().sort((a, b) => compareNumbers(a.startPhoneNumber, b.startPhoneNumber));
    return this.sorted;
  }

  /** @throws ApiError 400 or 409: malformed range, overlap with any pool, GCV through the DID page. */
  create(body: Body): DidPool {
    const { range, provider } = readPool(body);
    this.refuseOverlap(range, null);
    return this.add(range, provider, textFields(body));
  }

  /** In place, as the real API does; a range may not leave an assigned number behind. */
  update(id: string, body: Body): DidPool {
    const old = this.pools.get(id);
    refuseManaged(old);
    const { range, provider } = readPool(body);
    this.refuseOverlap(range, id);
    const left = subtractRanges([rangeOf(old)], [range]);
    this.refuseAssigned(left, `DID pool ${id} cannot give up`);
    this.sorted = null;
    const fields = {
      startPhoneNumber: range.from,
      endPhoneNumber: range.to,
      name: poolName(range),
      provider,
      ...textFields(body),
    };
    return this.pools.update(id, fields, body.version);
  }

  /** @throws ApiError 409 while a number of the pool is assigned. */
  remove(id: string): void {
    const pool = this.pools.get(id);
    refuseManaged(pool);
    this.refuseAssigned([rangeOf(pool)], `DID pool ${id} cannot be deleted; it has`);
    this.pools.remove(id);
    this.sorted = null;
  }

  /**
   * Number Management takes numbers out of the GCV inventory, all of them or none; pools shrink and split around them.
   * @throws ApiError 409 while one is bound, 400 when one is not in the inventory.
   */
  operatorRemove(ranges: readonly NumberRange[]): void {
    for (const number of expandRanges(ranges)) {
      if (this.poolOf(number)?.provider !== "PURE_CLOUD_VOICE")
        throw badRequest(`The number ${number} is not in the Genesys Cloud Voice inventory.`);
    }
    this.refuseAssigned(ranges, "The Genesys Cloud Voice inventory cannot give up");
    for (const pool of this.pools.all()) {
      if (pool.provider !== "PURE_CLOUD_VOICE") continue;
      const left = subtractRanges([rangeOf(pool)], ranges);
      const [first, ...more] = left;
      if (left.length === 1 && first?.from === pool.startPhoneNumber && first.to === pool.endPhoneNumber) continue;
      if (first)
        this.pools.update(pool.id, { startPhoneNumber: first.from, endPhoneNumber: first.to, name: poolName(first) });
      else this.pools.remove(pool.id);
      for (const range of more) this.add(range, "PURE_CLOUD_VOICE", textFields(pool as unknown as Body));
    }
    this.sorted = null;
  }

  /** The operator puts numbers back (a port that was reverted). @throws ApiError 409 on an overlap. */
  operatorAdd(ranges: readonly NumberRange[]): void {
    for (const range of splitRanges(ranges)) {
      this.refuseOverlap(range, null);
      this.add(range, "PURE_CLOUD_VOICE", {});
    }
  }

  /** Ranges still in the GCV inventory, in order. */
  inventory(): NumberRange[] {
    return this.ordered()
      .filter((pool) => pool.provider === "PURE_CLOUD_VOICE")
      .map(rangeOf);
  }

  private add(range: NumberRange, provider: PoolProvider, text: Partial<DidPool>): DidPool {
    this.sorted = null;
    return this.pools.create({
      ...text,
      name: poolName(range),
      startPhoneNumber: range.from,
      endPhoneNumber: range.to,
      provider,
    });
  }

  private refuseOverlap(range: NumberRange, ownId: string | null): void {
    for (const pool of this.ordered()) {
      if (pool.id === ownId || pool.startPhoneNumber.length !== range.from.length) continue;
      if (pool.startPhoneNumber <= range.to && pool.endPhoneNumber >= range.from)
        throw conflict(
          `The DID range ${formatRange(range)} overlaps the existing range ${formatRange(rangeOf(pool))} (provider ${pool.provider}).`,
          "didpool.overlap",
        );
    }
  }

  private refuseAssigned(ranges: readonly NumberRange[], text: string): void {
    for (const number of expandRanges(ranges)) {
      if (this.owner.has(number)) throw conflict(`${text} the assigned number ${number}.`, "didpool.number.in.use");
    }
  }
}

/** The numbers of a pool. */
export const rangeOf = (pool: DidPool): NumberRange => ({ from: pool.startPhoneNumber, to: pool.endPhoneNumber });

const poolName = (range: NumberRange) => `${range.from} - ${range.to}`;

function refuseManaged(pool: DidPool): void {
  if (pool.provider === "PURE_CLOUD_VOICE")
    throw badRequest(
      `The DID pool ${pool.id} belongs to Genesys Cloud Voice and is changed in Number Management only.`,
      "didpool.managed",
    );
}

function textFields(body: Body): Partial<DidPool> {
  const fields: Partial<DidPool> = {};
  if (typeof body.description === "string") fields.description = body.description;
  if (typeof body.comments === "string") fields.comments = body.comments;
  return fields;
}

function readPool(body: Body): { range: NumberRange; provider: PoolProvider } {
  const { startPhoneNumber: from, endPhoneNumber: to } = body;
  const provider = body.provider === undefined || body.provider === "" ? "PURE_CLOUD" : body.provider;
  if (typeof from !== "string" || !E164.test(from))
    throw badRequest(`startPhoneNumber '${String(from)}' is not a number in E.164 format.`);
  if (typeof to !== "string" || !E164.test(to))
    throw badRequest(`endPhoneNumber '${String(to)}' is not a number in E.164 format.`);
  if (from.length !== to.length || from > to)
    throw badRequest(`endPhoneNumber ${to} must not come before startPhoneNumber ${from}.`);
  const size = Number(to.slice(1)) - Number(from.slice(1)) + 1;
  if (size > POOL_NUMBERS_MAX)
    throw badRequest(`A DID range may hold ${POOL_NUMBERS_MAX} numbers, ${poolName({ from, to })} holds ${size}.`);
  if (provider === "PURE_CLOUD_VOICE")
    throw badRequest("Numbers of Genesys Cloud Voice are added in Number Management only.", "didpool.managed");
  if (provider !== "PURE_CLOUD") throw badRequest(`Unknown DID pool provider '${String(provider)}'.`);
  return { range: { from, to }, provider };
}
