import { expect, it } from "vitest";
import { progressLine, progressText } from "./progress";

it("a bar where the number is known, else the count, else the words", () => {
  expect(progressText("Route 53")).toBe("Route 53");
  expect(progressText("IVRs", 300)).toBe("IVRs: 300");
  expect(progressText("IVRs", 0, 0)).toBe("IVRs: 0");
  expect(progressText("IVRs", 500, 2000)).toBe("IVRs [#####---------------] 500 of 2000");
  expect(progressText("IVRs", 2001, 2000)).toBe("IVRs [####################] 2001 of 2000");
});

const stream = (isTTY: boolean, columns = 80) => {
  const written: string[] = [];
  return { written, out: { isTTY, columns, write: (t: string) => written.push(t) } as unknown as NodeJS.WriteStream };
};

it("a terminal has one line, never wider than itself; a pipe a plain line now and then", () => {
  const narrow = stream(true, 24);
  const line = progressLine(narrow.out);
  line.report("number pools", 100, 5000);
  line.end();
  expect(narrow.written).toEqual(["\r\x1b[Kreading number pools [-", "\r\x1b[K"]);

  const piped = stream(false);
  let time = 0;
  const plain = progressLine(piped.out, () => time);
  for (time of [0, 5000, 16_000, 20_000, 32_000]) plain.report("IVRs", time / 1000, 40);
  plain.end();
  expect(piped.written.map((t) => t.trimEnd())).toEqual([
    "reading IVRs [########------------] 16 of 40",
    "reading IVRs [################----] 32 of 40",
  ]);
});
