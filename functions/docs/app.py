"""What the API says of itself."""

from hms import __version__
from hms.access import Access
from hms.client import Reply
from hms.gateway import Gateway

gateway = Gateway("docs")


def health() -> Reply:
    """That the API is up, and its version."""
    return Reply.of(200, {"message": "100ms API", "version": __version__})


gateway.get("/", health, Access.PUBLIC)

handler = gateway.resolve
