"""Read parameters from SSM Parameter Store with botocore's signer and this SDK's transport.

boto3's client would double the cold start, because it loads the model of the service
(docs/decisions/ssm-without-a-client.md).
"""

import json
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import SystemRandom
from typing import NamedTuple, cast

import botocore
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from hms.errors import CredentialsDeadlineExceededError, CredentialsUnavailableError, DeadlineExceededError, HmsError
from hms.http import deadline
from hms.http.transport import RawResponse, Transport

HEADERS = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM.GetParameters"}
ATTEMPT_TIMEOUT_SECONDS = 3.0
IMPATIENT_TIMEOUT_SECONDS = 1.0
MAX_ATTEMPTS = 8
SLOTS = ((0.1, 1.5), (0.2, 7.0))
"""Bounds of the random pauses after the first and the second attempt, in seconds. Later ones use the time left.

SSM's default limit is 40 calls a second. Growing slots spread the calls of hundreds of cold containers evenly, with
fewer calls than exponential backoff (docs/decisions/ssm-under-a-burst.md).
"""
LAST_SLOT = (0.2, 25.0)
COMMON_REGION = re.compile(r"(?!cn-)[a-z]{2}-[a-z]+-\d+")
COMMON_DOMAIN = "amazonaws.com"

_random = SystemRandom()


class AwsCredentials(NamedTuple):
    """Credentials for the signer. Importing botocore's class would load its whole client."""

    access_key: str
    secret_key: str
    token: str | None


def read_parameters(
    transport: Transport, names: Sequence[str], *, is_patient: bool, reserved_seconds: float
) -> dict[str, str]:
    """Return the decrypted values of the named parameters, by name, in one call. Missing parameters are left out.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html

    Args:
        transport: sends the call.
        names: full names, at most 10.
        is_patient: whether to retry throttling and server errors while time is left, in at most 8 attempts of 3
            seconds. If not, one attempt of one second is made.
        reserved_seconds: time that is left at the start of the last attempt, for its response and for what follows.

    Raises:
        CredentialsUnavailableError: SSM did not return the parameters.
        CredentialsDeadlineExceededError: No time was left.
    """
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _find_profile_region()
    url = f"{_find_endpoint(region)}/"
    body = json.dumps({"Names": list(names), "WithDecryption": True}).encode()
    for attempts in count(1):
        request = AWSRequest("POST", url, HEADERS, body)
        SigV4Auth(_find_aws_credentials(), "ssm", region).add_auth(request)  # type: ignore[arg-type]
        timeout = ATTEMPT_TIMEOUT_SECONDS if is_patient else IMPATIENT_TIMEOUT_SECONDS
        try:
            response = transport.exchange("POST", url, dict(request.headers), body, timeout=timeout)
        except DeadlineExceededError:
            raise CredentialsDeadlineExceededError(reason="SSM: no time left") from None
        except HmsError as error:
            failure = CredentialsUnavailableError(reason=f"SSM: {type(error).__name__} {error.reason}")
            failure.is_transient = True
        else:
            if response.status_code == 200:
                return _parse_response(response)
            error_type = _read_error_type(response)
            failure = CredentialsUnavailableError(reason=f"SSM: {response.status_code} {error_type}")
            failure.is_transient = response.status_code >= 500 or "Throttl" in error_type
        if not (failure.is_transient and is_patient and _wait_for_slot(attempts, reserved_seconds)):
            raise failure
    raise AssertionError  # unreachable: count(1) never ends


def _wait_for_slot(attempts: int, reserved_seconds: float) -> bool:
    """Sleep for a random time after this number of attempts. Return False if no attempt or no time is left."""
    seconds_left = deadline.remaining_seconds() - reserved_seconds
    shortest, longest = SLOTS[attempts - 1] if attempts <= len(SLOTS) else LAST_SLOT
    if attempts >= MAX_ATTEMPTS or seconds_left <= shortest:
        return False
    time.sleep(_random.uniform(shortest, min(longest, seconds_left)))
    return True


def _find_profile_region() -> str:
    """Return the region of the AWS profile. Lambda always sets AWS_REGION, so this never runs there."""
    from botocore.exceptions import ProfileNotFound
    from botocore.session import Session

    with suppress(ProfileNotFound):
        if region := Session().get_scoped_config().get("region"):
            return str(region)
    raise CredentialsUnavailableError(reason="AWS_REGION is not set, and the AWS profile has no region")


def _find_endpoint(region: str) -> str:
    endpoint = (
        os.environ.get("AWS_ENDPOINT_URL_SSM")
        or os.environ.get("AWS_ENDPOINT_URL")
        or f"https://ssm.{region}.{_find_domain(region)}"
    )
    return endpoint.rstrip("/")


def _find_domain(region: str) -> str:
    """Return the domain of the region's partition. Only regions outside the common partition read botocore's file."""
    if COMMON_REGION.fullmatch(region):
        return COMMON_DOMAIN
    partitions = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text())["partitions"]
    domains = [
        str(partition["outputs"]["dnsSuffix"])
        for partition in partitions
        if re.fullmatch(partition["regionRegex"], region)
    ]
    return domains[0] if domains else COMMON_DOMAIN


def _parse_response(response: RawResponse) -> dict[str, str]:
    try:
        parameters = json.loads(response.body)["Parameters"]
        values = {parameter["Name"]: parameter["Value"] for parameter in parameters}
    except Exception:  # noqa: BLE001, malformed text can raise anything, such as RecursionError
        values = {None: None}
    if not all(isinstance(text, str) for item in values.items() for text in item):
        raise CredentialsUnavailableError(reason="SSM: the response has no parameters")
    return values


def _read_error_type(response: RawResponse) -> str:
    try:
        return str(json.loads(response.body).get("__type", ""))
    except Exception:  # noqa: BLE001, malformed text can raise anything
        return ""


def _find_aws_credentials() -> AwsCredentials:
    """Return the function's credentials from the environment, or from botocore's chain, as SnapStart needs."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        return AwsCredentials(key, secret, os.environ.get("AWS_SESSION_TOKEN"))
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        credentials = Session().get_credentials()
        if credentials is None:
            raise CredentialsUnavailableError(reason="AWS credentials are missing")
        return cast(AwsCredentials, credentials.get_frozen_credentials())
    except BotoCoreError as error:
        raise CredentialsUnavailableError(reason=f"AWS credentials: {type(error).__name__}") from None
