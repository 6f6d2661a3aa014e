"""The docs function serves the page, its files and the document: compressed, cacheable and with strict headers."""

import gzip
import json
import re

import pytest
import requests

from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

PAGE = ROOT / "functions" / "docs" / "page"
FILES = [file.name.removesuffix(".gz") for file in PAGE.iterdir()]


def get(stack: Stack, path: str, **headers: str) -> requests.Response:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(f"{stack.api}{path}", headers=headers, timeout=10, allow_redirects=False)


@pytest.mark.parametrize("path", ["/openapi.json", "/v2/openapi.json"])
@pytest.mark.parametrize("encoding", ["gzip", "identity", "gzip;q=0", "br, gzip;q=0.5"])
def test_the_document_is_given_in_an_encoding_that_the_caller_takes(
    running_stack: Stack, path: str, encoding: str
) -> None:
    answer = get(running_stack, path, accept_encoding=encoding)
    assert answer.json() == json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers.get("content-encoding") == ("gzip" if encoding in ("gzip", "br, gzip;q=0.5") else None)
    assert answer.headers["vary"] == "accept-encoding, origin"
    assert re.fullmatch(r"public, max-age=\d+", answer.headers["cache-control"])


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/docs/page.js"])
def test_what_the_caller_has_is_not_sent_again(running_stack: Stack, path: str) -> None:
    etag = get(running_stack, path).headers["etag"]
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = get(running_stack, path, if_none_match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert get(running_stack, path, if_none_match='"other"').status_code == 200


def test_the_page_may_load_from_its_service_alone(running_stack: Stack) -> None:
    answer = get(running_stack, "/docs")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_file_that_the_page_names_is_there(running_stack: Stack) -> None:
    named = re.findall(r'(?:href|src)="((?!data:)[^"]+)"', get(running_stack, "/docs").text)
    assert len(named) >= 5
    for name in named:
        assert get(running_stack, f"/{name}").status_code == 200


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_page_has_its_type_and_content(running_stack: Stack, name: str) -> None:
    answer = get(running_stack, f"/docs/{name}")
    file = PAGE / name
    assert answer.content == (
        file.read_bytes() if file.exists() else gzip.decompress((PAGE / f"{name}.gz").read_bytes())
    )
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    kinds = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".txt": "text/plain"}
    assert answer.headers["content-type"].startswith(kinds[file.suffix])
    is_versioned = re.search(r"\d+\.\d+\.\d+", name) is not None
    assert ("immutable" in answer.headers["cache-control"]) is is_versioned


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("swagger-ui-5")])
def test_a_large_file_is_given_compressed_only(running_stack: Stack, name: str) -> None:
    answer = get(running_stack, f"/docs/{name}", accept_encoding="identity")
    assert (answer.status_code, answer.json()["code"]) == (406, 406)


@pytest.mark.parametrize("name", ["app.py", "no-such.js", "swagger-ui-5.35.0.js.gz", "..%2Fapp.py", "..%5Capp.py", "."])
def test_nothing_else_is_a_file_of_the_page(running_stack: Stack, name: str) -> None:
    assert get(running_stack, f"/docs/{name}").status_code in (400, 404, 308)


def test_the_page_with_a_slash_at_its_end_is_found_without(running_stack: Stack) -> None:
    answer = get(running_stack, "/docs/")
    assert answer.status_code == 308
    assert requests.compat.urljoin(answer.url, answer.headers["location"]) == f"{running_stack.api}/docs"


def test_the_document_is_small_and_the_responses_fit_in_lambdas_limit() -> None:
    docs = load("docs")
    for path in ["/openapi.json", *(f"/docs/{name}" for name in FILES)]:
        event = http_event("GET", path)
        for headers in ({"accept-encoding": "gzip"}, {}):
            answer = docs.handler({**event, "headers": headers}, Context())
            assert answer["statusCode"] in ((200,) if headers else (200, 406))
            assert len(json.dumps(answer)) < 6 * 1024 * 1024
    answer = docs.handler({**http_event("GET", "/openapi.json"), "headers": {"accept-encoding": "gzip"}}, Context())
    assert answer["isBase64Encoded"]
    assert len(answer["body"]) < 150_000
