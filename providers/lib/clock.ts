import { request } from "node:http";
import { UserError } from "../../model/errors";

/** The one source of time. In a rehearsal it belongs to the world, which jumps; elsewhere it is the machine's. */
export interface Clock {
  now(): Promise<Date>;
  /** Resolves after `seconds` of this clock have passed; rejects with the signal's reason when it is aborted. Negative counts as 0. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The clock at `address` (`http://127.x.y.z:port`, docs/internals.md section 2), or the machine's without one.
 * Throws UserError for an address that is not loopback: a clock that others can steer must never rule a real migration.
 */
export function clockFrom(address?: string | null): Clock {
  if (!address) return machineClock;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new UserError(
      `The clock address "${address}" is not a URL; expected http://127.x.y.z:port, or none for the machine's clock.`,
    );
  }
  const loopback = /^127(\.\d{1,3}){3}$/.test(url.hostname) || url.hostname === "[::1]";
  if (url.protocol !== "http:" || !loopback) {
    throw new UserError(
      `The clock address "${address}" is not loopback; only a sandbox's clock (http://127.x.y.z:port) can be used. Remove it for the machine's clock.`,
    );
  }
  const base = url.origin;
  return {
    async now() {
      const body = (await ask(base, "GET", "/now")) as { now?: string } | null;
      const at = new Date(String(body?.now));
      if (Number.isNaN(at.getTime())) throw noClock(base, JSON.stringify(body));
      return at;
    },
    async sleep(seconds, signal) {
      if (seconds > 0) await ask(base, "POST", "/sleep", { seconds }, signal);
    },
  };
}

const noClock = (base: string, answer: string) =>
  new UserError(
    `The clock address ${base} answered ${answer.slice(0, 80).replace(/\s+/g, " ")}; expected a sandbox's clock; fix: copy the address from the line that the running sandbox printed.`,
  );

const machineClock: Clock = {
  now: async () => new Date(),
  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", end);
        resolve();
      }, Math.max(0, seconds) * 1000);
      signal?.addEventListener("abort", end, { once: true });
    }),
};

/** Plain node:http without a time limit: an answer to /sleep may take as long as the world needs. */
function ask(base: string, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const req = request(base + path, { method, headers, agent: false, ...(signal ? { signal } : {}) }, (res) => {
      let answer = "";
      res.setEncoding("utf8");
      res.on("data", (d: string) => {
        answer += d;
      });
      res.on("error", reject);
      res.on("end", () => {
        if (res.statusCode !== 200)
          return reject(new Error(`${method} ${base}${path} answered ${res.statusCode}: ${answer.slice(0, 200)}`));
        try {
          resolve(answer === "" ? {} : JSON.parse(answer));
        } catch {
          reject(noClock(base, answer));
        }
      });
    });
    req.on("error", (e) => reject(signal?.aborted ? signal.reason : e));
    req.end(text);
  });
}
