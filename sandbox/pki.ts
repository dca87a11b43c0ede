import { webcrypto } from "node:crypto";

/** A certificate with its private key, PEM. */
export interface KeyPairPem {
  cert: string;
  key: string;
}

export interface IssueOptions {
  /** Subject; default: the first DNS name. */
  commonName?: string;
  /** Extra URI names (RFC 5922 allows `sip:domain` beside DNS names). */
  uris?: string[];
  notBefore?: Date;
  notAfter?: Date;
}

/** The certificate authority of one world. */
export interface Authority {
  /** Certificate of the authority, PEM: what clients trust. */
  ca: string;
  /** Issues a server certificate for DNS names (wildcards allowed) and IPv4 addresses. */
  issue(names: string[], options?: IssueOptions): Promise<KeyPairPem>;
}

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

type Metadata = Map<PropertyKey | undefined, Map<unknown, unknown>>;

/**
 * `@peculiar/x509` gets its algorithms through tsyringe, which asks for decorator metadata on `Reflect` and refuses to load
 * without. These are the three calls it makes, added only where nothing better is present.
 */
function provideReflectMetadata(): void {
  const reflect = Reflect as unknown as Record<string, unknown>;
  if (reflect.getMetadata) return;
  const store = new WeakMap<object, Metadata>();
  const own = (key: unknown, target: object, property?: PropertyKey) => store.get(target)?.get(property)?.get(key);
  reflect.getOwnMetadata = own;
  reflect.getMetadata = (key: unknown, target: object, property?: PropertyKey) => {
    for (let at: object | null = target; at; at = Object.getPrototypeOf(at)) {
      const found = own(key, at, property);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  reflect.defineMetadata = (key: unknown, value: unknown, target: object, property?: PropertyKey) => {
    const byProperty: Metadata = store.get(target) ?? new Map();
    const byKey = byProperty.get(property) ?? new Map();
    store.set(target, byProperty.set(property, byKey.set(key, value)));
  };
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/**
 * Makes an EC P-256 authority (tens of milliseconds) that lives in memory only. Certificates are valid by the machine's clock, not the
 * world's: TLS stacks read the machine's, and a world that jumps months ahead must not expire them.
 */
export async function createAuthority(name = "Cutover sandbox CA"): Promise<Authority> {
  provideReflectMetadata();
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const keys = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const notBefore = new Date(Date.now() - DAY_MS);
  const notAfter = new Date(Date.now() + 3650 * DAY_MS);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: "01",
    notBefore,
    notAfter,
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  let serial = 1;

  return {
    ca: root.toString("pem"),
    async issue(names, options = {}) {
      const leafKeys = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
      serial += 1;
      const alt = names.map((n) => ({
        type: /^\d+\.\d+\.\d+\.\d+$/.test(n) ? ("ip" as const) : ("dns" as const),
        value: n,
      }));
      const uris = (options.uris ?? []).map((value) => ({ type: "url" as const, value }));
      const leaf = await x509.X509CertificateGenerator.create({
        subject: `CN=${options.commonName ?? names[0] ?? "sandbox"}`,
        issuer: root.subject,
        serialNumber: serial.toString(16).padStart(4, "0"),
        notBefore: options.notBefore ?? notBefore,
        notAfter: options.notAfter ?? notAfter,
        signingAlgorithm: SIGNING,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([...alt, ...uris]),
        ],
      });
      return {
        cert: leaf.toString("pem"),
        key: pem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", leafKeys.privateKey)),
      };
    },
  };
}
