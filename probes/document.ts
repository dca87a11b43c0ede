import { UserError } from "../model/errors";
import type { ProbeDoc } from "../model/facts";

declare const CUTOVER_VERSION: string | undefined;

/** `ip:port` (or `ip`) of a resolver or name server, as configured in `cutover:resolvers` and `cutover:nameServers`. */
export interface ServerSetting {
  name?: string;
  address: string;
  view: "public" | "private";
  provider?: string;
  zone?: string;
}

/** What a probe is told (internals section 4). Credentials are never in here: they come from the environment. */
export interface ProbeSettings {
  plan: string;
  stack: string;
  /** Base URL of the Genesys Cloud API; left out, the region of the plan decides. */
  genesys?: string;
  carrier?: { adapter: "manual" | "telnyx"; url?: string; deskDir: string };
  resolvers?: ServerSetting[];
  nameServers?: ServerSetting[];
  /** Clock of the sandbox's world; left out, the machine's. */
  clock?: string;
  ask?: Record<string, unknown>;
}

/** `inconclusive`: everything was reached, and the answer is still not known. Each but `ok` is a no for a gate. */
export type ProbeStatus = ProbeDoc["status"];

/** What a probe returns: its facts, and a status when it is not plainly `ok`. */
export type ProbeFacts = Record<string, unknown> & { status?: ProbeStatus; error?: string };

const version = typeof CUTOVER_VERSION === "string" ? CUTOVER_VERSION : "0.0.0-dev";

/** Puts the head before the facts. `at` is when they were known to be true: for a probe that takes a while, its beginning. */
export function document(
  probe: string,
  at: Date | null,
  facts: ProbeFacts,
  where?: string,
): ProbeDoc & Record<string, unknown> {
  const { status = "ok", error, ...rest } = facts;
  return {
    schema: "cutover/probe/v1",
    probe,
    at: at?.toISOString() ?? "",
    by: `cutover-probe/${version}`,
    ...(where ? { where } : {}),
    status,
    ...(error ? { error } : {}),
    ...rest,
  };
}

/** Which systems a probe asks, in few words: addresses as configured, never a credential. */
export function whereOf(probe: string, settings: ProbeSettings): string {
  const genesys = settings.genesys ?? "the Genesys Cloud API of the plan's region";
  const { carrier, resolvers = [], nameServers = [] } = settings;
  const desk = carrier ? (carrier.url ?? carrier.deskDir) : "no carrier";
  if (probe === "dns")
    return `${resolvers.length || "public"} resolvers, ${nameServers.length || "the zones' own"} name servers`;
  if (probe === "carrier") return `${carrier?.adapter ?? "no"} desk, ${desk}`;
  return probe === "sip" ? `test calls by ${desk}, read back from ${genesys}` : genesys;
}

/** First line of an error, with the cause that Node's fetch hides; never a stack. */
export function errorText(error: unknown): string {
  if (error instanceof UserError) return error.problems.join(" ");
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const detail = cause ? ` (${(cause as NodeJS.ErrnoException).code ?? cause.message})` : "";
  return `${error.message.split("\n")[0]}${detail}`;
}

/** Runs `work` on every item, at most `limit` at once; results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
