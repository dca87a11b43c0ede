import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import { architect, pointAt, routing } from "./genesys/api";
import { publish } from "./genesys/architect";
import { eventually } from "./harness";
import { type Scenario, scenario } from "./scenario";
import { type SipContext, sipp } from "./sip";

/** In the pool of the walk, bound to nothing until here. */
const NUMBER = "+15005550013";

/** A flow that asks a table by the called number, reads a header of the INVITE, finds a queue by name and transfers to it. */
const FLOW = `inboundCall:
  name: Peers routes
  division: Home
  startUpRef: "/inboundCall/tasks/task[Main_10]"
  defaultLanguage: en-us
  supportedLanguages:
    en-us:
      defaultLanguageSkill: { noValue: true }
      textToSpeech: { defaultEngine: { voice: Jill } }
  tasks:
    - task:
        name: Main
        refId: Main_10
        variables:
          - stringVariable: { name: Task.queueName, initialValue: { noValue: true } }
          - stringVariable: { name: Task.error, initialValue: { noValue: true } }
          - jsonVariable: { name: Task.headers, initialValue: { noValue: true } }
          - queueVariable: { name: Task.queue, initialValue: { noValue: true } }
        actions:
          - getSIPHeaders:
              name: Headers
              sipHeaderNames: { exp: 'MakeList("P-Asserted-Identity")' }
              sipHeadersResult: { var: Task.headers }
              failureOutputs: { errorType: { var: Task.error }, errorMessage: { noValue: true } }
              outputs:
                success:
                  actions:
                    - setParticipantData:
                        name: Mark
                        attributes:
                          - attribute:
                              name: { lit: identity }
                              value: { exp: 'ToString(GetJsonObjectProperty(Task.headers, "P-Asserted-Identity"))' }
          - dataTableLookup:
              name: Row
              lookupValue: { exp: "ToString(ToPhoneNumber(Call.CalledAddressOriginal).e164)" }
              dataTable:
                Peers routing:
                  foundOutputs: { queue: { var: Task.queueName } }
                  failureOutputs: { errorType: { noValue: true }, errorMessage: { noValue: true } }
          - decision:
              name: Known
              condition: { exp: "IsSet(Task.queueName) and Length(Task.queueName) > 0" }
              outputs:
                "yes":
                  actions:
                    - findQueue:
                        name: Find
                        findName: { exp: Task.queueName }
                        findResult: { var: Task.queue }
                        outputs:
                          found:
                            actions:
                              - transferToAcd: { name: To queue, targetQueue: { exp: Task.queue } }
          - playAudio: { name: Sorry, audio: { tts: "Nobody is there." } }
          - disconnect: { name: End }
`;

/** Architect as callers meet it: what was published runs for each call, with the table's row of that moment. */
export async function callFlow(c: SipContext): Promise<void> {
  const { suite, world, built } = c;
  pointAt(world.genesys);
  const queues = ((await routing.getRoutingQueues({ pageSize: 100 })).entities ?? []) as {
    id?: string;
    name: string;
    memberCount?: number;
  }[];
  const [first, second] = queues.filter((queue) => (queue.memberCount ?? 0) > 0);
  assert.ok(first && second);
  const column = (name: string, displayOrder: number) => ({
    title: name,
    type: "string",
    $id: `/properties/${name}`,
    displayOrder,
  });
  const table = await architect.postFlowsDatatables({
    name: "Peers routing",
    schema: {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      additionalProperties: false,
      required: ["key"],
      properties: { key: column("key", 0), queue: column("queue", 1) },
    } as never,
  });
  const id = table.id as string;
  await architect.postFlowsDatatableRows(id, { key: NUMBER, queue: first.name });
  const job = await publish(FLOW);
  assert.equal(job.status, "Success", JSON.stringify(job.messages));
  await architect.postArchitectIvrs({
    name: "Peers routes",
    dnis: [NUMBER],
    openHoursFlow: { id: job.flow?.id } as never,
  });
  const call = (more: Partial<Scenario> = {}) =>
    sipp(c, {
      xml: scenario({ host: built.trunkHost, number: NUMBER, ...more }),
      to: world.edge.udp,
      transport: "u1",
      from: built.source,
      calls: 1,
      perSecond: 1,
    });
  await suite.check(
    "a published flow runs for each call: header, look-up, decision, queue; a changed row changes the next",
    async () => {
      await call();
      await architect.putFlowsDatatableRow(id, NUMBER, { body: { key: NUMBER, queue: second.name } } as never);
      await call();
      const seen = await eventually(
        () => conversations(world.clock),
        (found) => found.length === 2,
      );
      const queueOf = (one: Shown) =>
        one.participants.flatMap((p) => p.sessions.flatMap((s) => s.segments.map((g) => g.queueId))).find(Boolean);
      assert.deepEqual(seen.map(queueOf), [first.id, second.id], JSON.stringify(seen).slice(0, 800));
      for (const one of seen)
        assert.match((await attributesOf(one.conversationId)).identity ?? "", /sip:\+12125550123@peer\.example/);
    },
  );
  await suite.check("a flow whose row names no queue says so and ends the call", async () => {
    await architect.putFlowsDatatableRow(id, NUMBER, { body: { key: NUMBER, queue: "" } } as never);
    await call({ during: "far-bye" });
  });
}

interface Shown {
  conversationId: string;
  conversationStart: string;
  participants: { sessions: { segments: { queueId?: string }[] }[] }[];
}

/** Participant data that a flow has set. */
export async function attributesOf(conversationId: string): Promise<Record<string, string>> {
  const { participants = [] } = await new platformClient.ConversationsApi().getConversation(conversationId);
  return Object.assign({}, ...participants.map((each) => each.attributes ?? {})) as Record<string, string>;
}

/** The conversations with the number, in their order. */
async function conversations(clock: string): Promise<Shown[]> {
  const now = Date.parse(((await (await fetch(`${clock}/now`)).json()) as { now: string }).now);
  const answer = await new platformClient.ConversationsApi().postAnalyticsConversationsDetailsQuery({
    interval: `${new Date(now - 3_600_000).toISOString()}/${new Date(now + 60_000).toISOString()}`,
    order: "asc",
    orderBy: "conversationStart",
    segmentFilters: [
      {
        type: "and",
        predicates: [{ type: "dimension", dimension: "dnis", operator: "matches", value: `tel:${NUMBER}` }],
      },
    ],
  } as never);
  return (answer.conversations ?? []) as unknown as Shown[];
}
