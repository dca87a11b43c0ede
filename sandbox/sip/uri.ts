/** A SIP, SIPS or tel URI. */
export interface SipUri {
  scheme: string;
  /** User part or tel number, percent-decoded; "" when absent. */
  user: string;
  /** Lower case; "" for tel. */
  host: string;
  port?: number;
  /** Parameter names lower case; "" for a flag. */
  params: Record<string, string>;
}

/** A From, To, Contact or Route value: display name, URI text and header parameters. */
export interface NameAddr {
  display: string;
  uri: string;
  params: Record<string, string>;
}

/** The parts of a Via value (RFC 3261 section 20.42). */
export interface Via {
  transport: string;
  host: string;
  port?: number;
  params: Record<string, string>;
}

/** `;a=b;c` to a record; quoted values lose their quotes. */
function parseParams(text: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const match of text.matchAll(/;\s*([^\s=;]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^;\s]*))?/g)) {
    const value = match[2] ?? "";
    params[(match[1] as string).toLowerCase()] = value.startsWith('"')
      ? value.slice(1, -1).replace(/\\(.)/g, "$1")
      : value;
  }
  return params;
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Parses `sip:user@host:port;params?headers`, `sips:` or `tel:+1...`; null when it is none of them. */
export function parseUri(text: string): SipUri | null {
  const tel = /^tel:([^;?\s]+)((?:;[^?\s]*)?)$/i.exec(text);
  if (tel) return { scheme: "tel", user: tel[1] as string, host: "", params: parseParams(tel[2] as string) };
  const sip =
    /^(sips?):(?:([^@\s]*)@)?(\[[0-9a-fA-F:.]+\]|[^\s:;?@[\]<>"]+)(?::(\d{1,5}))?((?:;[^?\s]*)?)(?:\?\S*)?$/i.exec(
      text,
    );
  if (!sip) return null;
  const port = sip[4] === undefined ? undefined : Number(sip[4]);
  if (port !== undefined && (port < 1 || port > 65_535)) return null;
  // The user part may hold a password (user:pass) and parameters (+1555;phone-context=...): the number is what stands first.
  const user = (sip[2] ?? "").split(/[:;]/, 1)[0] as string;
  return {
    scheme: (sip[1] as string).toLowerCase(),
    user: decode(user),
    host: (sip[3] as string).toLowerCase(),
    port,
    params: parseParams(sip[5] ?? ""),
  };
}

/** Parses `"Name" <uri>;params` or `uri;params` (there the parameters belong to the header, section 20.10). */
export function parseNameAddr(value: string): NameAddr | null {
  const open = angleOpen(value);
  if (open >= 0) {
    const close = value.indexOf(">", open);
    if (close < 0) return null;
    const display = value.slice(0, open).trim();
    return {
      display: display.startsWith('"') ? display.slice(1, -1).replace(/\\(.)/g, "$1") : display,
      uri: value.slice(open + 1, close).trim(),
      params: parseParams(value.slice(close + 1)),
    };
  }
  const text = value.trim();
  const semi = text.indexOf(";");
  const uri = semi < 0 ? text : text.slice(0, semi);
  return /^[a-z][a-z0-9+.-]*:/i.test(uri)
    ? { display: "", uri, params: semi < 0 ? {} : parseParams(text.slice(semi)) }
    : null;
}

/** Index of the `<` that opens the URI: one in a quoted display name does not count. */
function angleOpen(value: string): number {
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (c === "<" && !quoted) return i;
  }
  return -1;
}

/** Tag of a From or To value, or "". */
export function tagOf(value: string | undefined): string {
  return /;\s*tag\s*=\s*([^\s;,]+)/i.exec(value?.slice(Math.max(0, value.lastIndexOf(">"))) ?? "")?.[1] ?? "";
}

/** Parses one Via value; null when malformed. */
export function parseVia(value: string | undefined): Via | null {
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*(\w+)\s+(\[[^\]]+\]|[^\s:;]+)(?:\s*:\s*(\d{1,5}))?\s*((?:;.*)?)$/i.exec(
    value ?? "",
  );
  if (!match) return null;
  return {
    transport: (match[1] as string).toLowerCase(),
    host: (match[2] as string).toLowerCase(),
    port: match[3] === undefined ? undefined : Number(match[3]),
    params: parseParams(match[4] ?? ""),
  };
}

/** User part of a From, To or P-Asserted-Identity value: the number, or "". */
export function userOf(value: string | undefined): string {
  const address = value === undefined ? null : parseNameAddr(value);
  return (address && parseUri(address.uri)?.user) || "";
}
