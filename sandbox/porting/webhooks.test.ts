import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { PortRegistry } from "./registry";
import { WEBHOOK_MANNERS, type WebhookManner, Webhooks } from "./webhooks";

const START = new Date("2026-06-01T08:00:00Z");
const DAY_MS = 86_400_000;

let server: Server;
let heard: { id: string; status: string; attempt: number }[];
/** Answers of the customer's server, in order; after them 200. */
let answers: number[];
beforeEach(async () => {
  heard = [];
  answers = [];
  server = createServer(async (req, res) => {
    let text = "";
    for await (const chunk of req) text += chunk;
    const { data, meta } = JSON.parse(text);
    heard.push({ id: data.id, status: data.payload.status?.value, attempt: meta.attempt });
    res.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => server.close());

/** An order from draft to ported. Returns the ids of its events but those that have no webhook. */
async function port(manner: WebhookManner | undefined, url: string): Promise<string[]> {
  const clock = new WorldClock({ start: START });
  const ports = new PortRegistry({ clock, random: new Random(3) });
  const webhooks = new Webhooks({ ports, manner });
  const order = ports.create({ reference: "PO", numbers: ["+16173540791"], extra: { webhook_url: url } });
  ports.confirm(order.id);
  await clock.jump(new Date(START.getTime() + 30 * DAY_MS));
  expect(order.status).toBe("ported");
  // Longer than an event is held back.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await webhooks.close();
  clock.close();
  return ports
    .events()
    .filter((event) => event.type === "porting_order.status_changed")
    .map((event) => event.id);
}

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
const ids = () => heard.map((each) => each.id);

describe("webhooks of port orders", () => {
  it("come once and in order, each with the status it had", async () => {
    const events = await port(undefined, url());
    expect(ids()).toEqual(events);
    expect(heard.map((each) => each.status)).toEqual(["submitted", "foc-date-confirmed", "ported"]);
  });

  it("come again after an answer that is no success, three times at most", async () => {
    answers = [500, 500, 500, 503];
    const events = await port("ordered", url());
    expect(ids()).toEqual([events[0], events[0], events[0], events[1], events[1], events[2]]);
    expect(heard.map((each) => each.attempt)).toEqual([1, 2, 3, 1, 2, 1]);
  });

  it("are lost, doubled or out of order when the world says so", async () => {
    const seen: Partial<Record<WebhookManner, number[]>> = {};
    for (const manner of WEBHOOK_MANNERS) {
      heard = [];
      const events = await port(manner, url());
      seen[manner] = ids().map((id) => events.indexOf(id));
    }
    expect(seen).toEqual({
      ordered: [0, 1, 2],
      lost: [0, 2],
      doubled: [0, 0, 1, 1, 2, 2],
      disordered: [1, 0, 2],
    });
  });

  it("never leave the machine", async () => {
    const before = globalThis.fetch;
    const asked: string[] = [];
    globalThis.fetch = ((to: string) => {
      asked.push(to);
      return Promise.reject(new Error("not in a test"));
    }) as typeof fetch;
    try {
      for (const to of ["https://hooks.example/x", "http://10.0.0.1/", "no address"]) await port("ordered", to);
    } finally {
      globalThis.fetch = before;
    }
    expect(asked).toEqual([]);
  });
});
