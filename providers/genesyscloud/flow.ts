import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "../../model/errors";
import { HttpError } from "../lib/http";
import { liveInputs } from "../lib/live";
import { type Failure, type Interrupted, NothingLeft, type PropertySpec, resource } from "../lib/provider";
import { UNKNOWN, type Value } from "../lib/values";
import type { Entity, GenesysClient } from "./client";
import { appeared, path, present, remove } from "./entity";

export interface FlowInputs {
  filepath: string;
  name?: string;
  type?: string;
  substitutions?: Record<string, string>;
  fileContentHash?: string;
  forceUnlock?: boolean;
  updateTriggerHash?: string;
}
interface FlowOutputs extends FlowInputs {
  fileContentHash?: string;
}
interface Job {
  id: string;
  presignedUrl: string;
  headers?: Record<string, string>;
}
interface JobState {
  status?: string;
  flow?: { id?: string };
  messages?: { type?: string; text?: string }[];
}

/** A publish job is asked for 16 minutes, as the official provider does: quickly first, then every 15 s. */
const POLL_SECONDS = [0.5, 1, 2, 4, 8];
const POLL_SECONDS_LAST = 15;
const PUBLISH_SECONDS_MAX = 16 * 60;

const inputs: Record<string, PropertySpec> = {
  filepath: { type: "string", required: true },
  name: {
    type: "string",
    computed: true,
    frozen:
      "the name in the file decides which flow is published, so a new name makes a second flow and leaves the first; declare a new Flow.",
  },
  type: { type: "string", computed: true },
  substitutions: { type: "object" },
  fileContentHash: { type: "string", computed: true },
  forceUnlock: { type: "boolean", default: false },
  updateTriggerHash: { type: "string" },
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Text of the file, relative to the project directory, or null when it cannot be read. */
function readFlow(filepath: string): string | null {
  try {
    return readFileSync(filepath, "utf8");
  } catch {
    return null;
  }
}

/** The file with `{{key}}` replaced by plain text. Throws UserError when the file is missing. */
function rendered(news: FlowInputs): string {
  const text = readFlow(news.filepath);
  if (text === null)
    throw new UserError(
      `Flow file ${news.filepath} cannot be read; expected an Architect YAML file, relative to ${process.cwd()}.`,
    );
  return Object.entries(news.substitutions ?? {}).reduce(
    (t, [key, value]) => t.replaceAll(`{{${key}}}`, String(value)),
    text,
  );
}

/** Type and name that an Architect file publishes: the first top-level key and the `name` below it. */
export function flowHead(text: string): { type?: string; name?: string } {
  const lines = text.split(/\r?\n/);
  const top = lines.findIndex((l) => /^[A-Za-z]+:\s*(#.*)?$/.test(l));
  if (top < 0) return {};
  const type = (lines[top] as string).replace(/:.*$/, "").toUpperCase();
  const body = lines.slice(top + 1);
  const end = body.findIndex((l) => /^[^\s#]/.test(l));
  const within = end < 0 ? body : body.slice(0, end);
  const indent = within.find((l) => /^\s+[^\s#]/.test(l))?.match(/^\s+/)?.[0] ?? "  ";
  const line = within.find((l) => l.startsWith(`${indent}name:`));
  const raw = line?.slice(indent.length + 5).trim();
  if (!raw) return { type };
  const quoted = raw.match(/^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/);
  if (quoted?.[1] !== undefined) return { type, name: JSON.parse(`"${quoted[1]}"`) as string };
  if (quoted?.[2] !== undefined) return { type, name: quoted[2].replaceAll("''", "'") };
  return { type, name: raw.replace(/\s+#.*$/, "") };
}

/**
 * An Architect flow, published from a file. Republished only when the file's content, a substitution or `updateTriggerHash`
 * changes; the file may move. After an import the content last published is not known, so the first publish is asked for with `updateTriggerHash`.
 */
export const flow = resource<FlowInputs, FlowOutputs, GenesysClient>({
  inputs,
  check(news, olds): Failure[] {
    if ((news.filepath as Value) === UNKNOWN) return [];
    const text = readFlow(news.filepath);
    if (text === null) {
      // Nothing is published while the content stays the same, so a file that another machine wrote may be missing here.
      const same = news.fileContentHash !== undefined && olds?.fileContentHash === news.fileContentHash;
      return same
        ? []
        : [
            {
              property: "filepath",
              reason: `is ${news.filepath}, which cannot be read; expected an Architect YAML file, relative to ${process.cwd()}`,
            },
          ];
    }
    if (Object.values(news.substitutions ?? {}).some((v) => (v as Value) === UNKNOWN)) return [];
    const head = flowHead(rendered(news));
    const out: Failure[] = [];
    if (isText(news.name) && head.name !== undefined && head.name !== news.name) {
      out.push({
        property: "name",
        reason: `is "${news.name}" but ${news.filepath} publishes "${head.name}"; expected the same name, as the file's name decides which flow is published`,
      });
    }
    if (isText(news.type) && head.type !== undefined && head.type !== news.type.toUpperCase()) {
      out.push({
        property: "type",
        reason: `is "${news.type}" but ${news.filepath} holds a flow of type ${head.type}; expected the same`,
      });
    }
    return out;
  },
  diff(base, { olds, oldInputs, news }) {
    // An import reads no file: only what the server knows can differ.
    if (oldInputs.filepath === undefined) return base.filter((d) => d.path === "name" || d.path === "type");
    const others = base.filter(
      (d) => d.path !== "filepath" && d.path !== "fileContentHash" && d.path !== "forceUnlock",
    );
    const text = (news.filepath as Value) === UNKNOWN ? undefined : readFlow(news.filepath);
    if (text === undefined) return base;
    const changed = text !== null && olds.fileContentHash !== undefined && olds.fileContentHash !== sha256(text);
    return changed ? [...others, { path: "fileContentHash", kind: "update" }] : others;
  },
  planned(news) {
    const text = (news.filepath as Value) === UNKNOWN ? null : readFlow(news.filepath);
    return text === null ? {} : { fileContentHash: sha256(text) };
  },
  resumes: true,
  async create(news, { client, interrupted }) {
    const left = await ownFlow(client, news, interrupted);
    if (interrupted?.undo && left === undefined) throw new NothingLeft();
    const id = left !== undefined && interrupted?.undo ? left : await publish(client, news, left);
    const entity = await appeared(client, path`/api/v2/flows/${id}`, { id, name: news.name });
    return { id, outputs: outputsOf(entity, news), adopted: left !== undefined };
  },
  async read(id, state, { client }) {
    const entity = await present(client, path`/api/v2/flows/${id}`);
    if (!entity) return null;
    const live = {
      ...state.inputs,
      name: entity.name,
      type: typeof entity.type === "string" ? entity.type.toUpperCase() : undefined,
    };
    const found = liveInputs<FlowInputs>(inputs, live, state.inputs);
    return { inputs: found, outputs: { ...state.outputs, ...live, ...found } as FlowOutputs };
  },
  async update(id, news, _olds, { client }) {
    const entity = await client.http.json<Entity>("GET", path`/api/v2/flows/${id}`);
    const head = flowHead(rendered(news));
    if (head.name !== undefined && head.name !== entity.name) {
      throw new UserError(
        `${news.filepath} publishes "${head.name}", but this flow is "${entity.name}"; publishing would make a second flow. Give the file the flow's own name.`,
      );
    }
    await publish(client, news, id);
    return outputsOf(entity, news);
  },
  async delete(id, _olds, { client }) {
    await remove(client, path`/api/v2/flows/${id}`, [409]);
  },
});

/**
 * Id of the flow of this name that an interrupted creation published; undefined when there is none. A file publishes over whatever
 * flow bears its name, so any other flow is refused: it is some person's.
 */
async function ownFlow(
  client: GenesysClient,
  news: FlowInputs,
  interrupted?: Interrupted,
): Promise<string | undefined> {
  const { name, type } = flowHead(rendered(news));
  if (name === undefined) return undefined;
  for await (const e of client.list("/api/v2/flows", { name, type: type?.toLowerCase() })) {
    if (e.name !== name || e.state === "deleted" || e.deleted === true || !e.id) continue;
    // Ours has been published once, by the run that died: publishing the same file again changes nothing.
    const once = (e.publishedVersion as { id?: string } | undefined)?.id ?? "1.0";
    if (interrupted && once === "1.0" && !interrupted.ids.includes(e.id)) return e.id;
    const why = interrupted ? `has been published more than once (${once})` : "is not in this stack's state";
    throw new UserError(
      `Flow "${name}" is there already (${e.id}) and ${why}: a flow that is not known to be the program's own is never published over. Import it (resource option import: "${e.id}"), or rename it in Genesys Cloud, and run again.`,
    );
  }
  return undefined;
}

const isText = (v: string | undefined): v is string => typeof v === "string";

function outputsOf(entity: Entity, news: FlowInputs): FlowOutputs {
  const type = typeof entity.type === "string" ? entity.type.toUpperCase() : flowHead(rendered(news)).type;
  const text = readFlow(news.filepath);
  return { name: entity.name, type, ...news, ...(text === null ? {} : { fileContentHash: sha256(text) }) };
}

/** Registers a job, uploads the file, waits for Success; gives the flow's id. `expected` is the id of the flow that is updated. */
async function publish(client: GenesysClient, news: FlowInputs, expected: string | undefined): Promise<string> {
  const body = rendered(news);
  // Unlocking publishes somebody else's draft first: done only when the program says so.
  if (news.forceUnlock && expected)
    await client.http.json("POST", "/api/v2/flows/actions/unlock", { query: { flow: expected } });
  // A job that was registered twice has done nothing yet, but a lost answer is still an error: POST is never repeated blindly.
  const job = await client.http.json<Job>("POST", "/api/v2/flows/jobs");
  if (!job?.presignedUrl) throw new Error("POST /api/v2/flows/jobs answered without a presignedUrl");
  try {
    await client.http.request("PUT", "(upload of the flow)", {
      url: job.presignedUrl,
      headers: job.headers ?? {},
      body,
    });
  } catch (e) {
    // Nothing is published before the upload is complete.
    if (e instanceof HttpError)
      throw new HttpError(e.method, e.path, e.status, e.code, e.serverMessage, e.contextId, false);
    throw e;
  }
  const id = await finished(client, job.id, news.filepath);
  if (expected && id !== expected) {
    throw new UserError(
      `${news.filepath} was published as another flow (${id}) than the one declared (${expected}); delete the new flow and give the file the right name.`,
    );
  }
  return id;
}

async function finished(client: GenesysClient, job: string, filepath: string): Promise<string> {
  const at = path`/api/v2/flows/jobs/${job}`;
  for (let waited = 0, poll = 0; ; poll++) {
    const state = await client.http.json<JobState>("GET", at, { query: { expand: "messages" } });
    if (state.status === "Success") {
      if (!state.flow?.id) throw new Error(`GET ${at} says Success without a flow id`);
      return state.flow.id;
    }
    if (state.status === "Failure")
      throw new UserError(`Publishing ${filepath} failed: ${messages(state)}. Correct the file and run again.`);
    if (waited >= PUBLISH_SECONDS_MAX)
      throw Object.assign(
        new Error(
          `Publishing ${filepath} is still ${state.status} after 16 min (job ${job}); look at the flow in Architect before you run again`,
        ),
        {
          ambiguous: true,
        },
      );
    const wait = POLL_SECONDS[poll] ?? POLL_SECONDS_LAST;
    waited += wait;
    await client.clock.sleep(wait, client.signal);
  }
}

function messages(state: JobState): string {
  const all = (state.messages ?? []).map((m) => `${m.type ? `${m.type}: ` : ""}${m.text ?? ""}`.trim()).filter(Boolean);
  return all.length > 0
    ? all.slice(0, 5).join("; ")
    : "the job gave no message; publish the file by hand with Archy to see why";
}
