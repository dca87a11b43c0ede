import { UserError } from "../model/errors";
import type { Clock } from "../providers/lib/clock";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isCidr } from "../model/allowlist";
import type { ProbeFacts, ProbeSettings } from "./document";
import { loadPlanOf } from "./genesys";

/**
 * The carrier's published source addresses. No carrier's API lists them: they stand on a page, with a date. A person copies it to
 * `<deskDir>/published-ranges.json`, `{"at": "<ISO>", "source": "<where it stands>", "ranges": ["<CIDR>"]}`. Null without the file.
 * Throws UserError when it says something else.
 */
async function readPublished(deskDir: string): Promise<{ at: string; source: string; ranges: string[] } | null> {
  const file = join(deskDir, "published-ranges.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    const { at, source, ranges } = JSON.parse(text) as { at: string; source: string; ranges: string[] };
    const known = Array.isArray(ranges) && ranges.length > 0 && ranges.every((r) => typeof r === "string" && isCidr(r));
    if (known && Number.isFinite(Date.parse(at)) && typeof source === "string") return { at, source, ranges };
  } catch {
    // told below
  }
  throw new UserError(
    `${file}: not readable; expected {"at": "<ISO date>", "source": "<page>", "ranges": ["203.0.113.10/31"]}; correct it.`,
  );
}

/** What the gaining carrier has on file: source addresses of the plan, number states, routes, orders, emergency addresses. */
export async function probeCarrier(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  if (!settings.carrier)
    throw new UserError("The carrier probe's settings have no carrier; expected {adapter, url, deskDir}.");
  const { openCarrier } = await import("../providers/carrier/open");
  const [plan, survey] = await Promise.all([loadPlanOf(settings), openCarrier(settings.carrier, clock).survey()]);
  return {
    sourceRanges: plan.carrier.sourceRanges,
    published: await readPublished(settings.carrier.deskDir),
    ...survey,
  };
}
