import { describe, expect, it } from "vitest";
import { UserError } from "../model/errors";
import { queryConversations } from "./conversations";
import type { GenesysReader } from "./genesys";

const interval = { from: new Date("2026-06-01T08:00:00Z"), to: new Date("2026-06-01T09:00:00Z") };
const asked = (answer: unknown) =>
  queryConversations({ send: async () => answer } as unknown as GenesysReader, interval, {}, 1);

describe("the organisation's conversations", () => {
  it("none at all is an answer without a list, as the API gives it", async () => {
    for (const none of [{ totalHits: 0 }, {}]) expect(await asked(none)).toEqual({ conversations: [], complete: true });
  });

  it("what is no answer is never taken for silence on the old path", async () => {
    for (const odd of [undefined, null, "", "<html>", [], { conversations: "none" }, { conversations: [null] }])
      await expect(asked(odd), String(odd)).rejects.toThrow(UserError);
    await expect(asked({ totalHits: "0" })).rejects.toThrow("no call was counted");
  });
});
