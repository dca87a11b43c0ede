import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { CallRecord } from "../sandbox/carriers";
import type { WorldAddresses } from "../sandbox/world";
import type { Chronicle } from "./timeline";

/** Addresses of a running world: the first line of `npm run sandbox`. */
export type { WorldAddresses };

export interface WorldEvent {
  at: string;
  kind: string;
  detail: string;
}

export interface Load {
  perSecond: number;
  talkMs: number;
  mediaShare: number;
  outboundPerSecond: number;
  intruderPerSecond: number;
}

export type ApiCounts = Record<string, { reads: number; writes: number; throttled: number }>;

/** The sandbox world in a process of its own, so that the engine's work never delays a SIP timer. */
export class World {
  private seen = 0;

  private constructor(
    readonly addresses: WorldAddresses,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Starts the world of an estate and waits for its addresses.
   * @throws Error with the world's last words when it ends before it is up.
   */
  static async start(o: {
    cli: string;
    planDir: string;
    seed: number;
    desk: string;
    log: string;
    matching?: string;
    faults?: Record<string, unknown>;
    /** Named switches (docs/sandbox.md). */
    switches?: readonly string[];
  }): Promise<World> {
    // A small young generation: calls leave little behind, and a laptop has other uses for the memory.
    const args = [
      "--max-semi-space-size=4",
      o.cli,
      "sandbox",
      "--plan",
      o.planDir,
      "--seed",
      String(o.seed),
      "--auto",
      "--desk",
      o.desk,
    ];
    if (o.matching) args.push("--inbound-matching", o.matching);
    for (const name of o.switches ?? []) args.push("--world", name);
    if (o.faults) args.push("--faults", JSON.stringify(o.faults));
    const child = spawn(process.execPath, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, CUTOVER_PLUGIN_STDIN: "1" },
    });
    const log = createWriteStream(o.log);
    let tail = "";
    child.stderr!.on("data", (data: Buffer) => {
      tail = (tail + data.toString()).slice(-2000);
      log.write(data);
    });
    const lines = createInterface({ input: child.stdout! });
    const addresses = await new Promise<WorldAddresses>((resolve, reject) => {
      lines.once("line", (line) => {
        try {
          resolve(JSON.parse(line) as WorldAddresses);
        } catch {
          reject(new Error(`The sandbox world's first line is not JSON: ${line.slice(0, 200)}`));
        }
      });
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new Error(`The sandbox world ended with code ${code} before it was up.\n${tail}`)),
      );
    });
    return new World(addresses, child);
  }

  private async call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.addresses.control + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`world ${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** World time. */
  async now(): Promise<Date> {
    const response = await fetch(`${this.addresses.clock}/now`);
    return new Date(((await response.json()) as { now: string }).now);
  }

  /** Moves world time on to `to`; dated events in between happen in order, calls keep flowing. */
  async jump(to: Date): Promise<void> {
    await this.call("POST", "/clock/jump", { to: to.toISOString() });
  }

  load(load: Load): Promise<void> {
    return this.call("POST", "/calls/start", load);
  }

  /** Switches the organisation's emergency group. */
  alarm(on: boolean): Promise<void> {
    return this.call("POST", "/alarm", { on });
  }

  async stop(): Promise<void> {
    await this.call("POST", "/calls/stop", {});
    await this.call("POST", "/calls/drain", {});
  }

  /** Calls that have ended since the last time this was asked. */
  async records(): Promise<CallRecord[]> {
    const { next, records } = await this.call<{ next: number; records: CallRecord[] }>(
      "GET",
      `/calls/records?since=${this.seen}`,
    );
    this.seen = next;
    return records;
  }

  events(): Promise<WorldEvent[]> {
    return this.call("GET", "/events");
  }

  /** What happened beside the calls, from the beginning. */
  chronicle(): Promise<Chronicle> {
    return this.call("GET", "/chronicle");
  }

  requests(): Promise<ApiCounts> {
    return this.call("GET", "/requests");
  }

  /** Ends the world and all it started. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 3000);
    await gone;
    clearTimeout(timer);
  }
}
