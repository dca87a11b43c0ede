import { gatePolicy } from "./policy";

export const permissionsGranted = gatePolicy(
  "permissions-granted",
  "The OAuth client has every right the migration will use.",
);
