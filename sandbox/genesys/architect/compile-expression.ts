/** Checks an expression's types and turns it into a closure: parsed once at publish, cheap at every call. */

import { FUNCTIONS, memberOf } from "./functions";
import { type BinaryOp, ExpressionSyntaxError, type Node, parseExpression } from "./parse-expression";
import { FlowRuntimeError, NOT_SET, textOf, type Value, type ValueType } from "./values";

/** Variables of one running flow; slots are handed out by `FlowCompiler`. */
export interface Scope {
  readonly slots: Value[];
}

export interface Compiled {
  type: ValueType;
  run(scope: Scope): Value;
}

export interface VariableInfo {
  slot: number;
  type: ValueType;
}

/** Looks a variable up by its full name (`Task.x`); null when it is not declared or not visible here. */
export type Lookup = (name: string) => VariableInfo | null;

/** Why an expression was refused: syntax, unknown name, wrong type or number of arguments. */
export class ExpressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExpressionError";
  }
}

const NUMERIC: ReadonlySet<ValueType> = new Set<ValueType>(["integer", "decimal"]);

/** Whether a value of type `from` may stand where `to` is wanted; integers widen to decimals. */
export function fits(from: ValueType, to: ValueType): boolean {
  return from === to || from === "any" || to === "any" || (from === "integer" && to === "decimal");
}

/**
 * Compiles one expression.
 * @throws ExpressionError naming what is wrong.
 */
export function compileExpression(text: string, lookup: Lookup): Compiled {
  try {
    return compile(parseExpression(text), lookup);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) throw new ExpressionError(error.message);
    throw error;
  }
}

function compile(node: Node, lookup: Lookup): Compiled {
  switch (node.kind) {
    case "literal":
      return literal(node.value, node.integer);
    case "variable":
      return variable(node.name, lookup);
    case "member":
      return member(compile(node.of, lookup), node.name);
    case "call":
      return node.name === "If" ? choice(node.args, lookup) : call(node.name, node.args, lookup);
    case "unary":
      return unary(node.op, compile(node.of, lookup));
    case "binary":
      return binary(node.op, compile(node.left, lookup), compile(node.right, lookup));
  }
}

function literal(value: string | number | boolean | null, integer: boolean): Compiled {
  const type: ValueType =
    value === null
      ? "any"
      : typeof value === "number"
        ? integer
          ? "integer"
          : "decimal"
        : typeof value === "string"
          ? "string"
          : "boolean";
  return { type, run: () => value };
}

function variable(name: string, lookup: Lookup): Compiled {
  const found = lookup(name);
  if (!found) throw new ExpressionError(`unknown variable '${name}'`);
  const { slot } = found;
  return { type: found.type, run: (scope) => scope.slots[slot] ?? NOT_SET };
}

function member(of: Compiled, name: string): Compiled {
  if (of.type === "phoneNumber" && name !== "e164")
    throw new ExpressionError(`a phone number has no property '${name}' here, only e164`);
  if (of.type !== "phoneNumber" && of.type !== "json" && of.type !== "any")
    throw new ExpressionError(`a value of type ${of.type} has no property '${name}'`);
  return { type: of.type === "phoneNumber" ? "string" : "any", run: (scope) => memberOf(of.run(scope), name) };
}

function call(name: string, argNodes: Node[], lookup: Lookup): Compiled {
  const fn = FUNCTIONS.get(name);
  if (!fn) throw new ExpressionError(`unknown function '${name}'`);
  const count = argNodes.length;
  if (fn.variadic ? count < fn.params.length : count !== fn.params.length)
    throw new ExpressionError(
      `${name} takes ${fn.params.length}${fn.variadic ? " or more" : ""} arguments, saw ${count}`,
    );
  const args = argNodes.map((node) => compile(node, lookup));
  const wanted = args.map((_, i) => fn.params[Math.min(i, fn.params.length - 1)] as ValueType);
  args.forEach((arg, i) => {
    if (!fits(arg.type, wanted[i] as ValueType))
      throw new ExpressionError(`${name}: argument ${i + 1} must be ${wanted[i]}, is ${arg.type}`);
  });
  return {
    type: fn.returns,
    run(scope) {
      const values: Value[] = new Array(count);
      for (let i = 0; i < count; i++) {
        const value = (args[i] as Compiled).run(scope);
        if (value === NOT_SET && !fn.takesNotSet) return NOT_SET;
        if (!holds(value, wanted[i] as ValueType))
          throw new FlowRuntimeError(`${name}: argument ${i + 1} must be ${wanted[i]}`);
        values[i] = value;
      }
      return fn.run(values);
    },
  };
}

/** Run-time side of the type check, needed where the static type was `any`. */
export function holds(value: Value, type: ValueType): boolean {
  if (value === NOT_SET || type === "any") return true;
  if (type === "stringCollection") return Array.isArray(value);
  if (type === "integer" || type === "decimal") return typeof value === "number";
  if (type === "string" || type === "boolean") return typeof value === type;
  return typeof value === "object" && "kind" in value && value.kind === type;
}

function choice(argNodes: Node[], lookup: Lookup): Compiled {
  if (argNodes.length !== 3) throw new ExpressionError(`If takes 3 arguments, saw ${argNodes.length}`);
  const [test, yes, no] = argNodes.map((node) => compile(node, lookup)) as [Compiled, Compiled, Compiled];
  if (!fits(test.type, "boolean")) throw new ExpressionError(`If: argument 1 must be boolean, is ${test.type}`);
  if (!fits(yes.type, no.type) && !fits(no.type, yes.type))
    throw new ExpressionError(`If: both results must be of one type, saw ${yes.type} and ${no.type}`);
  const type = yes.type === "any" || (yes.type === "integer" && no.type === "decimal") ? no.type : yes.type;
  return {
    type,
    run(scope) {
      const condition = test.run(scope);
      return condition === NOT_SET ? NOT_SET : condition === true ? yes.run(scope) : no.run(scope);
    },
  };
}

function unary(op: "not" | "-", of: Compiled): Compiled {
  const wanted: ValueType = op === "not" ? "boolean" : "decimal";
  if (!fits(of.type, wanted)) throw new ExpressionError(`'${op}' needs ${wanted}, saw ${of.type}`);
  return {
    type: op === "not" ? "boolean" : of.type,
    run(scope) {
      const value = of.run(scope);
      if (value === NOT_SET) return NOT_SET;
      if (!holds(value, wanted)) throw new FlowRuntimeError(`'${op}' needs ${wanted}`);
      return op === "not" ? !value : -(value as number);
    },
  };
}

function binary(op: BinaryOp, left: Compiled, right: Compiled): Compiled {
  if (op === "and" || op === "or") return logical(op, left, right);
  if (op === "==" || op === "!=") return equality(op, left, right);
  if (op === "+" && (left.type === "string" || right.type === "string" || left.type === "any"))
    return plus(left, right);
  return arithmetic(op, left, right);
}

/** Three-valued: the side that decides wins over NOT_SET; the right side is worked out only when needed. */
function logical(op: "and" | "or", left: Compiled, right: Compiled): Compiled {
  for (const side of [left, right])
    if (!fits(side.type, "boolean")) throw new ExpressionError(`'${op}' needs boolean, saw ${side.type}`);
  const decisive = op === "or";
  return {
    type: "boolean",
    run(scope) {
      const a = left.run(scope);
      if (a === decisive) return decisive;
      const b = right.run(scope);
      if (b === decisive) return decisive;
      return a === NOT_SET || b === NOT_SET ? NOT_SET : !decisive;
    },
  };
}

function equality(op: "==" | "!=", left: Compiled, right: Compiled): Compiled {
  const numbers = NUMERIC.has(left.type) && NUMERIC.has(right.type);
  if (!numbers && !fits(left.type, right.type))
    throw new ExpressionError(`'${op}' cannot compare ${left.type} with ${right.type}`);
  const same = op === "==";
  return { type: "boolean", run: (scope) => equal(left.run(scope), right.run(scope)) === same };
}

function equal(a: Value, b: Value): boolean {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  return textOf(a) === textOf(b);
}

function plus(left: Compiled, right: Compiled): Compiled {
  const joins = left.type === "string" || right.type === "string";
  return {
    type: joins ? "string" : "any",
    run(scope) {
      const a = left.run(scope);
      const b = right.run(scope);
      if (a === NOT_SET || b === NOT_SET) return NOT_SET;
      if (typeof a === "number" && typeof b === "number" && !joins) return a + b;
      return `${textOf(a)}${textOf(b)}`;
    },
  };
}

function arithmetic(op: Exclude<BinaryOp, "and" | "or" | "==" | "!=">, left: Compiled, right: Compiled): Compiled {
  const compares = op === "<" || op === "<=" || op === ">" || op === ">=";
  const texts = compares && fits(left.type, "string") && fits(right.type, "string");
  for (const side of [left, right])
    if (!texts && !fits(side.type, "decimal")) throw new ExpressionError(`'${op}' needs numbers, saw ${side.type}`);
  const integer = left.type === "integer" && right.type === "integer" && op !== "/";
  return {
    type: compares ? "boolean" : integer ? "integer" : "decimal",
    run(scope) {
      const a = left.run(scope);
      const b = right.run(scope);
      if (a === NOT_SET || b === NOT_SET) return NOT_SET;
      if (compares && typeof a === "string" && typeof b === "string") return compare(op, a, b);
      if (typeof a !== "number" || typeof b !== "number") throw new FlowRuntimeError(`'${op}' needs two numbers`);
      return compares ? compare(op, a, b) : calculate(op as "+" | "-" | "*" | "/", a, b);
    },
  };
}

function compare<T extends string | number>(op: string, a: T, b: T): boolean {
  return op === "<" ? a < b : op === "<=" ? a <= b : op === ">" ? a > b : a >= b;
}

function calculate(op: "+" | "-" | "*" | "/", a: number, b: number): number {
  if (op === "/" && b === 0) throw new FlowRuntimeError("division by zero");
  return op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : a / b;
}
