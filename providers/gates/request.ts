import { UserError } from "../../model/errors";
import type { Seat } from "../../model/rules/emergencyGroups";
import type { NumberRange } from "../../model/types";
import { Desk } from "../carrier/desk";
import { normalRanges, rangeProblem } from "../carrier/e164";
import { NothingLeft, resource } from "../lib/provider";
import type { GatesClient } from "./resources";

const KINDS = ["inventory-removal", "emergency-group"] as const;

interface RequestInputs {
  name: string;
  kind: (typeof KINDS)[number];
  /** Numbers, of an inventory-removal. */
  ranges?: NumberRange[];
  /** Call routes by the emergency group and flow they belong to, of an emergency-group. */
  groups?: Seat[];
  note: string;
}

const deskOf = (client: GatesClient): Desk => {
  if (client.deskDir) return new Desk(client.deskDir, client.clock);
  throw new UserError(
    "gates:deskDir is not set; expected the directory of requests and confirmations, such as stacks/prod/desk.",
  );
};

/** Writes the request, or finds the one an earlier run wrote; another one about the same subject is withdrawn. */
async function writeRequest({ name, kind, ranges, groups, note }: RequestInputs, client: GatesClient): Promise<string> {
  const desk = deskOf(client);
  const about = kind === "emergency-group" ? { groups } : { ranges: normalRanges(ranges ?? []) };
  const request = await desk.request(kind, name, { name, ...about, note });
  for (const older of await desk.requests(kind)) {
    if (older.subject === name && older.id !== request.id) await desk.withdraw(older.id);
  }
  return request.id;
}

/** A dated request to people, for what has no API or is not ours to change. Deleting it withdraws it. */
export const request = resource<RequestInputs, RequestInputs & { requestId: string }, GatesClient>({
  inputs: {
    name: { type: "string", required: true, frozen: "a request keeps its name; withdraw it and write another" },
    kind: { type: "string", required: true, enum: [...KINDS], frozen: "a request keeps its kind" },
    ranges: { type: "array", minItems: 1, set: true, items: { type: "object" } },
    groups: { type: "array", minItems: 1, items: { type: "object" } },
    note: { type: "string", required: true },
  },
  outputs: { requestId: {} },
  check(news) {
    const about = news.kind === "emergency-group" ? "groups" : "ranges";
    if (news[about] === undefined)
      return [{ property: about, reason: `is missing; a request ${news.kind} is about them` }];
    if (!Array.isArray(news.ranges)) return [];
    return news.ranges.flatMap((r, i) => {
      const known = typeof r?.from === "string" && typeof r?.to === "string";
      const problem = known ? rangeProblem(r) : null;
      return problem
        ? [{ property: `ranges[${i}]`, reason: `${problem}; expected contiguous numbers, lowest first` }]
        : [];
    });
  },
  // A request is found by its name, whoever began to write it.
  resumes: true,
  async create(inputs, { client, interrupted }) {
    const left = interrupted?.undo ? await deskOf(client).latest(inputs.kind, inputs.name) : undefined;
    if (left === null || left?.withdrawn) throw new NothingLeft();
    const requestId = await writeRequest(inputs, client);
    return { id: inputs.name, outputs: { ...inputs, requestId } };
  },
  async read(id, _state, { client }) {
    const written = await Promise.all(KINDS.map((kind) => deskOf(client).latest(kind, id)));
    const found = written.find((each) => each && !each.withdrawn);
    if (!found) return null;
    const about = found.kind === "emergency-group" ? { groups: found.groups } : { ranges: found.ranges };
    const inputs = { name: id, kind: found.kind, ...about, note: String(found.note ?? "") } as RequestInputs;
    return { inputs, outputs: { ...inputs, requestId: found.id } };
  },
  async update(_id, news, _olds, { client }) {
    return { ...news, requestId: await writeRequest(news, client) };
  },
  async delete(_id, { outputs }, { client }) {
    await deskOf(client).withdraw(outputs.requestId);
  },
});
