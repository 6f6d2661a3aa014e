"""Keeps pages of other sites out of what listens here: a browser takes them to any address of this machine."""

import ipaddress
import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CROSS_SITE_MESSAGE = b"pages of other sites and names of other machines are refused here\n"
UNSIGNED_MESSAGE = b"the local AWS answers requests that an AWS SDK has signed, of the services that the stack uses\n"

SERVED_SERVICES = frozenset({"dynamodb", "events", "logs", "s3", "sqs", "ssm", "sts"})
"""What the local AWS serves. None of these runs code: CloudFormation, Lambda and Batch would, in moto."""
SIGNED_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/,\s]+/\d{8}/[a-z0-9-]+/([a-z0-9-]+)/aws4_request,")


def block_cross_site(app: WSGIApplication, prefix: str = "/") -> WSGIApplication:
    """The application for callers that are no page: none with an `Origin`, none by a name but `localhost`.

    A page that another site brings along names its origin in whatever it can read or change; by a name that leads here
    it would be of the same origin, and not need to.

    Args:
        app: what is kept for them.
        prefix: what its paths begin with; others are for everybody.
    """

    def middleware(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_open = not environ["PATH_INFO"].startswith(prefix)
        if is_open or not ("HTTP_ORIGIN" in environ or is_cross_site(environ)):
            return app(environ, start_response)
        return _forbid(CROSS_SITE_MESSAGE, start_response)

    return middleware


def require_signature(app: WSGIApplication) -> WSGIApplication:
    """moto for AWS SDKs alone: a browser cannot send their `Authorization`, and signed requests name their service."""

    def middleware(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        credential = SIGNED_CREDENTIAL.match(environ.get("HTTP_AUTHORIZATION", ""))
        is_signed = credential is not None and credential[1] in SERVED_SERVICES
        is_from_browser = any(name.startswith("HTTP_SEC_FETCH_") for name in environ)
        is_moto_control = environ["PATH_INFO"].startswith("/moto-api")
        if is_signed and not is_from_browser and not is_moto_control:
            return app(environ, start_response)
        return _forbid(UNSIGNED_MESSAGE, start_response)

    return middleware


def is_cross_site(environ: WSGIEnvironment) -> bool:
    """Whether a page of another origin sends the request, or a name of another machine leads here.

    An image or a link of another site sends no `Origin`, but a `Sec-Fetch-Site` that says where it is from.
    """
    host = environ.get("HTTP_HOST", "")
    return (
        not is_local_host(host)
        or environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin")
        or environ.get("HTTP_ORIGIN", f"http://{host}") != f"http://{host}"
    )


def is_local_host(host: str) -> bool:
    """Whether a `Host` is an address, or `localhost`: what nobody else's DNS decides.

    Browsers reach this machine by 0.0.0.0 too, and by an IPv4 address written as IPv6. There they need not say where a
    request is from.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    is_mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return not (is_mapped or address.is_unspecified)


def _forbid(message: bytes, start_response: StartResponse) -> Iterable[bytes]:
    start_response("403 Forbidden", [("content-type", "text/plain"), ("content-length", str(len(message)))])
    return [message]
