from typing import Any

import pytest
from pydantic import BaseModel

from hms.models.templates import (
    Destinations,
    RecordingConfigs,
    Role,
    TemplateCreate,
    TemplateListQuery,
    TemplateSettings,
    TemplateUpdate,
)
from tests.support.contract import examples
from tests.unit.models.checks import documented_answers, problems

MODELS: dict[str, type[BaseModel]] = {
    "createTemplate": TemplateCreate,
    "updateTemplate": TemplateUpdate,
    "upsertTemplateRole": Role,
    "updateTemplateSettings": TemplateSettings,
    "updateTemplateDestinations": Destinations,
    "configureTemplateRecordings": RecordingConfigs,
}
READ: dict[str, type[BaseModel]] = {
    "createTemplate": TemplateUpdate,
    "updateTemplate": TemplateUpdate,
    "getTemplate": TemplateUpdate,
    "upsertTemplateRole": Role,
    "getTemplateRole": Role,
    "updateTemplateSettings": TemplateSettings,
    "getTemplateSettings": TemplateSettings,
    "updateTemplateDestinations": Destinations,
    "getTemplateDestinations": Destinations,
    "configureTemplateRecordings": RecordingConfigs,
    "getTemplateRecordings": RecordingConfigs,
}


def layer(rid: str, factor: float) -> dict[str, Any]:
    return {"rid": rid, "scaleResolutionDownBy": factor, "maxFramerate": 25}


def of_simulcast(*layers: dict[str, Any]) -> list[str]:
    return problems(Role, {"publishParams": {"simulcast": {"video": {"layers": list(layers)}}}})


def of_hls(*layers: dict[str, Any]) -> list[str]:
    return problems(Destinations, {"hlsDestinations": {"main": {"name": "main", "layers": list(layers)}}})


@pytest.mark.parametrize("operation_id", MODELS)
def test_the_documented_requests_pass(operation_id: str) -> None:
    for body in examples(operation_id).values():
        assert problems(MODELS[operation_id], body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("operation_id", READ)
def test_what_is_read_and_posted_back_passes(operation_id: str, closed: bool) -> None:
    for example in documented_answers(operation_id):
        assert problems(READ[operation_id], example, closed=closed) == []


@pytest.mark.parametrize("model", [TemplateCreate, TemplateUpdate])
@pytest.mark.parametrize(
    "body", [{}, {"destinations": {"hlsDestinations": {}}}, {"roles": {"host": {}}, "settings": {}}]
)
def test_a_template_is_made_and_changed_in_part(model: type[BaseModel], body: dict[str, Any]) -> None:
    assert problems(model, body, closed=True) == []


CAPTIONS: dict[str, Any] = {
    "permissions": {"admin": ["host"]},
    "mode": "caption",
    "translation": {"enabled": True, "roleLanguages": {"guest": "de"}},
}


@pytest.mark.parametrize("captions", [CAPTIONS, [CAPTIONS, {}], []])
def test_plugins_have_captions_once_or_as_a_list_and_noise_cancellation(captions: Any) -> None:
    plugins = {"transcriptions": captions, "noiseCancellation": {"enabled": True}}
    assert problems(TemplateUpdate, {"plugins": plugins}, closed=True) == []


@pytest.mark.parametrize(
    ("plugins", "field"),
    [
        ({"transcriptions": {"mode": "live"}}, "transcriptions.mode"),
        ({"transcriptions": [{}, {"mode": "live"}]}, "transcriptions.1.mode"),
        ({"transcriptions": [{"translation": {"roleLanguages": {"guest": 7}}}]}, "transcriptions.0.translation.role"),
        ({"transcriptions": ["caption"]}, "transcriptions.0"),
        ({"transcriptions": "caption"}, "transcriptions"),
        ({"noiseCancellation": True}, "noiseCancellation"),
        ({"noiseCancellation": {"enabled": "yes"}}, "noiseCancellation.enabled"),
    ],
)
def test_a_plugin_is_checked_where_it_stands(plugins: dict[str, Any], field: str) -> None:
    (problem,) = problems(TemplateUpdate, {"plugins": plugins})
    assert problem.startswith(f"plugins.{field}")


def test_a_live_stream_is_named_by_its_key_alone() -> None:
    assert problems(Destinations, {"hlsDestinations": {"main": {}}}, closed=True) == []


@pytest.mark.parametrize(("name", "passes"), [("a Name-1._:", True), ("a/b", False), ("", False), ("n\u00f6", False)])
def test_a_name_has_only_the_characters_that_100ms_takes(name: str, passes: bool) -> None:
    assert (problems(TemplateCreate, {"name": name}) == []) is passes


def test_a_role_is_named_in_what_is_wrong_with_it() -> None:
    (problem,) = problems(TemplateCreate, {"roles": {"host": {}, "guest": {"priority": 6}}})
    assert problem.startswith("roles.guest.priority: ")


@pytest.mark.parametrize(
    "layers", [[], [layer("f", 1)], [layer("f", 1.0), layer("q", 1.5)], [layer("f", 1), layer("h", 2), layer("q", 4)]]
)
def test_simulcast_goes_from_the_full_picture_to_smaller_ones(layers: list[dict[str, Any]]) -> None:
    assert of_simulcast(*layers) == []


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        ([layer("h", 1)], "the first layer must have"),
        ([layer("f", 2)], "the first layer must have"),
        ([layer("f", 1), layer("q", 2), layer("h", 4)], "rid must be in the order f, h, q"),
        ([layer("f", 1), layer("f", 2)], "rid must be in the order f, h, q"),
        ([layer("f", 1), layer("h", 1)], "scaleResolutionDownBy must increase"),
    ],
)
def test_simulcast_in_another_order_is_refused(layers: list[dict[str, Any]], text: str) -> None:
    (problem,) = of_simulcast(*layers)
    assert problem.startswith(f"publishParams.simulcast.video.layers: {text}")


@pytest.mark.parametrize("sides", [(192, 144), (144, 192), (1920, 1080), (1080, 1920), (720, 720)])
def test_a_layer_of_a_live_stream_lies_or_stands(sides: tuple[int, int]) -> None:
    assert of_hls({"width": sides[0], "height": sides[1]}) == []


@pytest.mark.parametrize(
    ("sides", "field"),
    [
        ((1920, 1082), "height"),
        ((190, 190), "height"),
        ((1922, 1080), "width"),
        ((720, 142), "height"),
        ((721, 480), "width"),
    ],
)
def test_a_layer_of_another_size_is_refused(sides: tuple[int, int], field: str) -> None:
    (problem,) = of_hls({"width": sides[0], "height": sides[1]})
    assert problem.startswith(f"hlsDestinations.main.layers.0.{field}: ")


def test_layers_of_a_live_stream_go_from_the_largest_to_the_smallest() -> None:
    large, small = {"width": 1280, "height": 720, "videoBitrate": 1100}, {"width": 640, "height": 360}
    assert of_hls(large, small, {}) == []
    wrong = ["hlsDestinations.main.layers: must be sorted by size and bitrate, largest first"]
    assert of_hls(small, large) == wrong
    assert of_hls(large, {**small, "videoBitrate": 1200}) == wrong


@pytest.mark.parametrize("name", ["secretKey", "secret"])
def test_the_buckets_secret_goes_by_the_name_asked_for_or_the_name_shown(name: str) -> None:
    upload = {"type": "s3", "location": "a-bucket", "credentials": {"key": "k", name: "s"}}
    assert problems(TemplateSettings, {"recording": {"upload": upload}}) == []


def test_a_bucket_of_r2_has_an_account() -> None:
    upload = {"type": "r2", "location": "a-bucket", "options": {"region": "auto", "account_id": "a"}}
    assert problems(TemplateSettings, {"recording": {"upload": upload}}, closed=True) == []


def test_a_bucket_without_its_secret_is_refused() -> None:
    upload = {"type": "s3", "location": "a-bucket", "prefix": "p", "credentials": {"key": "k"}}
    assert problems(TemplateSettings, {"recording": {"upload": upload}}) == [
        "recording.upload.credentials.secretKey: is required"
    ]


@pytest.mark.parametrize(("seconds", "passes"), [(5, True), (3600, True), (0, False), (7, False), (3605, False)])
def test_a_rooms_state_is_sent_every_few_seconds_in_steps_of_five(seconds: int, passes: bool) -> None:
    assert (problems(TemplateSettings, {"roomState": {"messageInterval": seconds}}) == []) is passes


def test_a_template_has_one_recording_at_most() -> None:
    config = {"name": "default", "role": "host"}
    assert problems(RecordingConfigs, []) == []
    assert problems(RecordingConfigs, [config, config])[0].startswith("body: ")
    assert problems(RecordingConfigs, [{"name": "default"}]) == ["0.role: is required"]
    assert problems(RecordingConfigs, config)[0].startswith("body: ")


@pytest.mark.parametrize(("limit", "passes"), [("9", False), ("10", True), ("100", True), ("101", False)])
def test_a_page_has_ten_to_a_hundred_templates(limit: str, passes: bool) -> None:
    assert (problems(TemplateListQuery, {"limit": limit}) == []) is passes
