"""Walks the Genesys Cloud API of a sandbox with the official Python SDK and prints what it saw as one JSON object.

Usage: genesys_walk.py URL CLIENT_ID CLIENT_SECRET
"""

import json
import sys
import urllib.request

import PureCloudPlatformClientV2 as genesys
from PureCloudPlatformClientV2.rest import ApiException

url, client_id, client_secret = sys.argv[1:4]
genesys.configuration.host = url
genesys.configuration.logger.log_to_console = False
client = genesys.api_client.ApiClient().get_client_credentials_token(client_id, client_secret)
edges = genesys.TelephonyProvidersEdgeApi(client)
architect = genesys.ArchitectApi(client)
seen = {}


def refusal(call, *args, **kwargs):
    """Status, code and message of a refusal, or None."""
    try:
        call(*args, **kwargs)
    except ApiException as error:
        body = json.loads(error.body)
        return [error.status, body["code"], body["message"], len(body["contextId"])]
    return None


def ref(entity):
    return {"id": entity.id}


def value(instance):
    return {"value": {"instance": instance}}


def wrong_secret():
    try:
        genesys.api_client.ApiClient().get_client_credentials_token(client_id, "wrong")
    except Exception as error:  # the SDK raises different classes here from version to version
        return type(error).__name__
    return None


seen["login"] = wrong_secret()
seen["organisation"] = genesys.OrganizationApi(client).get_organizations_me().name

location = genesys.LocationsApi(client).post_locations(
    {"name": "Python", "address": {"country": "US", "countryName": "US", "city": "Boston"}}
)
site = edges.post_telephony_providers_edges_sites(
    {
        "name": "Python",
        "mediaModel": "Cloud",
        "mediaRegions": ["us-east-1"],
        "mediaRegionsUseLatencyBased": True,
        "location": ref(location),
    }
)
site.description = "by Python"
renamed = edges.put_telephony_providers_edges_site(site.id, site)
seen["site"] = [site.version, renamed.version, renamed.description]
seen["site_stale"] = refusal(edges.put_telephony_providers_edges_site, site.id, site)
plans = edges.get_telephony_providers_edges_site_numberplans(site.id)
own = {"name": "Python", "matchType": "numberList", "classification": "Python", "numbers": [{"start": "+15005560010"}], "priority": 0}
plans = edges.put_telephony_providers_edges_site_numberplans(site.id, [own, *plans])
seen["plans"] = sorted(plan.classification for plan in plans)

trunk_body = {
    "name": "Python trunk",
    "trunkMetabase": {"id": "external_sip_pcv_byoc_carrier.json"},
    "trunkType": "EXTERNAL",
    "properties": {
        "trunk_type": value("external.pcv.byoc.carrier"),
        "trunk_enabled": value(True),
        "trunk_transport_protocolVariant": value("tls"),
        "trunk_sip_termination_uri": value("python"),
        "trunk_transport_serverProxyList": value(["sip.meridian-carrier.example:5061"]),
        "trunk_access_acl_allowList": value(["198.51.100.44/30"]),
        "trunk_media_codec": value(["audio/pcmu"]),
    },
}
seen["trunk_without_site"] = refusal(edges.post_telephony_providers_edges_trunkbasesettings, trunk_body)
trunk = edges.post_telephony_providers_edges_trunkbasesettings({**trunk_body, "inboundSite": ref(site)})
trunk.description = "second"
again = edges.put_telephony_providers_edges_trunkbasesetting(trunk.id, trunk)
seen["trunk"] = [trunk.version, again.version, again.properties["trunk_sip_termination_uri"]["value"]["instance"]]
seen["trunk_stale"] = refusal(edges.put_telephony_providers_edges_trunkbasesetting, trunk.id, trunk)
managed = edges.get_telephony_providers_edges_trunkbasesettings(managed=True).entities[0]
seen["trunk_managed"] = refusal(edges.delete_telephony_providers_edges_trunkbasesetting, managed.id)

route = edges.post_telephony_providers_edges_site_outboundroutes(
    site.id,
    {
        "name": "Python",
        "classificationTypes": ["Python"],
        "enabled": False,
        "distribution": "SEQUENTIAL",
        "externalTrunkBases": [ref(trunk)],
    },
)
listed = edges.get_telephony_providers_edges_site_outboundroutes(site.id, page_size=100).entities
seen["routes"] = sorted(each.name for each in listed)
seen["trunk_in_use"] = refusal(edges.delete_telephony_providers_edges_trunkbasesetting, trunk.id)

pool = edges.post_telephony_providers_edges_didpools(
    {"startPhoneNumber": "+15005560010", "endPhoneNumber": "+15005560012", "provider": "PURE_CLOUD"}
)
overlap = {"startPhoneNumber": "+15005560012", "endPhoneNumber": "+15005560020", "provider": "PURE_CLOUD"}
seen["pool_overlap"] = refusal(edges.post_telephony_providers_edges_didpools, overlap)
numbers, page = set(), 1
while True:
    answer = edges.get_telephony_providers_edges_didpools_dids("ASSIGNED_AND_UNASSIGNED", page_size=100, page_number=page)
    numbers.update(did.number for did in answer.entities)
    if not answer.next_uri:
        break
    page += 1
seen["numbers"] = [len(numbers), answer.total, page]

flow = architect.get_architect_ivrs(name="Main inbound").entities[0].open_hours_flow
ivr = architect.post_architect_ivrs({"name": "Python", "dnis": ["+15005560010"], "openHoursFlow": ref(flow)})
ivr.dnis = ["+15005560010", "+15005560011"]
both = architect.put_architect_ivr(ivr.id, ivr)
seen["ivr"] = [ivr.version, both.version, both.dnis]
seen["ivr_stale"] = refusal(architect.put_architect_ivr, ivr.id, ivr)
both.dnis = ["+15005569999"]
seen["ivr_outside"] = refusal(architect.put_architect_ivr, ivr.id, both)
seen["ivr_after"] = architect.get_architect_ivr(ivr.id).dnis
seen["pool_in_use"] = refusal(edges.delete_telephony_providers_edges_didpool, pool.id)

table = architect.post_flows_datatables(
    {
        "name": "Python",
        "schema": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "additionalProperties": False,
            "required": ["key"],
            "properties": {
                "key": {"title": "key", "type": "string", "$id": "/properties/key", "displayOrder": 0},
                "live": {"title": "live", "type": "boolean", "$id": "/properties/live", "displayOrder": 1, "default": False},
            },
        },
    }
)
architect.post_flows_datatable_rows(table.id, {"key": "w1", "live": False})
architect.put_flows_datatable_row(table.id, "w1", body={"key": "w1", "live": True})
seen["row"] = architect.get_flows_datatable_row(table.id, "w1", showbrief=False)
seen["row_twice"] = refusal(architect.post_flows_datatable_rows, table.id, {"key": "w1", "live": True})
architect.delete_flows_datatable(table.id, force=True)

job = architect.post_flows_jobs()
text = b"inboundCall:\n  name: Broken\n"
put = urllib.request.Request(job.presigned_url, data=text, headers=job.headers, method="PUT")
seen["upload"] = urllib.request.urlopen(put).status
done = architect.get_flows_job(job.id, expand=["messages"])
seen["job"] = [done.status, len(done.messages) > 0]

authorization = genesys.AuthorizationApi(client)
role = authorization.post_authorization_roles(
    {"name": "Python", "permissionPolicies": [{"domain": "routing", "entityName": "callRoute", "actionSet": ["view"]}]}
)
made = genesys.OAuthApi(client).post_oauth_clients(
    {
        "name": "Python",
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "roleDivisions": [{"roleId": role.id, "divisionId": "*"}],
        "accessTokenValiditySeconds": 3600,
    }
)
seen["oauth"] = [made.secret is not None, genesys.OAuthApi(client).get_oauth_client(made.id).secret]

architect.delete_architect_ivr(ivr.id)
edges.delete_telephony_providers_edges_didpool(pool.id)
edges.delete_telephony_providers_edges_site_outboundroute(site.id, route.id)
edges.delete_telephony_providers_edges_trunkbasesetting(trunk.id)
genesys.OAuthApi(client).delete_oauth_client(made.id)
authorization.delete_authorization_role(role.id)
seen["gone"] = refusal(architect.get_architect_ivr, ivr.id)[0]
print(json.dumps(seen))
