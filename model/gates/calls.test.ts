import { expect, it } from "vitest";
import type { TestCall } from "../facts";
import { callProblem } from "./calls";

const good: TestCall = {
  number: "+12125550123",
  purpose: "handshake",
  source: "203.0.113.10",
  code: 200,
  answered: true,
  audioSent: 10,
  audioReceived: 10,
  farReceived: 10,
  seenByOrg: true,
};

it("a test call proves something only when it was answered, seen, and heard both ways; the desk's own reason is told", () => {
  expect(callProblem(good)).toBeUndefined();
  const problem = (change: Partial<TestCall>) => callProblem({ ...good, ...change });
  expect(problem({ code: 404, answered: false })).toBe("+12125550123 from 203.0.113.10: ended with 404");
  expect(problem({ code: null, answered: false, why: "the number has no route" })).toBe(
    "+12125550123 from 203.0.113.10: ended with no answer (the number has no route)",
  );
  expect(problem({ audioSent: 0 })).toContain("no audio was sent");
  expect(problem({ audioReceived: Number.NaN })).toContain("the caller heard nothing");
  expect(problem({ farReceived: null })).toContain("no audio is known to have reached the organisation");
  expect(problem({ seenByOrg: false })).toContain("records do not show the call");
});
