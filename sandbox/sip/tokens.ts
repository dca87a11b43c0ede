import { randomBytes } from "node:crypto";

/** Start of every branch of RFC 3261 (section 8.1.1.7). */
export const BRANCH_COOKIE = "z9hG4bK";

/** A fresh branch parameter (RFC 3261 section 8.1.1.7). */
export function newBranch(): string {
  return BRANCH_COOKIE + token(8);
}

let pool = Buffer.alloc(0);
let poolAt = 0;

/** Random token of n bytes in hex: tags, Call-IDs, branches. Random bytes are drawn in bulk, one syscall for hundreds of tokens. */
export function token(bytes: number): string {
  if (poolAt + bytes > pool.length) {
    pool = randomBytes(4096);
    poolAt = 0;
  }
  poolAt += bytes;
  return pool.toString("hex", poolAt - bytes, poolAt);
}
