import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { askStackName, Stopped } from "./confirm";

function ask(keys: string) {
  const [input, output] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: true, columns: 80 })];
  const stop = new AbortController();
  const said: string[] = [];
  const answer = askStackName({ what: "a -> b", stack: "prod", say: (t) => said.push(t), stop }, input, output);
  input.write(keys);
  return { answer, stop, said };
}

it("only the stack's own name confirms", async () => {
  expect(await ask("prod\n").answer).toBe(true);
  const { answer, said, stop } = ask("y\n");
  expect(await answer).toBe(false);
  expect([said, stop.signal.aborted]).toEqual([['seen "y", expected prod: not applied'], false]);
});

it("Ctrl-C and Ctrl-D at the question stop the verb; they are no failure of it", async () => {
  for (const key of ["\x03", "\x04"]) {
    const { answer, stop } = ask(key);
    await expect(answer).rejects.toBeInstanceOf(Stopped);
    expect(stop.signal.aborted).toBe(true);
  }
});
