"""Life cycle of rooms."""

import uuid
from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import milliseconds, without_times

REFUSED = [
    ({"template": "any"}, "Invalid body param: template. Use template_id"),
    ({"template_id": "0"}, "Error: template not found"),
    ({"region": "mars"}, "Error: region not supported"),
    ({"max_duration_seconds": 119}, "Invalid body param: max_duration_seconds less than 120 seconds"),
    ({"max_duration_seconds": 43201}, "Invalid body param: max_duration_seconds greater than 43200 seconds"),
    ({"size": 2501}, "Invalid body param: room size greater than 2500, set large_room flag as true"),
    ({"size": 20001}, "Invalid body param: room size greater than 20000"),
    ({"size": 20001, "large_room": True}, "Invalid body param: room size greater than 20000"),
    ({"recording_info": {"upload_info": {"type": "s3"}}}, "Bucket location is missing"),
    ({"recording_info": {"upload_info": {"type": "ftp", "location": "b"}}}, "Invalid upload configuration"),
    ({"recording_info": {"upload_info": {"location": "b"}}}, "Invalid upload configuration"),
    ({"name": "a/b"}, 'Invalid body param: name breaks the rule pattern "^[a-zA-Z0-9 @.:_-]+$"'),
    ({"webhook": {"headers": {}}}, "Invalid body param: webhook: 'url' is a required property"),
]


def test_a_workspace_starts_without_rooms(simulator: Client) -> None:
    assert simulator.get_json("/v2/rooms") == {"limit": 10, "data": [], "last": ""}


def test_a_room_keeps_what_it_was_made_with(simulator: Client) -> None:
    settings = {
        "name": "stand-up",
        "description": "daily",
        "region": "eu",
        "large_room": True,
        "size": 20000,
        "max_duration_seconds": 120,
        "polls": ["655bffeecd34739a72637305"],
        "webhook": {"url": "https://example.com/hook", "headers": {"x-key": "value"}},
    }
    room = simulator.post_json("/v2/rooms", settings)
    assert settings.items() <= room.items()
    assert room["enabled"] is True
    shown = simulator.get_json(f"/v2/rooms/{room['id']}")
    assert without_times(shown).items() <= without_times(room).items()
    assert room.keys() - shown.keys() == {"recording_info"}


def test_an_unnamed_room_has_a_uuid_as_its_name_and_the_default_template(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms")
    template = simulator.get_json("/v2/templates")["data"][0]
    assert str(uuid.UUID(room["name"])) == room["name"]
    assert (room["template_id"], room["template"]) == (template["id"], template["name"])
    assert room["region"] == template["settings"]["region"]
    assert room["recording_source_template"] is True


def test_the_same_name_in_any_case_updates_the_same_room(simulator: Client) -> None:
    first = simulator.post_json("/v2/rooms", {"name": "Lobby", "description": "old", "size": 100})
    again = simulator.post_json("/v2/rooms", {"name": "lobby", "region": "us"})
    assert again["id"] == first["id"]
    assert again["description"] == ""
    assert "size" not in again
    assert len(simulator.get_json("/v2/rooms")["data"]) == 1


def test_a_room_is_made_with_a_template_and_moved_to_another_by_name(simulator: Client) -> None:
    templates = [simulator.post_json("/v2/templates", {"name": name})["id"] for name in ("one", "two")]
    rooms = [
        simulator.post_json("/v2/rooms", {"name": "lobby", "template_id": template_id}) for template_id in templates
    ]
    assert [room["template"] for room in rooms] == ["one", "two"]
    assert rooms[0]["id"] == rooms[1]["id"]


@pytest.mark.parametrize(("body", "detail"), REFUSED)
def test_a_wrong_member_is_refused_in_the_documented_words(simulator: Client, body: Any, detail: str) -> None:
    response = simulator.post("/v2/rooms", body)
    assert response.json() == {"code": 400, "message": "Invalid body param", "details": [detail]}
    assert simulator.get_json("/v2/rooms")["data"] == []


@pytest.mark.parametrize("body", ["{", "[7]", '"room"', '{"size": NaN}', '{"size": 1e999}', "\udcff", "[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(simulator: Client, body: str) -> None:
    response = simulator.call("POST", "/v2/rooms", data=body.encode("utf-8", "surrogateescape"))
    assert response.status_code == 400
    assert response.json()["code"] == 400


@pytest.mark.parametrize("body", ["null", '""', "[]", " [ ] ", "{}", ""])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", None])
def test_an_empty_value_counts_as_an_empty_object(simulator: Client, body: str, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    assert simulator.call("POST", "/v2/rooms", data=body.encode(), headers=headers).status_code == 200


@pytest.mark.parametrize("body", ["null", '""', "[]"])
def test_an_empty_value_is_no_change(simulator: Client, body: str) -> None:
    room = simulator.post_json("/v2/rooms")
    assert simulator.call("POST", f"/v2/rooms/{room['id']}", data=body).status_code == 400


def test_a_body_is_read_whatever_its_content_type(simulator: Client) -> None:
    response = simulator.call("POST", "/v2/rooms", data='{"name": "a b@c"}', headers={"content-type": "text/plain"})
    assert response.json()["name"] == "a b@c"


def test_a_bucket_of_r2_keeps_its_account(simulator: Client) -> None:
    upload = {"type": "r2", "location": "b", "options": {"account_id": "a"}, "credentials": {"key": "k", "secret": "s"}}
    room = simulator.post_json("/v2/rooms", {"recording_info": {"upload_info": upload}})
    assert room["recording_info"]["upload_info"] == upload


def test_a_change_keeps_what_it_does_not_name(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms", {"name": "lobby", "description": "old", "large_room": True, "size": 20000})
    changed = simulator.post_json(f"/v2/rooms/{room['id']}", {"name": "foyer", "region": "eu", "description": None})
    kept = without_times(room).keys() - {"name", "region", "key", "recording_info"}
    assert {name: changed[name] for name in kept} == {name: room[name] for name in kept}
    assert (changed["name"], changed["region"]) == ("foyer", "eu")
    assert milliseconds(changed["created_at"]) == milliseconds(room["created_at"])
    assert simulator.get_json("/v2/rooms", name="lobby")["data"] == []
    assert simulator.post_json("/v2/rooms", {"name": "lobby"})["id"] != room["id"]


def test_a_change_is_checked_with_what_the_room_already_is(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms", {"large_room": True, "size": 20000})
    assert simulator.post(f"/v2/rooms/{room['id']}", {"size": 10000}).status_code == 200
    assert simulator.post(f"/v2/rooms/{room['id']}", {"large_room": False}).status_code == 400
    assert simulator.post(f"/v2/rooms/{room['id']}", {"enabled": "no"}).status_code == 400


def test_a_room_is_disabled_and_enabled(simulator: Client) -> None:
    path = f"/v2/rooms/{simulator.post_json('/v2/rooms')['id']}"
    for enabled in (False, True):
        assert simulator.post_json(path, {"enabled": enabled})["enabled"] is enabled
        assert simulator.get_json(path)["enabled"] is enabled


def test_storage_credentials_are_shown_only_to_who_sends_them(simulator: Client) -> None:
    upload = {"type": "s3", "location": "bucket", "credentials": {"key": "id", "secret": "hidden"}}
    room = simulator.post_json("/v2/rooms", {"recording_info": {"enabled": True, "upload_info": upload}})
    assert room["recording_info"]["upload_info"] == upload
    shown = simulator.get_json(f"/v2/rooms/{room['id']}")
    assert shown["recording_info"] == {"enabled": True, "upload_info": {"type": "s3", "location": "bucket"}}
    assert "hidden" not in simulator.get("/v2/rooms").text


def test_a_list_shows_what_its_filters_name(simulator: Client) -> None:
    template_id = simulator.post_json("/v2/templates", {"name": "webinar"})["id"]
    early = simulator.post_json("/v2/rooms", {"name": "early"})
    simulator.post_json("/_simulator/clock", {"advance_seconds": 60})
    late = simulator.post_json("/v2/rooms", {"name": "late", "template_id": template_id})
    simulator.post_json(f"/v2/rooms/{late['id']}", {"enabled": False})

    def names(**query: Any) -> list[str]:
        return [room["name"] for room in simulator.get_json("/v2/rooms", **query)["data"]]

    assert names() == ["late", "early"]
    assert names(enabled="true") == ["early"]
    assert names(enabled="false") == ["late"]
    assert names(name="EARLY") == ["early"]
    assert names(template_id=template_id) == ["late"]
    assert names(after=late["created_at"]) == ["late"]
    assert names(before=early["created_at"]) == ["early"]
    assert names(after=early["created_at"], before=late["created_at"]) == ["late", "early"]
    assert names(name="", before="") == ["late", "early"]
    assert names(unknown="1") == ["late", "early"]
    for true, false in zip(
        ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False"), strict=True
    ):
        assert (names(enabled=true), names(enabled=false)) == (["early"], ["late"])
    assert simulator.get("/v2/rooms", enabled="yes").status_code == 400


@pytest.mark.parametrize(
    "query", [{"enabled": "yes"}, {"after": "yesterday"}, {"before": "2026-01-01"}, {"limit": "many"}, {"start": "0"}]
)
def test_a_query_that_cannot_be_read_is_refused(simulator: Client, query: dict[str, str]) -> None:
    response = simulator.get("/v2/rooms", **query)
    assert response.status_code == 400
    assert response.json()["details"] == [f"Invalid query parameter: {next(iter(query))}"]


def test_an_unknown_room_is_not_found(simulator: Client) -> None:
    for call in (simulator.get, simulator.post):
        assert call("/v2/rooms/0").json() == {"code": 404, "message": "Room not found"}
