/** A trunk and a number that is answered, made by plain requests to the sandbox's Genesys API. */

/** The sandbox's deployer; it opens nothing but a loopback world. */
const CLIENT = "5a4db000-c07e-4a11-9c10-000000000001:sandbox-secret";
export const NUMBER = "+15005550010";
export const TRUNK_HOST = "bench.byoc.use1.pure.cloud";
export const SOURCE = "127.51.100.44";

/** @throws Error with the API's answer when something is refused. */
export async function buildOrganisation(genesys) {
  const answer = await fetch(`${genesys}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(CLIENT).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  const { access_token } = await answer.json();
  const api = async (method, path, body) => {
    const response = await fetch(`${genesys}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}` },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const edges = "/telephony/providers/edges";
  const location = await api("POST", "/locations", { name: "Bench", address: { country: "US", city: "Boston" } });
  const site = await api("POST", `${edges}/sites`, {
    name: "Bench",
    mediaModel: "Cloud",
    mediaRegions: ["us-east-1"],
    mediaRegionsUseLatencyBased: true,
    location: { id: location.id },
  });
  const values = {
    trunk_type: "external.pcv.byoc.carrier",
    trunk_enabled: true,
    trunk_transport_protocolVariant: "tls",
    trunk_sip_termination_uri: "bench",
    trunk_transport_serverProxyList: ["sip.carrier-domain.com:5061"],
    trunk_access_acl_allowList: ["198.51.100.44/32"],
    trunk_media_codec: ["audio/pcmu"],
    trunk_maxCallRate: "1000000/5s",
    trunk_maxConcurrentCalls: 100000,
  };
  await api("POST", `${edges}/trunkbasesettings`, {
    name: "Bench",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json" },
    trunkType: "EXTERNAL",
    inboundSite: { id: site.id },
    properties: Object.fromEntries(Object.entries(values).map(([key, instance]) => [key, { value: { instance } }])),
  });
  await api("POST", `${edges}/didpools`, { startPhoneNumber: NUMBER, endPhoneNumber: NUMBER, provider: "PURE_CLOUD" });
  const [ivr] = (await api("GET", "/architect/ivrs?pageSize=25")).entities;
  await api("POST", "/architect/ivrs", { name: "Bench", dnis: [NUMBER], openHoursFlow: ivr.openHoursFlow });
}
