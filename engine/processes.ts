/**
 * Child processes of the engine: each in its own process group, ended with the engine. While the engine lives it ends
 * the group; should it be killed, its end of the child's stdin (or IPC channel) closes, and the child ends by itself.
 */
import { type ChildProcess, spawn } from "node:child_process";

// Names that any child may see. Anything that smells of a secret is left out even where a pattern would let it in.
const OPEN_NAMES =
  /^(PATH|HOME|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|USER|LOGNAME|SHELL|NODE_\w+|CUTOVER_\w+|SSL_CERT_(FILE|DIR))$/;
const SECRET_NAMES = /PASS|SECRET|TOKEN|CREDENTIAL|PRIVATE|_KEY(_|$)|AUTH/i;

/** Credential variables, by plug-in (docs/internals.md section 3). */
export const CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
  genesyscloud: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"],
  carrier: ["TELNYX_API_KEY"],
  command: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET", "TELNYX_API_KEY"],
  gates: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET", "TELNYX_API_KEY"],
  aws: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  cloudflare: ["CLOUDFLARE_API_TOKEN"],
};
const EVERY_CREDENTIAL = new Set(Object.values(CREDENTIALS).flat());

type Env = Record<string, string | undefined>;

function open(env: Env): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [k, v] of Object.entries(env)) {
    if (v !== undefined && OPEN_NAMES.test(k) && !SECRET_NAMES.test(k)) out[k] = v;
  }
  return out;
}

/** What a plug-in or policy pack sees: harmless variables, and the credentials listed for it. */
export function pluginEnv(name: string, given: Env, parent: Env = process.env): Record<string, string> {
  const out = { ...open(parent), ...open(given) };
  for (const k of CREDENTIALS[name] ?? []) {
    const v = given[k] ?? parent[k];
    if (v !== undefined) out[k] = v;
  }
  return out;
}

/** What the program sees: harmless variables, and whatever the caller gave but credentials and the passphrase. */
export function programEnv(given: Env, parent: Env = process.env): Record<string, string> {
  const out = open(parent);
  for (const [k, v] of Object.entries(given)) {
    if (v !== undefined && !EVERY_CREDENTIAL.has(k) && !k.startsWith("PULUMI_CONFIG_PASSPHRASE")) out[k] = v;
  }
  return out;
}

const children = new Set<ChildProcess>();
let watching = false;

/** Milliseconds between the polite signal and the kill. */
const GRACE_MS = 2000;

/** Ends a child and everything in its group at once. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already: what was wanted.
  }
}

function watchOwnEnd(): void {
  if (watching) return;
  watching = true;
  process.on("exit", () => {
    for (const c of children) signalGroup(c, "SIGKILL");
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Somebody else handles the signal (a command that ends an update in order): not ours to end the process.
      if (process.listenerCount(signal) > 1) return;
      for (const c of children) signalGroup(c, "SIGTERM");
      process.exit(128 + ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const)[signal]);
    });
  }
}

export interface Spawned {
  child: ChildProcess;
  /** Exit code, or null when a signal ended it. */
  exited: Promise<number | null>;
  /** SIGTERM to the group, SIGKILL after a grace; resolves when the child is gone. */
  end(): Promise<void>;
}

/** Starts a child in its own process group, stdin a pipe, with exactly the environment given. */
export function start(
  file: string,
  args: string[],
  o: { cwd: string; env: Record<string, string>; ipc?: boolean },
): Spawned {
  watchOwnEnd();
  const child = spawn(file, args, {
    cwd: o.cwd,
    env: o.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe", ...(o.ipc ? (["ipc"] as const) : [])],
  });
  children.add(child);
  child.stdin?.on("error", () => undefined);
  const exited = new Promise<number | null>((ok) => {
    child.once("error", () => ok(127));
    // `close` comes after the last output, so nothing a dying child says is lost.
    child.once("close", (code) => ok(code));
  });
  void exited.then(() => children.delete(child));
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    signalGroup(child, "SIGTERM");
    const kill = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
    await exited;
    clearTimeout(kill);
  };
  return { child, exited, end };
}

/** Calls `line` for each line of a stream. */
export function onLines(stream: NodeJS.ReadableStream | null | undefined, line: (text: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() as string;
    for (const p of parts) line(p);
  });
  stream?.on("end", () => {
    if (rest) line(rest);
  });
}

/**
 * The port a plug-in prints as its first line. Throws when it ends or stays silent for `ms` milliseconds; the error
 * carries what it said on stderr.
 */
export function firstPort(s: Spawned, what: string, ms: number, onOutput: (text: string) => void): Promise<number> {
  const said: string[] = [];
  onLines(s.child.stderr, (l) => {
    if (said.length < 20) said.push(l);
    onOutput(l);
  });
  return new Promise((ok, no) => {
    let port: number | undefined;
    const fail = (why: string) => no(new Error(`${what} ${why}${said.length ? `: ${said.join("\n")}` : ""}`));
    const timer = setTimeout(() => fail(`printed no port within ${ms / 1000} s`), ms);
    onLines(s.child.stdout, (l) => {
      if (port !== undefined) return onOutput(l);
      port = Number(l.trim());
      clearTimeout(timer);
      if (Number.isInteger(port) && port > 0) ok(port);
      else fail(`printed ${JSON.stringify(l)} instead of its port`);
    });
    void s.exited.then((code) => {
      clearTimeout(timer);
      if (port === undefined) fail(`ended with code ${code} before it printed its port`);
    });
  });
}
