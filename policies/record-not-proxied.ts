import { proxiedRecord } from "../model/rules/dns";
import { dnsRecordPolicy } from "./dns-records";

export const recordNotProxied = dnsRecordPolicy(
  "record-not-proxied",
  "A record that carries calls answers with the SIP target itself: a proxied one answers with HTTP addresses, and no call arrives.",
  (record) => proxiedRecord(record, record.planned),
);
