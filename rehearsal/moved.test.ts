import { describe, expect, it } from "vitest";
import { movedBy } from "./moved";

const NOW = new Date("2026-06-03T10:00:00Z");
const record = (phase: string, waves: string) => ({ phase, waves, floor: "", digest: "", since: {} });
const deployer = (confirm: string | undefined) => ({
  export: async () => ({
    version: 3 as const,
    deployment: {
      manifest: { time: "", magic: "", version: "" },
      resources: [{ type: "gates:index:Gate", inputs: { facts: { stack: "dev", ...(confirm ? { confirm } : {}) } } }],
    },
  }),
});

describe("what an up did", () => {
  it("is what the record in the organisation and the gate in the state tell", async () => {
    const live = await movedBy(deployer(undefined), "dev", NOW, record("cutover", ""), record("cutover", "w1=live"));
    expect(live).toEqual({ at: NOW, before: "", after: "w1=live", complete: false, unconfirmed: false });
    const end = (confirm: string | undefined) =>
      movedBy(deployer(confirm), "dev", NOW, record("cutover", "w1=adopted"), record("complete", "w1=adopted"));
    expect(await end("dev")).toMatchObject({ complete: true, unconfirmed: false });
    expect(await end("prod")).toMatchObject({ complete: true, unconfirmed: true });
    expect(await end(undefined)).toMatchObject({ complete: true, unconfirmed: true });
    expect(await movedBy(deployer("dev"), "dev", NOW, null, record("baseline", ""))).toMatchObject({ before: "" });
  });
});
