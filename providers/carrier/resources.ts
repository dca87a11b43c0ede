import { subtractRanges } from "../../model/ranges";
import type { NumberRange } from "../../model/types";
import { type Failure, NothingLeft, type PropertySpec, type ProviderSpec, resource } from "../lib/provider";
import { hasUnknown, type Value } from "../lib/values";
import type { CarrierAdapter, EmergencyState, PortOrderSettings, RouteSettings, RouteState } from "./adapter";
import { rangeProblem } from "./e164";
import { openCarrier } from "./open";

const NUMBER = { test: /^\+[1-9]\d{6,14}$/, expected: "an E.164 number with a leading +" };
const HOST = { test: /^(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, expected: "a host name, without scheme and port" };

const RANGES: PropertySpec = {
  type: "array",
  required: true,
  minItems: 1,
  set: true,
  items: {
    type: "object",
    properties: {
      from: { type: "string", required: true, pattern: NUMBER },
      to: { type: "string", required: true, pattern: NUMBER },
    },
  },
};

/** Shape is checked by the framework; this checks what a range means. */
function checkRanges(ranges: NumberRange[]): Failure[] {
  if (hasUnknown(ranges as unknown as Value)) return [];
  return ranges.flatMap((range, i) => {
    const problem = rangeProblem(range);
    return problem
      ? [{ property: `ranges[${i}]`, reason: `${problem}; expected contiguous numbers, lowest first` }]
      : [];
  });
}

const frozenName = "a carrier object keeps its name; declare another one beside it and remove this one later";

type RouteOutputs = RouteSettings & { state: RouteState };

/** How the gaining carrier sends calls to ranges of numbers. R1 to R2 and back is an update in place. */
export const route = resource<RouteSettings, RouteOutputs, CarrierAdapter>({
  inputs: {
    name: { type: "string", required: true, frozen: frozenName },
    ranges: RANGES,
    host: { type: "string", required: true, pattern: HOST },
    calledNumber: { type: "string", pattern: NUMBER },
    nextHost: { type: "string", pattern: HOST },
  },
  outputs: { state: {} },
  check: (news) => checkRanges(news.ranges),
  // Every adapter first looks for what an earlier run left: a route by its name, an address by its reference, an order by its name.
  resumes: true,
  async create(inputs, { client, interrupted }) {
    if (interrupted?.undo && !(await client.readRoute(inputs.name))) throw new NothingLeft();
    return { id: inputs.name, outputs: { ...inputs, state: await client.putRoute(inputs, []) } };
  },
  async read(id, _state, { client }) {
    const found = await client.readRoute(id);
    if (!found) return null;
    const { state, ...inputs } = found;
    return { inputs, outputs: found };
  },
  async update(_id, news, olds, { client }) {
    return { ...news, state: await client.putRoute(news, subtractRanges(olds.inputs.ranges, news.ranges)) };
  },
  async delete(id, { inputs }, { client }) {
    await client.removeRoute(id, inputs.ranges);
  },
});

interface EmergencyInputs {
  address: string;
  ranges: NumberRange[];
}

/** The dispatchable address of numbers, registered before any of them may dial out over the gaining carrier. */
export const emergencyAddress = resource<EmergencyInputs, EmergencyInputs & { state: EmergencyState }, CarrierAdapter>({
  inputs: { address: { type: "string", required: true, frozen: frozenName }, ranges: RANGES },
  outputs: { state: {} },
  check: (news) => checkRanges(news.ranges),
  // Every adapter first looks for what an earlier run left: a route by its name, an address by its reference, an order by its name.
  resumes: true,
  async create(inputs, { client, interrupted }) {
    if (interrupted?.undo && !(await client.readEmergencyAddress(inputs.address))) throw new NothingLeft();
    const state = await client.putEmergencyAddress(inputs.address, inputs.ranges, []);
    return { id: inputs.address, outputs: { ...inputs, state } };
  },
  async read(id, _state, { client }) {
    const found = await client.readEmergencyAddress(id);
    return found && { inputs: { address: id, ranges: found.ranges }, outputs: { address: id, ...found } };
  },
  async update(id, news, olds, { client }) {
    const dropped = subtractRanges(olds.inputs.ranges, news.ranges);
    return { ...news, state: await client.putEmergencyAddress(id, news.ranges, dropped) };
  },
  async delete(id, { inputs }, { client }) {
    await client.removeEmergencyAddress(id, inputs.ranges);
  },
});

type PortOutputs = PortOrderSettings & { orderId: string; submittedAt: string };

const frozenOrder =
  "a submitted port order cannot change; cancel it by removing it, and submit another under a new name";

/** A port order. Create submits it, delete cancels it while the carrier's deadline allows. */
export const portOrder = resource<PortOrderSettings, PortOutputs, CarrierAdapter>({
  inputs: {
    orderName: { type: "string", required: true, frozen: frozenName },
    ranges: { ...RANGES, frozen: frozenOrder },
    focInDays: { type: "integer", required: true, min: 1, max: 365 },
    // Not frozen: no API takes it, it tells the desk and the reader whom the numbers leave.
    losingCarrier: { type: "string", required: true },
  },
  outputs: { orderId: { stable: true }, submittedAt: { stable: true } },
  check: (news) => checkRanges(news.ranges),
  // Every adapter first looks for what an earlier run left: a route by its name, an address by its reference, an order by its name.
  resumes: true,
  async create(inputs, { client, interrupted }) {
    if (interrupted?.undo && !(await client.readPortOrder(inputs.orderName))) throw new NothingLeft();
    return { id: inputs.orderName, outputs: { ...inputs, ...(await client.submitPortOrder(inputs)) } };
  },
  async read(id, state, { client }) {
    const found = await client.readPortOrder(id);
    if (!found) return null;
    const { orderId, submittedAt, settings } = found;
    // The carrier may keep no losing carrier or requested date of ours: what the program said stands then.
    const said = state.inputs ?? { focInDays: 1, losingCarrier: "" };
    const inputs = {
      orderName: id,
      ranges: settings.ranges ?? state.inputs?.ranges ?? [],
      focInDays: state.inputs?.focInDays ?? settings.focInDays ?? said.focInDays,
      losingCarrier: state.inputs?.losingCarrier ?? settings.losingCarrier ?? said.losingCarrier,
    };
    return { inputs, outputs: { ...inputs, orderId, submittedAt } };
  },
  async update(_id, news, olds, { client }) {
    if (news.focInDays !== olds.inputs.focInDays) await client.reschedulePortOrder(news);
    return { ...news, orderId: olds.outputs.orderId, submittedAt: olds.outputs.submittedAt };
  },
  async delete(id, _olds, { client }) {
    await client.cancelPortOrder(id);
  },
});

/** The provider of package `carrier`. */
export function carrierProvider(): ProviderSpec<CarrierAdapter> {
  return {
    name: "carrier",
    version: "0.1.0",
    config: {
      adapter: { type: "string", required: true, enum: ["telnyx", "manual"] },
      url: { type: "string" },
      deskDir: { type: "string" },
      transport: { type: "string", enum: ["tls", "tcp", "udp"] },
      clock: { type: "string" },
    },
    configure: ({ config, clock, signal }) => openCarrier(config as Record<string, string>, clock, signal),
    resources: {
      "carrier:index:Route": route,
      "carrier:index:EmergencyAddress": emergencyAddress,
      "carrier:index:PortOrder": portOrder,
    },
  };
}
