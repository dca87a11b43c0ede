/** Architect's objects: published flows, publish jobs, queues and data tables. */

import { createHash } from "node:crypto";
import type { FlowDirectory, Program, RunnableFlow } from "../architect/program";
import { publish } from "../architect/publish";
import { PublishError } from "../architect/values";
import { type Body, Collection, type Entity, type Ref, type StoreContext } from "./collection";
import { ApiError, badRequest, conflict, notFound } from "./errors";
import { Tables } from "./tables";

export interface FlowVersion {
  id: string;
  datePublished: string;
}

export interface Flow extends Entity {
  type: "INBOUNDCALL";
  active: boolean;
  system: boolean;
  deleted: boolean;
  publishedVersion: FlowVersion;
  savedVersion: FlowVersion;
  checkedInVersion: FlowVersion;
}

export interface Queue extends Entity {
  memberCount: number;
  userMemberCount: number;
  joinedMemberCount: number;
  mediaSettings: Record<string, unknown>;
  [field: string]: unknown;
}

export interface FlowJob {
  id: string;
  status: "Started" | "Success" | "Failure";
  flow?: Ref;
  messages: { type: string; text: string; dateTime: string }[];
  /** Headers that the upload must carry exactly. */
  headers: Record<string, string>;
  signature: string;
  /** Uploaded, to be published at this instant of world time. */
  due?: { atMs: number; text: string };
}

/** Flows with their published versions and publish jobs, queues and data tables. */
export class Flows implements FlowDirectory {
  readonly flows: Collection<Flow>;
  readonly queues: Collection<Queue>;
  readonly tables: Tables;
  readonly jobs = new Map<string, FlowJob>();
  private readonly versions = new Map<string, { version: string; program: Program }[]>();
  private readonly runnables = new Map<string, RunnableFlow>();
  private readonly queueNames = new Set<string>();

  /** `publishSeconds`: world seconds from an upload to its publication; the first `failures` jobs fail without a fault of the flow. */
  constructor(
    private readonly context: StoreContext,
    private readonly publishSeconds = 0,
    private failures = 0,
  ) {
    this.flows = new Collection<Flow>(context, { what: "flow", path: "/api/v2/flows", uniqueNames: true });
    this.queues = new Collection<Queue>(context, { what: "queue", path: "/api/v2/routing/queues", uniqueNames: true });
    this.tables = new Tables(context);
  }

  /** The published flow of this name, or null. */
  runnable(name: string): RunnableFlow | null {
    return this.runnables.get(name) ?? null;
  }

  runnableById(id: string): RunnableFlow | null {
    const flow = this.flows.find(id);
    return flow ? this.runnable(flow.name) : null;
  }

  hasQueue(name: string): boolean {
    return this.queueNames.has(name);
  }

  /** Checks in and publishes at once: there is no staged state. @throws PublishError. */
  publishText(text: string): Flow {
    const program = publish(text, {
      hasQueue: (name) => this.hasQueue(name),
      hasFlow: (name) => this.runnables.has(name),
      dataTable: (name) => this.tables.columns(name),
    });
    const existing = this.flows.named(program.name);
    const history = existing ? (this.versions.get(existing.id) ?? []) : [];
    const version: FlowVersion = { id: `${history.length + 1}.0`, datePublished: this.context.now().toISOString() };
    const state = { publishedVersion: version, savedVersion: version, checkedInVersion: version, active: true };
    const flow = existing
      ? this.flows.update(existing.id, state)
      : this.flows.create({
          name: program.name,
          type: "INBOUNDCALL",
          system: false,
          deleted: false,
          ...state,
        });
    this.versions.set(flow.id, [...history, { version: version.id, program }]);
    this.runnables.set(flow.name, { name: flow.name, program, directory: this });
    return flow;
  }

  /** Publishes a version that is already there: the way back without an upload. */
  publishVersion(flowId: string, version: string): Flow {
    const flow = this.flows.get(flowId);
    const saved = this.versions.get(flowId)?.find((v) => v.version === version);
    if (!saved) throw notFound(`version of flow ${flowId}`, version);
    this.runnables.set(flow.name, { name: flow.name, program: saved.program, directory: this });
    return this.flows.update(flowId, {
      publishedVersion: { id: version, datePublished: this.context.now().toISOString() },
    });
  }

  /** Takes a flow out of service, whoever leads calls to it: unlike a deletion it is not refused. Publishing it again brings it back. */
  deactivate(name: string): void {
    const flow = this.flows.named(name);
    if (!flow) throw notFound("flow", name);
    this.flows.update(flow.id, { active: false });
    this.runnables.delete(name);
  }

  /** @throws ApiError 409 while a call route, an emergency group or another flow uses it. */
  removeFlow(id: string, users: string[]): void {
    const flow = this.flows.get(id);
    const flows = this.usersOf("flows", flow.name);
    const all = [...users, ...flows];
    if (all.length > 0)
      throw conflict(`The flow '${flow.name}' is in use by ${all.map((n) => `'${n}'`).join(", ")}.`, "flow.in.use");
    this.flows.remove(id);
    this.versions.delete(id);
    this.runnables.delete(flow.name);
  }

  /** Flows that name a queue, flow or data table. */
  usersOf(kind: "queues" | "flows" | "dataTables", name: string): string[] {
    return [...this.runnables.values()].filter((f) => f.program.uses[kind].has(name)).map((f) => f.name);
  }

  newJob(): FlowJob {
    const id = this.context.newId();
    const signature = createHash("sha256").update(`cutover ${id}`).digest("hex").slice(0, 40);
    const headers = {
      "x-amz-tagging": "OrganizationId",
      "x-amz-server-side-encryption": "AES256",
      "x-amz-meta-job-id": id,
    };
    const job: FlowJob = { id, status: "Started", messages: [], headers, signature };
    this.jobs.set(id, job);
    return job;
  }

  job(id: string): FlowJob {
    const job = this.jobs.get(id);
    if (!job) throw notFound("flow job", id);
    if (job.due && job.due.atMs <= this.context.now().getTime()) {
      const { text } = job.due;
      job.due = undefined;
      this.runJob(job, text);
    }
    return job;
  }

  /** The upload arrived: published at once, or once `publishSeconds` have passed and somebody asks how the job went. */
  submit(job: FlowJob, text: string): void {
    if (this.publishSeconds > 0) job.due = { atMs: this.context.now().getTime() + this.publishSeconds * 1000, text };
    else this.runJob(job, text);
  }

  /** Publishes, and lets the job tell how it went. */
  runJob(job: FlowJob, text: string): void {
    const at = this.context.now().toISOString();
    if (this.failures > 0) {
      this.failures--;
      job.status = "Failure";
      job.messages = [
        { type: "error", text: "The flow could not be published: an internal error occurred.", dateTime: at },
      ];
      return;
    }
    try {
      const flow = this.publishText(text);
      job.flow = { id: flow.id, name: flow.name };
      job.status = "Success";
    } catch (error) {
      const texts = error instanceof PublishError ? error.messages : error instanceof ApiError ? [error.message] : null;
      if (!texts) throw error;
      job.status = "Failure";
      job.messages = texts.map((t) => ({ type: "error", text: t, dateTime: at }));
    }
  }

  /** Adds a queue; `memberCount` agents staff it (a queue made through the API has none). */
  createQueue(body: Body, memberCount = 0): Queue {
    this.queues.checkName(body.name, null);
    const { id: _id, version: _version, ...fields } = body;
    const members = { memberCount, userMemberCount: memberCount, joinedMemberCount: memberCount };
    const queue = this.queues.create({ mediaSettings: {}, ...fields, ...members, name: body.name } as Omit<
      Queue,
      keyof Entity
    > & { name: string });
    this.queueNames.add(queue.name);
    return queue;
  }

  updateQueue(id: string, body: Body): Queue {
    const old = this.queues.get(id);
    const { id: _id, version: _version, memberCount: _m, selfUri: _s, ...fields } = body;
    const queue = this.queues.update(id, fields as Partial<Queue>);
    this.queueNames.delete(old.name);
    this.queueNames.add(queue.name);
    return queue;
  }

  removeQueue(id: string): void {
    const queue = this.queues.get(id);
    const users = this.usersOf("queues", queue.name);
    if (users.length > 0)
      throw conflict(
        `The queue '${queue.name}' is in use by ${users.map((n) => `'${n}'`).join(", ")}.`,
        "queue.in.use",
      );
    this.queues.remove(id);
    this.queueNames.delete(queue.name);
  }

  /** Sets how many agents staff a queue. @throws ApiError 400 on a negative number. */
  staff(name: string, agents: number): void {
    const queue = this.queues.named(name);
    if (!queue) throw notFound("queue", name);
    if (!(agents >= 0)) throw badRequest("The number of agents must be 0 or more.");
    this.queues.update(queue.id, { memberCount: agents, userMemberCount: agents, joinedMemberCount: agents });
  }
}
