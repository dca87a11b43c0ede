const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const aws = require("@pulumi/aws/route53");
const cloudflare = require("@pulumi/cloudflare");
const genesyscloud = require("@pulumi/genesyscloud");
const pulumi = require("@pulumi/pulumi");

// What somebody has who runs Genesys Cloud with Pulumi and none of this project's components. `wrong` names the mistakes to make.
const wrong = new Set((new pulumi.Config("plain").get("wrong") ?? "").split(","));
const either = (mistake, bad, good) => (wrong.has(mistake) ? bad : good);

/** A zone of web sites: nothing of telephony, and of each second name it is not known yet where it leads. */
function webSites(count) {
  const at = (name, target) =>
    new aws.Record(name, { zoneId: "Z1", name: `${name}.acme.example`, type: "CNAME", ttl: 60, records: [target] });
  for (let i = 0; i < count; i += 2) at(`alias-${i}`, at(`site-${i}`, "front.acme.example").fqdn);
}

function telephony() {
  const setting = (value) => ({ value: { instance: value } });
  const properties = JSON.stringify({
    trunk_sip_termination_uri: setting("acme-primary"),
    trunk_transport_protocolVariant: setting(either("transport", "udp", "tls")),
    trunk_media_srtpCipherSuites: setting(["AES_CM_128_HMAC_SHA1_80"]),
    trunk_media_codec: setting(either("codecs", ["audio/opus"], ["audio/pcmu", "audio/pcma"])),
    trunk_access_acl_allowList: setting(either("allowlist", ["198.51.100.0/24"], ["203.0.113.10/31"])),
    trunk_calling_id_priority: setting(either("callerId", ["Trunk"], ["Source", "Trunk"])),
    trunk_recording_enabled: setting(!wrong.has("recording")),
    trunk_sip_authentication_credentials_password: setting("plain-secret"),
  });
  const site = new genesyscloud.TelephonyProvidersEdgesSite("site", {
    name: "Acme",
    locationId: "7c1f2a34-0000-4000-8000-000000000001",
    mediaModel: "Cloud",
    mediaRegionsUseLatencyBased: true,
  });
  new genesyscloud.TelephonyProvidersEdgesTrunkbasesettings(
    "trunk",
    {
      name: "Acme BYOC",
      trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
      trunkType: "EXTERNAL",
      inboundSiteId: site.id,
      properties: pulumi.secret(properties),
    },
    { protect: !wrong.has("protect"), additionalSecretOutputs: ["properties"] },
  );
  const filepath = join(__dirname, either("flow", "looping-flow.yaml", "flow.yaml"));
  const flow = new genesyscloud.Flow("flow", {
    filepath,
    name: either("flow", "Acme loop", "Acme front"),
    type: "INBOUNDCALL",
    fileContentHash: createHash("sha256").update(readFileSync(filepath)).digest("hex"),
  });
  new genesyscloud.TelephonyProvidersEdgesDidPool(
    "pool",
    {
      startPhoneNumber: "+12025550100",
      endPhoneNumber: "+12025550109",
      description: "Acme",
      poolProvider: "PURE_CLOUD",
    },
    { protect: true },
  );
  const ivr = (name, dnis) =>
    new genesyscloud.ArchitectIvr(name.toLowerCase(), { name, dnis, openHoursFlowId: flow.id }, { protect: true });
  ivr("Sales", ["+12025550100", "+12025550101"]);
  ivr("Service", [either("twice", "+12025550101", "+12025550102")]);
  new genesyscloud.AuthRole("role", {
    name: "Acme runs",
    permissionPolicies: [
      {
        domain: "routing",
        entityName: either("rights", "*", "callRoute"),
        actionSets: [either("rights", "*", "edit")],
      },
    ],
  });
  new aws.Record("sip", {
    zoneId: "Z1",
    name: "sip.acme.example",
    type: "CNAME",
    ttl: 300,
    records: ["acme-primary.byoc.use1.pure.cloud"],
  });
  new cloudflare.DnsRecord("sip2", {
    zoneId: "0123456789abcdef0123456789abcdef",
    name: "sip2.acme.example",
    type: "CNAME",
    ttl: either("proxied", 1, 300),
    content: "acme-primary.byoc.use1.pure.cloud",
    proxied: wrong.has("proxied"),
  });
}

const sites = new pulumi.Config("plain").getNumber("webSites");
if (sites) webSites(sites);
else telephony();
