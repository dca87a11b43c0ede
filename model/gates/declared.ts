import { customerHost, trunkHost } from "../regions";
import { sameName } from "../rules/dns";
import type { Finding } from "../rules/finding";
import { accountDates, accountText, billedOrders, endangered } from "../rules/accounts";
import { frozenChanges, mainNumberEarly, plannedOrders } from "../rules/orders";
import { undialableHost } from "../rules/routes";
import { channelGap, codecGap, plainCalls, plainTransport, recordingDropped, wideEntries } from "../rules/trunk";
import type { SipDoc, Verdict } from "../facts";
import type { Plan } from "../types";
import { decide, document, failed, inconclusive, judged, list, type Need, passed, Unusable } from "../verdict";
import { stepOf, stepRank } from "../waves";
import { callProblem } from "./calls";
import { type GateRule, partsEntering } from "./context";
import { readWaves } from "./position";

/** The first finding as a verdict, or `passed`. */
function verdictOf(gate: string, findings: readonly Finding[], seen: string, need: Need): Verdict {
  const [first] = findings;
  if (!first) return passed(gate, seen, need);
  return failed(gate, findings.map((f) => f.seen).join("; "), { required: first.required, fix: first.fix });
}

/** A gate on what the plan says, asked again by the gate's provider: it holds also where no policy pack was loaded. */
const ofPlan = (
  name: string,
  required: (plan: Plan) => string,
  fix: string,
  rule: (plan: Plan) => Finding[],
): GateRule => ({
  name,
  judge({ plan }) {
    const need = { required: required(plan), fix };
    return verdictOf(name, rule(plan), "the plan as required", need);
  },
});

export const allowlistNotTooWide = ofPlan(
  "allowlist-not-too-wide",
  () => "an allowlist of the carrier's own ranges",
  "list the carrier's own ranges in trunk.allowlist",
  (plan) => wideEntries(plan.trunk.allowlist, plan.carrier.sourceRanges),
);

export const codecsAgree = ofPlan(
  "codecs-agree",
  ({ carrier }) => `the codecs the carrier offers: ${carrier.codecs.join(", ")}`,
  "add them to trunk.codecs",
  (plan) => codecGap(plan.trunk.codecs, plan.carrier.codecs),
);

/**
 * The trunk sends over TLS with SRTP, as the plan says; and the carrier does, as its test calls show, those of the handshake and those over
 * each R1: the trunk's setting does not govern what comes in. A call of which nobody says how it came in is no evidence.
 */
export const trunkTransportSecure: GateRule = {
  name: "trunk-transport-secure",
  judge({ plan, from, to, move, facts, now }) {
    const need = { required: "transport tls and an SRTP suite", fix: "set trunk.transport and trunk.srtpCipherSuites" };
    const { transport, srtpCipherSuites } = plan.trunk;
    const declared = plainTransport(transport, srtpCipherSuites);
    const live = partsEntering(move, "live").length > 0;
    const called = live || (to.phase === "ttl-lowered" && from.phase !== to.phase);
    if (declared.length > 0 || !called) return verdictOf(this.name, declared, "the plan as required", need);
    const inbound = {
      required: "every call of the carrier over TLS with SRTP",
      fix: "have the test desk say transport and srtp of each call",
    };
    return judged(this.name, inbound, () => {
      const tests = list(document(plan, facts, "sip", now).tests, "the list of test calls");
      // Whether they were answered is handshake-proven's to judge; a refused call shows as well how the carrier sends.
      const calls = tests.filter((t) => t.purpose === (live ? "R1" : "handshake"));
      if (calls.length === 0) throw new Unusable("inconclusive", "no test call");
      const unknown = calls.filter((t) => typeof t.transport !== "string" || typeof t.srtp !== "boolean");
      if (unknown.length > 0)
        throw new Unusable("inconclusive", `${unknown.length} test calls of which nobody says how they came in`);
      return verdictOf(this.name, plainCalls(calls), `${calls.length} test calls over TLS with SRTP`, inbound);
    });
  },
};

/**
 * What GCV's own trunk does is not carried over by itself. The plan says whether it records (gcv.recording); where the organisation shows that
 * trunk to this client, the plan's word is compared with it, since a plan that is wrong there would lose the recordings unseen.
 */
export const recordingKept: GateRule = {
  name: "recording-kept",
  judge({ plan, from, to, facts, now }) {
    const need = { required: "recording as on the GCV trunk", fix: "set trunk.recording: inherit-from-gcv" };
    const { trunk, gcv } = plan;
    return judged(this.name, need, () => {
      const looked = to.phase === "parallel" && from.phase !== to.phase;
      const { existing } = looked ? document(plan, facts, "record", now) : (facts.record ?? {});
      if (looked && !existing) throw new Unusable("inconclusive", "the GCV trunk was not looked at");
      const seen = existing?.gcvRecording;
      const records = trunk.recording === "inherit-from-gcv" ? gcv.recording : trunk.recording === "on";
      if (seen === true && !records)
        return failed(this.name, `${existing!.gcvTrunk} records calls, the plan's trunk would not`, {
          required: need.required,
          fix: "set gcv.recording: true in the plan, and trunk.recording: inherit-from-gcv",
        });
      return verdictOf(this.name, recordingDropped(gcv.recording, records), "the plan as required", need);
    });
  },
};

/**
 * The billing number of an account leaves last: as the orders ask for it before they are submitted, and by the dates that the carriers agreed on
 * from then on. It stops the orders, the step into `cutover` (from `porting` one step back cancels them), and the first wave's `live`, after which
 * the stack can cancel none. Later, and once the billing number is ported, no step of ours is nearer to it or saves it: then it is told, here and
 * by `status`, and nothing is stopped.
 */
export const mainNumberLast: GateRule = {
  name: "main-number-last",
  judge({ plan, from, to, facts, now }) {
    const need = {
      required: "the billing number on the last date of its account",
      fix: "have the carrier's porting desk move its order behind the rest, or the rest before it (a supplement to the order; ports.csv stays as it is), have the losing carrier name another billing number, or cancel with cutover:phase: canary",
    };
    const orders = plannedOrders(plan);
    const asked = from.phase === to.phase || to.phase !== "porting" ? [] : mainNumberEarly(orders);
    if (asked.length > 0) return verdictOf(this.name, asked, "", need);
    const accounts = billedOrders(orders).length;
    if (accounts === 0) return passed(this.name, "no billing number among the orders", need);
    return judged(this.name, need, () => {
      const doc = document(plan, facts, "carrier", now);
      const onFile = {
        orders: list(doc.orders, "the list of port orders"),
        numbers: list(doc.numbers, "the list of number states"),
      };
      const found = accountDates(orders, { orders: [...onFile.orders], numbers: [...onFile.numbers] }, now.getTime());
      const told = found.flatMap((a) => accountText(a) ?? []);
      const reached = readWaves(facts.record?.record?.floor) ?? {};
      const cancellable = plan.parts.every((p) => stepRank(stepOf(reached, p.id)) < stepRank("live"));
      const open = cancellable ? found.filter((a) => !a.ported) : [];
      if (open.some(endangered)) return decide(this.name, told, "", need);
      if (open.some((a) => a.undated.length > 0)) throw new Unusable("inconclusive", told.join("; "));
      return passed(this.name, told.join("; ") || `${accounts} accounts, none dated before its rest`, need);
    });
  },
};

/** Channels for the busiest moment; a sandbox plays its own load, so there the figure may be left out. */
export const channelsSuffice: GateRule = {
  name: "channels-suffice",
  judge({ plan }) {
    const peak = plan.gcv.peakConcurrentCalls;
    const need = {
      required: "channels for every call of GCV's busiest moment, and for test calls",
      fix: "set gcv.peakConcurrentCalls to the most calls at once that GCV carried, and trunk.maxConcurrentCalls to match",
    };
    const channels = plan.trunk.maxConcurrentCalls;
    if (peak === undefined) {
      const seen = `${channels} channels, and no gcv.peakConcurrentCalls in the plan`;
      return plan.sandbox ? passed(this.name, seen, need) : inconclusive(this.name, seen, need);
    }
    return verdictOf(
      this.name,
      channelGap(channels, peak, plan.canary.percent),
      `${channels} channels for ${peak} calls at once`,
      need,
    );
  },
};

/** Every host that a route will dial is one the carrier can reach, the edge knows and the certificate covers. */
export const nameIsDialable: GateRule = {
  name: "name-is-dialable",
  judge({ plan, from, to, facts, now }) {
    const need = {
      required: "hosts that the edge knows and its certificate covers, for the way this carrier dials",
      fix: "set carrier.routeHost: genesys-name, or correct dns[].to",
    };
    return judged(this.name, need, () => {
      const own = trunkHost(plan);
      const real = plan.carrier.routeHost === "customer-name" ? (customerHost(plan) ?? own) : own;
      const findings = [...undialableHost(plan, own, true), ...undialableHost(plan, real, false)];
      const hosts = [...new Set([own, real])].join(", ");
      if (findings.length > 0 || to.phase !== "ttl-lowered" || from.phase === to.phase)
        return verdictOf(this.name, findings.slice(0, 1), hosts, need);
      return answering(this.name, own, document(plan, facts, "sip", now), need);
    });
  },
};

/**
 * Any final answer to OPTIONS, 404 included, proves the name, the transport and TLS; nothing else is asked of it. An edge that says
 * nothing to addresses that are on no allowlist, such as ours, is proven by the carrier's own call over the trunk.
 */
function answering(gate: string, host: string, { options, tests }: SipDoc, need: Need): Verdict {
  if (!options) return inconclusive(gate, "no OPTIONS was sent to the trunk's name", need);
  // `tls:<host>:5061`, or the host alone.
  if (!options.target?.split(":").some((part) => sameName(part, host)))
    return inconclusive(gate, `OPTIONS was sent to ${options.target ?? "nobody"}, not to ${host}`, need);
  if (options.tls?.error === "ERR_TLS_CERT_ALTNAME_INVALID")
    return failed(gate, `${options.target}: a certificate of another name`, need);
  const call = tests?.find((t) => t.via === "byoc" && callProblem(t) === undefined);
  if (options.code === null && call)
    return passed(gate, `${options.target} is silent to us, and answered the carrier's call to ${call.number}`, need);
  if (options.code === null)
    return inconclusive(
      gate,
      `${options.target} gave no answer to OPTIONS${options.error ? ` (${options.error})` : ""}`,
      need,
    );
  if (!(Number.isInteger(options.code) && options.code >= 100 && options.code < 700))
    return inconclusive(gate, `${options.target} answered OPTIONS with ${options.code}, which is no SIP answer`, need);
  return passed(gate, `${options.target} answered OPTIONS with ${options.code}`, need);
}

/** From two days before its date on, nothing of a port order changes; asked whenever the plan is another than the record's. */
export const focFrozen: GateRule = {
  name: "foc-frozen",
  judge({ plan, facts, now }) {
    const need = {
      required: "no change of an order within 48 h of its date, until its numbers are Active",
      fix: "undo the change of numbers.csv or ports.csv, or have the carrier set another date first",
    };
    return judged(this.name, need, () => {
      const doc = document(plan, facts, "carrier", now);
      const orders = list(doc.orders, "the list of port orders");
      const numbers = list(doc.numbers, "the list of number states");
      const reasons = frozenChanges(plannedOrders(plan), { orders, numbers }, now.getTime());
      return decide(this.name, reasons, `${orders.length} orders on file, none near its date would change`, need);
    });
  },
};
