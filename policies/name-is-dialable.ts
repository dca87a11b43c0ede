import { undialableHost } from "../model/rules/routes";
import { gatePolicy, resourcePolicy, ROUTE, together } from "./policy";

const NAME = "name-is-dialable";
const WHAT =
  "The carrier dials a name that the edge knows and its certificate covers, for the way this carrier checks it; any answer to OPTIONS proves it, and so does an answered call of the carrier.";

export const nameIsDialable = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(NAME, WHAT, ROUTE, ({ props }, basis) => {
    const plan = basis.plan("the plan, which says how the carrier dials");
    const shadow = props.calledNumber !== undefined && props.calledNumber !== null;
    const hosts = [props.host, props.nextHost].filter((h) => h !== undefined && h !== null).map(String);
    return hosts.flatMap((host) => undialableHost(plan, host, shadow));
  }),
);
