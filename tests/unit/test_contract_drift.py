"""Differences between the data of 100ms and its documentation contain names and types, never values."""

import json
from typing import Any

import pytest
import yaml

from tests.http_api import ROOT
from tools.contract_drift.difference import compare, compare_json
from tools.contract_drift.report import Report
from tools.contract_drift.schemas import Document, api_document, webhooks_document

WEBHOOKS: dict[str, Any] = yaml.safe_load((ROOT / "contract" / "webhooks.openapi.yaml").read_text())["webhooks"]
API: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text())
RESPONSES = {
    (method, path, int(status)): response.get("content", {}).get("application/json", {})
    for path, item in API["paths"].items()
    for method, operation in item.items()
    for status, response in operation["responses"].items()
}
ID = "5f9edc6ac238215aec2312df"


def sample(event_type: str) -> dict[str, Any]:
    content = WEBHOOKS[event_type]["post"]["requestBody"]["content"]["application/json"]
    value: dict[str, Any] = json.loads(json.dumps(content["examples"]["sample"]["value"]))
    return value


def differences_of_webhook(webhook: dict[str, Any]) -> list[str]:
    schema = webhooks_document().webhook(webhook["type"])
    assert schema
    return sorted(map(str, compare(schema, webhook)))


def differences_of_response(path: str, value: object) -> list[str]:
    schema = api_document().response("GET", path, 200)
    assert schema
    return sorted(map(str, compare(schema, value)))


def differences(schema: dict[str, Any], value: object) -> list[str]:
    content = {"schema": {"$ref": "#/components/schemas/Tested"}}
    responses = {"200": {"content": {"application/json": content}}}
    document = Document(
        {"components": {"schemas": {"Tested": schema}}, "paths": {"/": {"get": {"responses": responses}}}}
    )
    closed = document.response("GET", "/", 200)
    assert closed
    return sorted(map(str, compare(closed, value)))


@pytest.mark.parametrize("event_type", WEBHOOKS)
def test_a_documented_sample_does_not_differ(event_type: str) -> None:
    assert differences_of_webhook(sample(event_type)) == []


def test_no_example_of_a_response_differs() -> None:
    compared = 0
    for (method, path, status), content in RESPONSES.items():
        for example in content.get("examples", {}).values():
            schema = api_document().response(method, path, status)
            assert schema
            assert compare(schema, example["value"]) == frozenset(), (method, path)
            compared += 1
    assert compared > 80


@pytest.mark.parametrize("event_type", WEBHOOKS)
def test_each_member_of_a_sample_is_missed(event_type: str) -> None:
    for name in sample(event_type)["data"]:
        webhook = sample(event_type)
        del webhook["data"][name]
        assert differences_of_webhook(webhook) == [f"missing member  data.{name}"]


def test_a_webhook_that_differs_in_each_way() -> None:
    webhook = sample("beam.recording.success")
    del webhook["account_id"], webhook["data"]["room_id"]
    webhook["is_replay"] = True
    webhook["data"] |= {"size": "12", "codec": {"name": "vp8"}, "rtmp": [{"url": 1, "label": None}]}
    assert differences_of_webhook(webhook) == [
        "missing member  account_id",
        "missing member  data.room_id",
        "other type  data.rtmp[].url: integer, documented: string",
        "other type  data.size: string, documented: integer",
        "unknown member  data.codec: object",
        "unknown member  data.rtmp[].label: null",
        "unknown member  is_replay: boolean",
    ]


def test_a_member_that_only_the_table_has_is_not_missed() -> None:
    webhook = sample("beam.recording.success")
    assert "location" not in webhook["data"]
    webhook["data"]["location"] = "bucket"
    assert differences_of_webhook(webhook) == []


def test_a_map_shows_none_of_its_keys() -> None:
    peer = {"id": ID, "name": "Ada", "user_id": "ada", "metadata": "", "role": "host", "joined_at": 5}
    assert differences_of_response("/active-rooms/{room_id}/peers", {"peers": {ID: peer}}) == [
        "other type  peers.*.joined_at: integer, documented: string"
    ]


@pytest.mark.parametrize("name", [ID, "abc-defg-hij", "ada@example.com", "Ada Lovelace", "\x1b[2J", "", "a" * 41])
def test_an_unknown_member_that_may_be_a_value_is_not_named(name: str) -> None:
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    assert differences(schema, {name: 1}) == ["unknown member  *: integer"]


@pytest.mark.parametrize("name", ["colour", "h264_profile", "customerId", "_id", "x264Preset"])
def test_an_unknown_member_is_named(name: str) -> None:
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    assert differences(schema, {name: 1}) == [f"unknown member  {name}: integer"]


def test_no_value_is_shown() -> None:
    schema = {"type": "object", "properties": {"id": {"type": "string", "enum": ["a"]}, "size": {"type": "integer"}}}
    assert differences(schema, {"id": "secret", "size": "secret"}) == ["other type  size: string, documented: integer"]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_of_several_documented_shapes_the_nearest_counts(keyword: str) -> None:
    track = {"properties": {"type": {"enum": ["track"]}, "track_id": {"type": "string"}}, "required": ["track_id"]}
    error = {"properties": {"type": {"enum": ["error"]}, "code": {"type": "integer"}}, "required": ["code"]}
    schema = {keyword: [{"type": "object", **track}, {"type": "object", **error}, {"type": ["array", "null"]}]}
    assert differences(schema, {"type": "track", "track_id": "1"}) == []
    assert differences(schema, {"type": "error", "code": "1", "track_id": "1"}) == [
        "other type  code: string, documented: integer",
        "unknown member  track_id: string",
    ]
    assert differences(schema, None) == []
    assert differences(schema, "x") == ["other type  (all): string, documented: object or array or null"]


def test_a_number_without_a_fraction_is_an_integer_and_true_is_none() -> None:
    assert differences({"type": "integer"}, 3.0) == []
    assert differences({"type": "integer"}, True) == ["other type  (all): boolean, documented: integer"]


def test_an_object_without_documented_members_is_open() -> None:
    assert differences({"type": "object"}, {"anything": 1}) == []


def test_a_body_that_is_not_json_differs() -> None:
    (difference,) = compare_json({"type": "object"}, b"<html>")
    assert str(difference) == "other type  (all): not JSON, documented: JSON"


def test_what_is_not_documented_has_no_schema() -> None:
    assert api_document().response("GET", "/no-such-route", 404) is None
    assert api_document().response("GET", "/rooms", 418) is None
    assert webhooks_document().webhook("peer.dance.success") is None


def test_a_report_counts_by_name() -> None:
    report = Report("webhooks", "event types")
    schema = {"type": ["object"], "properties": {"id": {"type": ["string"]}}, "additionalProperties": False}
    for value in ({"id": "1"}, {"id": 2}, {"id": 3, "size": 4}):
        report.add("peer.join.success", compare(schema, value))
    report.add("peer.leave.success", compare(schema, {}))
    report.add_undocumented("peer.dance.success")
    assert "\n".join(report) == (
        "peer.join.success\n"
        "  other type  id: integer, documented: string  (2 of 3)\n"
        "  unknown member  size: integer  (1 of 3)\n"
        "peer.dance.success\n"
        "  not documented  (1)\n"
        "Compared 4 webhooks with the documentation: 1 of 2 event types differ, 1 more not documented"
    )
