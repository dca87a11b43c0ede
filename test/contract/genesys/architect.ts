import assert from "node:assert/strict";
import type platformClient from "purecloud-platform-client-v2";
import type { Suite } from "../harness";
import type { SandboxWorld } from "../world";
import { architect, type Keep, refused, routing } from "./api";

export async function tables(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("data table and rows: create, read, update, duplicate, delete", async () => {
    const table = await architect.postFlowsDatatables({
      name: "Peers",
      schema: {
        $schema: "http://json-schema.org/draft-04/schema#",
        type: "object",
        additionalProperties: false,
        required: ["key"],
        properties: {
          key: { title: "key", type: "string", $id: "/properties/key", displayOrder: 0 },
          live: { title: "live", type: "boolean", $id: "/properties/live", displayOrder: 1, default: false },
        },
      } as never,
    });
    keep("DataTable", table);
    const id = table.id as string;
    await architect.postFlowsDatatableRows(id, { key: "w1", live: false });
    await refused(architect.postFlowsDatatableRows(id, { key: "w1", live: true }), 409);
    await refused(architect.postFlowsDatatableRows(id, { key: "w2", live: "yes" }), 400);
    await architect.putFlowsDatatableRow(id, "w1", { body: { key: "w1", live: true } } as never);
    const row = (await architect.getFlowsDatatableRow(id, "w1", { showbrief: false })) as Record<string, unknown>;
    assert.deepEqual(row, { key: "w1", live: true });
    await refused(architect.deleteFlowsDatatable(id), 409);
    await architect.deleteFlowsDatatable(id, { force: true });
    await refused(architect.getFlowsDatatable(id), 404);
  });
}

export const flowText = (name: string, queue: string) => `inboundCall:
  name: ${name}
  division: Home
  startUpRef: "/inboundCall/tasks/task[Main_10]"
  defaultLanguage: en-us
  supportedLanguages:
    en-us:
      defaultLanguageSkill:
        noValue: true
      textToSpeech:
        defaultEngine:
          voice: Jill
  tasks:
    - task:
        name: Main
        refId: Main_10
        actions:
          - transferToAcd:
              name: To queue
              targetQueue:
                lit:
                  name: ${queue}
              priority:
                lit: 0
          - disconnect:
              name: End
`;

export async function publish(text: string): Promise<platformClient.Models.ArchitectJobStateResponse> {
  const job = await architect.postFlowsJobs();
  const put = await fetch(job.presignedUrl as string, {
    method: "PUT",
    headers: job.headers as Record<string, string>,
    body: text,
  });
  assert.equal(put.status, 200, await put.text());
  return architect.getFlowsJob(job.id as string, { expand: ["messages"] } as never);
}

/** Actions that no publish job takes, in place of the flow's last one, and what the job's message must name. */
const WRONG: readonly [action: string, named: string][] = [
  ["teleport: { name: Go }", "teleport"],
  ["disconnect: { name: End, loudly: true }", "loudly"],
  ["transferToFlow: { name: On, targetFlow: { name: Nowhere } }", "Nowhere"],
  ['jumpToTask: { name: Jump, targetTaskRef: "/inboundCall/tasks/task[Gone_9]" }', "Gone_9"],
  ["dataTableLookup: { name: Row, lookupValue: { lit: x }, dataTable: { Ghost: { foundOutputs: {} } } }", "Ghost"],
  ["playAudio: { name: Say, audio: { exp: Sing(1) } }", "Sing"],
  ["playAudio: { name: Say, audio: { exp: Task.undeclared } }", "Task.undeclared"],
  ["findQueue: { name: Find, findName: { lit: Sales }, findResult: { var: Task.nobody } }", "Task.nobody"],
  ["decision: { name: If, condition: { exp: Left(1) } }", "Left"],
  ['transferToNumber: { name: Out, targetNumber: { lit: "12125550199" } }', "E.164"],
];

export async function flows(suite: Suite, keep: Keep, world: SandboxWorld): Promise<void> {
  await suite.check("a flow is published by a job; a wrong one fails the job with a message", async () => {
    const good = await publish(flowText("Peers flow", "Main inbound"));
    keep("ArchitectJobStateResponse", good);
    assert.equal(good.status, "Success");
    const bad = await publish(flowText("Peers flow 2", "No such queue"));
    assert.equal(bad.status, "Failure");
    assert.match(JSON.stringify(bad.messages), /No such queue/);
    const flow = (await architect.getFlows({ name: "Peers flow", type: ["inboundcall"] } as never)).entities?.[0];
    keep("Flow", flow);
    const used = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0]?.openHoursFlow?.id;
    await refused(architect.deleteFlow(used as string), 409);
    await architect.deleteFlow(flow?.id as string);
  });
  await suite.check(`each of ${WRONG.length} wrong actions or references fails the job, which names it`, async () => {
    for (const [action, named] of WRONG) {
      const text = flowText("Peers wrong", "Main inbound").replace(/disconnect:\n.*\n/, `${action}\n`);
      const job = await publish(text);
      assert.equal(job.status, "Failure", action);
      const said = JSON.stringify(job.messages);
      assert.ok(said.includes(named), `${action}: ${said}`);
    }
    assert.equal((await architect.getFlows({ name: "Peers wrong" } as never)).total, 0);
  });
  await suite.check("an upload with other headers, or with a bearer token, is refused by the store", async () => {
    const job = await architect.postFlowsJobs();
    const url = job.presignedUrl as string;
    assert.ok(url.startsWith(world.genesys));
    assert.equal((await fetch(url, { method: "PUT", body: "x" })).status, 403);
    const headers = { ...(job.headers as Record<string, string>), authorization: "Bearer x" };
    assert.equal((await fetch(url, { method: "PUT", headers, body: "x" })).status, 400);
  });
  await suite.check("queue: create, read, delete", async () => {
    const queue = keep("Queue", await routing.postRoutingQueues({ name: "Peers queue" }));
    await refused(routing.postRoutingQueues({ name: "Peers queue" }), 409);
    await routing.deleteRoutingQueue(queue.id as string);
  });
}
