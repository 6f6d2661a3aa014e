"""CORS of the local API Gateway, as template.yaml configures it."""

from collections.abc import Callable
from functools import cache
from typing import cast

import pytest
from flask.testing import FlaskClient

from local.api import LocalApi
from local.lambda_runtime import LambdaRuntime
from local.stack import TEMPLATE
from local.template import Template
from tests.http_api import template

PAGE = "https://app.example.com"


class Function:
    """Answers every request at once."""

    def is_debugging(self) -> bool:
        return False

    def call(self, _: str, __: str, on_start: Callable[[], object]) -> str:
        on_start()
        return '{"statusCode": 401, "body": "{}"}'


@cache
def local_api(origins: str) -> FlaskClient:
    described = Template(TEMPLATE, {"CorsOrigins": origins})
    function = cast(LambdaRuntime, Function())
    client: FlaskClient = LocalApi(
        described.api, function, 0, exposed_headers=described.exposed_headers
    )._app.test_client()
    return client


def cors_headers(client: FlaskClient, method: str, origin: str | None) -> dict[str, str]:
    headers = {"origin": origin} if origin else {}
    response = client.open("/v2/token", method=method, headers=headers, data="{}", content_type="text/plain")
    prefix = "access-control-"
    return {
        name.lower().removeprefix(prefix): value for name, value in response.headers if name.lower().startswith(prefix)
    }


@pytest.mark.parametrize("origins", [PAGE, f"http://localhost:5173,{PAGE}"])
def test_a_page_of_a_listed_origin_may_read_the_response_and_the_exposed_headers(origins: str) -> None:
    headers = cors_headers(local_api(origins), "POST", PAGE)
    (_, configured, _) = template()["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"]
    assert headers["allow-origin"] == PAGE
    assert headers["expose-headers"].split(",") == configured["ExposeHeaders"]
    assert "x-request-id" in configured["ExposeHeaders"]


@pytest.mark.parametrize("origin", [None, "https://app.example.org", "http://app.example.com", "null"])
def test_a_page_of_another_origin_may_read_nothing(origin: str | None) -> None:
    client = local_api(PAGE)
    assert cors_headers(client, "POST", origin) == {}
    assert cors_headers(client, "OPTIONS", origin) == {}


def test_without_origins_no_page_may_read_anything() -> None:
    client = local_api("")
    assert cors_headers(client, "POST", PAGE) == {}
    assert cors_headers(client, "OPTIONS", PAGE) == {}


def test_a_preflight_of_a_listed_origin_is_answered_by_the_gateway() -> None:
    headers = cors_headers(local_api(PAGE), "OPTIONS", PAGE)
    assert headers["allow-methods"].split(",") == ["GET", "POST", "DELETE"]
    assert "authorization" in headers["allow-headers"].split(",")
