import type { Progress } from "../daily/discover/organisation";

/** Characters of the bar itself. */
const BAR = 20;
/** Milliseconds between two plain lines where the output is no terminal: a pipeline's log is read, not watched. */
const LINE_MS = 15_000;

/** `number pools [########------------] 1200 of 3000`; without a known total the count alone. */
export function progressText(what: string, done?: number, total?: number): string {
  if (done === undefined) return what;
  if (total === undefined || total === 0) return `${what}: ${done}`;
  const filled = Math.round((BAR * Math.min(done, total)) / total);
  return `${what} [${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${done} of ${total}`;
}

export interface ProgressLine {
  report: Progress;
  /** Leaves the line of a terminal empty. */
  end(): void;
}

/** One line that is written over and over on a terminal, cut to its width; elsewhere a plain line now and then, the first after 15 s. */
export function progressLine(out: NodeJS.WriteStream, now: () => number = Date.now): ProgressLine {
  if (out.isTTY) {
    return {
      report: (...at) =>
        void out.write(`\r\x1b[K${`reading ${progressText(...at)}`.slice(0, (out.columns || 80) - 1)}`),
      end: () => void out.write("\r\x1b[K"),
    };
  }
  let last = now();
  return {
    report: (...at) => {
      if (now() - last < LINE_MS) return;
      last = now();
      out.write(`reading ${progressText(...at)}\n`);
    },
    end: () => undefined,
  };
}
