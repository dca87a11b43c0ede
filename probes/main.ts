import { runEach, runProbe } from "./run";

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Entry of dist/probe.js: one JSON document on stdout, exit code 0 whatever was found. Settings `-` are read from stdin: one
 * argument holds at most 128 KiB on Linux, less than the scattered ranges of a large plan may take.
 */
async function probeMain(argv: string[]): Promise<void> {
  const settings = argv[1] === "-" ? await readStdin() : argv[1];
  const doc = argv[0] === "each" ? await runEach(settings) : await runProbe(argv[0], settings);
  // The process ends at once after the document: a kept-alive connection must not hold it.
  process.stdout.write(`${JSON.stringify(doc)}\n`, () => process.exit(0));
}

void probeMain(process.argv.slice(2));
