/** Call routes (IVRs) and emergency groups: which number runs which flow. */

import { type Body, Collection, type Entity, type Ref, refId, type StoreContext } from "./collection";
import { badRequest, conflict, notFound } from "./errors";
import type { Flows } from "./flows";
import type { Numbers } from "./numbers";
import { Schedules } from "./schedules";

export interface Ivr extends Entity {
  dnis: string[];
  openHoursFlow?: Ref;
  closedHoursFlow?: Ref;
  holidayHoursFlow?: Ref;
  /** Without one it is always open. */
  scheduleGroup?: Ref;
}

export interface EmergencyGroup extends Entity {
  enabled: boolean;
  emergencyCallFlows: { emergencyFlow: Ref; ivrs: Ref[] }[];
}

const FLOW_FIELDS = ["openHoursFlow", "closedHoursFlow", "holidayHoursFlow"] as const;
const REF_FIELDS = [...FLOW_FIELDS, "scheduleGroup"] as const;
type Refs = Partial<Pick<Ivr, (typeof REF_FIELDS)[number]>>;

/** IVRs (call routes) and emergency groups: which number leads to which flow. */
export class Ivrs {
  readonly ivrs: Collection<Ivr>;
  readonly groups: Collection<EmergencyGroup>;
  readonly schedules: Schedules;
  private readonly now: () => Date;
  private readonly numbers: Numbers;
  private readonly flows: Flows;
  /** Most numbers one request may add; undefined = no limit (the real limit is not published, official clients send 50). */
  private readonly addedPerPutMax: number | undefined;
  /** IVR id to the emergency flow that overrides it. */
  private emergency = new Map<string, string>();

  constructor(context: StoreContext, numbers: Numbers, flows: Flows, addedPerPutMax?: number) {
    this.ivrs = new Collection<Ivr>(context, { what: "IVR", path: "/api/v2/architect/ivrs", uniqueNames: true });
    this.groups = new Collection<EmergencyGroup>(context, {
      what: "emergency group",
      path: "/api/v2/architect/emergencygroups",
      uniqueNames: true,
    });
    this.schedules = new Schedules(context);
    this.now = () => context.now();
    this.numbers = numbers;
    this.flows = flows;
    this.addedPerPutMax = addedPerPutMax;
  }

  /**
   * `given`: the organisation has it already, no request brought its numbers.
   * @throws ApiError 400: number in no pool, number of another IVR, unknown flow, too many numbers for one request.
   */
  create(body: Body, given = false): Ivr {
    this.ivrs.checkName(body.name, null);
    const dnis = this.readDnis(body.dnis ?? [], null, given ? undefined : this.addedPerPutMax);
    const ivr = this.ivrs.create({ ...this.refs(body), ...description(body), name: body.name, dnis });
    for (const number of dnis) this.numbers.owner.set(number, ivr.id);
    return ivr;
  }

  /** All or nothing: a refused update leaves every number where it was. A body without `dnis` leaves the numbers alone. */
  update(id: string, body: Body): Ivr {
    const old = this.ivrs.get(id);
    this.ivrs.checkVersion(old, body.version);
    const dnis =
      body.dnis === undefined || body.dnis === null ? old.dnis : this.readDnis(body.dnis, id, this.addedPerPutMax);
    const refs = this.refs(body);
    const cleared = Object.fromEntries(REF_FIELDS.filter((f) => !(f in refs)).map((f) => [f, undefined]));
    const name = body.name === undefined ? old.name : String(body.name);
    const fields = { ...cleared, ...refs, ...description(body), name, dnis };
    const updated = this.ivrs.update(id, fields, body.version);
    const kept = new Set(dnis);
    for (const number of old.dnis) if (!kept.has(number)) this.numbers.owner.delete(number);
    for (const number of dnis) this.numbers.owner.set(number, id);
    return updated;
  }

  remove(id: string): void {
    const ivr = this.ivrs.get(id);
    const group = this.groups.all().find((g) => g.emergencyCallFlows.some((f) => f.ivrs.some((i) => i.id === id)));
    if (group) throw conflict(`IVR ${id} is part of the emergency group '${group.name}'.`);
    this.ivrs.remove(id);
    for (const number of ivr.dnis) this.numbers.owner.delete(number);
  }

  /**
   * Id of the flow that a call for this IVR runs now: the emergency flow while a group with it is enabled, before any schedule; else by its
   * schedule group. A holiday without a flow of its own is taken for closed: the screens let a call route choose that or to go on as usual.
   */
  flowIdOf(ivr: Ivr): string | undefined {
    const emergency = this.emergency.get(ivr.id);
    if (emergency !== undefined || !ivr.scheduleGroup) return emergency ?? ivr.openHoursFlow?.id;
    const verdict = this.schedules.verdict(ivr.scheduleGroup.id, this.now());
    if (verdict === "open") return ivr.openHoursFlow?.id;
    const holiday = verdict === "holiday" ? ivr.holidayHoursFlow?.id : undefined;
    return holiday ?? ivr.closedHoursFlow?.id;
  }

  createGroup(body: Body): EmergencyGroup {
    this.groups.checkName(body.name, null);
    const group = this.groups.create({ ...this.readGroup(body), ...description(body), name: body.name });
    this.refreshEmergency();
    return group;
  }

  updateGroup(id: string, body: Body): EmergencyGroup {
    const old = this.groups.get(id);
    const name = body.name === undefined ? old.name : String(body.name);
    const group = this.groups.update(id, { ...this.readGroup(body), ...description(body), name }, body.version);
    this.refreshEmergency();
    return group;
  }

  /** Puts call routes into a group, under one of its flows, or takes them out. @throws ApiError 404 for names there are not. */
  seat(groupName: string, flow: string, callRoutes: readonly string[], inside: boolean): void {
    const group = this.groupNamed(groupName);
    const ids = new Set(callRoutes.flatMap((name) => this.ivrs.named(name)?.id ?? []));
    if (inside && ids.size < callRoutes.length) throw notFound("IVR", callRoutes.join(", "));
    const emergencyCallFlows = group.emergencyCallFlows.map((entry) => {
      if (entry.emergencyFlow.name !== flow) return entry;
      const others = entry.ivrs.filter((i) => !ids.has(i.id));
      return { ...entry, ivrs: inside ? [...others, ...[...ids].map((id) => ({ id }))] : others };
    });
    this.updateGroup(group.id, { ...group, emergencyCallFlows });
  }

  switchGroup(groupName: string, enabled: boolean): void {
    const group = this.groupNamed(groupName);
    this.updateGroup(group.id, { ...group, enabled });
  }

  private groupNamed(name: string): EmergencyGroup {
    const group = this.groups.named(name);
    if (!group) throw notFound("emergency group", name);
    return group;
  }

  removeGroup(id: string): void {
    this.groups.remove(id);
    this.refreshEmergency();
  }

  /** IVRs that refer to a flow, for whatever hours. */
  routesOfFlow(flowId: string): Ivr[] {
    return this.ivrs.all().filter((ivr) => FLOW_FIELDS.some((f) => ivr[f]?.id === flowId));
  }

  /** Names of IVRs and groups that refer to a flow. */
  usersOfFlow(flowId: string): string[] {
    const ivrs = this.routesOfFlow(flowId);
    const groups = this.groups.all().filter((g) => g.emergencyCallFlows.some((f) => f.emergencyFlow.id === flowId));
    return [...ivrs, ...groups].map((entity) => entity.name);
  }

  private refreshEmergency(): void {
    this.emergency = new Map();
    for (const group of this.groups.all()) {
      if (!group.enabled) continue;
      for (const { emergencyFlow, ivrs } of group.emergencyCallFlows)
        for (const ivr of ivrs) this.emergency.set(ivr.id, emergencyFlow.id);
    }
  }

  private readGroup(body: Body): Pick<EmergencyGroup, "enabled" | "emergencyCallFlows"> {
    const list = (body.emergencyCallFlows ?? []) as { emergencyFlow?: unknown; ivrs?: unknown[] }[];
    if (!Array.isArray(list)) throw badRequest("emergencyCallFlows must be a list.");
    const emergencyCallFlows = list.map((entry) => {
      const flowId = refId(entry.emergencyFlow, "emergencyFlow");
      if (flowId === undefined) throw badRequest("Each of emergencyCallFlows must have an emergencyFlow.");
      const ivrs = (entry.ivrs ?? []).map((ref) => {
        const id = refId(ref, "ivr") as string;
        const ivr = this.ivrs.find(id);
        if (!ivr) throw badRequest(`IVR ${id} was not found.`);
        return { id, name: ivr.name };
      });
      return { emergencyFlow: this.publishedFlow(flowId, "emergencyFlow"), ivrs };
    });
    return { enabled: body.enabled === true, emergencyCallFlows };
  }

  private refs(body: Body): Refs {
    const refs: Refs = {};
    for (const field of FLOW_FIELDS) {
      const id = refId(body[field], field);
      if (id !== undefined) refs[field] = this.publishedFlow(id, field);
    }
    const id = refId(body.scheduleGroup, "scheduleGroup");
    if (id === undefined) return refs;
    const group = this.schedules.groups.find(id);
    if (!group) throw badRequest(`The schedule group ${id} was not found.`);
    if (!refs.openHoursFlow || !refs.closedHoursFlow)
      throw badRequest("A schedule group needs openHoursFlow and closedHoursFlow.");
    return { ...refs, scheduleGroup: { id, name: group.name } };
  }

  private publishedFlow(id: string, field: string): Ref {
    const flow = this.flows.flows.find(id);
    if (!flow) throw badRequest(`The flow ${id} of ${field} was not found or has no published version.`);
    return { id, name: flow.name };
  }

  private readDnis(value: unknown, ownId: string | null, addedMax: number | undefined): string[] {
    if (!Array.isArray(value) || value.some((n) => typeof n !== "string"))
      throw badRequest("dnis must be a list of numbers.");
    const dnis = [...new Set(value as string[])];
    const added = dnis.filter((number) => this.numbers.owner.get(number) !== ownId || ownId === null);
    for (const number of added) {
      // The message of the real API for a number outside every pool (terraform issue 525).
      if (!this.numbers.poolOf(number))
        throw badRequest("Field 'didPoolId' is required and cannot be empty", "bad.request");
      const owner = this.numbers.owner.get(number);
      if (owner !== undefined)
        throw badRequest(
          `The DNIS ${number} is already assigned to IVR '${this.ivrs.get(owner).name}'.`,
          "dnis.in.use",
        );
    }
    if (addedMax !== undefined && added.length > addedMax)
      throw badRequest(`At most ${addedMax} numbers can be added in one request, saw ${added.length}.`);
    return dnis;
  }
}

function description(body: Body): { description?: string } {
  return typeof body.description === "string" ? { description: body.description } : {};
}
