/** How often the parent is looked at when npm started us. */
const PARENT_POLL_MS = 150;

/**
 * Resolves with the reason to end. Further signals are ignored: npm passes on one that the terminal has sent already. A SIGTERM to npm
 * ends only the shell between npm and us, so under npm the loss of the parent counts as one.
 */
export function endOfLife(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(signal));
    if (process.env.npm_lifecycle_event !== undefined) {
      const parent = process.ppid;
      setInterval(() => process.ppid !== parent && resolve("npm has ended"), PARENT_POLL_MS).unref();
    }
    if (process.env.CUTOVER_PLUGIN_STDIN !== "1") return;
    process.stdin.on("end", () => resolve("stdin closed"));
    process.stdin.on("error", () => resolve("stdin closed"));
    process.stdin.resume();
  });
}
