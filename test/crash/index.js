// One of each kind that a cutover makes in an organisation, for the test that kills the engine at each creation in turn.
const pulumi = require("@pulumi/pulumi");
const genesys = require("@pulumi/genesyscloud");

module.exports = async () => {
  const { locationId } = new pulumi.Config().requireObject("env");
  new genesys.RoutingQueue("queue", { name: "Crash queue" });
  const table = new genesys.ArchitectDatatable("table", {
    name: "Crash table",
    properties: [
      { name: "key", type: "string" },
      { name: "path", type: "string" },
    ],
  });
  new genesys.ArchitectDatatableRow("row", {
    datatableId: table.id,
    keyValue: "w1",
    propertiesJson: JSON.stringify({ path: "gcv" }),
  });
  const site = new genesys.TelephonyProvidersEdgesSite("site", {
    name: "Crash site",
    locationId,
    mediaModel: "Cloud",
    numberPlans: [
      {
        name: "Shadow",
        classification: "Shadow",
        matchType: "e164NumberList",
        numbers: [{ start: "+19725550100", end: "+19725550109" }],
      },
    ],
  });
  const trunk = new genesys.TelephonyProvidersEdgesTrunkbasesettings("trunk", {
    name: "Crash trunk",
    trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
    trunkType: "EXTERNAL",
    inboundSiteId: site.id,
    properties: JSON.stringify({
      trunk_sip_termination_uri: { value: { instance: "crash-test" } },
      trunk_transport_protocolVariant: { value: { instance: "tls" } },
      trunk_transport_serverProxyList: { value: { instance: ["sbc.carrier.example:5061"] } },
      trunk_access_acl_allowList: { value: { instance: ["198.51.100.44/30"] } },
    }),
  });
  new genesys.TelephonyProvidersEdgesSiteOutboundRoute("route", {
    name: "Crash route",
    siteId: site.id,
    classificationTypes: ["Shadow"],
    externalTrunkBaseIds: [trunk.id],
  });
  const pool = new genesys.TelephonyProvidersEdgesDidPool("pool", {
    startPhoneNumber: "+19725550100",
    endPhoneNumber: "+19725550109",
    poolProvider: "PURE_CLOUD",
  });
  new genesys.ArchitectIvr("ivr", { name: "Crash IVR", dnis: ["+19725550100"] }, { dependsOn: [pool] });
  const role = new genesys.AuthRole("role", {
    name: "Crash role",
    permissionPolicies: [{ domain: "routing", entityName: "queue", actionSets: ["view"] }],
  });
  new genesys.OauthClient("client", {
    name: "Crash client",
    authorizedGrantType: "CLIENT-CREDENTIALS",
    roles: [{ roleId: role.id }],
  });
};
