import { mkdtemp, readFile, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { harness } from "../harness";
import { commandProvider } from "./provider";

const open = () => harness(commandProvider(), {}, "command:local:Command");

describe("command.local.run", () => {
  it("runs with /bin/sh, environment, directory and input; the final line break is not part of the output", async () => {
    const dir = await realpath(await mkdtemp(join(tmpdir(), "cutover-command-")));
    const { invoke } = await open();
    const args = {
      command: 'printf \'%s %s \' "$A" "$(pwd)"; cat; echo; echo two >&2',
      environment: { A: "one" },
      dir,
      stdin: "in",
      logging: "none",
    };
    expect(await invoke("command:local:run", args)).toEqual({ ...args, stdout: `one ${dir} in`, stderr: "two" });
  });

  it("fails with what the command said", async () => {
    const { invoke } = await open();
    await expect(invoke("command:local:run", { command: "echo broken >&2; exit 3" })).rejects.toThrow(
      /exit status 3.*\nbroken/s,
    );
    await expect(invoke("command:local:run", { command: "true", interpreter: ["/no/such/shell"] })).rejects.toThrow(
      "could not be started",
    );
    await expect(invoke("command:local:run", { command: "true", dir: "/no/such/dir" })).rejects.toThrow(
      "could not be started",
    );
  });

  it("survives a command that does not read its input", async () => {
    const { invoke } = await open();
    expect(await invoke("command:local:run", { command: "exit 0", stdin: "x".repeat(1 << 20) })).toMatchObject({
      stdout: "",
    });
  });
});

describe("command.local.Command", () => {
  it("runs create, then update with the output before in its environment, then delete", async () => {
    const dir = await mkdtemp(join(tmpdir(), "cutover-command-"));
    const cmd = await open();
    const inputs = {
      create: "echo made",
      update: 'echo "$PULUMI_COMMAND_STDOUT again"',
      delete: "echo gone > gone.txt",
      dir,
    };
    const made = await cmd.create(inputs);
    expect(made.id).toMatch(/^under-test[0-9a-f]{8}$/);
    expect(made.outputs.stdout).toBe("made");
    const updated = await cmd.update(made.id, inputs, made.outputs, inputs);
    expect(updated.stdout).toBe("made again");
    await cmd.remove(made.id, updated, inputs);
    expect(await readFile(join(dir, "gone.txt"), "utf8")).toBe("gone\n");
  });

  it("a changed trigger replaces, a changed environment updates", async () => {
    const cmd = await open();
    expect(await cmd.diff("x", { create: "true", triggers: ["a"] }, { create: "true", triggers: ["b"] })).toMatchObject(
      [{ replace: true }],
    );
    expect(
      await cmd.diff("x", { create: "true", environment: { A: "1" } }, { create: "true", environment: { A: "2" } }),
    ).toEqual([{ path: "environment.A", kind: "update" }]);
  });
});
