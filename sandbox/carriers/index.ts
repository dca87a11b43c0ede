/**
 * Both carriers, the callers' networks, callers, phones, an intruder and the carrier's test desk. Put together like this:
 * PortRegistry -> Networks -> GainingCarrier and LosingCarrier -> Dialler -> Population -> Callers and TestDesk.
 */
export { Callers, type CallersOptions, type Load } from "./callers";
export { Dialler, type DiallerOptions } from "./dialler";
export { type CarrierCounters, GainingCarrier, type GainingCarrierOptions } from "./gaining";
export { heardFields } from "./headers";
export { Intruder, type IntruderOptions } from "./intruder";
export { LosingCarrier, type LosingCarrierOptions } from "./losing";
export { type CarrierSide, Networks, type NetworksOptions } from "./networks";
export type { Resolution, Resolve } from "./peers";
export { type PlacedOutbound, type PlaceOutbound, Phones } from "./phones";
export { type Caller, Population } from "./population";
export type { CallRecord, Expected } from "./record";
export { type SourceAddress, type SourceChange, sourceAddresses } from "./sources";
export { TestDesk, type TestDeskOptions } from "./test-desk";
