import { discover } from "../daily/discover/command";
import type { Estate } from "../daily/discover/estate";
import { settingsOf, type StackSettings } from "../daily/settings";
import { UserError } from "../model/errors";
import { takeEnvironment } from "./environment";
import { progressLine } from "./progress";

export interface DiscoverOptions {
  out: string;
  stack?: string;
  config?: string;
  region?: string;
  world?: string;
  zone?: string[];
  record?: string[];
  force?: boolean;
  json?: boolean;
}

/** Where everything answers: a region alone, or a stack's configuration, a world's file, or both. */
function settingsFor(o: DiscoverOptions): StackSettings | { region: string } {
  const named = o.stack !== undefined || o.world !== undefined;
  if (named === (o.region !== undefined))
    throw new UserError("Name either --region or --stack (or --world for a sandbox): where the organisation answers.");
  return o.region !== undefined ? { region: o.region } : settingsOf(o);
}

/** @throws UserError naming the credentials that are not set: nothing can be read without them. */
function needCredentials(env: NodeJS.ProcessEnv): void {
  const missing = ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"].filter((name) => !env[name]);
  if (missing.length > 0)
    throw new UserError(
      `${missing.join(" and ")} not set in the environment; expected the id and secret of an OAuth client with client credentials.`,
    );
}

/** `cutover discover`: writes the estate and says what is left to answer. */
export async function discoverVerb(o: DiscoverOptions): Promise<void> {
  const line = progressLine(process.stderr);
  const settings = settingsFor(o);
  const env = takeEnvironment(o);
  needCredentials(env);
  const estate = await discover({
    out: o.out,
    settings,
    zones: o.zone ?? [],
    records: o.record ?? [],
    force: o.force === true,
    env,
    progress: line.report,
  }).finally(line.end);
  console.log(o.json ? JSON.stringify(summary(o.out, estate)) : report(o.out, estate));
}

const summary = (out: string, { counts, questions, notes }: Estate) => ({
  schema: "cutover/discover/v1",
  out,
  counts,
  questions,
  notes,
});

function report(out: string, { counts, questions, notes }: Estate): string {
  const lines = [
    `${out}: ${counts.numbers} numbers, ${counts.flows} flows, ${counts.sites} sites, ${counts.dns} DNS records; ${questions.length} questions to answer`,
    ...questions.map((q) => `  ? ${q.file}, ${q.key}${q.rows ? ` (${q.rows} rows)` : ""}: ${q.question}`),
    ...notes.map((n) => `  ! ${n}`),
  ];
  return lines.join("\n");
}
