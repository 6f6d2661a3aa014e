"""What the API says of itself: that it is up, its OpenAPI document, and a page on which to read it and try it out."""

from pathlib import Path

from hms import __version__
from hms.types import Response
from hms_service.auth.authenticator import AuthScheme
from hms_service.http.route import Request
from hms_service.http.router import Router
from hms_service.http.static_files import StaticFiles

FOLDER = Path(__file__).parent
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
"""The page loads from and talks to this service alone, and no other page frames it."""

router = Router("docs")
page_files = StaticFiles(FOLDER / "page")
document_files = StaticFiles(FOLDER)


def health(_: Request) -> Response:
    """Tell that the API is up, and its version."""
    return Response.from_json(200, {"message": "100ms API", "version": __version__})


def retrieve_document(request: Request) -> Response:
    """Describe the whole API as an OpenAPI 3.1 document."""
    return document_files.serve("openapi.json", request.headers)


def show_page(request: Request) -> Response:
    """Show the API on a page, where each call can be tried."""
    if request.event.raw_path.endswith("/"):
        return Response(308, headers={"location": "../docs"})
    return page_files.serve("index.html", request.headers).with_headers(SECURITY_HEADERS)


def retrieve_asset(request: Request) -> Response:
    """Give a file of the page."""
    return page_files.serve(request.path_parameters["asset"], request.headers).with_headers(SECURITY_HEADERS)


router.get("/", health, AuthScheme.PUBLIC)
router.get("/openapi.json", retrieve_document, AuthScheme.PUBLIC)
router.get("/docs", show_page, AuthScheme.PUBLIC)
router.get("/docs/<asset>", retrieve_asset, AuthScheme.PUBLIC)

handler = router.resolve
