import { isIPv4, isIPv6 } from "node:net";
import type { Answer } from "dns-packet";
import { nameProblem } from "./names";

/** Record types the sandbox can store and serve. */
const RECORD_TYPES = ["A", "AAAA", "CNAME", "NS", "PTR", "SOA", "TXT", "MX", "SRV", "NAPTR", "CAA"] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** Whether the sandbox knows the type. */
export function isRecordType(type: string): type is RecordType {
  return (RECORD_TYPES as readonly string[]).includes(type);
}

const host = (text: string) => (text.endsWith(".") ? text.slice(0, -1) : text);
/** Fields separated by blanks; a quoted one may hold blanks. */
const fieldsOf = (text: string) => text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
const unquote = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text);

/** The wire form of one record from its presentation form (RFC 1035 section 5.1, RFC 2782, RFC 3403, RFC 8659). */
export function toAnswer(name: string, type: RecordType, ttl: number, value: string): Answer {
  const fields = fieldsOf(value);
  const field = (i: number) => unquote(fields[i] ?? "");
  const number = (i: number) => Number(fields[i]);
  switch (type) {
    case "A":
    case "AAAA":
      return { name, type, ttl, class: "IN", data: value };
    case "CNAME":
    case "NS":
    case "PTR":
      return { name, type, ttl, class: "IN", data: host(value) };
    case "TXT":
      return { name, type, ttl, class: "IN", data: fields.map(unquote) };
    case "MX":
      return { name, type, ttl, class: "IN", data: { preference: number(0), exchange: host(field(1)) } };
    case "SRV":
      return {
        name,
        type,
        ttl,
        class: "IN",
        data: { priority: number(0), weight: number(1), port: number(2), target: host(field(3)) },
      };
    case "NAPTR": {
      const [flags, services, regexp, replacement] = [field(2), field(3), field(4), host(field(5))];
      return {
        name,
        type,
        ttl,
        class: "IN",
        data: { order: number(0), preference: number(1), flags, services, regexp, replacement },
      };
    }
    case "CAA": {
      const tag = field(1) as "issue";
      return { name, type, ttl, class: "IN", data: { flags: number(0), tag, value: field(2) } };
    }
    case "SOA": {
      const [serial, refresh, retry, expire, minimum] = [2, 3, 4, 5, 6].map(number);
      const data = { mname: host(field(0)), rname: host(field(1)), serial, refresh, retry, expire, minimum };
      return { name, type, ttl, class: "IN", data };
    }
  }
}

/** Null when `value` is record data of `type` in presentation form, else what was expected. */
export function valueProblem(type: RecordType, value: string): string | null {
  const fields = fieldsOf(value);
  const small = (i: number) => /^\d+$/.test(fields[i] ?? "") && Number(fields[i]) <= 65_535;
  const named = (text: string) => text === "." || nameProblem(host(unquote(text))) === null;
  switch (type) {
    case "A":
      return isIPv4(value) ? null : "a valid IPv4 address";
    case "AAAA":
      return isIPv6(value) ? null : "a valid IPv6 address";
    case "CNAME":
    case "NS":
    case "PTR":
      return fields.length === 1 && named(value) ? null : "a host name";
    case "TXT":
      return fields.length > 0 && fields.every((each) => each.startsWith('"') && each.length <= 257)
        ? null
        : "quoted strings of at most 255 characters";
    case "MX":
      return fields.length === 2 && small(0) && named(fields[1] ?? "") ? null : "a preference and a host name";
    case "SRV":
      return fields.length === 4 && small(0) && small(1) && small(2) && named(fields[3] ?? "")
        ? null
        : "priority, weight, port and target";
    case "NAPTR":
      return fields.length === 6 && small(0) && small(1)
        ? null
        : "order, preference, flags, services, regexp and replacement";
    case "CAA":
      return fields.length === 3 && small(0) ? null : "flags, tag and value";
    case "SOA":
      return fields.length === 7 ? null : "the seven fields of a start of authority";
  }
}
