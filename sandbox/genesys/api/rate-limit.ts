/** Token buckets on the world clock, and the 429 they lead to. */

import { ApiError } from "../store/errors";

/** Limits of the Platform API, as Genesys' staff quotes its limits page: a client's token, and updates of IVRs over all clients. */
const TOKEN_REQUESTS_PER_MINUTE = 300;
export const IVR_PUTS_PER_MINUTE = 100;

/** A limit of requests a minute that lets a burst of a minute through. */
export class TokenBucket {
  private tokens: number;
  private lastMs: number;

  /** Full at the start; `perMinute` is both size and refill. */
  constructor(
    private readonly perMinute: number,
    nowMs: number,
  ) {
    this.tokens = perMinute;
    this.lastMs = nowMs;
  }

  /** Takes one token; 0 when there was one, else the whole seconds until there is one (at least 1). */
  take(nowMs: number): number {
    const perMs = this.perMinute / 60_000;
    this.tokens = Math.min(this.perMinute, this.tokens + Math.max(0, nowMs - this.lastMs) * perMs);
    this.lastMs = Math.max(this.lastMs, nowMs);
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - this.tokens) / perMs / 1000));
  }

  get left(): number {
    return Math.floor(this.tokens);
  }
}

export interface RateLimits {
  tokenPerMinute?: number;
  ivrPutsPerMinute?: number;
}

/** All buckets of one API. */
export class RateLimiter {
  private readonly byToken = new Map<string, TokenBucket>();
  private readonly ivrPuts: TokenBucket;
  private readonly tokenPerMinute: number;
  private readonly ivrPutsPerMinute: number;

  constructor(
    private readonly now: () => Date,
    limits: RateLimits = {},
  ) {
    this.tokenPerMinute = limits.tokenPerMinute ?? TOKEN_REQUESTS_PER_MINUTE;
    this.ivrPutsPerMinute = limits.ivrPutsPerMinute ?? IVR_PUTS_PER_MINUTE;
    this.ivrPuts = new TokenBucket(this.ivrPutsPerMinute, now().getTime());
  }

  /** Counts a request. @throws ApiError 429 with the seconds to wait. */
  admit(token: string, isIvrPut: boolean): void {
    const nowMs = this.now().getTime();
    let bucket = this.byToken.get(token);
    if (!bucket) {
      bucket = new TokenBucket(this.tokenPerMinute, nowMs);
      this.byToken.set(token, bucket);
    }
    refuse(bucket.take(nowMs), "client.credentials.token.rate.per.minute", this.tokenPerMinute);
    if (isIvrPut) refuse(this.ivrPuts.take(nowMs), "put.architect.ivrs.rate.per.minute", this.ivrPutsPerMinute);
  }
}

/** A 429 also names the limit that was hit. */
export class RateLimitError extends ApiError {
  readonly limit: { key: string; namespace: string; value: number };

  constructor(seconds: number, key: string, value: number) {
    super(
      429,
      "too.many.requests",
      `Rate limit exceeded the maximum. Retry the request in [${seconds}] seconds`,
      seconds,
    );
    this.limit = { key, namespace: "platform.api", value };
  }
}

function refuse(seconds: number, key: string, value: number): void {
  if (seconds > 0) throw new RateLimitError(seconds, key, value);
}
