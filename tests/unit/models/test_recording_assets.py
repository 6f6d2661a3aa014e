import pytest

from hms.models.recording_assets import PresignedUrlQuery, RecordingAssetListQuery
from tests.support.contract import document
from tests.unit.models.checks import problems


@pytest.mark.parametrize(
    "status", document()["components"]["schemas"]["RecordingAssetCore"]["properties"]["status"]["enum"]
)
def test_assets_are_listed_by_every_state_that_they_show(status: str) -> None:
    assert problems(RecordingAssetListQuery, {"status": status, "room_id": "r", "session_id": "s"}) == []


def test_assets_are_listed_by_their_type() -> None:
    assert problems(RecordingAssetListQuery, {"type": "transcript"}, closed=True) == []


def test_a_state_that_no_asset_has_is_refused() -> None:
    (problem,) = problems(RecordingAssetListQuery, {"status": "running"})
    assert problem.startswith("status: ")


def test_a_download_urls_validity_is_a_number_of_seconds() -> None:
    assert problems(PresignedUrlQuery, {"presign_duration": "3600"}) == []
    assert problems(PresignedUrlQuery, {"presign_duration": "1h"})[0].startswith("presign_duration: ")
