import type { WorldTime } from "../porting/port-order";

/** What a resolver says of a name: the last name of the CNAME chain, its addresses, and the lowest TTL on the way. */
export interface Resolution {
  target: string;
  addresses: string[];
  ttl: number;
}

export type Resolve = (name: string) => Promise<Resolution>;

interface Peer extends Resolution {
  lastUsedMs: number;
  generation: number;
}

/** A host as one source address of a carrier reaches it. */
export interface ReachedHost extends Resolution {
  /** Key of the connection in the SIP transport: changes when a new connection has to be made. */
  connectionKey: string;
}

/**
 * Hosts a carrier talks to, per source address. While the connection to a host is in use the name is not looked up again: an open
 * connection does not follow DNS. After `idleSeconds` of world time without a call it is closed, and the next call asks the resolver.
 */
export class PeerTable {
  #peers = new Map<string, Peer>();
  #generation = 0;

  constructor(
    private readonly clock: Pick<WorldTime, "now">,
    private readonly resolve: Resolve,
    private readonly idleSeconds: number,
    private readonly onClosed: (connectionKey: string) => void = () => {},
  ) {}

  /** Throws what the resolver throws, and Error when the name has no address. */
  async reach(source: string, host: string): Promise<ReachedHost> {
    const key = `${source}>${host}`;
    const nowMs = this.clock.now().getTime();
    const peer = this.#peers.get(key);
    if (peer && nowMs - peer.lastUsedMs <= this.idleSeconds * 1000) {
      peer.lastUsedMs = nowMs;
      return this.#reached(key, peer);
    }
    const found = await this.resolve(host);
    if (found.addresses.length === 0) throw new Error(`${host} has no address`);
    const racing = this.#peers.get(key);
    // Two calls that looked up at once share the connection of the first.
    if (racing && racing !== peer) return this.#reached(key, racing);
    if (peer) this.onClosed(this.#reached(key, peer).connectionKey);
    const fresh: Peer = { ...found, lastUsedMs: nowMs, generation: this.#generation++ };
    this.#peers.set(key, fresh);
    return this.#reached(key, fresh);
  }

  /** Forgets a host that failed: the next call looks it up anew, over a new connection. */
  drop(source: string, host: string): void {
    const key = `${source}>${host}`;
    const peer = this.#peers.get(key);
    if (!peer) return;
    this.#peers.delete(key);
    this.onClosed(this.#reached(key, peer).connectionKey);
  }

  #reached(key: string, peer: Peer): ReachedHost {
    return {
      target: peer.target,
      addresses: peer.addresses,
      ttl: peer.ttl,
      connectionKey: `${key}#${peer.generation}`,
    };
  }
}

/** What `ConnectionUse` needs of a call leg. */
interface Leg {
  once(event: "failed" | "ended", listener: () => void): unknown;
}

/**
 * Which connections carry calls. One that is given up (idle, or its host failed) is closed when its last call is over: calls in
 * progress stay on the connection they began on.
 */
export class ConnectionUse {
  #calls = new Map<string, number>();
  #retired = new Set<string>();

  constructor(private readonly close: (reuseKey: string) => void) {}

  /** Connections that are kept: carrying calls, or open for the next one. */
  get kept(): number {
    return this.#calls.size;
  }

  /** A leg was placed over the connection of this key. */
  placed(leg: Leg, reuseKey: string): void {
    this.#calls.set(reuseKey, (this.#calls.get(reuseKey) ?? 0) + 1);
    const over = () => {
      const left = (this.#calls.get(reuseKey) ?? 1) - 1;
      this.#calls.set(reuseKey, left);
      if (left === 0 && this.#retired.has(reuseKey)) this.#end(reuseKey);
    };
    leg.once("failed", over);
    leg.once("ended", over);
  }

  /** No new call uses connections of this peer (all its addresses). */
  retire(connectionKey: string): void {
    for (const [reuseKey, calls] of this.#calls) {
      if (!reuseKey.startsWith(`${connectionKey}/`)) continue;
      if (calls === 0) this.#end(reuseKey);
      else this.#retired.add(reuseKey);
    }
  }

  #end(reuseKey: string): void {
    this.#calls.delete(reuseKey);
    this.#retired.delete(reuseKey);
    this.close(reuseKey);
  }
}
