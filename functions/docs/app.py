"""What the API says of itself: that it is up, its OpenAPI document, and a page on which to read it and try it out."""

from collections.abc import Mapping
from pathlib import Path

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from hms import __version__
from hms.access import Access
from hms.client import Reply
from hms.gateway import Gateway
from hms.static import StaticFiles

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


def health() -> Reply:
    """Tell that the API is up, and its version."""
    return Reply.of(200, {"message": "100ms API", "version": __version__})


def retrieve_document(headers: Mapping[str, str]) -> Reply:
    """Describe the whole API as an OpenAPI 3.1 document."""
    return document.answer("openapi.json", headers)


def show_page(event: APIGatewayProxyEventV2, headers: Mapping[str, str]) -> Reply:
    """Show the API on a page, where each call can be tried."""
    if event.raw_path.endswith("/"):
        return Reply(308, headers={"location": "../docs"})
    return page.answer("index.html", headers).with_headers(ONLY_ITSELF)


def retrieve_asset(asset: str, headers: Mapping[str, str]) -> Reply:
    """Give a file of the page."""
    return page.answer(asset, headers).with_headers(ONLY_ITSELF)


gateway.get("/", health, Access.PUBLIC)
gateway.get("/openapi.json", retrieve_document, Access.PUBLIC)
gateway.get("/docs", show_page, Access.PUBLIC)
gateway.get("/docs/<asset>", retrieve_asset, Access.PUBLIC)

handler = gateway.resolve
