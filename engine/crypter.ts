/**
 * Passphrase secrets as Pulumi keeps them: AES-256-GCM under PBKDF2-SHA256 of the passphrase (1,000,000 rounds, 8-byte
 * salt), written `v1:<base64 nonce>:<base64 ciphertext and tag>`. Source: Pulumi sdk/go/common/resource/config/crypt.go.
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { UserError } from "../model/errors";

const ROUNDS = 1_000_000;
const CHECK_TEXT = "pulumi";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

// The derivation costs 0.3 s of processor time: once per passphrase and salt in a process.
const keys = new Map<string, Promise<Buffer>>();
/** Salts made in this process, by passphrase. */
const fresh = new Map<string, Buffer>();

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  const at = `${salt.toString("base64")}:${passphrase}`;
  let key = keys.get(at);
  if (!key) {
    key = promisify(pbkdf2)(passphrase, salt, ROUNDS, 32, "sha256");
    keys.set(at, key);
  }
  return key;
}

/** A stack's secrets under a passphrase, in the CLI's own form. */
export class Crypter {
  private constructor(
    private readonly key: Buffer,
    /** `secrets_providers.state.salt`: salt and an encrypted check word. */
    readonly salt: string,
  ) {}

  /** Opens the secrets of a checkpoint, or starts new ones. Throws UserError when the passphrase is another one. */
  static async open(passphrase: string, salt?: string): Promise<Crypter> {
    if (salt === undefined) {
      // New stacks of one process and one passphrase share a salt, and so the derivation.
      const bytes = fresh.get(passphrase) ?? randomBytes(8);
      fresh.set(passphrase, bytes);
      const key = await deriveKey(passphrase, bytes);
      const head = `v1:${bytes.toString("base64")}`;
      return new Crypter(key, `${head}:${encryptWith(key, CHECK_TEXT)}`);
    }
    const [, text, ...check] = salt.split(":");
    const crypter = new Crypter(await deriveKey(passphrase, Buffer.from(text ?? "", "base64")), salt);
    try {
      if (crypter.decrypt(check.join(":")) === CHECK_TEXT) return crypter;
    } catch {
      // An authentication failure of the check word means just this: another passphrase.
    }
    throw new UserError(
      "the passphrase does not open this stack's secrets: set PULUMI_CONFIG_PASSPHRASE to the one it was created with",
    );
  }

  encrypt(text: string): string {
    return encryptWith(this.key, text);
  }

  /** Throws when the text was not written with this key. */
  decrypt(text: string): string {
    const [version, nonce, body] = text.split(":");
    if (version !== "v1" || !nonce || !body) throw new Error("unknown form of ciphertext");
    const bytes = Buffer.from(body, "base64");
    const d = createDecipheriv("aes-256-gcm", this.key, Buffer.from(nonce, "base64"));
    d.setAuthTag(bytes.subarray(-TAG_BYTES));
    return d.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + d.final("utf8");
  }
}

function encryptWith(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const c = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([c.update(text, "utf8"), c.final(), c.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
}
