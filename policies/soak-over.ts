import { gatePolicy } from "./policy";

export const soakOver = gatePolicy("soak-over", "GCV was silent for the soak time.");
