"""`python -m tools.smoke <url>`: check a deployment with read-only calls and print each result.

Also prints how the responses differ from the documentation, and with `--questions`, how AWS differs from what this
project is built on. Differences do not change the exit status.

Authenticates with the key pair in `HMS_ACCESS_KEY` and `HMS_SECRET`, or with the app key pair from SSM. A client key
needs the read scopes.
"""

import argparse
import os
import sys
from functools import cache

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from hms.settings import Settings
from hms.tokens import sign_management_token
from tools.aws import describe_throughput, open_session
from tools.contract_drift.report import Report
from tools.samconfig import read_stack_name
from tools.smoke.calls import plan_calls
from tools.smoke.questions import Deployment, answer_questions
from tools.smoke.result import CallResult, SmokeClient

LIFETIME_SECONDS = 600


class MissingKeyPairError(Exception):
    """No key pair is available. The message gives the reason."""


@cache
def session() -> boto3.Session:
    """Return the AWS session. It is opened once, and only if it is needed."""
    return open_session()


def key_pair() -> tuple[str, str]:
    """Return the access key and secret from the environment, or from SSM.

    Raises:
        MissingKeyPairError: the environment has only half of a pair, or SSM has none or is not reachable.
    """
    pair = os.environ.get("HMS_ACCESS_KEY"), os.environ.get("HMS_SECRET")
    if pair[0] and pair[1]:
        return pair[0], pair[1]
    if any(pair):
        raise MissingKeyPairError("HMS_ACCESS_KEY and HMS_SECRET must be set together; one is missing")
    names = [f"{Settings.from_environment().parameter_prefix}/{name}" for name in ("access_key", "secret")]
    try:
        response = session().client("ssm").get_parameters(Names=names, WithDecryption=True)
    except (ValueError, BotoCoreError, ClientError) as error:
        raise MissingKeyPairError(f"HMS_ACCESS_KEY is not set, and SSM cannot be read: {error}") from None
    values = {parameter["Name"]: parameter["Value"] for parameter in response["Parameters"]}
    if missing_names := [name for name in names if name not in values]:
        raise MissingKeyPairError(f"HMS_ACCESS_KEY is not set, and SSM does not contain {', '.join(missing_names)}")
    return values[names[0]], values[names[1]]


def print_throughput() -> None:
    """Print the throughput of SSM, or why it is unknown."""
    try:
        text = describe_throughput(session())
    except (ValueError, BotoCoreError, ClientError) as error:
        text = f"not checked: {error}"
    print(f"SSM throughput: {text}")


def run_calls(caller: SmokeClient) -> list[CallResult]:
    """Make all calls and print each result."""
    results: list[CallResult] = []
    calls = plan_calls()
    call = next(calls, None)
    print(f"{'call':<66} {'status':>6} {'ms':>7}  verdict")
    while call:
        result, body = caller.run(call)
        print(result, flush=True)
        results.append(result)
        try:
            call = calls.send(body)
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
    """Run the command line. Exits with 1 if a call fails."""
    parser = argparse.ArgumentParser(prog="python -m tools.smoke", description=__doc__)
    parser.add_argument("api", help="base URL: the stack's output `Endpoint`")
    parser.add_argument("--stage", default="", help="stage in samconfig.toml (default: the local stack)")
    parser.add_argument("--questions", action="store_true", help="also ask what only a deployment can answer")
    options = parser.parse_args()
    api = options.api
    if not api.startswith(("https://", "http://")):
        sys.exit("API: must be a URL such as https://…; use the stack's output Endpoint")
    try:
        stack = read_stack_name(options.stage) if options.stage else ""
        token = sign_management_token(*key_pair(), lifetime=LIFETIME_SECONDS)
    except (MissingKeyPairError, ValueError) as error:
        sys.exit(str(error))
    print_throughput()
    results = run_calls(SmokeClient(api, token))
    print_differences(results)
    if options.questions:
        print("\nQuestions that only a deployment can answer:")
        for line in answer_questions(Deployment(api, token, session, stack)):
            print(line, flush=True)
    failed = [result for result in results if result.has_failed]
    made_calls = sum(not result.call.missing for result in results)
    print(f"{made_calls} calls made, {len(failed)} failed, {len(results) - made_calls} skipped")
    if any(result.status == 401 for result in failed):
        print("401: AcceptAppKey=false allows client keys only. Set HMS_ACCESS_KEY and HMS_SECRET to a client key.")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
