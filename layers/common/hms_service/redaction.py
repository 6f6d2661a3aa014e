"""Replaces credentials in responses of 100ms. Each operation declares the members that hold credentials.

The module is imported only for callers without write access, results of commands and logged exceptions.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hms.errors import InvalidUpstreamResponseError
from hms.operation import Credential, CredentialKind, Operation
from hms.types import Response

WITHHELD = "withheld"
WITHHELD_HEADER = "x-hms-withheld"

CREDENTIAL_NAMES = re.compile(
    r"\w*(credentials?|secret|secret_?key|password|token|stream_?key|meeting_?url|presigned_?url)"
    r"|headers|rtmp|rtmp_?urls?|room_?code|authorization",
    re.IGNORECASE,
)
"""Names of members that hold credentials in content without a schema. `code` is one if it is a string."""

_URL = re.compile(r"(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,19}):(?:\\*/){2}([^\s\"'<>]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"[^/?#\\]*")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:@\[\]]*)(:\d*)?", re.IGNORECASE)
_ROOM_CODE = re.compile(r"(?<=/)[a-z0-9]{3,4}(-[a-z0-9]{3,4}){2}(?![\w-])", re.IGNORECASE)


def _withhold(value: Any) -> Any:
    """Replace a value. Null, booleans and empty strings hold no credential and stay."""
    if isinstance(value, list | dict):
        return type(value)()
    return value if value is None or value == "" or isinstance(value, bool) else WITHHELD


def scrub_url(url: str) -> str:
    """Replace the user information and the query of a URL, and the path of an RTMP URL, which holds the stream key."""
    match = _URL.fullmatch(url)
    return _scrub(match) if match else WITHHELD


def scrub_text(text: str) -> str:
    """Replace credentials in each URL of a text, and room codes in paths."""
    return _ROOM_CODE.sub(WITHHELD, _URL.sub(_scrub, text))


def _scrub(url: re.Match[str]) -> str:
    scheme, rest = url.groups()
    authority = _AUTHORITY.match(rest)[0]  # type: ignore[index]  # also matches an empty string
    user, at, host = authority.rpartition("@")
    if not _HOST.fullmatch(host):  # a password with a slash in it
        return f"{scheme}://{WITHHELD}"
    path, mark, _ = re.split(r"([?#]|$)", rest[len(authority) :], maxsplit=1)
    if scheme.lower().startswith("rtmp"):
        path, mark = f"/{WITHHELD}" if path.strip("/") or mark else path, ""
    return f"{scheme}://{WITHHELD + at if user else ''}{host}{path}{'?' + WITHHELD if mark else ''}"


def _scrub_link(value: Any) -> Any:
    return scrub_url(value) if isinstance(value, str) and value else _withhold(value)


def scrub_texts(value: Any) -> Any:
    """Apply `scrub_text` to each string in a value."""
    if isinstance(value, dict):
        return {name: scrub_texts(member) for name, member in value.items()}
    if isinstance(value, list):
        return [scrub_texts(item) for item in value]
    return scrub_text(value) if isinstance(value, str) else value


def _withhold_by_name(value: Any) -> Any:
    """Replace each member with the name of a credential, at any depth."""
    if isinstance(value, dict):
        return {
            name: _withhold(member) if _is_credential_name(name, member) else _withhold_by_name(member)
            for name, member in value.items()
        }
    return [_withhold_by_name(item) for item in value] if isinstance(value, list) else value


def _is_credential_name(name: str, value: Any) -> bool:
    return CREDENTIAL_NAMES.fullmatch(name) is not None or (name == "code" and isinstance(value, str))


def _withhold_in_event(value: Any) -> Any:
    """Replace credentials in the data of an event by name and in texts, because each event type has another schema."""
    return scrub_texts(_withhold_by_name(value)) if isinstance(value, list | dict) else _withhold(value)


_REDACTIONS: Mapping[CredentialKind, Callable[[Any], Any]] = MappingProxyType(
    {"value": _withhold, "url": _scrub_link, "event": _withhold_in_event, "text": scrub_texts}
)
_ERROR = (Credential("*", "text"),)


def redact_response(operation: Operation | None, response: Response) -> Response:
    """Replace the credentials in a response. A header lists the replaced members.

    Raises:
        InvalidUpstreamResponseError: The body cannot be parsed or encoded again.
    """
    members = _list_credentials(operation, response.status_code)
    if not members or not response.text:
        return response
    try:
        value, names = _redact(json.loads(response.text), members)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (ValueError, RecursionError):
        raise InvalidUpstreamResponseError(reason="the credentials in the response cannot be replaced") from None
    headers = {WITHHELD_HEADER: ", ".join(names)} if names else {}
    return replace(response, text=text, headers={**response.headers, **headers})


def redact_result(operation: Operation | None, status: int, value: Any) -> Any:
    """Replace the credentials in the body of a command's result.

    Members are replaced by name too, because readers of the bus may lack access to the API.
    """
    return _withhold_by_name(_redact(value, _list_credentials(operation, status))[0])


def _list_credentials(operation: Operation | None, status: int) -> tuple[Credential, ...]:
    """Return the members of a response that may hold credentials. Any error may quote a URL."""
    if status >= 400:
        return _ERROR
    return operation.credentials if operation else ()


def _redact(value: Any, members: tuple[Credential, ...]) -> tuple[Any, list[str]]:
    """Replace credentials in the value, in place. Return the value and the replaced paths."""
    redacted_paths: dict[str, None] = {}
    for member in members:
        steps = member.path.split(".") if member.path else []
        if steps and isinstance(value, dict) and isinstance(value.get("data"), list):
            value["data"] = _replace(value["data"], steps, member, redacted_paths)
        value = _replace(value, steps, member, redacted_paths)
    return value, list(redacted_paths)


def _replace(value: Any, steps: list[str], member: Credential, redacted_paths: dict[str, None]) -> Any:
    if steps and isinstance(value, list):
        return [_replace(item, steps, member, redacted_paths) for item in value]
    if steps and isinstance(value, dict):
        name, *rest = steps
        for member_name in list(value) if name == "*" else [name] if name in value else []:
            value[member_name] = _replace(value[member_name], rest, member, redacted_paths)
        return value
    redacted = _withhold(value) if steps else _REDACTIONS[member.kind](value)  # remaining steps expect an object
    if redacted != value:
        redacted_paths[member.path or "*"] = None
    return redacted
