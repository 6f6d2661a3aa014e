"""Compares the client keys in the logs with the registry. An unknown id was derived by someone who knows the master."""

import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from tools.keys.registry import Registry

DAY_SECONDS = 86_400
POLL_SECONDS = 1
QUERY = (
    'filter message = "request" and service != "oidc_tokens" and caller like /\\)$/'
    " | stats count(*) as requests by caller | limit 10000"
)
"""Callers with client keys, as `name (id)`. Users of an OIDC issuer may choose their name in logs, so it is left out.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""
CALLER = re.compile(r".+ \((?P<id>[a-z2-7]{8})\)")
FINISHED = ("Complete", "Failed", "Cancelled", "Timeout")


def audit_keys(logs: Any, registry: Registry, stack: str, days: int) -> Iterator[str]:
    """Yield a line for each client key in the logs that the registry does not know.

    Args:
        logs: client of CloudWatch Logs.
        registry: the issued keys.
        stack: name of the stack, whose functions' log groups are read.
        days: days before now.

    Raises:
        ValueError: There are no logs, or the query failed.
    """
    known = {key.id for key in registry}
    for caller, requests in _count_requests(logs, _list_groups(logs, stack), days):
        match = CALLER.fullmatch(caller)
        if match and match["id"] not in known:
            yield f"{match['id']}  not registered  {requests} requests as {caller}; revoke it, then rotate the master"


def _list_groups(logs: Any, stack: str) -> list[str]:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=f"/aws/lambda/{stack}/")
    names = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    if not names:
        raise ValueError(f"the stack {stack} has no log groups; deploy it first (make deploy)")
    return names


def _count_requests(logs: Any, groups: Sequence[str], days: int) -> Iterator[tuple[str, str]]:
    """Yield each caller with a client key, and the number of its requests."""
    end = int(time.time())
    start = end - days * DAY_SECONDS
    query = logs.start_query(logGroupNames=groups, startTime=start, endTime=end, queryString=QUERY)["queryId"]
    response = logs.get_query_results(queryId=query)
    while response["status"] not in FINISHED:
        time.sleep(POLL_SECONDS)
        response = logs.get_query_results(queryId=query)
    if response["status"] != "Complete":
        raise ValueError(f"the query of the logs is {response['status']}; try fewer days")
    for row in response["results"]:
        values = {field["field"]: field["value"] for field in row}
        yield values["caller"], values["requests"]
