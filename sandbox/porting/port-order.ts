/** What the actors of the sandbox need of the WorldClock. */
export interface WorldTime {
  now(): Date;
  at(date: Date, kind: string, detail: string, fn: () => void | Promise<void>): { cancel(): void };
}

/** Order states of Telnyx' porting API v2. None of them says that a number is live. */
export type OrderStatus =
  | "draft"
  | "in-process"
  | "submitted"
  | "exception"
  | "foc-date-confirmed"
  | "ported"
  | "cancel-pending"
  | "cancelled";

/** Number states that occur here, of Telnyx' `activation_status`. Only `Active` is live. */
export type ActivationStatus =
  | "New"
  | "Pending"
  | "Concurred"
  | "Activate RDY"
  | "Active"
  | "Conflict"
  | "Cancel Pending"
  | "Cancelled";

/** Activation on demand (Telnyx' FastPort): the window in which the customer may ask for it, and what was asked. */
export interface Activation {
  /** From the FOC to the instant at which the numbers activate by themselves when nobody has asked. */
  window: { start: Date; end: Date };
  jobs: ActivationJob[];
}

export interface ActivationJob {
  id: string;
  status: "created" | "in-process" | "completed" | "failed";
  createdAt: Date;
  updatedAt: Date;
}

export interface PortOrder {
  id: string;
  /** The customer's own name of the order (`PO-GUIDE-01-WEST`). */
  reference: string;
  groupReference: string | null;
  numbers: string[];
  status: OrderStatus;
  details: { code: string; description: string }[];
  createdAt: Date;
  updatedAt: Date;
  submittedAt: Date | null;
  focRequested: Date | null;
  focActual: Date | null;
  losingCarrier: string;
  /** Present once the date of an order with activation on demand is confirmed. */
  activation?: Activation;
  /** Set on an order that was split off another. */
  parentId: string | null;
  /** Whatever else the client put on the order (end user, documents, configuration): kept and given back. */
  extra: Record<string, unknown>;
}

export interface PortedNumber {
  number: string;
  orderId: string;
  status: ActivationStatus;
  activatedAt: Date | null;
}

export interface PortEvent {
  id: string;
  at: Date;
  type:
    | "porting_order.status_changed"
    | "porting_order.split"
    | "porting_order.number_activated"
    | "porting_order.deleted";
  orderId: string;
  status: OrderStatus;
  detail: string;
  /** The order that numbers were split off into. */
  childId?: string;
}

/** Refusals of the porting desk or API; `code` is HTTP-like: 404 unknown, 422 not in this state. */
export class PortRefusal extends Error {
  constructor(
    readonly code: 404 | 422,
    message: string,
  ) {
    super(message);
    this.name = "PortRefusal";
  }
}
