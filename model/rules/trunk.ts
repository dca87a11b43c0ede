import { covers, missingFrom, ofNoCarrier, sharing, STRANGERS_MAX, tooWide } from "../allowlist";
import { codecOf } from "../codecs";
import type { Codec } from "../types";
import { type Finding, some } from "./finding";

/** Codecs of the telephone network that the guide names; a carrier may send a call with any one of them alone. */
const NETWORK_CODECS: readonly Codec[] = ["PCMU", "PCMA", "G729"];

/** Share of a trunk's channels that test calls may take at once (probes/sip.ts keeps to it): callers cannot count on these. */
const TEST_CHANNEL_SHARE = 0.1;

/** How many addresses of a list a message shows. */
const SHOWN = 8;

/**
 * Sources of the carrier that the allowlist leaves out, or that the denylist refuses: an address on both is refused. Throws UserError for
 * text that is not an address.
 */
export function uncoveredSources(
  allowlist: readonly string[],
  sources: readonly string[],
  denylist: readonly string[] = [],
): Finding[] {
  const denied = sharing(denylist, sources);
  const refused =
    denied.length === 0
      ? []
      : [
          {
            seen: `denylist ${some(denied, SHOWN)}`,
            required: "no address on it from where the carrier sends: it counts more than the allowlist",
            fix: "take it off the trunk's denylist",
          },
        ];
  if (covers(allowlist, sources)) return refused;
  const missing = sources.length > 0 ? some(missingFrom(allowlist, sources), SHOWN) : "unknown sources";
  const uncovered = {
    seen: `allowlist ${some(allowlist, SHOWN) || "empty"}`,
    required: `also ${missing}, from where the carrier sends`,
    fix: "add it to trunk.allowlist",
  };
  return [uncovered, ...refused];
}

/** Allowlist entries too wide for any carrier, whoever it is. Throws UserError for text that is not an address. */
export function openEntries(allowlist: readonly string[]): Finding[] {
  const open = ofNoCarrier(allowlist);
  if (open.length === 0) return [];
  return [
    {
      seen: `allowlist entry ${some(open)}, which is more than any one carrier has`,
      required: "the carrier's own ranges",
      fix: "list the carrier's own ranges in trunk.allowlist",
    },
  ];
}

/** Allowlist entries that admit strangers. `strangersMax` counts addresses, 0 or more. */
export function wideEntries(
  allowlist: readonly string[],
  sources: readonly string[],
  strangersMax = Number(STRANGERS_MAX),
): Finding[] {
  const wide = tooWide(allowlist, sources, BigInt(Math.floor(strangersMax))).map(
    ({ entry, strangers }) => `allowlist entry ${entry} with ${strangers} addresses that are none of the carrier's`,
  );
  // A list of hundreds is one mistake, told once.
  const told = wide.length > SHOWN ? [some(wide)] : wide;
  return told.map((seen) => ({
    seen,
    required: `at most ${strangersMax} of them in an entry`,
    fix: "list the carrier's own ranges in trunk.allowlist",
  }));
}

/**
 * Codecs, by any of their names: at least one is shared, and of PCMU, PCMA and G729 the trunk takes each that the carrier sends. A
 * call offered with one codec alone ends with 488 when the trunk does not know that one (RFC 3261, 21.4.26).
 */
export function codecGap(trunk: readonly string[], carrier: readonly string[]): Finding[] {
  const ours = trunk.flatMap((name) => codecOf(name) ?? []);
  const theirs = carrier.flatMap((name) => codecOf(name) ?? []);
  const lacking = theirs.filter((c) => NETWORK_CODECS.includes(c) && !ours.includes(c));
  const shared = theirs.some((c) => ours.includes(c));
  if (shared && lacking.length === 0) return [];
  return [
    {
      seen: `codecs ${trunk.join(", ") || "none"}`,
      required: shared
        ? `also ${lacking.join(", ")}, which the carrier offers`
        : `one of the carrier's: ${carrier.join(", ") || "none known"}`,
      fix: `add ${(lacking.length > 0 ? lacking : theirs).join(", ") || "the carrier's codecs"} to trunk.codecs`,
    },
  ];
}

/** What the trunk sends is signalled over TLS and its audio encrypted. */
export function plainTransport(transport: string, suites: readonly string[]): Finding[] {
  if (transport.toLowerCase() === "tls" && suites.length > 0) return [];
  return [
    {
      seen: `transport ${transport || "none"}, SRTP suites ${suites.join(", ") || "none"}`,
      required: "transport tls and at least one SRTP suite",
      fix: "set trunk.transport: tls and trunk.srtpCipherSuites: [AES_CM_128_HMAC_SHA1_80]",
    },
  ];
}

/** One test call of the carrier, as it came in. */
interface CameIn {
  number: string;
  source?: string | null;
  transport?: string | null;
  srtp?: boolean | null;
}

/**
 * Calls that came in in plain. A trunk's transport setting rules what it sends; the edge takes what a carrier on the allowlist sends by any
 * transport, so only a call shows how that one does it.
 */
export function plainCalls(calls: readonly CameIn[]): Finding[] {
  const plain = calls.filter((c) => c.transport?.toLowerCase() !== "tls" || c.srtp !== true);
  if (plain.length === 0) return [];
  const how = (c: CameIn) =>
    `${c.number}${c.source ? ` from ${c.source}` : ""} over ${c.transport ?? "an unknown transport"}, audio ${c.srtp ? "SRTP" : "in plain"}`;
  return [
    {
      seen: some(plain.map(how)),
      required: "every call of the carrier over TLS with SRTP",
      fix: "have the carrier send to this trunk over TLS with SRTP (port 5061)",
    },
  ];
}

/** Recording is a setting of each trunk: what GCV's trunk did is not carried over by itself. */
export function recordingDropped(gcvRecords: boolean, recording: boolean): Finding[] {
  if (!gcvRecords || recording) return [];
  return [
    {
      seen: "a trunk without recording",
      required: "recording on, as on the GCV trunk (gcv.recording)",
      fix: "set trunk.recording: inherit-from-gcv, or gcv.recording: false if GCV does not record",
    },
  ];
}

/** The order in which a trunk looks for the caller's number, against that of GCV: CRMs match callers by it. */
export function callerIdOrder(priority: readonly string[], wanted: readonly string[]): Finding[] {
  if (priority.length === wanted.length && priority.every((p, i) => p === wanted[i])) return [];
  return [
    {
      seen: `caller id looked for in ${priority.join(", ") || "no place"}`,
      required: `${wanted.join(", ")}, as on GCV (gcv.callerIdPriority)`,
      fix: `set trunk_calling_id_priority to ${wanted.join(", ")}, or correct gcv.callerIdPriority if GCV looks elsewhere`,
    },
  ];
}

/**
 * Channels for everybody: all calls of the busiest moment come over the trunk in the end, one channel each; while a share of them
 * is canaried, two each. `peak` is a count of calls at once, `percent` 0 to 25.
 */
export function channelGap(channels: number, peak: number, percent: number): Finding[] {
  const forTests = Math.ceil(channels * TEST_CHANNEL_SHARE);
  const needed = Math.max(peak, Math.ceil((peak * 2 * percent) / 100));
  if (channels - forTests >= needed) return [];
  return [
    {
      seen: `${channels} channels, ${forTests} of them for test calls`,
      required: `${needed} for callers, the busiest moment on GCV (gcv.peakConcurrentCalls: ${peak})`,
      fix: "order more channels with the carrier and Genesys, and raise trunk.maxConcurrentCalls",
    },
  ];
}
