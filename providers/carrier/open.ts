import { UserError } from "../../model/errors";
import type { Clock } from "../lib/clock";
import type { CarrierAdapter } from "./adapter";
import { Desk } from "./desk";
import { ManualCarrier } from "./manual";
import { TelnyxCarrier } from "./telnyx";
import { TelnyxClient } from "./telnyx-client";

export interface CarrierConfig {
  adapter?: string;
  /** Base URL of the carrier's API; left out, Telnyx' own. */
  url?: string;
  /** Directory of requests and confirmations. */
  deskDir?: string;
  /** How the carrier reaches Genesys: `tls` (default), `tcp` or `udp`. */
  transport?: string;
}

/**
 * The adapter a stack's configuration names. Cheap: nothing is asked of anybody before the first operation.
 * @throws UserError for an unknown adapter, or `manual` without a desk.
 */
export function openCarrier(config: CarrierConfig, clock: Clock, signal?: AbortSignal): CarrierAdapter {
  const protocol = (config.transport ?? "tls").toUpperCase() as "TLS" | "TCP" | "UDP";
  switch (config.adapter) {
    case "telnyx":
      return new TelnyxCarrier(
        new TelnyxClient(config.url, clock, signal),
        clock,
        { protocol, port: protocol === "TLS" ? 5061 : 5060 },
        signal,
      );
    case "manual":
      if (!config.deskDir) {
        throw new UserError(
          "carrier:deskDir is not set; expected the directory of requests and confirmations, such as stacks/prod/desk, for carrier:adapter manual.",
        );
      }
      return new ManualCarrier(new Desk(config.deskDir, clock), clock, signal);
    default:
      throw new UserError(`carrier:adapter is ${JSON.stringify(config.adapter ?? "")}; expected "telnyx" or "manual".`);
  }
}
