import { missingFrom } from "../allowlist";
import type { CarrierDoc, SipDoc } from "../facts";
import { freshMinutes } from "../freshness";
import { uncoveredSources } from "../rules/trunk";
import type { Plan } from "../types";
import { ageProblem, decide, document, failed, judged, list, passed, Unusable } from "../verdict";
import type { GateRule } from "./context";

/** The organisation that answers is the plan's: a right client id of the wrong organisation moves the wrong numbers. */
export const organisationAnswers: GateRule = {
  name: "organisation-answers",
  judge({ plan, facts, now }) {
    const need = {
      required: `the organisation "${plan.organisation.name}" answers`,
      fix: "correct GENESYSCLOUD_OAUTHCLIENT_ID or organisation.name",
    };
    return judged(this.name, need, () => {
      const { organisation } = document(plan, facts, "entitlement", now);
      if (!organisation?.id) throw new Unusable("inconclusive", "no organisation in the entitlement document");
      const seen = `organisation "${organisation.name}" (${organisation.id})`;
      return organisation.name === plan.organisation.name
        ? passed(this.name, seen, need)
        : failed(this.name, seen, need);
    });
  },
};

/** BYOC Cloud is a product of its own; without it the trunk can be created by nobody. */
export const licencePresent: GateRule = {
  name: "licence-present",
  judge({ plan, facts, now }) {
    const need = {
      required: "a product with BYOC among the organisation's products",
      fix: "order BYOC Cloud with Genesys (CX 1 or above), then try again",
    };
    return judged(this.name, need, () => {
      const products = list(document(plan, facts, "entitlement", now).products, "the list of products");
      const seen = products.length > 0 ? `products ${products.join(", ")}` : "no products";
      return products.some((p) => /byoc/i.test(p)) ? passed(this.name, seen, need) : failed(this.name, seen, need);
    });
  },
};

/** Every right the migration will use, asked before the first change: a 403 half way up leaves things between two states. */
export const permissionsGranted: GateRule = {
  name: "permissions-granted",
  judge({ plan, facts, now }) {
    const need = {
      required: "every right that a step of the migration uses",
      fix: "add the permissions to the role of the OAuth client",
    };
    return judged(this.name, need, () => {
      const missing = list(
        document(plan, facts, "entitlement", now).missingPermissions,
        "the list of missing permissions",
      );
      return decide(
        this.name,
        missing.map((p) => `${p} is missing`),
        "no missing permission",
        need,
      );
    });
  },
};

/**
 * The ranges that the carrier can send from: as the plan declares them, and as the carrier publishes them, dated. A sandbox's carrier has no
 * page; of any other a page that nobody read is not known to agree with the plan.
 */
export function carrierRanges(plan: Plan, doc: CarrierDoc, now: Date): string[] {
  const told = list(doc.sourceRanges, "the carrier's source ranges");
  const { published } = doc;
  if (!published && !plan.sandbox)
    throw new Unusable(
      "inconclusive",
      "nobody wrote down what the carrier publishes of its source addresses (published-ranges.json on the desk)",
    );
  if (published) {
    const old = ageProblem(
      published.at,
      `the carrier's published list (${published.source})`,
      freshMinutes(plan, "publishedRanges"),
      now,
    );
    if (old) throw new Unusable("inconclusive", old);
  }
  return [
    ...new Set([...plan.carrier.sourceRanges, ...told, ...list(published?.ranges ?? [], "the published ranges")]),
  ];
}

/** Addresses that test calls came from, the refused ones too: a 403 is how a missing address shows. */
const seenSources = (doc: SipDoc | undefined): string[] => [
  ...new Set((doc?.tests ?? []).flatMap((t) => (t.source ? [t.source] : []))),
];

/** The trunk admits every address that the carrier sends from: as declared, as published, and as seen on test calls. */
export const allowlistCovers: GateRule = {
  name: "allowlist-covers-carrier",
  judge({ plan, facts, from, to, now }) {
    const { allowlist } = plan.trunk;
    const need = {
      required:
        "every source address of the carrier in trunk.allowlist: as declared, as published, as seen on test calls",
      fix: "add the missing ranges to trunk.allowlist, and keep the carrier's page copied on the desk (published-ranges.json)",
    };
    return judged(this.name, need, () => {
      const ranges = carrierRanges(plan, document(plan, facts, "carrier", now), now);
      // Before the trunk exists nobody can have called it; afterwards the step that rests on the handshake has every source called from.
      const called = to.phase === "ttl-lowered" && from.phase !== to.phase;
      const seen = called ? seenSources(document(plan, facts, "sip", now)) : seenSources(facts.sip);
      const sources = [...ranges, ...seen];
      if (uncoveredSources(allowlist, sources).length === 0)
        return passed(this.name, `${ranges.length} source ranges and ${seen.length} addresses seen covered`, need);
      const missing = missingFrom(allowlist, sources);
      return failed(this.name, `allowlist ${allowlist.join(", ")} without ${[...new Set(missing)].join(", ")}`, need);
    });
  },
};
