import { desiredState } from "../../model/phases";
import { compareNatural } from "../../model/waves";
import { formatRange, toRanges } from "../../model/ranges";
import type { DesiredState, NumberRange, Plan, Position, WaveStates } from "../../model/types";

/** One object of the desired state that is not the same before and after. */
export interface Change {
  op: "add" | "change" | "remove" | "adopt";
  /** `dns/route53-public-sip.meridian.example`. */
  key: string;
  /** `ttlSeconds: 3600 -> 300`; for an added or removed object its values. */
  details: string[];
}

type Fields = Record<string, string>;

/**
 * What the step changes, object by object, from the pure desired state alone: no world is asked. Adopted objects are those that exist
 * before `baseline` and are imported there. Sorted by key.
 */
export function changesOf(plan: Plan, from: Position, to: Position, floor: WaveStates = {}): Change[] {
  const before =
    from.phase === "none" ? new Map<string, Fields>() : objectsOf(desiredState(plan, from.phase, from.waves, floor));
  const after =
    to.phase === "none" ? new Map<string, Fields>() : objectsOf(desiredState(plan, to.phase, to.waves, floor));
  const added = from.phase === "none" ? "adopt" : "add";
  return [...new Set([...before.keys(), ...after.keys()])].sort(compareNatural).flatMap((key): Change[] => {
    const [old, now] = [before.get(key), after.get(key)];
    if (!old) return [{ op: added, key, details: lines(now!) }];
    if (!now) return [{ op: "remove", key, details: lines(old) }];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    const details = names
      .filter((name) => old[name] !== now[name])
      .map((name) => `${name}: ${old[name] ?? "none"} -> ${now[name] ?? "none"}`);
    return details.length > 0 ? [{ op: "change", key, details }] : [];
  });
}

const lines = (fields: Fields) => Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
const many = (ranges: readonly NumberRange[]) => ranges.map(formatRange).join(" ");

/** Every object of a state under a stable key, its fields as text so that they can be compared and shown. */
function objectsOf(state: DesiredState): Map<string, Fields> {
  const objects = new Map<string, Fields>();
  const put = (key: string, fields: Fields) => objects.set(key, fields);
  for (const d of state.dns) put(`dns/${d.key}`, { target: d.target, ttlSeconds: String(d.ttlSeconds) });
  if (state.byoc) put("byoc", { trunk: "present", protected: state.protectByoc ? "yes" : "no" });
  for (const i of state.gcvIvrs)
    put(`ivr/${i.callRoute}`, { target: i.target, numbers: many(toRanges(i.numbers)) || "none" });
  if (state.byoc)
    for (const i of state.byocIvrs) put(`ivr/${i.callRoute} BYOC`, { numbers: many(toRanges(i.numbers)) || "none" });
  for (const p of state.pools) put(`pool/${p.part}`, { ranges: many(p.ranges) });
  for (const r of state.rows)
    put(`row/${r.part}`, { path: r.path, standby: r.standby, canaryPercent: String(r.canaryPercent) });
  for (const o of state.outbound) put(`outbound/${o.site}`, { trunks: o.trunks.join(", ") });
  for (const r of state.routes)
    put(`carrier-route/${r.key}`, {
      kind: r.kind,
      host: r.host,
      calledNumber: r.calledNumber ?? "the dialled number",
      ...(r.nextHost ? { nextHost: r.nextHost } : {}),
      ranges: many(r.ranges),
    });
  for (const e of state.emergencyAddresses) put(`emergency-address/${e.address}`, { ranges: many(e.ranges) });
  for (const o of state.portOrders)
    put(`port-order/${o.id}`, {
      focInDays: String(o.focInDays),
      losingCarrier: o.losingCarrier,
      ranges: many(o.ranges),
    });
  for (const i of state.inventoryRequests) put(`inventory-request/${i.part}`, { ranges: many(i.ranges) });
  if (state.standbyClosed) put("standby", { gcv: "closed" });
  return objects;
}
