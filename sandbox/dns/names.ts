/** Domain names in the form used inside the sandbox: lower case, no trailing dot; the root is "". */

/** Lower case without trailing dot; `\052` (Route 53's way to write an asterisk) becomes `*`. */
export function normalName(name: string): string {
  const plain = name.replaceAll("\\052", "*").toLowerCase();
  return plain.endsWith(".") ? plain.slice(0, -1) : plain;
}

/** With a trailing dot, as zone files and Route 53 write it. */
export function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

/** True when `name` is `origin` or below it. Both in normal form. */
export function isWithin(name: string, origin: string): boolean {
  return origin === "" || name === origin || name.endsWith(`.${origin}`);
}

/** The name without its first label; "" above the top. */
export function parentOf(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1);
}

/** Sort key: labels from the top down, the order in which Route 53 lists names. A hyphen must not sort before the end of a label. */
export function reversedLabels(name: string): string {
  return name.split(".").reverse().join("\u0001");
}

/** Null when `name` can be a host or record name (RFC 1035 section 2.3.4, underscore and a leading `*` allowed), else what is wrong. */
export function nameProblem(name: string): string | null {
  if (name.length === 0 || name.length > 253) return "must have 1 to 253 characters";
  for (const [i, label] of name.split(".").entries()) {
    if (label.length === 0 || label.length > 63) return "has a label that is empty or longer than 63 characters";
    if (label === "*" && i === 0) continue;
    if (!/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i.test(label))
      return `has the label "${label}", which is no host name label`;
  }
  return null;
}
