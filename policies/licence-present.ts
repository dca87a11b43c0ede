import { gatePolicy } from "./policy";

export const licencePresent = gatePolicy("licence-present", "The organisation has BYOC Cloud.");
