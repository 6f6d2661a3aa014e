"""Health check, OpenAPI document and documentation page."""

from pathlib import Path

from hms import __version__
from hms.types import Response
from hms_service.auth.caller import AuthScheme
from hms_service.http.route import Request
from hms_service.http.router import Router
from hms_service.http.static_files import StaticFiles

FOLDER = Path(__file__).parent
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
"""The page connects to this service only, and other pages cannot frame it."""

router = Router("docs")
page_files = StaticFiles(FOLDER / "page")
document_files = StaticFiles(FOLDER)


def health(_: Request) -> Response:
    """Check that the API is up, and return its version."""
    return Response.from_json(200, {"message": "100ms API", "version": __version__})


def retrieve_document(request: Request) -> Response:
    """Return the OpenAPI 3.1 document of the API."""
    return document_files.serve("openapi.json", request.headers)


def show_page(request: Request) -> Response:
    """Return a documentation page with forms to try each call."""
    if request.event.raw_path.endswith("/"):
        return Response(308, headers={"location": "../docs"})
    return page_files.serve("index.html", request.headers).with_headers(SECURITY_HEADERS)


def retrieve_asset(request: Request) -> Response:
    """Return a file of the documentation page."""
    return page_files.serve(request.path_parameters["asset"], request.headers).with_headers(SECURITY_HEADERS)


router.get("/", health, AuthScheme.PUBLIC)
router.get("/openapi.json", retrieve_document, AuthScheme.PUBLIC)
router.get("/docs", show_page, AuthScheme.PUBLIC)
router.get("/docs/<asset>", retrieve_asset, AuthScheme.PUBLIC)

handler = router.resolve
