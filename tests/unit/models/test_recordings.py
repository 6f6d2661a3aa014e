from typing import Any

import pytest

from hms.models.recordings import RecordingListQuery, RecordingStart
from tests.support.contract import document, examples
from tests.unit.models.checks import documented_answers, problems


@pytest.mark.parametrize("body", examples("startRecording").values())
def test_the_documented_starts_pass(body: object) -> None:
    assert problems(RecordingStart, body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
def test_a_recording_read_and_posted_back_passes(closed: bool) -> None:
    for recording in documented_answers("startRecording") + documented_answers("getRecording"):
        assert problems(RecordingStart, recording, closed=closed) == []


@pytest.mark.parametrize("size", [{"width": 1280}, {"width": 200, "height": 4000}, None])
def test_a_resolution_has_no_documented_range(size: object) -> None:
    assert problems(RecordingStart, {"resolution": size}) == []


@pytest.mark.parametrize(
    ("summary", "field"),
    [
        ({"temperature": 0}, "temperature"),
        ({"context": "x" * 301}, "context"),
        ({"sections": [{"title": "Agenda", "format": "bullets"}] * 7}, "sections"),
        ({"sections": [{"title": "Agenda"}]}, "sections.0.format"),
        ({"section": []}, "section"),
    ],
)
def test_a_summary_is_checked_where_it_stands(summary: dict[str, Any], field: str) -> None:
    (problem,) = problems(RecordingStart, {"transcription": {"summary": summary}})
    assert problem.startswith(f"transcription.summary.{field}: ")


@pytest.mark.parametrize("status", document()["components"]["schemas"]["RecordingStatus"]["enum"])
def test_recordings_are_listed_by_every_state(status: str) -> None:
    assert problems(RecordingListQuery, {"status": status, "room_id": "r", "session_id": "s"}) == []
