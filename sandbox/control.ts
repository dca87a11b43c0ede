import { UserError } from "../model/errors";
import type { WorldClock } from "./clock";
import { type HttpReply, type HttpRequest, type HttpService, json, type RequestCounts, serveHttp } from "./dns";

/** Calls placed in the world; all rates are per second of wall time. */
export interface Load {
  perSecond: number;
  /** Mean talk time, wall milliseconds. */
  talkMs: number;
  /** Share of inbound calls with RTP both ways, 0 to 1. */
  mediaShare: number;
  outboundPerSecond: number;
  intruderPerSecond: number;
}

/** What the control API steers. */
export interface ControlOptions {
  host: string;
  clock: WorldClock;
  calls: {
    start(load: Load): void;
    stop(): void;
    /** Resolves when no call is in progress. */
    drain(): Promise<void>;
    records(since: number): { next: number; records: unknown[] };
  };
  operator: { set(change: { lateHours?: number; forgets?: readonly string[] }): void };
  /** The organisation's emergency group. */
  alarm: { set(on: boolean): void };
  /** Has desk and operator look into their in-trays, so that what was asked of them shows among the events to come. */
  look(): Promise<void>;
  /** Queue expected for each number. */
  expect(): unknown;
  /** Requests per API: `genesys`, `route53`, `cloudflare`, `carrier`. */
  requests(): Record<string, RequestCounts>;
  /** What happened beside the calls: answers of resolvers, states of port orders, audio quality. */
  chronicle(): unknown;
  /** Further counts of the world for whoever looks: channels, resolvers, refused intruders. */
  state(): unknown;
}

const RATE_MAX = 500;
const TALK_MAX_MS = 600_000;

type Handler = (request: HttpRequest) => unknown;

/** The control and clock API of one world (docs/internals.md sections 2 and 7). A mistake of the caller's is 400 with `{"error"}`. */
export async function serveControl(options: ControlOptions): Promise<HttpService> {
  const routes = routesOf(options);
  return serveHttp(options.host, async (request): Promise<HttpReply> => {
    const handler = routes[`${request.method} ${request.path}`];
    if (!handler) return json(404, { error: `no such control: ${request.method} ${request.path}` });
    try {
      return json(200, (await handler(request)) ?? {});
    } catch (error) {
      if (error instanceof UserError || error instanceof RangeError) return json(400, { error: error.message });
      throw error;
    }
  });
}

function routesOf({
  clock,
  calls,
  operator,
  alarm,
  look,
  expect,
  requests,
  chronicle,
  state,
}: ControlOptions): Record<string, Handler> {
  const now = () => ({ now: clock.now().toISOString() });
  return {
    "GET /now": now,
    "POST /sleep": async (request) => {
      await clock.sleep(number(bodyOf(request), "seconds", 0, Number.MAX_SAFE_INTEGER / 1000), request.signal);
      return now();
    },
    "POST /clock/jump": async (request) => {
      await clock.jump(targetOf(bodyOf(request), clock.now()));
      return now();
    },
    "GET /events": async () => {
      await look();
      return clock.events().map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest }));
    },
    "GET /requests": requests,
    "GET /expect": expect,
    "GET /chronicle": chronicle,
    "GET /state": state,
    "POST /calls/start": (request) => calls.start(loadOf(bodyOf(request))),
    "POST /calls/stop": () => calls.stop(),
    "POST /calls/drain": () => calls.drain(),
    "GET /calls/records": ({ query }) => {
      const since = Number(query.get("since") ?? 0);
      if (!Number.isInteger(since) || since < 0)
        throw new UserError(`since=${query.get("since")}: expected a whole number from 0 up.`);
      return calls.records(since);
    },
    "POST /alarm": (request) => setAlarm(alarm, bodyOf(request)),
    "POST /operator": (request) => {
      const { lateHours, forgets } = bodyOf(request);
      if (forgets !== undefined && !(Array.isArray(forgets) && forgets.every((each) => typeof each === "string"))) {
        throw new UserError("forgets: expected a list of texts.");
      }
      operator.set({
        ...(lateHours === undefined ? {} : { lateHours: number({ lateHours }, "lateHours", 0, 8_760) }),
        ...(forgets === undefined ? {} : { forgets: forgets as string[] }),
      });
    },
  };
}

/** @throws UserError for another value, and in a world whose organisation has no emergency group. */
function setAlarm(alarm: ControlOptions["alarm"], { on }: Body): void {
  if (typeof on !== "boolean") throw new UserError(`on: ${JSON.stringify(on)} is not true or false.`);
  try {
    alarm.set(on);
  } catch (error) {
    throw new UserError(`The alarm cannot be switched: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Body = Record<string, unknown>;

function bodyOf({ body }: HttpRequest): Body {
  let parsed: unknown;
  try {
    parsed = body === "" ? {} : JSON.parse(body);
  } catch {
    throw new UserError("The request body is not JSON.");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new UserError("The request body must be a JSON object.");
  return parsed as Body;
}

function number(body: Body, key: string, min: number, max: number, otherwise?: number): number {
  const value = body[key] ?? otherwise;
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new UserError(`${key}: ${JSON.stringify(body[key])} is not a number from ${min} to ${max}.`);
}

function targetOf(body: Body, now: Date): Date {
  if (body.seconds !== undefined)
    return new Date(now.getTime() + number(body, "seconds", 0, Number.MAX_SAFE_INTEGER / 1000) * 1000);
  const to = new Date(String(body.to));
  if (Number.isNaN(to.getTime()))
    throw new UserError(
      `to: ${JSON.stringify(body.to)} is not a date; expected {"to": "<ISO date>"} or {"seconds": n}.`,
    );
  return to;
}

function loadOf(body: Body): Load {
  return {
    perSecond: number(body, "perSecond", 0, RATE_MAX),
    talkMs: number(body, "talkMs", 0, TALK_MAX_MS, 2_000),
    mediaShare: number(body, "mediaShare", 0, 1, 0.1),
    outboundPerSecond: number(body, "outboundPerSecond", 0, RATE_MAX, 0),
    intruderPerSecond: number(body, "intruderPerSecond", 0, RATE_MAX, 0),
  };
}
