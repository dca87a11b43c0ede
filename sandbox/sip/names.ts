import type { PeerCertificate } from "node:tls";

/** How a client judges the name in a server's certificate. */
export interface NameCheck {
  /**
   * Name the certificate must carry: by RFC 5922 the SIP domain the call started from, by common habit the target that DNS
   * led to. `false`: neither name nor chain is looked at. Not given: the server name indication.
   */
  checkName?: string | false;
  /** Whether `*.example.com` covers `a.example.com` (default true). RFC 5922 section 7.2 forbids it for SIP. */
  wildcards?: boolean;
}

/** Names a certificate is valid for: DNS names, sip: URI names (as their domain) and IP addresses, lower case. */
export function certificateNames(cert: PeerCertificate): string[] {
  const out: string[] = [];
  for (const entry of (cert.subjectaltname ?? "").split(/,\s*/)) {
    const match = /^(DNS|URI|IP Address):"?([^"]+)"?$/.exec(entry);
    if (!match) continue;
    const value = (match[2] as string).toLowerCase();
    if (match[1] !== "URI") out.push(value);
    else if (value.startsWith("sip:") && !value.includes("@")) out.push(value.slice(4));
  }
  return out;
}

/** True when a certificate name covers a host; a wildcard stands for exactly one leftmost label (RFC 6125 section 6.4.3). */
export function nameCovers(pattern: string, host: string, wildcards = true): boolean {
  const [p, h] = [pattern.toLowerCase(), host.toLowerCase()];
  if (p === h) return true;
  const dot = h.indexOf(".");
  return wildcards && p.startsWith("*.") && dot > 0 && p.slice(1) === h.slice(dot);
}

/** `checkServerIdentity` of node:tls by the rule of a target: undefined when the name is right. */
export function serverIdentityError(check: NameCheck, fallback: string, cert: PeerCertificate): Error | undefined {
  if (check.checkName === false) return undefined;
  const wanted = check.checkName ?? fallback;
  const names = certificateNames(cert);
  if (names.some((name) => nameCovers(name, wanted, check.wildcards ?? true))) return undefined;
  return new Error(`the certificate is for ${names.join(", ") || "no name"}, expected ${wanted}`);
}
