/** Starts the program through the SDK's own entry. One host is kept warm: loaded, waiting for the next operation. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onLines, programEnv, type Spawned, start } from "./processes";
import type { Project } from "./project";

/** Exit code of a program that told the user itself what went wrong (SDK cmd/run). */
const ALREADY_TOLD = 32;

export interface ProgramSettings {
  stack: string;
  dryRun: boolean;
  parallel: number;
  monitor: string;
  engine: string;
  config: Record<string, string>;
  secretKeys: string[];
}

export interface Run {
  /** How it ended: undefined = in order, or already told by the program itself. */
  ended: Promise<{ ok: boolean; told: boolean; code: number | null }>;
  stop(): Promise<void>;
}

/** Starts the program's process, beforehand where one is sure to be needed. */
export class ProgramStarter {
  private warm: Spawned | undefined;

  constructor(
    private readonly project: Project,
    private readonly hostFile: string,
    private readonly env: Record<string, string>,
    /** Another operation will follow: its host is started while this one's program runs. */
    private readonly ahead = true,
  ) {}

  /** As `prepare`, while an operation is under way: for the one after it. */
  prepareNext(): void {
    if (this.ahead) this.prepare();
  }

  /** Starts the host that the next `run` will use, unless it is there already. */
  prepare(): void {
    this.warm ??= this.host();
  }

  run(s: ProgramSettings, output: (text: string, isError: boolean) => void): Run {
    const host = this.warm ?? this.host();
    this.warm = undefined;
    onLines(host.child.stdout, (l) => output(l, false));
    onLines(host.child.stderr, (l) => output(l, true));
    host.child.send({ env: this.environment(s), args: this.args(s) });
    const ended = host.exited.then((code) => ({ ok: code === 0, told: code === ALREADY_TOLD, code }));
    return { ended, stop: () => host.end() };
  }

  async close(): Promise<void> {
    const warm = this.warm;
    this.warm = undefined;
    await warm?.end();
  }

  private host(): Spawned {
    const { root } = this.project;
    const args = [this.hostFile, "program", root, this.preloads().join(",")];
    const s = start(process.execPath, args, { cwd: root, env: programEnv(this.env), ipc: true });
    // A host that dies while it waits is noticed when it is used: `exited` is settled then.
    s.child.on("error", () => undefined);
    return s;
  }

  /** SDK packages the program asks for at its top, so that a warm host has them loaded. */
  private preloads(): string[] {
    const file = this.mainFile();
    if (!file) return [];
    const text = readFileSync(file, "utf8");
    const names = [...text.matchAll(/require\("(@pulumi\/[\w./-]+)"\)/g)].map((m) => m[1] as string);
    return [...new Set(names)].filter((n) => n !== "@pulumi/pulumi");
  }

  private mainFile(): string | undefined {
    const { pwd, entry } = this.project;
    const file = join(pwd, entry === "." ? "index.js" : entry);
    return existsSync(file) ? file : undefined;
  }

  private args(s: ProgramSettings): string[] {
    const { root, name, pwd, entry } = this.project;
    const pairs: [string, string][] = [
      ["--monitor", s.monitor],
      ["--engine", s.engine],
      ["--organization", "organization"],
      ["--project", name],
      ["--root-directory", root],
      ["--stack", s.stack],
      ["--pwd", pwd],
      ["--parallel", String(s.parallel)],
    ];
    return [...pairs.flat(), ...(s.dryRun ? ["--dry-run"] : []), entry];
  }

  private environment(s: ProgramSettings): Record<string, string> {
    return {
      PULUMI_CONFIG: JSON.stringify(s.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(s.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: "false",
      PULUMI_NODEJS_ORGANIZATION: "organization",
      PULUMI_NODEJS_PROJECT: this.project.name,
      PULUMI_NODEJS_ROOT_DIRECTORY: this.project.root,
      PULUMI_NODEJS_STACK: s.stack,
      PULUMI_NODEJS_DRY_RUN: String(s.dryRun),
      PULUMI_NODEJS_MONITOR: s.monitor,
      PULUMI_NODEJS_ENGINE: s.engine,
      PULUMI_NODEJS_PARALLEL: String(s.parallel),
    };
  }
}
