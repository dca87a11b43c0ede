import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression, ExpressionError, type VariableInfo } from "./compile-expression";
import { ExpressionSyntaxError, parseExpression } from "./parse-expression";
import { FlowRuntimeError, toPhoneNumber, type Value, type ValueType } from "./values";

const VARIABLES: Record<string, [ValueType, Value]> = {
  "Call.Ani": ["string", "tel:+12125550142"],
  "Task.text": ["string", "abc"],
  "Task.unset": ["string", null],
  "Task.n": ["integer", 7],
  "Task.yes": ["boolean", true],
  "Task.maybe": ["boolean", null],
  "Task.json": ["json", { kind: "json", value: { to: "<sip:+12125550100@x>;tag=1", "x-y": 5, none: null } }],
};
const names = Object.keys(VARIABLES);
const lookup = (name: string): VariableInfo | null => {
  const slot = names.indexOf(name);
  return slot < 0 ? null : { slot, type: (VARIABLES[name] as [ValueType, Value])[0] };
};
const slots = names.map((name) => (VARIABLES[name] as [ValueType, Value])[1]);
const run = (text: string): Value => compileExpression(text, lookup).run({ slots });

describe("evaluation", () => {
  test.each<[string, Value]>([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 2 - 3", 5],
    ["-2 + 5", 3],
    ['"a" + 1 + true', "a1true"],
    ['"say \\"hi\\" \\\\"', 'say "hi" \\'],
    ["1 < 2 and 2 < 3 or false", true],
    ["not 1 == 2", true],
    ["!Task.yes or Task.yes", true],
    ["TRUE And NOT False", true],
    ["ToPhoneNumber(Call.Ani).e164", "+12125550142"],
    ["ToString(ToPhoneNumber(Call.Ani).e164)", "+12125550142"],
    ['ToPhoneNumber("12125550142").e164', null],
    ["ToInt(Right(ToString(ToPhoneNumber(Call.Ani).e164), 2)) < 50", true],
    ['Substring("abcdef", 2, 3)', "cde"],
    ['Substring("abc", 2, 10)', "c"],
    ['Left("abc", 2) + Right("abc", 1)', "abc"],
    ['Right("abc", 0)', ""],
    ['Length("")', 0],
    ['ToInt("12x")', null],
    ['ToInt(" 42 ")', 42],
    ['Replace("+1+2", "+", "")', "12"],
    ['Contains("abc", "bc") and StartsWith("abc", "ab")', true],
    ['FindString("abc", "z")', -1],
    ['If(Task.n > 5, "big", "small")', "big"],
    ['If(Task.maybe, "a", "b")', null],
    ["IsSet(Task.unset)", false],
    ["IsNotSetOrEmpty(Task.unset)", true],
    ['IsNotSetOrEmpty("")', true],
    ['IsSet(ToPhoneNumber("nonsense"))', false],
    ["Task.unset == NOT_SET", true],
    ["Length(Task.unset) > 1", null],
    ["Task.maybe and false", false],
    ["Task.maybe or true", true],
    ["Task.maybe and true", null],
    ['GetJsonObjectProperty(Task.json, "x-y")', 5],
    ['Task.json["x-y"] + 1', 6],
    ["Task.json.none", null],
    ["Task.json.missing.deeper", null],
    ['ToPhoneNumber(ToString(GetJsonObjectProperty(Task.json, "to"))).e164', "+12125550100"],
    ['Count(MakeList("a", "b"))', 2],
    ['GetAt(MakeList("a", "b"), 1)', "b"],
    ["7 / 2", 3.5],
  ])("%s", (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test.each([
    ["Hash(1)", "unknown function 'Hash'"],
    ["length(Task.text)", "unknown function 'length'"],
    ["Task.other", "unknown variable 'Task.other'"],
    ["Left(Task.text)", "Left takes 2 arguments, saw 1"],
    ["Left(Task.n, 1)", "argument 1 must be string, is integer"],
    ["Task.n and true", "'and' needs boolean, saw integer"],
    ["Task.text == 1", "cannot compare string with integer"],
    ["Task.text * 2", "'*' needs numbers, saw string"],
    ["ToPhoneNumber(Task.text).country", "no property 'country'"],
    ['If(true, "a", 1)', "both results must be of one type"],
    ["1 +", "unexpected 'end of expression'"],
    ["1 2", "unexpected '2'"],
    ["foo", "unknown name 'foo'"],
    ["a & b", "unexpected"],
  ])("refuses %s", (text, message) => {
    expect(() => run(text)).toThrow(ExpressionError);
    expect(() => run(text)).toThrow(message);
  });

  test("a value of the wrong kind at run time is a flow error, not a wrong answer", () => {
    expect(() => run("1 / 0")).toThrow(FlowRuntimeError);
    expect(() => run('Length(GetJsonObjectProperty(Task.json, "x-y"))')).toThrow(FlowRuntimeError);
  });
});

/** An arithmetic expression with the value that JavaScript gives it. */
const arithmetic: fc.Arbitrary<{ text: string; value: number }> = fc.letrec<{ e: { text: string; value: number } }>(
  (tie) => ({
    e: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.nat(99).map((n) => ({ text: String(n), value: n })),
      fc.tuple(tie("e"), fc.constantFrom("+", "-", "*"), tie("e")).map(([a, op, b]) => ({
        text: `(${a.text}) ${op} (${b.text})`,
        value: op === "+" ? a.value + b.value : op === "-" ? a.value - b.value : a.value * b.value,
      })),
    ),
  }),
).e;

describe("properties", () => {
  test("arithmetic agrees with JavaScript", () => {
    fc.assert(
      fc.property(arithmetic, ({ text, value }) => {
        // -0 and 0 are one number in Architect.
        expect((run(text) as number) + 0).toBe(value + 0);
      }),
    );
  });

  test("without parentheses, precedence and associativity agree with JavaScript", () => {
    const operator = fc.constantFrom("+", "-", "*");
    const terms = fc.array(fc.tuple(operator, fc.nat(9)), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.nat(9),
        terms,
        fc.constantFrom("<", ">=", "==", "!="),
        fc.nat(9),
        (first, more, comparison, last) => {
          const text = `${first}${more.map(([op, n]) => ` ${op} ${n}`).join("")} ${comparison} ${last}`;
          expect(run(text)).toBe(runInNewContext(text));
        },
      ),
    );
  });

  test("any string literal comes back as it was", () => {
    fc.assert(
      fc.property(fc.string(), (s) => {
        expect(run(`"${s.replace(/[\\"]/g, "\\$&")}"`)).toBe(s);
      }),
    );
  });

  test("Left, Right and Substring take a string apart without loss", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), (s, n) => {
        const literal = `"${s.replace(/[\\"]/g, "\\$&")}"`;
        expect(run(`Left(${literal}, ${n}) + Substring(${literal}, ${n}, 1000)`)).toBe(s);
        expect(run(`Length(Right(${literal}, ${n}))`)).toBe(Math.min(n, s.length));
      }),
    );
  });

  test("the parser answers any text with a tree or a syntax error", () => {
    const pieces = fc.array(
      fc.constantFrom("(", ")", "1", '"x"', " and ", "==", "Left", ",", ".", "Task", "[", "]", "not ", "-", "é", "\\"),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((p) => p.join("")),
        ),
        (text) => {
          try {
            parseExpression(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ExpressionSyntaxError);
          }
        },
      ),
    );
    expect(() => parseExpression("(".repeat(10_000))).toThrow("nested too deeply");
  });

  test("ToPhoneNumber reads a number back from every form it comes in", () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{6,14}$/);
    fc.assert(
      fc.property(digits, (d) => {
        for (const form of [
          `+${d}`,
          `tel:+${d}`,
          `sip:+${d}@host;user=phone`,
          `"A; B" <sips:+${d}@host:5061>;tag=x`,
          `<tel:+${d};ext=3>`,
        ])
          expect(toPhoneNumber(form).e164).toBe(`+${d}`);
      }),
    );
  });
});
