"""Read parameters from SSM Parameter Store with botocore's signer and this SDK's transport.

boto3's client would double the cold start, because it loads the model of the service
(docs/decisions/ssm-without-a-client.md).
"""

import json
import os
from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple, cast

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from hms.errors import CredentialsDeadlineExceededError, CredentialsUnavailableError, DeadlineExceededError, HmsError
from hms.http.backoff import RetryPolicy
from hms.http.transport import RawResponse, Transport

RETRY_POLICY = RetryPolicy(max_attempts=3, base_seconds=0.4)
ATTEMPT_TIMEOUT_SECONDS = 3.0


class AwsCredentials(NamedTuple):
    """Credentials for the signer. Importing botocore's class would load its whole client."""

    access_key: str
    secret_key: str
    token: str | None


def read_parameters(transport: Transport, names: Sequence[str]) -> dict[str, str]:
    """Return the decrypted values of the named parameters, by name. It makes one call.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html

    Args:
        transport: sends the call.
        names: full names, at most 10.

    Raises:
        CredentialsUnavailableError: A parameter is missing, or SSM did not return it in three attempts.
    """
    body = json.dumps({"Names": list(names), "WithDecryption": True}).encode()
    response = _call_ssm(transport, "GetParameters", body)
    parameters = {parameter["Name"]: parameter["Value"] for parameter in response["Parameters"]}
    missing = [name for name in names if not parameters.get(name, "").strip()]
    if missing:
        raise CredentialsUnavailableError(reason=f"missing SSM parameter: {', '.join(missing)}")
    return parameters


def read_path(transport: Transport, path: str) -> dict[str, str]:
    """Return the decrypted values of all parameters directly under a path, by name. It makes one call per ten.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html

    Raises:
        CredentialsUnavailableError: SSM did not return the parameters in three attempts.
    """
    parameters: dict[str, str] = {}
    pagination: dict[str, str] = {}
    while True:
        body = json.dumps({"Path": path, "WithDecryption": True, "MaxResults": 10, **pagination}).encode()
        response = _call_ssm(transport, "GetParametersByPath", body)
        parameters |= {parameter["Name"]: parameter["Value"] for parameter in response["Parameters"]}
        if not response.get("NextToken"):
            return parameters
        pagination = {"NextToken": response["NextToken"]}


def _call_ssm(transport: Transport, action: str, body: bytes) -> dict[str, Any]:
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise CredentialsUnavailableError(reason="AWS_REGION is not set")
    endpoint = (
        os.environ.get("AWS_ENDPOINT_URL_SSM")
        or os.environ.get("AWS_ENDPOINT_URL")
        or f"https://ssm.{region}.{'amazonaws.com.cn' if region.startswith('cn-') else 'amazonaws.com'}"
    )
    url = f"{endpoint.rstrip('/')}/"
    for attempts in count(1):
        request = AWSRequest("POST", url, _build_headers(action), body)
        SigV4Auth(_find_aws_credentials(), "ssm", region).add_auth(request)  # type: ignore[arg-type]
        try:
            response = transport.exchange("POST", url, dict(request.headers), body, timeout=ATTEMPT_TIMEOUT_SECONDS)
        except DeadlineExceededError:
            raise CredentialsDeadlineExceededError(reason="SSM: no time left") from None
        except HmsError as error:
            reason, is_transient = f"SSM: {type(error).__name__} {error.reason}", True
        else:
            if response.status_code == 200:
                return _parse_response(response)
            reason = f"SSM: {response.status_code} {_read_error_type(response)}"
            is_transient = response.status_code >= 500 or "Throttl" in reason
        if not (is_transient and RETRY_POLICY.wait(attempts)):
            raise CredentialsUnavailableError(reason=reason)
    raise AssertionError  # unreachable: count(1) never ends


def _parse_response(response: RawResponse) -> dict[str, Any]:
    try:
        value = json.loads(response.body)
    except Exception:  # noqa: BLE001, malformed text can raise anything, such as RecursionError
        value = None
    parameters = value.get("Parameters") if isinstance(value, dict) else None
    if not isinstance(parameters, list) or not all(map(_is_parameter, parameters)):
        raise CredentialsUnavailableError(reason="SSM: the response has no parameters")
    return cast(dict[str, Any], value)


def _is_parameter(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("Name"), str) and isinstance(value.get("Value"), str)


def _build_headers(action: str) -> dict[str, str]:
    return {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"AmazonSSM.{action}"}


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
    from botocore.session import Session

    credentials = Session().get_credentials()
    if credentials is None:
        raise CredentialsUnavailableError(reason="AWS credentials are missing")
    return cast(AwsCredentials, credentials.get_frozen_credentials())
