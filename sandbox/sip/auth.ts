import { createHash, timingSafeEqual } from "node:crypto";
import type { SipMessage } from "./message";
import { token } from "./tokens";

export interface Credentials {
  username: string;
  password: string;
  /** When set, only challenges of this realm are answered. */
  realm?: string;
}

type Algorithm = "MD5" | "SHA-256";
type Fields = Record<string, string>;

/** Fields of a `Digest a="b", c=d` value, or null for another scheme. */
function digestFields(value: string | undefined): Fields | null {
  const rest = /^\s*Digest\s+(.*)$/is.exec(value ?? "")?.[1];
  if (rest === undefined) return null;
  const fields: Fields = {};
  for (const match of rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    fields[(match[1] as string).toLowerCase()] = match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? "";
  }
  return fields;
}

function hash(algorithm: Algorithm, text: string): string {
  return createHash(algorithm === "MD5" ? "md5" : "sha256")
    .update(text)
    .digest("hex");
}

function algorithmOf(name: string | undefined): Algorithm | null {
  const upper = (name ?? "MD5").toUpperCase();
  return upper === "MD5" || upper === "SHA-256" ? upper : null;
}

/** The digest of RFC 2617 section 3.2.2 and RFC 7616 section 3.4.1 (MD5 or SHA-256; qop `auth` or none). */
function digestOf(algorithm: Algorithm, f: Fields, password: string, method: string): string {
  const h = (text: string) => hash(algorithm, text);
  const a1 = h(`${f.username}:${f.realm}:${password}`);
  const a2 = h(`${method}:${f.uri}`);
  return f.qop ? h(`${a1}:${f.nonce}:${f.nc}:${f.cnonce}:${f.qop}:${a2}`) : h(`${a1}:${f.nonce}:${a2}`);
}

const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

/**
 * Answer to a 401 or 407: the header to add to the repeated request, or null when the challenge is not one we can or may
 * answer (another scheme, realm, algorithm or qop).
 */
export function answerChallenge(
  response: SipMessage,
  request: { method: string; uri: string },
  credentials: Credentials,
): { name: string; value: string } | null {
  const proxy = response.status === 407;
  for (const challenge of response.headers.getAll(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")) {
    const c = digestFields(challenge);
    const algorithm = c && algorithmOf(c.algorithm);
    if (!c || !algorithm || !c.nonce) continue;
    if (credentials.realm !== undefined && credentials.realm !== c.realm) continue;
    const qops = c.qop?.split(",").map((q) => q.trim().toLowerCase());
    if (qops && !qops.includes("auth")) continue;
    const f: Fields = { username: credentials.username, realm: c.realm ?? "", nonce: c.nonce, uri: request.uri };
    if (qops) Object.assign(f, { qop: "auth", nc: "00000001", cnonce: token(8) });
    const parts = ["username", "realm", "nonce", "uri"].map((k) => `${k}=${quote(f[k] as string)}`);
    parts.push(`response="${digestOf(algorithm, f, credentials.password, request.method)}"`, `algorithm=${algorithm}`);
    if (qops) parts.push(`cnonce="${f.cnonce}"`, "qop=auth", "nc=00000001");
    if (c.opaque !== undefined) parts.push(`opaque=${quote(c.opaque)}`);
    return { name: proxy ? "Proxy-Authorization" : "Authorization", value: `Digest ${parts.join(", ")}` };
  }
  return null;
}

/** A `Proxy-Authenticate` or `WWW-Authenticate` value (qop auth). */
export function digestChallenge(realm: string, nonce = token(16), algorithm: Algorithm = "MD5"): string {
  return `Digest realm=${quote(realm)}, nonce="${nonce}", algorithm=${algorithm}, qop="auth"`;
}

/**
 * Judges the credentials of a request: `absent`, `wrong` (name, password, realm, or malformed) or `stale` (a nonce
 * that `nonceKnown` does not know: challenge again), else `ok`.
 */
export function judgeDigest(
  request: SipMessage,
  o: {
    realm: string;
    passwordOf(username: string): string | undefined;
    nonceKnown(nonce: string): boolean;
    proxy?: boolean;
  },
): "ok" | "absent" | "wrong" | "stale" {
  const f = digestFields(request.headers.get((o.proxy ?? true) ? "Proxy-Authorization" : "Authorization"));
  if (!f) return "absent";
  const algorithm = algorithmOf(f.algorithm);
  const password = o.passwordOf(f.username ?? "");
  if (!algorithm || password === undefined || f.realm !== o.realm || !f.uri || !f.nonce) return "wrong";
  if (!o.nonceKnown(f.nonce)) return "stale";
  const expected = Buffer.from(digestOf(algorithm, f, password, request.method));
  const given = Buffer.from((f.response ?? "").toLowerCase());
  return expected.length === given.length && timingSafeEqual(expected, given) ? "ok" : "wrong";
}
