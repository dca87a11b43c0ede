import { ipv4Number, loopbackCidr } from "../net";
import type { TrunkSettings } from "./store";

interface Net {
  base: number;
  mask: number;
}

/** Compiled once per version of a trunk: the settings object is a new one when the trunk changes. */
const compiled = new WeakMap<TrunkSettings, { allow: Net[]; deny: Net[] }>();

function netsOf(cidrs: readonly string[]): Net[] {
  return cidrs.flatMap((cidr) => {
    // IPv6 sources cannot reach a loopback world: such an entry covers nobody here.
    if (cidr.includes(":")) return [];
    try {
      const [ip = "", bits = "32"] = loopbackCidr(cidr.trim()).split("/");
      const mask = Number(bits) === 0 ? 0 : (0xffff_ffff << (32 - Number(bits))) >>> 0;
      return [{ base: (ipv4Number(ip) & mask) >>> 0, mask }];
    } catch {
      // The API stores what it is given; an entry that is no network matches nothing.
      return [];
    }
  });
}

/** Whether a trunk takes calls from a loopback address: deny wins, an empty allowlist lets nobody in. */
export function sourceAllowed(trunk: TrunkSettings, address: string): boolean {
  let nets = compiled.get(trunk);
  if (!nets) {
    nets = { allow: netsOf(trunk.allowlist), deny: netsOf(trunk.denylist) };
    compiled.set(trunk, nets);
  }
  const ip = ipv4Number(address);
  const inside = (net: Net) => (ip & net.mask) >>> 0 === net.base;
  return !nets.deny.some(inside) && nets.allow.some(inside);
}

interface TrunkLoad {
  channels: number;
  peak: number;
  /** Starts of the last calls, monotonic ms, oldest first. */
  starts: number[];
}

/** Why a trunk takes no more calls now. */
export interface Overload {
  reason: string;
  retryAfterSeconds: number;
}

/** Channels in use and call rate of each trunk. */
export class TrunkGuard {
  readonly #loads = new Map<string, TrunkLoad>();

  /**
   * Takes a channel of a trunk, or says why there is none: `trunk_maxConcurrentCalls` (both directions together) or, for inbound
   * calls, `trunk_maxCallRate`. Rates run on monotonic time: calls flow at the machine's pace, whatever the world's clock does.
   */
  take(trunk: TrunkSettings, direction: "inbound" | "outbound", nowMs = performance.now()): (() => void) | Overload {
    const load = this.#loads.get(trunk.id) ?? { channels: 0, peak: 0, starts: [] };
    this.#loads.set(trunk.id, load);
    if (trunk.maxConcurrentCalls !== null && load.channels >= trunk.maxConcurrentCalls) {
      return { reason: `All ${trunk.maxConcurrentCalls} channels in use`, retryAfterSeconds: 1 };
    }
    const rate = direction === "inbound" ? trunk.maxCallRate : null;
    if (rate) {
      while (load.starts.length > 0 && (load.starts[0] as number) <= nowMs - rate.seconds * 1000) load.starts.shift();
      if (load.starts.length >= rate.calls) {
        const waitMs = (load.starts[0] as number) + rate.seconds * 1000 - nowMs;
        return {
          reason: `More than ${rate.calls} calls in ${rate.seconds} s`,
          retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
        };
      }
      load.starts.push(nowMs);
    }
    load.channels++;
    load.peak = Math.max(load.peak, load.channels);
    let given = true;
    return () => {
      if (given) load.channels--;
      given = false;
    };
  }

  channels(trunkId: string): number {
    return this.#loads.get(trunkId)?.channels ?? 0;
  }

  peak(trunkId: string): number {
    return this.#loads.get(trunkId)?.peak ?? 0;
  }
}
