import type { Entity } from "./client";
import { entityResource, idOf, idsOf, ref } from "./entity";

interface EmergencyCallFlow {
  emergencyFlowId: string;
  ivrIds: string[];
}

export interface EmergencygroupInputs {
  name: string;
  description?: string;
  divisionId?: string;
  enabled?: boolean;
  emergencyCallFlows?: EmergencyCallFlow[];
}

/** While `enabled`, the listed IVRs run the emergency flow: the fastest way to turn call routes without touching a number. */
export const emergencygroup = entityResource<EmergencygroupInputs>({
  noun: "emergency group",
  path: "/api/v2/architect/emergencygroups",
  inputs: {
    name: {
      type: "string",
      required: true,
      frozen: "an emergency group is never renamed, as that would replace it; keep the name.",
    },
    description: { type: "string", default: "" },
    divisionId: { type: "string", computed: true },
    enabled: { type: "boolean", default: false },
    emergencyCallFlows: {
      type: "array",
      set: true,
      items: {
        type: "object",
        properties: {
          emergencyFlowId: { type: "string", required: true },
          ivrIds: { type: "array", required: true, set: true, items: { type: "string" } },
        },
      },
    },
  },
  toBody: (news, _client, current) => ({
    name: news.name,
    description: news.description ?? "",
    division: ref(news.divisionId) ?? current?.division,
    enabled: news.enabled ?? false,
    emergencyCallFlows: (news.emergencyCallFlows ?? []).map((f) => ({
      emergencyFlow: ref(f.emergencyFlowId),
      ivrs: f.ivrIds.map((id) => ({ id })),
    })),
  }),
  fromApi: (e) => ({
    name: e.name,
    description: e.description,
    divisionId: idOf(e.division),
    enabled: e.enabled,
    emergencyCallFlows: (e.emergencyCallFlows as Entity[] | undefined)?.map((f) => ({
      emergencyFlowId: idOf(f.emergencyFlow),
      ivrIds: idsOf(f.ivrs) ?? [],
    })),
  }),
});
