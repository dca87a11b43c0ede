import { codecOf, sharedCodecs } from "../codecs";
import { amount, decide, document, inconclusive, judged, list, Unusable } from "../verdict";
import type { GateRule } from "./context";

/** The first failures by caller and time, so that their SIP traces are found. */
function firstFailures(failures: { ani: string; at: string; why: string }[] | undefined): string {
  const shown = (failures ?? []).slice(0, 3).map((f) => `${f.ani} at ${f.at}: ${f.why}`);
  return shown.length > 0 ? ` (${shown.join("; ")})` : "";
}

/**
 * Enough canary calls, of good quality: failed calls have no MOS, so both are judged. Told apart: `failed` is a measured no, `errored`
 * could not be measured, `inconclusive` is no answer yet (too few calls, no MOS, no codec known).
 */
export const canaryHealthy: GateRule = {
  name: "canary-healthy",
  judge({ plan, facts, now }) {
    const { minCalls, minMos, maxFailureRate } = plan.canary;
    const need = {
      required: `${minCalls} canary calls, mean MOS ${minMos} or better, at most ${maxFailureRate * 100} % failed, codecs of both sides`,
      fix: "let the canary run longer, or set the phase back to ttl-lowered and mend the trunk",
    };
    return judged(this.name, need, () => {
      const { canary } = document(plan, facts, "quality", now);
      if (!canary) throw new Unusable("inconclusive", "no canary measurement in the quality document");
      const calls = amount(canary.calls, "the number of canary calls");
      // Too few calls are not a bad trunk, only not yet an answer.
      if (calls < minCalls) return inconclusive(this.name, `${calls} canary calls`, need);
      const share = amount(canary.failed, "the number of failed canary calls") / calls;
      const mos = amount(canary.meanMos, "the mean MOS");
      const codecs = list(canary.codecs, "the list of codecs");
      if (codecs.length === 0) throw new Unusable("inconclusive", "no codec of a canary call is known");
      const shared = sharedCodecs(plan.trunk.codecs, plan.carrier.codecs);
      const reasons = [
        ...(mos >= minMos ? [] : [`mean MOS ${mos}`]),
        ...(share <= maxFailureRate
          ? []
          : [`${canary.failed} of ${calls} calls failed${firstFailures(canary.failures)}`]),
        ...codecs.filter((c) => !shared.includes(codecOf(c)!)).map((c) => `codec ${c}`),
      ];
      return decide(
        this.name,
        reasons,
        `${calls} canary calls, mean MOS ${mos}, ${canary.failed} failed, codecs ${codecs.join(", ")}`,
        need,
      );
    });
  },
};

/** CRMs match callers by their number: each canary call came back in with the caller's own. */
export const callerIdPreserved: GateRule = {
  name: "caller-id-preserved",
  judge({ plan, facts, now }) {
    const need = {
      required: "the caller's own number on every canary call",
      fix: "have the carrier pass P-Asserted-Identity through unchanged, and keep the trunk's caller id order as on GCV",
    };
    return judged(this.name, need, () => {
      const { canary } = document(plan, facts, "quality", now);
      if (!canary) throw new Unusable("inconclusive", "no canary measurement in the quality document");
      const calls = amount(canary.calls, "the number of canary calls");
      // How many calls are enough is canary-healthy's to say; without one there is nothing to see.
      if (calls === 0) return inconclusive(this.name, "no canary call", need);
      const wrong = amount(canary.wrongCallerId, "the number of wrong caller ids");
      const reasons = wrong === 0 ? [] : [`${wrong} of ${calls} calls with a wrong caller id`];
      return decide(this.name, reasons, `${calls} canary calls with the caller's own number`, need);
    });
  },
};
