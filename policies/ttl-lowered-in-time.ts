import { dnsRecordPolicy, wantedRecords } from "./dns-records";
import { gatePolicy, together } from "./policy";

const NAME = "ttl-lowered-in-time";
const WHAT =
  "The lowered TTL was in effect for max(48 h, old TTL) and every server asked answers it; it stays lowered until the end.";

export const ttlLoweredInTime = together(
  gatePolicy(NAME, WHAT),
  // A TTL raised too early lets resolvers keep an answer that is about to change.
  dnsRecordPolicy(NAME, WHAT, (record, resource, basis) => {
    const wanted = wantedRecords(basis.plan("the plan, which says when the TTL is lowered"), resource, record);
    const most = Math.max(...wanted.map((w) => w.ttlSeconds));
    if (wanted.length === 0 || (record.ttlSeconds !== undefined && record.ttlSeconds <= most)) return [];
    return [
      {
        seen: `${record.name} with a TTL of ${record.ttlSeconds ?? "none"} s`,
        required: `${most} s or less at this phase`,
        fix: `declare the record with a TTL of ${most} s: the phase complete raises it again`,
      },
    ];
  }),
);
