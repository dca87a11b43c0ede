import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";

/**
 * Says how a worker ended that vitest did not end: vitest's own "Worker exited unexpectedly" names neither exit code nor signal, and without
 * them a test that ends its process, memory that ran out and a signal from outside look the same.
 */
export default function setup(): () => void {
  const onProcess = (message: unknown) => {
    const { process: child } = message as { process: ChildProcess };
    child.once("exit", (code, signal) => {
      if (child.killed || !child.spawnargs.some((arg) => /vitest.+workers/.test(arg))) return;
      console.error(
        `Worker ${child.pid} of the tests ended by itself: ${signal ? `by ${signal}` : `exit code ${code}`}.`,
      );
    });
  };
  subscribe("child_process", onProcess);
  return () => unsubscribe("child_process", onProcess);
}
