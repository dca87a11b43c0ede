"""Walks the Route 53 API of a sandbox with boto3 and prints what it saw as one JSON object. Usage: boto3_walk.py URL ZONE"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

url, zone = sys.argv[1:3]
client = boto3.client(
    "route53",
    endpoint_url=url,
    region_name="us-east-1",
    aws_access_key_id="sandbox",
    aws_secret_access_key="sandbox",
)


def change(*changes):
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": rrset} for action, rrset in changes]}
    return client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)["ChangeInfo"]


def refusal(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


zones = client.list_hosted_zones_by_name(DNSName=zone)["HostedZones"]
zone_id = zones[0]["Id"].split("/")[-1]
cname = {"Name": f"boto.{zone}", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example"}]}
info = change(("CREATE", cname))
client.get_waiter("resource_record_sets_changed").wait(Id=info["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": 10})
after = client.get_change(Id=info["Id"])["ChangeInfo"]["Status"]
pages = client.get_paginator("list_resource_record_sets").paginate(
    HostedZoneId=zone_id, PaginationConfig={"PageSize": 1}
)
names = [rrset["Name"] for page in pages for rrset in page["ResourceRecordSets"]]
seen = {
    "zone": zones[0]["Name"],
    "first": info["Status"],
    "after": after,
    "names": names,
    "twice": refusal(lambda: change(("CREATE", cname))),
    "wrong": refusal(lambda: change(("DELETE", {**cname, "TTL": 61}))),
    "unknown": refusal(lambda: client.get_hosted_zone(Id="Z00000000000")),
}
change(("DELETE", cname))
print(json.dumps(seen))
