import { proxiedRecord } from "../model/rules/dns";
import { planIfAny } from "./context";
import { carriesCalls, declaredRecord } from "./dns-records";
import { AWS_RECORD, CLOUDFLARE_RECORD, type Judged, resourcePolicy, together } from "./policy";

const NAME = "record-not-proxied";
const WHAT =
  "A record that carries calls answers with the SIP target itself: a proxied one answers with HTTP addresses, and no call arrives.";

const judgeRecord = (resource: Judged) => {
  const record = declaredRecord(resource);
  return carriesCalls(planIfAny(), resource, record) ? proxiedRecord(record, true) : [];
};

export const recordNotProxied = together(
  resourcePolicy(NAME, WHAT, CLOUDFLARE_RECORD, judgeRecord),
  resourcePolicy(NAME, WHAT, AWS_RECORD, judgeRecord),
);
