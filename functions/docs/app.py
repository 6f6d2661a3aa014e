"""What the API says of itself: that it is up, its OpenAPI document, and a page on which to read it and try it out."""

from pathlib import Path

from hms import __version__
from hms.types import Reply
from hms_service.auth.authenticator import Access
from hms_service.http.route import Request
from hms_service.http.router import Gateway
from hms_service.http.static_files import StaticFiles

HERE = Path(__file__).parent
ONLY_ITSELF = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
"""The page loads from and talks to this service alone, and no other page frames it."""

gateway = Gateway("docs")
page = StaticFiles(HERE / "page")
document = StaticFiles(HERE)


def health(_: Request) -> Reply:
    """Tell that the API is up, and its version."""
    return Reply.of(200, {"message": "100ms API", "version": __version__})


def retrieve_document(request: Request) -> Reply:
    """Describe the whole API as an OpenAPI 3.1 document."""
    return document.answer("openapi.json", request.headers)


def show_page(request: Request) -> Reply:
    """Show the API on a page, where each call can be tried."""
    if request.event.raw_path.endswith("/"):
        return Reply(308, headers={"location": "../docs"})
    return page.answer("index.html", request.headers).with_headers(ONLY_ITSELF)


def retrieve_asset(request: Request) -> Reply:
    """Give a file of the page."""
    return page.answer(request.path_parameters["asset"], request.headers).with_headers(ONLY_ITSELF)


gateway.get("/", health, Access.PUBLIC)
gateway.get("/openapi.json", retrieve_document, Access.PUBLIC)
gateway.get("/docs", show_page, Access.PUBLIC)
gateway.get("/docs/<asset>", retrieve_asset, Access.PUBLIC)

handler = gateway.resolve
