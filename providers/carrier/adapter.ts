import type { NumberRange } from "../../model/types";

/** How the gaining carrier sends calls to numbers. */
export interface RouteSettings {
  name: string;
  ranges: NumberRange[];
  /** Name the carrier resolves and dials. */
  host: string;
  /** Number put into the Request-URI; left out, the dialled number. */
  calledNumber?: string;
  /** Tried when `host` cannot be reached or answers a code the carrier retries on. */
  nextHost?: string;
}

/** `pending`: asked for, not known to be carried out. `mixed`: the carrier's numbers disagree, an update repairs them. */
export type RouteState = "pending" | "active" | "refused" | "mixed";
export type EmergencyState = "pending" | "active" | "refused" | "mixed";

export interface PortOrderSettings {
  orderName: string;
  ranges: NumberRange[];
  /** Whole days from submission to the requested Firm Order Commitment date. */
  focInDays: number;
  losingCarrier: string;
}

/** A port order as the carrier has it. `foc` is the confirmed date and time, null before that. */
export interface PortOrderRecord {
  orderId: string;
  submittedAt: string;
  status: string;
  foc: string | null;
  settings: Partial<PortOrderSettings>;
}

/** What the carrier probe reports, in the shape of internals section 4. */
export interface CarrierSurvey {
  /** `foc`: the date agreed for these numbers, where the carrier tells it by number; a split order has several. */
  numbers: { range: NumberRange; status: string; activatedAt: string | null; order: string; foc?: string }[];
  routes: {
    key: string;
    ranges: NumberRange[];
    host: string;
    calledNumber: string | null;
    nextHost?: string;
    state: RouteState;
  }[];
  /** One entry for each part of a split order, all under the name it was ordered by. `why`: the carrier's reason, where it stopped. */
  orders: { id: string; orderId: string; status: string; foc: string | null; why?: string }[];
  emergency: { address: string; ranges: NumberRange[]; state: EmergencyState }[];
}

/**
 * One way to talk to a gaining carrier. All methods may be repeated: each first looks for what an earlier run left.
 * Errors meant for users are UserError.
 */
export interface CarrierAdapter {
  readonly name: "telnyx" | "manual";
  /** Sets the route of all its numbers, and takes `dropped` numbers (of an earlier, wider route) out of it. */
  putRoute(route: RouteSettings, dropped: NumberRange[]): Promise<RouteState>;
  readRoute(name: string): Promise<(RouteSettings & { state: RouteState }) | null>;
  removeRoute(name: string, ranges: NumberRange[]): Promise<void>;
  putEmergencyAddress(address: string, ranges: NumberRange[], dropped: NumberRange[]): Promise<EmergencyState>;
  readEmergencyAddress(address: string): Promise<{ ranges: NumberRange[]; state: EmergencyState } | null>;
  removeEmergencyAddress(address: string, ranges: NumberRange[]): Promise<void>;
  submitPortOrder(order: PortOrderSettings): Promise<{ orderId: string; submittedAt: string }>;
  readPortOrder(orderName: string): Promise<PortOrderRecord | null>;
  /** Asks for another date. @throws UserError once the carrier has confirmed one. */
  reschedulePortOrder(order: PortOrderSettings): Promise<void>;
  /** Cancels and waits until the carrier says so. @throws UserError after the carrier's deadline. */
  cancelPortOrder(orderName: string): Promise<void>;
  survey(): Promise<CarrierSurvey>;
}
