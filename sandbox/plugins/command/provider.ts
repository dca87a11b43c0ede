import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { UserError } from "../../../model/errors";
import { type Ctx, invoke, type PropertySpec, type ProviderSpec, resource } from "../../../providers/lib/provider";

type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

/** What a command runs with; property names of @pulumi/command 1.2. */
interface Settings {
  dir?: string;
  environment?: Record<string, string>;
  interpreter?: string[];
  logging?: Logging;
  stdin?: string;
  addPreviousOutputInEnv?: boolean;
}

interface Output {
  stdout: string;
  stderr: string;
}

const SETTINGS: Record<string, PropertySpec> = {
  dir: { type: "string" },
  environment: { type: "object" },
  interpreter: { type: "array", items: { type: "string" }, minItems: 1 },
  logging: { type: "string", enum: ["stdout", "stderr", "stdoutAndStderr", "none"] },
  stdin: { type: "string" },
  addPreviousOutputInEnv: { type: "boolean" },
};

/** Output kept for the result, at most: a command that prints without end must not fill the memory. */
const OUTPUT_BYTES_MAX = 64 << 20;

/** As the official plug-in: the line break that ends the output is not part of the value. */
const trimmed = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8").replace(/\n$/, "");

/** Runs one command. @throws UserError when it ends with another code than 0, with what it said on stderr. */
function run(command: string, settings: Settings, previous: Output | null, ctx: Ctx<unknown>): Promise<Output> {
  const [file = "/bin/sh", ...args] = settings.interpreter ?? ["/bin/sh", "-c"];
  const logging = settings.logging ?? "stdoutAndStderr";
  const past =
    previous && settings.addPreviousOutputInEnv !== false
      ? { PULUMI_COMMAND_STDOUT: previous.stdout, PULUMI_COMMAND_STDERR: previous.stderr }
      : {};
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args, command], {
      cwd: settings.dir,
      env: { ...process.env, ...past, ...settings.environment },
      stdio: ["pipe", "pipe", "pipe"],
      signal: ctx.signal,
    });
    const collect = (stream: NodeJS.ReadableStream, log: boolean) => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= OUTPUT_BYTES_MAX) chunks.push(chunk);
        else child.kill();
        if (log) ctx.log("info", chunk.toString("utf8").replace(/\n$/, ""));
      });
      return chunks;
    };
    const out = collect(child.stdout, logging === "stdout" || logging === "stdoutAndStderr");
    const err = collect(child.stderr, logging === "stderr" || logging === "stdoutAndStderr");
    child.on("error", (error) => reject(new UserError(`The command could not be started: ${error.message}.`)));
    child.on("close", (code, killedBy) => {
      const result = { stdout: trimmed(out), stderr: trimmed(err) };
      if (code === 0) return resolve(result);
      reject(
        new UserError(
          `exit status ${code ?? killedBy}: running ${JSON.stringify(command.slice(0, 200))}:\n${result.stderr || result.stdout}`,
        ),
      );
    });
    // A command that does not read its input may end before it is written.
    child.stdin.on("error", () => undefined);
    child.stdin.end(settings.stdin ?? "");
  });
}

interface CommandInputs extends Settings {
  create?: string;
  update?: string;
  delete?: string;
  triggers?: unknown[];
}

export const command = resource<CommandInputs, CommandInputs & Output, unknown>({
  inputs: {
    ...SETTINGS,
    create: { type: "string" },
    update: { type: "string" },
    delete: { type: "string" },
    triggers: { type: "array", replace: true },
  },
  outputs: { stdout: {}, stderr: {} },
  async create(inputs, ctx) {
    const output = inputs.create ? await run(inputs.create, inputs, null, ctx) : { stdout: "", stderr: "" };
    return { id: `${ctx.name}${randomBytes(4).toString("hex")}`, outputs: { ...inputs, ...output } };
  },
  // A command leaves nothing that could be looked at: its state is what it printed.
  async read(id, { inputs, outputs }) {
    return inputs ? { id, inputs, outputs: outputs as CommandInputs & Output } : null;
  },
  async update(_id, news, { outputs }, ctx) {
    const text = news.update ?? news.create;
    const output = text ? await run(text, news, outputs, ctx) : { stdout: outputs.stdout, stderr: outputs.stderr };
    return { ...news, ...output };
  },
  async delete(_id, { inputs, outputs }, ctx) {
    if (inputs.delete) await run(inputs.delete, inputs, outputs, ctx);
  },
});

const localRun = invoke<Settings & { command?: string; assetPaths?: unknown; archivePaths?: unknown }, unknown>(
  async (args, ctx) => {
    if (typeof args.command !== "string")
      throw new UserError("command.local.run: command is missing; expected the text of a command.");
    if (args.assetPaths || args.archivePaths) {
      throw new UserError(
        "command.local.run: assetPaths and archivePaths are not served by the sandbox's stand-in; expected neither.",
      );
    }
    return { ...args, ...(await run(args.command, args, null, ctx)) };
  },
);

/** The sandbox's stand-in for the `command` plug-in: `local.Command` and `local.run`. */
export function commandProvider(): ProviderSpec<null> {
  return {
    name: "command",
    version: "1.2.1",
    config: {},
    configure: () => null,
    resources: { "command:local:Command": command },
    invokes: { "command:local:run": localRun },
  };
}
