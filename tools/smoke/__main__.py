"""`python -m tools.smoke <url>`: makes read-only calls against a deployment, and tells which are not as they should be.

Signs in with `HMS_ACCESS_KEY` and `HMS_SECRET`, a client key's with the scopes to read, or else with the app's own pair
from SSM.
"""

import argparse
import os
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from hms.settings import Settings
from hms.tokens import sign_management_token
from tools.smoke.finding import Caller, Finding
from tools.smoke.tour import tour

LIFETIME_SECONDS = 600


class NoPair(Exception):
    """There is no key pair to sign in with; the message tells why."""


def key_pair() -> tuple[str, str]:
    """The access key and the secret to sign in with.

    Raises:
        NoPair: the environment has half of one, or SSM does not have it or did not give it.
    """
    given = os.environ.get("HMS_ACCESS_KEY"), os.environ.get("HMS_SECRET")
    if given[0] and given[1]:
        return given[0], given[1]
    if any(given):
        raise NoPair("HMS_ACCESS_KEY and HMS_SECRET go together: one is missing")
    names = [f"{Settings.from_environment().parameter_prefix}/{name}" for name in ("access_key", "secret")]
    try:
        found = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise NoPair(f"HMS_ACCESS_KEY is not set, and SSM gave no key pair: {error}") from None
    values = {parameter["Name"]: parameter["Value"] for parameter in found["Parameters"]}
    if missing := [name for name in names if name not in values]:
        raise NoPair(f"HMS_ACCESS_KEY is not set, and SSM lacks {', '.join(missing)}")
    return values[names[0]], values[names[1]]


def check(caller: Caller) -> list[Finding]:
    """Make all calls, and print what comes of each."""
    findings: list[Finding] = []
    calls = tour()
    call = next(calls, None)
    print(f"{'call':<66} {'status':>6} {'ms':>7}  verdict")
    while call:
        finding, answer = caller.look(call)
        print(finding, flush=True)
        findings.append(finding)
        try:
            call = calls.send(answer)
        except StopIteration:
            break
    return findings


def main() -> None:
    """Check the API that the command line names; ends with 1 unless all is well."""
    parser = argparse.ArgumentParser(prog="python -m tools.smoke", description=__doc__)
    parser.add_argument("api", help="base URL, such as the output Endpoint of the stack")
    api = parser.parse_args().api
    if not api.startswith(("https://", "http://")):
        sys.exit("API=https://… is needed: the output Endpoint of the stack")
    try:
        token = sign_management_token(*key_pair(), lifetime=LIFETIME_SECONDS)
    except NoPair as problem:
        sys.exit(str(problem))
    findings = check(Caller(api, token))
    bad = [finding for finding in findings if finding.is_bad]
    made = sum(not finding.call.lacking for finding in findings)
    print(f"{made} calls, {len(bad)} not as expected; {len(findings) - made} not made")
    if any(finding.status == 401 for finding in bad):
        print("401: with AcceptAppKey=false only client keys are taken: set HMS_ACCESS_KEY and HMS_SECRET to one")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
