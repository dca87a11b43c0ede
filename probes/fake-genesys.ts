import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** For tests: answers by `METHOD /path`; a function sees query and body. Token and paging are as the Platform API's. */
export type Answers = Record<string, unknown | ((query: URLSearchParams, body: unknown) => unknown)>;

/** A Platform API on the loopback that gives these answers and logs what it is asked. */
export async function fakeGenesys(answers: Answers) {
  const log: string[] = [];
  const serve = async (req: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const chunks: Buffer[] = [];
    for await (const c of req) chunks.push(c as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(req.url ?? "/", "http://x");
    const what = `${req.method} ${url.pathname}`;
    log.push(what);
    if (what === "POST /oauth/token")
      return { status: 200, body: { access_token: "tok", token_type: "bearer", expires_in: 86_399 } };
    if (what !== "POST /test_calls" && req.headers.authorization !== "Bearer tok")
      return { status: 401, body: { message: "no", code: "bad.credentials", status: 401 } };
    const answer = answers[what];
    if (answer === undefined)
      return { status: 404, body: { message: "not found", code: "not.found", status: 404, contextId: "c1" } };
    const body = typeof answer === "function" ? answer(url.searchParams, text ? JSON.parse(text) : undefined) : answer;
    return { status: 200, body };
  };
  const server = createServer(
    (req, res) => void serve(req).then(({ status, body }) => res.writeHead(status).end(JSON.stringify(body))),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, log, close };
}

/** One page of entities, cut as the API cuts it. */
export const paged = (entities: unknown[]) => (query: URLSearchParams) => {
  const size = Math.min(2, Number(query.get("pageSize")));
  const page = Number(query.get("pageNumber"));
  return {
    entities: entities.slice((page - 1) * size, page * size),
    pageSize: size,
    pageNumber: page,
    pageCount: Math.ceil(entities.length / size),
    total: entities.length,
  };
};
