import { entityResource } from "./entity";

export interface DidPoolInputs {
  startPhoneNumber: string;
  endPhoneNumber: string;
  description?: string;
  comments?: string;
  poolProvider?: string;
}

/** Numbers as the API writes them: + and up to 15 digits (ITU-T E.164). */
export const E164 = { test: /^\+[1-9]\d{1,14}$/, expected: "an E.164 number with leading + and no other signs" };

/** A range of numbers. It may not overlap another one, nor hold a number of the GCV inventory. */
export const didPool = entityResource<DidPoolInputs>({
  noun: "DID pool",
  path: "/api/v2/telephony/providers/edges/didpools",
  namesUnique: true,
  isNamed: (e, news) => e.startPhoneNumber === news.startPhoneNumber && e.endPhoneNumber === news.endPhoneNumber,
  label: (news) => `${news.startPhoneNumber} to ${news.endPhoneNumber}`,
  inputs: {
    startPhoneNumber: { type: "string", required: true, pattern: E164 },
    endPhoneNumber: { type: "string", required: true, pattern: E164 },
    description: { type: "string", default: "" },
    comments: { type: "string", default: "" },
    poolProvider: { type: "string", computed: true, enum: ["PURE_CLOUD", "PURE_CLOUD_VOICE"] },
  },
  check(news) {
    const { startPhoneNumber: from, endPhoneNumber: to } = news;
    if (typeof from !== "string" || typeof to !== "string") return [];
    if (from.length === to.length && from <= to) return [];
    return [
      {
        property: "endPhoneNumber",
        reason: `is ${to}; expected a number of the same length as startPhoneNumber ${from} and not before it`,
      },
    ];
  },
  toBody: (news, _client, current) => ({
    startPhoneNumber: news.startPhoneNumber,
    endPhoneNumber: news.endPhoneNumber,
    description: news.description ?? "",
    comments: news.comments ?? "",
    provider: news.poolProvider ?? current?.provider,
  }),
  fromApi: (e) => ({
    startPhoneNumber: e.startPhoneNumber,
    endPhoneNumber: e.endPhoneNumber,
    description: e.description,
    comments: e.comments,
    poolProvider: e.provider,
  }),
});
