"""Keeps pages of other sites out of what listens here: a browser takes them to any address of this machine."""

import ipaddress
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REFUSED = b"pages of other sites and names of other machines are refused here\n"


def guarded(app: WSGIApplication, prefix: str = "/") -> WSGIApplication:
    """The application for callers that are no page: none with an `Origin`, none by a name but `localhost`.

    A page that another site brings along names its origin in whatever it can read or change; by a name that leads here
    it would be of the same origin, and not need to.

    Args:
        app: what is kept for them.
        prefix: what its paths begin with; others are for everybody.
    """

    def guard(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_open = not environ["PATH_INFO"].startswith(prefix)
        if is_open or ("HTTP_ORIGIN" not in environ and is_here(environ.get("HTTP_HOST", ""))):
            return app(environ, start_response)
        start_response("403 Forbidden", [("content-type", "text/plain"), ("content-length", str(len(REFUSED)))])
        return [REFUSED]

    return guard


def is_here(host: str) -> bool:
    """Whether a `Host` is an address, or `localhost`: what nobody else's DNS decides."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name in ("", "localhost"):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
