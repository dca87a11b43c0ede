import { createInterface } from "node:readline/promises";

/** Somebody ended the verb: no failure, and no stack trace. */
export class Stopped extends Error {}

/**
 * Asks for the stack's name: only who sees what it is for types it. Ctrl-C and Ctrl-D at the question come here, not to the process: they
 * abort `stop`.
 * @returns whether the name was typed. @throws Stopped
 */
export async function askStackName(
  o: { what: string; stack: string; say(text: string): void; stop: AbortController },
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<boolean> {
  const lines = createInterface({ input, output });
  try {
    const typed = (await lines.question(`${o.what}. Type the stack's name to apply it: `)).trim();
    if (typed === o.stack) return true;
    o.say(`seen "${typed}", expected ${o.stack}: not applied`);
    return false;
  } catch (error) {
    if ((error as Error).name !== "AbortError") throw error;
    o.say("");
    o.stop.abort(new Stopped());
    throw o.stop.signal.reason;
  } finally {
    lines.close();
  }
}
