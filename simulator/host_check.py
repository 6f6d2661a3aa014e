"""Refuse requests that web pages of other sites send to local servers. A browser lets any page send them."""

import ipaddress
import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CROSS_SITE_MESSAGE = b"requests of other sites and for other host names are refused\n"
UNSIGNED_MESSAGE = b"the local AWS accepts only requests that an AWS SDK signed, for the services that the stack uses\n"

SERVED_SERVICES = frozenset({"dynamodb", "events", "logs", "s3", "sqs", "ssm", "sts"})
"""The services of the local AWS. None of them runs code; in moto, CloudFormation, Lambda and Batch would."""
SIGNED_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/,\s]+/\d{8}/[a-z0-9-]+/([a-z0-9-]+)/aws4_request,")


def block_cross_site(app: WSGIApplication, prefix: str = "/") -> WSGIApplication:
    """Return `app` with a check that refuses the requests of web pages.

    The check refuses requests with an `Origin`, and requests whose `Host` is neither `localhost` nor an IP address.
    A browser adds `Origin` to each request of another site that can read or change something. With DNS rebinding, a
    page has the same origin and sends no `Origin`, but its `Host` is a name.

    Args:
        app: the application to protect.
        prefix: the check applies to paths with this prefix.
    """

    def middleware(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_open = not environ["PATH_INFO"].startswith(prefix)
        if is_open or not ("HTTP_ORIGIN" in environ or is_cross_site(environ)):
            return app(environ, start_response)
        return _forbid(CROSS_SITE_MESSAGE, start_response)

    return middleware


def require_signature(app: WSGIApplication) -> WSGIApplication:
    """Return moto with a check that accepts only requests of AWS SDKs to the services of the local AWS.

    A web page cannot send the `Authorization` header of an SDK. The header also names the service.
    """

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
    """Return True if a page of another origin sends the request, or if its `Host` is a foreign name.

    Images and links of another site send no `Origin`, but a `Sec-Fetch-Site` header.
    """
    host = environ.get("HTTP_HOST", "")
    return (
        not is_local_host(host)
        or environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin")
        or environ.get("HTTP_ORIGIN", f"http://{host}") != f"http://{host}"
    )


def is_local_host(host: str) -> bool:
    """Return True if a `Host` is `localhost` or an IP address, which no foreign DNS server controls.

    The unspecified address (0.0.0.0) and IPv4 addresses mapped to IPv6 are refused. Browsers can reach this machine
    with them, and need not send `Sec-Fetch-Site` there.
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
