from typing import Any

import pytest

from hms.models.external_streams import ExternalStreamListQuery, ExternalStreamStart
from tests.support.contract import document, examples
from tests.unit.models.checks import documented_answers, problems

URL = "rtmp://example.com/live"


def start(**members: Any) -> dict[str, Any]:
    return {"rtmp_urls": [URL], **members}


@pytest.mark.parametrize("body", examples("startExternalStream").values())
def test_the_documented_starts_pass(body: object) -> None:
    assert problems(ExternalStreamStart, body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
def test_a_stream_read_and_posted_back_passes(closed: bool) -> None:
    for stream in documented_answers("startExternalStream") + documented_answers("getExternalStream"):
        assert problems(ExternalStreamStart, stream, closed=closed) == []


@pytest.mark.parametrize(("count", "passes"), [(0, False), (1, True), (5, True), (6, False)])
def test_a_stream_goes_to_one_to_five_servers(count: int, passes: bool) -> None:
    assert (problems(ExternalStreamStart, {"rtmp_urls": [URL] * count}) == []) is passes


def test_a_server_that_speaks_no_rtmp_is_refused_by_its_place() -> None:
    (problem,) = problems(ExternalStreamStart, {"rtmp_urls": [URL, "https://example.com/live"]})
    assert problem.startswith("rtmp_urls.1: ")


@pytest.mark.parametrize(("width", "height"), [(500, 480), (1920, 1080), (500, 500), (1080, 1920), (1080, 1080)])
def test_a_resolution_fits_in_landscape_or_portrait(width: int, height: int) -> None:
    assert problems(ExternalStreamStart, start(resolution={"width": width, "height": height})) == []


@pytest.mark.parametrize(
    ("width", "height", "field"),
    [(1920, 1082, "height"), (1082, 1920, "height"), (499, 1080, "width"), (1922, 720, "width"), (1280, 479, "height")],
)
def test_a_resolution_that_fits_in_neither_is_refused(width: int, height: int, field: str) -> None:
    (problem,) = problems(ExternalStreamStart, start(resolution={"width": width, "height": height}))
    assert problem.startswith(f"resolution.{field}: ")


def test_a_resolution_has_both_sides() -> None:
    assert problems(ExternalStreamStart, start(resolution={"width": 1280})) == ["resolution.height: is required"]


@pytest.mark.parametrize("status", document()["components"]["schemas"]["StreamStatus"]["enum"])
def test_streams_are_listed_by_every_state(status: str) -> None:
    query = {"status": status, "room_id": "r", "session_id": "s", "limit": "100", "start": "a"}
    assert problems(ExternalStreamListQuery, query, closed=True) == []
