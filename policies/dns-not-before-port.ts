import { earlyTarget } from "../model/rules/dns";
import type { Basis } from "./basis";
import { dnsRecordPolicy, wantedRecords } from "./dns-records";
import { gatePolicy, together } from "./policy";

const NAME = "dns-not-before-port";
const WHAT = "A name leads to the new trunk only after the numbers that follow it are Active and bound there.";

const planTarget = (basis: Basis): string | undefined => basis.plan("the plan").dns[0]?.to;

export const dnsNotBeforePort = together(
  gatePolicy(NAME, WHAT),
  dnsRecordPolicy(NAME, WHAT, (record, resource, basis) => {
    const wanted = wantedRecords(basis.plan("the plan, which says when a name may move"), resource, record);
    if (wanted.length === 0) return [];
    // Two views of one name are two records, and a declaration does not say which it is: it has to be right for one of them.
    const findings = wanted.map((want) => earlyTarget(record, want, want.target === planTarget(basis)));
    return findings.some((f) => f.length === 0) ? [] : findings[0]!;
  }),
);
