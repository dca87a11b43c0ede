/** One-letter header names (RFC 3261 section 7.3.3 and the IANA registry). */
const COMPACT: Readonly<Record<string, string>> = {
  a: "accept-contact",
  b: "referred-by",
  c: "content-type",
  d: "request-disposition",
  e: "content-encoding",
  f: "from",
  i: "call-id",
  j: "reject-contact",
  k: "supported",
  l: "content-length",
  m: "contact",
  n: "identity-info",
  o: "event",
  r: "refer-to",
  s: "subject",
  t: "to",
  u: "allow-events",
  v: "via",
  x: "session-expires",
  y: "identity",
};

/** Headers whose values are a comma list, one value a row here: order over rows and inside a row is the same thing (7.3.1). */
const LISTS = new Set([
  "via",
  "route",
  "record-route",
  "contact",
  "p-asserted-identity",
  "p-preferred-identity",
  "diversion",
  "history-info",
  "path",
  "allow",
  "supported",
  "require",
  "proxy-require",
  "unsupported",
]);

const KNOWN_NAMES: Readonly<Record<string, string>> = {
  "call-id": "Call-ID",
  cseq: "CSeq",
  "www-authenticate": "WWW-Authenticate",
  "mime-version": "MIME-Version",
};

/** Full lower-case form of a header name (`v` -> `via`). */
function headerKey(name: string): string {
  const lower = name.toLowerCase();
  return (lower.length === 1 && COMPACT[lower]) || lower;
}

function displayName(name: string, key: string): string {
  if (name.length > 1) return name;
  return (
    KNOWN_NAMES[key] ?? key.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
  );
}

/** Splits at commas that are neither in a quoted string nor in angle brackets. */
export function splitList(value: string): string[] {
  if (!value.includes(",")) return [value.trim()];
  const out: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "<") angle++;
    else if (c === ">") angle = Math.max(0, angle - 1);
    else if (c === "," && angle === 0) {
      out.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  out.push(value.slice(start).trim());
  return out.filter((v) => v !== "");
}

/** A line break inside a value would end the header early and let the rest pass for another one. */
function clean(value: string): string {
  return /[\r\n\0]/.test(value) ? value.replace(/[\r\n\0]+[ \t]*/g, " ").trim() : value;
}

/** Headers of one message in order. Names compare without case, compact forms count as their full names. */
export class Headers {
  readonly #keys: string[] = [];
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  constructor(entries?: Readonly<Record<string, string>>) {
    if (entries) for (const [name, value] of Object.entries(entries)) this.append(name, value);
  }

  /** First value, or undefined. */
  get(name: string): string | undefined {
    const at = this.#keys.indexOf(headerKey(name));
    return at < 0 ? undefined : this.#values[at];
  }

  /** Every value in order; comma lists (Via, Route, Contact, ...) are already split. */
  getAll(name: string): string[] {
    const key = headerKey(name);
    const out: string[] = [];
    for (let i = 0; i < this.#keys.length; i++) if (this.#keys[i] === key) out.push(this.#values[i] as string);
    return out;
  }

  has(name: string): boolean {
    return this.#keys.includes(headerKey(name));
  }

  /** Replaces every value of the name by one, at the place of the first. */
  set(name: string, value: string): void {
    const key = headerKey(name);
    const at = this.#keys.indexOf(key);
    if (at < 0) {
      this.#push(key, name, clean(value));
      return;
    }
    this.#values[at] = clean(value);
    for (let i = this.#keys.length - 1; i > at; i--) if (this.#keys[i] === key) this.#remove(i);
  }

  /** Replaces the first value only (the top Via of several). */
  setFirst(name: string, value: string): void {
    const at = this.#keys.indexOf(headerKey(name));
    if (at < 0) this.append(name, value);
    else this.#values[at] = clean(value);
  }

  append(name: string, value: string): void {
    const key = headerKey(name);
    const safe = clean(value);
    if (LISTS.has(key) && safe.includes(",")) for (const one of splitList(safe)) this.#push(key, name, one);
    else this.#push(key, name, safe);
  }

  /** Puts a value before the first of its name (a Via on top of the others). */
  prepend(name: string, value: string): void {
    const key = headerKey(name);
    const at = Math.max(0, this.#keys.indexOf(key));
    this.#keys.splice(at, 0, key);
    this.#names.splice(at, 0, displayName(name, key));
    this.#values.splice(at, 0, clean(value));
  }

  remove(name: string): void {
    const key = headerKey(name);
    for (let i = this.#keys.length - 1; i >= 0; i--) if (this.#keys[i] === key) this.#remove(i);
  }

  *entries(): IterableIterator<[name: string, value: string]> {
    for (let i = 0; i < this.#keys.length; i++) yield [this.#names[i] as string, this.#values[i] as string];
  }

  clone(): Headers {
    const copy = new Headers();
    for (let i = 0; i < this.#keys.length; i++) {
      copy.#keys.push(this.#keys[i] as string);
      copy.#names.push(this.#names[i] as string);
      copy.#values.push(this.#values[i] as string);
    }
    return copy;
  }

  #push(key: string, name: string, value: string): void {
    this.#keys.push(key);
    this.#names.push(displayName(name, key));
    this.#values.push(value);
  }

  #remove(at: number): void {
    this.#keys.splice(at, 1);
    this.#names.splice(at, 1);
    this.#values.splice(at, 1);
  }
}
