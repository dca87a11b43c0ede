import { emergencyMissing } from "../model/gates/port";
import { formatRanges } from "../model/ranges";
import { EMERGENCY, gatePolicy, resourcePolicy, together } from "./policy";

const NAME = "emergency-address-registered";
const WHAT = "Each number has its emergency address at the gaining carrier: a call for help says where help is needed.";

const onAddress = resourcePolicy(NAME, WHAT, EMERGENCY, ({ props }, basis) => {
  const plan = basis.plan("the plan, which says which number is where");
  const address = String(props.address);
  const declared = [{ address, ranges: JSON.parse(JSON.stringify(props.ranges)), state: "active" }];
  const numbers = plan.numbers.filter((n) => n.emergencyAddress === address);
  const missing = emergencyMissing(declared, numbers);
  if (missing.length === 0) return [];
  return [
    {
      seen: `address ${address} without ${formatRanges(missing)}`,
      required: `all ${numbers.length} numbers of numbers.csv with this address`,
      fix: "declare the address with all of its numbers, or correct emergency_address in numbers.csv",
    },
  ];
});

/**
 * Judged as it is declared before the ports are ordered, and by what the carrier has on file: not refused on the way into `cutover`, active before a
 * wave goes live, and once more before the outbound route of a site moves.
 */
export const emergencyAddressRegistered = together(gatePolicy(NAME, WHAT), onAddress);
