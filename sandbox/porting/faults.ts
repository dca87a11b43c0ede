/** What may go wrong with a port: none of it happens unless the world is told to. */
export type PortFaultKind =
  /** Half of the numbers move to an order of their own, `hours` later (default 48). */
  | "split"
  /** The FOC is moved by `hours` (default 72), said 12 hours ahead. */
  | "slip"
  /** The numbers go live `hours` before the confirmed FOC (default 6). */
  | "early"
  /** The losing carrier refuses the first submission with `code`; with `hours`, somebody puts it right that much later and hands it in again. */
  | "rejected"
  /** Live numbers are taken back after `hours` (default 4) and ported again a day later. */
  | "reverted"
  /** The customer activates within `hours` (default 8) of the FOC; what nobody activates goes live by itself at the end of them. */
  | "on-demand";

export interface PortFault {
  /** The order's own reference (`PO-GUIDE-01-WEST`), or `*` for all. */
  order: string;
  kind: PortFaultKind;
  hours?: number;
  /** Exception code of a rejection, default ACCOUNT_NUMBER_MISMATCH. */
  code?: string;
}

/** The fault of one kind that is meant for an order. */
export function faultsOf(
  faults: readonly PortFault[] | undefined,
  reference: string,
  kind: PortFaultKind,
): PortFault | undefined {
  return faults?.find((fault) => fault.kind === kind && (fault.order === "*" || fault.order === reference));
}
