/** Named switches of the world: `--world NAME[=VALUE]`. What each stands for and how it is known: docs/sandbox.md. */

import { UserError } from "../model/errors";
import { ROUTE53_LIMITS } from "./dns/route53";
import type { ResolverKind } from "./dns";
import { type PortFault, type PortFaultKind, WEBHOOK_MANNERS } from "./porting";
import type { WorldFaults } from "./world";

interface Switch {
  /** Form of the value, for messages; undefined = takes none. */
  value?: string;
  /** Changes the faults; @throws UserError when the value does not fit. */
  apply(faults: WorldFaults, value: string, wrong: () => UserError): void;
}

const RESOLVER_KINDS: readonly ResolverKind[] = ["honest", "clamp-low", "clamp-high", "stale", "pinned", "failing"];
const PORT_FAULTS: readonly PortFaultKind[] = ["split", "slip", "early", "rejected", "reverted", "on-demand"];

function numberOf(text: string, min: number, max: number, wrong: () => UserError): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < min || value > max) throw wrong();
  return value;
}

const genesys =
  (key: keyof NonNullable<WorldFaults["genesys"]>, min: number, max: number): Switch["apply"] =>
  (faults, value, wrong) => {
    faults.genesys = { ...faults.genesys, [key]: numberOf(value, min, max, wrong) };
  };

/** Every switch by its name. */
export const SWITCHES: Readonly<Record<string, Switch>> = {
  "carrier-resolver": {
    value: RESOLVER_KINDS.join("|"),
    apply: (faults, value, wrong) => {
      const kind = RESOLVER_KINDS.find((each) => each === value);
      if (!kind) throw wrong();
      faults.carrierResolver = kind;
    },
  },
  port: {
    value: `${PORT_FAULTS.join("|")}[:HOURS[:ORDER]]`,
    apply: (faults, value, wrong) => {
      const [kind = "", hours = "", order = "*"] = value.split(":");
      const known = PORT_FAULTS.find((each) => each === kind);
      if (!known) throw wrong();
      const fault: PortFault = { kind: known, order };
      if (hours !== "") fault.hours = numberOf(hours, 0, 8_760, wrong);
      faults.ports = [...(faults.ports ?? []), fault];
    },
  },
  webhooks: {
    value: WEBHOOK_MANNERS.join("|"),
    apply: (faults, value, wrong) => {
      const manner = WEBHOOK_MANNERS.find((each) => each === value);
      if (!manner) throw wrong();
      faults.webhooks = manner;
    },
  },
  "networks-learn": {
    value: "MINUTES",
    apply: (faults, value, wrong) => {
      faults.networksLearnMinutesMax = numberOf(value, 1, 14_400, wrong);
    },
  },
  "carrier-idle": {
    value: "SECONDS",
    apply: (faults, value, wrong) => {
      faults.carrierIdleSeconds = numberOf(value, 1, 604_800, wrong);
    },
  },
  "carrier-source-change": {
    value: "inside|outside[:HOURS]",
    apply: (faults, value, wrong) => {
      const [kind = "", hours = "0", ...more] = value.split(":");
      if ((kind !== "inside" && kind !== "outside") || more.length > 0) throw wrong();
      faults.carrierSourceChange = { kind, hours: numberOf(hours, 0, 8_760, wrong) };
    },
  },
  "route53-former-limits": {
    apply: (faults) => {
      faults.route53Limits = ROUTE53_LIMITS.former;
    },
  },
  "genesys-read-lag": { value: "SECONDS", apply: genesys("readLagSeconds", 0, 3_600) },
  "genesys-publish": { value: "SECONDS", apply: genesys("publishSeconds", 0, 3_600) },
  "genesys-publish-fails": { value: "TIMES", apply: genesys("publishFailures", 0, 1_000) },
  "genesys-analytics-lag": { value: "SECONDS", apply: genesys("analyticsLagSeconds", 0, 86_400) },
  "genesys-ivr-numbers-per-put": { value: "NUMBERS", apply: genesys("dnisAddedPerPutMax", 1, 10_000) },
  "real-audio": {
    apply: (faults) => {
      faults.edge = { ...faults.edge, realAudio: true };
    },
  },
  quality: {
    value: "gcv|byoc:LOSS-PERCENT:DELAY-MS[:JITTER-MS]",
    apply: (faults, value, wrong) => {
      const [path = "", loss = "", delay = "", jitter = "0", ...more] = value.split(":");
      if ((path !== "gcv" && path !== "byoc") || more.length > 0) throw wrong();
      const quality = {
        lossPercent: numberOf(loss, 0, 100, wrong),
        delayMs: numberOf(delay, 0, 5_000, wrong),
        jitterMs: numberOf(jitter, 0, 1_000, wrong),
      };
      faults.edge = { ...faults.edge, paths: { ...faults.edge?.paths, [path]: quality } };
    },
  },
  "edge-unlisted": {
    value: "403|silence",
    apply: (faults, value, wrong) => {
      if (value !== "403" && value !== "silence") throw wrong();
      faults.edge = { ...faults.edge, unlisted: value };
    },
  },
  "operator-late": {
    value: "HOURS",
    apply: (faults, value, wrong) => {
      faults.operator = { ...faults.operator, lateHours: numberOf(value, 0, 8_760, wrong) };
    },
  },
  "operator-forgets": {
    value: "TEXT",
    apply: (faults, value, wrong) => {
      if (value === "") throw wrong();
      faults.operator = { ...faults.operator, forgets: [...(faults.operator?.forgets ?? []), value] };
    },
  },
};

/** Adds switches such as `port=early:6` to faults. @throws UserError for a name there is not, or a value that does not fit. */
export function applySwitches(faults: WorldFaults, switches: readonly string[]): WorldFaults {
  const changed = { ...faults };
  for (const text of switches) {
    const at = text.indexOf("=");
    const name = at < 0 ? text : text.slice(0, at);
    const found = Object.hasOwn(SWITCHES, name) ? SWITCHES[name] : undefined;
    if (!found) throw new UserError(`--world ${text}: expected one of ${Object.keys(SWITCHES).join(", ")}.`);
    const form = found.value === undefined ? name : `${name}=${found.value}`;
    const wrong = () => new UserError(`--world ${text}: expected ${form}.`);
    if ((found.value === undefined) !== at < 0) throw wrong();
    found.apply(changed, at < 0 ? "" : text.slice(at + 1), wrong);
  }
  return changed;
}
