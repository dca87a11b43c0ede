import type { SipEndpoint } from "../sip";
import type { EdgeStore, TrunkSettings } from "./store";

/** Longest wait for an answer to OPTIONS, ms. */
const OPTIONS_TIMEOUT_MS = 2000;

interface MonitorOptions {
  store: Pick<EdgeStore, "trunks" | "setOptionsStatus">;
  resolve(host: string): Promise<string[]>;
  now(): Date;
}

/**
 * Asks the carriers of BYOC trunks by OPTIONS whether they live. Any final answer counts, silence and a refused connection do not. What
 * it proves is transport and certificate, nothing about numbers or media.
 */
export class TrunkMonitor {
  readonly #endpoint: SipEndpoint;
  readonly #o: MonitorOptions;
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<void> | undefined;

  constructor(endpoint: SipEndpoint, options: MonitorOptions) {
    this.#endpoint = endpoint;
    this.#o = options;
  }

  start(everyMs: number): void {
    if (everyMs > 0) this.#timer = setInterval(() => void this.ping(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One round over all trunks; a round that is under way is joined. */
  ping(): Promise<void> {
    this.#busy ??= this.#round().finally(() => {
      this.#busy = undefined;
    });
    return this.#busy;
  }

  async #round(): Promise<void> {
    const { trunks } = this.#o.store;
    const settings = trunks.bases.all().map((base) => trunks.settingsOf(base));
    const asked = settings.filter((trunk) => trunk.kind === "byoc" && trunk.enabled);
    await Promise.all(asked.flatMap((trunk) => trunk.proxies.map((proxy) => this.#ask(trunk, proxy))));
  }

  async #ask(trunk: TrunkSettings, { host, port }: { host: string; port: number }): Promise<void> {
    const [address] = await this.#o.resolve(host).catch(() => []);
    const target = { transport: trunk.transport, host: address ?? "", port, checkName: host };
    const code = address ? await this.#endpoint.options(target, `sip:${host}`, OPTIONS_TIMEOUT_MS) : null;
    this.#o.store.setOptionsStatus(trunk.id, {
      proxyAddress: `${host}:${port}`,
      optionState: code !== null,
      optionStateTime: this.#o.now(),
      ...(code === null ? { errorCode: address ? "408" : "503" } : {}),
    });
  }
}
