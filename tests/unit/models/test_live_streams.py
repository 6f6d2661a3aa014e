from typing import Any

import pytest

from hms.models.base import Model
from hms.models.live_streams import LiveStreamListQuery, LiveStreamStart, TimedMetadata
from tests.support.contract import document, examples
from tests.unit.models.checks import documented_answers, problems

MODELS: dict[str, type[Model]] = {"startLiveStream": LiveStreamStart, "sendLiveStreamTimedMetadata": TimedMetadata}


@pytest.mark.parametrize("operation_id", MODELS)
def test_the_documented_requests_pass(operation_id: str) -> None:
    for body in examples(operation_id).values():
        assert problems(MODELS[operation_id], body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
def test_a_stream_read_and_posted_back_passes(closed: bool) -> None:
    for stream in documented_answers("startLiveStream") + documented_answers("getLiveStream"):
        assert problems(LiveStreamStart, stream, closed=closed) == []


def test_a_stream_starts_with_nothing_said() -> None:
    assert problems(LiveStreamStart, {}) == []


@pytest.mark.parametrize(
    ("transcription", "field"),
    [
        ({"modes": ["caption"]}, "modes.0"),
        ({"output_modes": ["pdf"]}, "output_modes.0"),
        ({"outputModes": ["txt"]}, "outputModes"),
        ({"summary": {"temperature": 1.1}}, "summary.temperature"),
    ],
)
def test_a_transcription_is_checked_where_it_stands(transcription: dict[str, Any], field: str) -> None:
    (problem,) = problems(LiveStreamStart, {"transcription": transcription})
    assert problem.startswith(f"transcription.{field}: ")


@pytest.mark.parametrize(("length", "passes"), [(100, True), (101, False)])
def test_timed_metadata_have_up_to_a_hundred_characters(length: int, passes: bool) -> None:
    assert (problems(TimedMetadata, {"payload": "\u00fc" * length, "duration": 5}) == []) is passes


@pytest.mark.parametrize("status", document()["components"]["schemas"]["StreamStatus"]["enum"])
def test_streams_are_listed_by_every_state(status: str) -> None:
    query = {"status": status, "room_id": "r", "session_id": "s", "limit": "100", "start": "a"}
    assert problems(LiveStreamListQuery, query, closed=True) == []
