/** Parser of Architect expressions: text to a syntax tree. Grammar in README.md. */

export type Node =
  | { kind: "literal"; value: string | number | boolean | null; integer: boolean }
  | { kind: "variable"; name: string }
  | { kind: "member"; of: Node; name: string }
  | { kind: "call"; name: string; args: Node[] }
  | { kind: "unary"; op: "not" | "-"; of: Node }
  | { kind: "binary"; op: BinaryOp; left: Node; right: Node };

export type BinaryOp = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/";

interface Token {
  kind: "number" | "string" | "name" | "symbol" | "end";
  text: string;
  at: number;
}

/** Binding power; higher binds tighter. `not` sits between `and` and the comparisons. */
const POWER: Record<BinaryOp, number> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
};
const NOT_POWER = 3;
const NEGATE_POWER = 8;
/** Deeper nesting than any author writes; keeps a hostile text from overflowing the stack. */
const DEPTH_MAX = 100;

const TOKEN = /\s+|(\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_]*)|(==|!=|<=|>=|[-+*/<>!(),.[\]])/y;

/** Why an expression could not be read; `at` is the offset of the offending character. */
export class ExpressionSyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at character ${at + 1}`);
    this.name = "ExpressionSyntaxError";
    this.at = at;
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new ExpressionSyntaxError(`unexpected '${text[at]}'`, at);
    const [, number, string, name, symbol] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (string !== undefined) tokens.push({ kind: "string", text: string.replace(/\\(.)/g, "$1"), at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol, at });
  }
  tokens.push({ kind: "end", text: "end of expression", at: text.length });
  return tokens;
}

class Parser {
  private position = 0;
  private depth = 0;
  constructor(private readonly tokens: Token[]) {}

  whole(): Node {
    const node = this.expression(0);
    const rest = this.peek();
    if (rest.kind !== "end") throw new ExpressionSyntaxError(`unexpected '${rest.text}'`, rest.at);
    return node;
  }

  private peek(): Token {
    return this.tokens[this.position] as Token;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.position++;
    return token;
  }

  private accept(symbol: string): boolean {
    const token = this.peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.position++;
    return true;
  }

  private expect(symbol: string): void {
    const token = this.peek();
    if (!this.accept(symbol)) throw new ExpressionSyntaxError(`expected '${symbol}', saw '${token.text}'`, token.at);
  }

  private operator(): BinaryOp | null {
    const token = this.peek();
    if (token.kind === "symbol" && token.text in POWER) return token.text as BinaryOp;
    const word = token.kind === "name" ? token.text.toLowerCase() : "";
    return word === "and" || word === "or" ? word : null;
  }

  private expression(minPower: number): Node {
    if (++this.depth > DEPTH_MAX) throw new ExpressionSyntaxError("nested too deeply", this.peek().at);
    let left = this.prefix();
    for (let op = this.operator(); op !== null && POWER[op] > minPower; op = this.operator()) {
      this.position++;
      left = { kind: "binary", op, left, right: this.expression(POWER[op]) };
    }
    this.depth--;
    return left;
  }

  private prefix(): Node {
    const token = this.peek();
    const word = token.kind === "name" ? token.text.toLowerCase() : token.text;
    if ((token.kind === "name" && word === "not") || (token.kind === "symbol" && word === "!")) {
      this.position++;
      return { kind: "unary", op: "not", of: this.expression(word === "!" ? NEGATE_POWER : NOT_POWER) };
    }
    if (this.accept("-")) return { kind: "unary", op: "-", of: this.expression(NEGATE_POWER) };
    return this.postfix(this.primary());
  }

  private postfix(start: Node): Node {
    let node = start;
    for (;;) {
      if (this.accept(".")) {
        const name = this.next();
        if (name.kind !== "name")
          throw new ExpressionSyntaxError(`expected a name after '.', saw '${name.text}'`, name.at);
        node = { kind: "member", of: node, name: name.text };
      } else if (this.accept("[")) {
        const key = this.next();
        if (key.kind !== "string")
          throw new ExpressionSyntaxError(`expected "name" inside [], saw '${key.text}'`, key.at);
        this.expect("]");
        node = { kind: "member", of: node, name: key.text };
      } else return node;
    }
  }

  private primary(): Node {
    const token = this.next();
    if (token.kind === "number")
      return { kind: "literal", value: Number(token.text), integer: !token.text.includes(".") };
    if (token.kind === "string") return { kind: "literal", value: token.text, integer: false };
    if (token.kind === "name") return this.named(token);
    if (token.kind === "symbol" && token.text === "(") {
      const inner = this.expression(0);
      this.expect(")");
      return inner;
    }
    throw new ExpressionSyntaxError(`unexpected '${token.text}'`, token.at);
  }

  private named(token: Token): Node {
    const word = token.text.toLowerCase();
    if (word === "true" || word === "false") return { kind: "literal", value: word === "true", integer: false };
    if (token.text === "NOT_SET") return { kind: "literal", value: null, integer: false };
    if (this.accept("(")) return { kind: "call", name: token.text, args: this.args() };
    if (token.text === "Flow" || token.text === "Task" || token.text === "Call") {
      this.expect(".");
      const name = this.next();
      if (name.kind !== "name") throw new ExpressionSyntaxError(`expected a name after '${token.text}.'`, name.at);
      return { kind: "variable", name: `${token.text}.${name.text}` };
    }
    throw new ExpressionSyntaxError(`unknown name '${token.text}'`, token.at);
  }

  private args(): Node[] {
    if (this.accept(")")) return [];
    const args = [this.expression(0)];
    while (this.accept(",")) args.push(this.expression(0));
    this.expect(")");
    return args;
  }
}

/**
 * Parses one expression.
 * @throws ExpressionSyntaxError with the place of the mistake.
 */
export function parseExpression(text: string): Node {
  return new Parser(tokenise(text)).whole();
}
