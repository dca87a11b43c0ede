import { resolve } from "node:path";
import type { Server, Suite } from "./harness";

/** The first line of `cutover sandbox` (docs/internals.md section 6), as far as the peers need it. */
export interface Addresses {
  genesys: string;
  route53: string;
  cloudflare: string;
  carrier: string;
  dns: { provider: string; zone: string; view: string; address: string }[];
  resolvers: { name: string; address: string; view: string; kind: string }[];
  edge: { tls: string; tcp: string; udp: string; gcv: string };
  clock: string;
  control: string;
  desk: string;
  /** PEM. */
  ca: string;
}

/** A sandbox of its own: the peers meet it as they meet the real services, over the wire only. */
export interface SandboxWorld extends Addresses {
  /** Moves the world's clock. */
  jump(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the world of an estate (a path from the root) with a jumping clock; `more` are further arguments of `cutover sandbox`. */
export async function startWorld(
  suite: Suite,
  root: string,
  estate: string,
  more: readonly string[] = [],
): Promise<SandboxWorld> {
  const args = [`${root}/dist/cli.js`, "sandbox", "--plan", resolve(root, estate), "--seed", "7", "--auto", ...more];
  for (const [i, arg] of more.entries()) if (more[i - 1] === "--world") suite.switches.add(arg);
  const server: Server = suite.start(process.execPath, args, {
    cwd: root,
    env: { ...process.env, CUTOVER_PLUGIN_STDIN: "1" },
  });
  const addresses = JSON.parse(await server.firstLine) as Addresses;
  return {
    ...addresses,
    jump: async (seconds) => {
      const answer = await fetch(`${addresses.control}/clock/jump`, {
        method: "POST",
        body: JSON.stringify({ seconds }),
      });
      if (!answer.ok) throw new Error(`clock/jump: ${answer.status} ${await answer.text()}`);
    },
    stop: () => server.stop(),
  };
}
