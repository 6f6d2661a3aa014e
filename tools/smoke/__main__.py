"""`python -m tools.smoke <url>`: makes read-only calls against a deployment, and tells which are not as they should be.

Prints also how the answers differ from the documentation. Differences do not change the exit status.

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
from tools.contract_drift.report import Report
from tools.smoke.calls import plan_calls
from tools.smoke.result import CallResult, SmokeClient

LIFETIME_SECONDS = 600


class MissingKeyPairError(Exception):
    """There is no key pair to sign in with; the message tells why."""


def key_pair() -> tuple[str, str]:
    """The access key and the secret to sign in with.

    Raises:
        MissingKeyPairError: the environment has half of one, or SSM does not have it or did not give it.
    """
    pair = os.environ.get("HMS_ACCESS_KEY"), os.environ.get("HMS_SECRET")
    if pair[0] and pair[1]:
        return pair[0], pair[1]
    if any(pair):
        raise MissingKeyPairError("HMS_ACCESS_KEY and HMS_SECRET go together: one is missing")
    names = [f"{Settings.from_environment().parameter_prefix}/{name}" for name in ("access_key", "secret")]
    try:
        response = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise MissingKeyPairError(f"HMS_ACCESS_KEY is not set, and SSM gave no key pair: {error}") from None
    values = {parameter["Name"]: parameter["Value"] for parameter in response["Parameters"]}
    if missing_names := [name for name in names if name not in values]:
        raise MissingKeyPairError(f"HMS_ACCESS_KEY is not set, and SSM lacks {', '.join(missing_names)}")
    return values[names[0]], values[names[1]]


def run_calls(caller: SmokeClient) -> list[CallResult]:
    """Make all calls, and print what comes of each."""
    results: list[CallResult] = []
    calls = plan_calls()
    call = next(calls, None)
    print(f"{'call':<66} {'status':>6} {'ms':>7}  verdict")
    while call:
        result, answer = caller.run(call)
        print(result, flush=True)
        results.append(result)
        try:
            call = calls.send(answer)
        except StopIteration:
            break
    return results


def print_differences(results: list[CallResult]) -> None:
    """Print how the answers differ from the documentation: names and types, never values."""
    report = Report("answers", "operations")
    for result in results:
        if result.differences is not None:
            report.add(f"GET {result.call.route}", result.differences)
    print("\nDifferences from the documentation (names and types only):")
    print("\n".join(report))


def main() -> None:
    """Check the API that the command line names; ends with 1 unless all is well."""
    parser = argparse.ArgumentParser(prog="python -m tools.smoke", description=__doc__)
    parser.add_argument("api", help="base URL, such as the output Endpoint of the stack")
    api = parser.parse_args().api
    if not api.startswith(("https://", "http://")):
        sys.exit("API=https://… is needed: the output Endpoint of the stack")
    try:
        token = sign_management_token(*key_pair(), lifetime=LIFETIME_SECONDS)
    except MissingKeyPairError as error:
        sys.exit(str(error))
    results = run_calls(SmokeClient(api, token))
    print_differences(results)
    failed = [result for result in results if result.has_failed]
    made = sum(not result.call.missing for result in results)
    print(f"{made} calls, {len(failed)} not as expected; {len(results) - made} not made")
    if any(result.status == 401 for result in failed):
        print("401: with AcceptAppKey=false only client keys are taken: set HMS_ACCESS_KEY and HMS_SECRET to one")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
