/** Porting and the gaining carrier's desk: port orders, the Telnyx-like API, the manual desk and its files. */
export { CarrierAccount, type AccountNumber } from "./account";
export { CarrierApi, type CarrierApiOptions, type TestCallRequest, type TestCallResult } from "./api";
export { ManualDesk, type ManualDeskOptions } from "./desk";
export { type DeskConfirmation, type DeskRequest, DeskWatcher, writeConfirmation } from "./desk-files";
export { InTray, type InTrayOptions } from "./in-tray";
export type { PortFault, PortFaultKind } from "./faults";
export { LosingLines } from "./losing-lines";
export { isE164, numbersIn } from "./numbers";
export { type PortedNumber, type PortEvent, type PortOrder, PortRefusal, type WorldTime } from "./port-order";
export { PortRegistry, type PortRegistryOptions } from "./registry";
export { WEBHOOK_MANNERS, type WebhookManner } from "./webhooks";
export { type RouteSource, RouteTable, type RouteTarget } from "./routes";
