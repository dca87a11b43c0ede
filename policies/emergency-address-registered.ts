import { emergencyMissing } from "../model/gates/port";
import { formatRanges } from "../model/ranges";
import { planAt } from "./context";
import { EMERGENCY, gatePolicy, resourcePolicy } from "./policy";

const NAME = "emergency-address-registered";
const WHAT = "Each number has its emergency address at the gaining carrier: a call for help says where help is needed.";

const onGate = gatePolicy(NAME, WHAT);
const onAddress = resourcePolicy(NAME, WHAT, EMERGENCY, ({ props }) => {
  const address = String(props.address);
  const declared = [{ address, ranges: JSON.parse(JSON.stringify(props.ranges)), state: "active" }];
  const numbers = planAt().numbers.filter((n) => n.emergencyAddress === address);
  const missing = emergencyMissing(declared, numbers);
  if (missing.length === 0) return [];
  return [
    {
      seen: `address ${address} without ${formatRanges(missing)}`,
      required: `all ${numbers.length} numbers of numbers.csv with this address`,
      fix: "let model/ choose the ranges of the address",
    },
  ];
});

/** Judged twice: as it is declared before the ports are ordered, and by what the carrier has on file before a wave goes live. */
export const emergencyAddressRegistered = {
  ...onGate,
  validateResource: [onGate.validateResource, onAddress.validateResource].flat().filter((v) => v !== undefined),
};
