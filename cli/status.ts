import { setTimeout as sleep } from "node:timers/promises";
import { builtProbes } from "../daily/probes";
import type { Place } from "../daily/settings";
import { readStatus } from "../daily/status/read";
import { statusText } from "../daily/status/text";
import { takeEnvironment } from "./environment";
import { journalDir } from "./journal-dir";

/** Pause between two looks of --watch: a look takes some ten requests of the 300 a minute. */
const WATCH_MS = 10_000;

/** `cutover status`. @returns 0 when the phase record was read and no account's billing number leaves before the rest, 1 otherwise. */
export async function statusVerb(
  o: Place & { stack: string; journal?: string; json?: boolean; watch?: boolean },
): Promise<number> {
  takeEnvironment(o);
  const journal = journalDir(o.stack, o.journal);
  const probe = builtProbes();
  for (;;) {
    const status = await readStatus(o, probe, journal, (problem) => console.error(`warning: ${problem}`));
    if (o.watch && process.stdout.isTTY) process.stdout.write("\x1b[H\x1b[2J");
    console.log(o.json ? JSON.stringify(status) : statusText(status));
    if (!o.watch) return status.position === undefined || status.accounts?.some((a) => a.endangered) ? 1 : 0;
    await sleep(WATCH_MS);
  }
}
