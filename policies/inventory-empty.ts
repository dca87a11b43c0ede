import { gatePolicy } from "./policy";

export const inventoryEmpty = gatePolicy("inventory-empty", "The numbers are gone from the GCV inventory.");
