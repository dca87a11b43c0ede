import assert from "node:assert/strict";
import type platformClient from "purecloud-platform-client-v2";
import type { Suite } from "../harness";
import type { SandboxWorld } from "../world";
import { client, architect, routing, pointAt, logIn, refused } from "./api";
import { flowText } from "./architect";

/** A world with `--world genesys-read-lag=20 --world genesys-publish=30`: the oddities as the SDK meets them. */
export async function meetLag(suite: Suite, world: SandboxWorld): Promise<void> {
  pointAt(world.genesys);
  await logIn();
  await suite.check(
    "a read or a listing after a write shows the old state, what was made is not found, until the lag is over",
    async () => {
      const ivr = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
      assert.ok(ivr?.id);
      const written = await architect.putArchitectIvr(ivr.id, { ...ivr, description: "new" });
      assert.equal(written.description, "new");
      assert.equal((await architect.getArchitectIvr(ivr.id)).description, undefined);
      const listed = async () =>
        (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0]?.description;
      assert.equal(await listed(), undefined);
      const made = await routing.postRoutingQueues({ name: "Late" });
      const late = async () => (await routing.getRoutingQueues({ name: "Late" })).total;
      await refused(routing.getRoutingQueue(made.id as string), 404);
      assert.equal(await late(), 0);
      await world.jump(21);
      assert.deepEqual([await listed(), await late()], ["new", 1]);
      assert.equal((await architect.getArchitectIvr(ivr.id)).description, "new");
      assert.equal((await routing.getRoutingQueue(made.id as string)).name, "Late");
    },
  );
  await suite.check(
    "a publish job takes its time, and may fail with a message although the flow is right",
    async () => {
      const first = await publishLate(world, "Slow");
      assert.equal(first.status, "Failure");
      assert.match(JSON.stringify(first.messages), /internal error/);
      assert.equal((await publishLate(world, "Slow")).status, "Success");
    },
  );
}

/** Uploads a flow, sees the job at work, and waits for its end. */
async function publishLate(
  world: SandboxWorld,
  name: string,
): Promise<platformClient.Models.ArchitectJobStateResponse> {
  const job = await architect.postFlowsJobs();
  const put = await fetch(job.presignedUrl as string, {
    method: "PUT",
    headers: job.headers as Record<string, string>,
    body: flowText(name, "Main inbound"),
  });
  assert.equal(put.status, 200);
  assert.equal((await architect.getFlowsJob(job.id as string)).status, "Started");
  await world.jump(31);
  return architect.getFlowsJob(job.id as string, { expand: ["messages"] } as never);
}

/** An answer, or a refusal, as the SDK gives it when it is asked for everything. */
interface Extended {
  status?: number;
  headers?: Record<string, string>;
  body?: Record<string, unknown>;
}

/** Last of all, because it uses up what a minute allows. */
export async function throttle(suite: Suite, world: SandboxWorld): Promise<void> {
  pointAt(world.genesys);
  await suite.check(
    "the 301st request of a token within a minute is 429 with Retry-After and the name of the limit",
    async () => {
      await logIn();
      client.setReturnExtendedResponses(true);
      try {
        const answers = await Promise.allSettled(
          Array.from({ length: 330 }, () => architect.getArchitectIvrs({ pageSize: 1 })),
        );
        const refusals = answers.filter((a) => a.status === "rejected").map((a) => a.reason as Record<string, unknown>);
        assert.ok(refusals.length >= 1 && refusals.length <= 30, `${refusals.length} refused of 330`);
        const one = refusals[0] as Extended;
        assert.equal(one.status, 429, JSON.stringify(one));
        assert.ok(Number(one.headers?.["retry-after"]) >= 1, JSON.stringify(one.headers));
        assert.equal((one.body?.limit as { key?: string }).key, "client.credentials.token.rate.per.minute");
      } finally {
        client.setReturnExtendedResponses(false);
      }
    },
  );
  await suite.check(
    "the 101st IVR update of the organisation within a minute is 429 with Retry-After, whatever token asks; after that time it is done",
    async () => {
      // What the checks before have used is given back by then.
      await world.jump(120);
      await logIn();
      const ivr = (await architect.getArchitectIvrs({ name: "Peers" })).entities?.[0];
      assert.ok(ivr);
      const { version: _, ...body } = ivr;
      const put = () => architect.putArchitectIvr(ivr.id as string, body);
      client.setReturnExtendedResponses(true);
      try {
        let done = 0;
        let refusal: Extended | undefined;
        for (; done < 130 && !refusal; done++) {
          if (done === 50) await logIn();
          await put().catch((error) => {
            refusal = error as Extended;
          });
        }
        // The limit is a bucket that fills as it is used: while 100 are written some more come in.
        assert.ok(done > 100 && done <= 115, `refused after ${done}`);
        assert.equal(refusal?.status, 429);
        assert.equal((refusal?.body?.limit as { key?: string }).key, "put.architect.ivrs.rate.per.minute");
        const waitSeconds = Number(refusal?.headers?.["retry-after"]);
        assert.ok(waitSeconds >= 1 && waitSeconds <= 60, JSON.stringify(refusal?.headers));
        await world.jump(waitSeconds);
        assert.equal(((await put()) as unknown as Extended).status, 200);
      } finally {
        client.setReturnExtendedResponses(false);
      }
    },
  );
}
