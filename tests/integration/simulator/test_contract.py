"""Responses of all sections match the contract: status, schema, and all keys of the documented examples."""

import pytest

from tests.integration.simulator.client import Client
from tests.support.contract import check, examples, missing_keys, operations, response_examples


def test_a_missing_key_is_noticed_at_any_depth() -> None:
    assert missing_keys({"a": [{"b": {"c": 1}}]}, {"a": [{"b": {}}]}) == ["$.a[0].b.c"]


def test_creating_a_room_answers_as_documented(simulator: Client) -> None:
    for example in ("basic", "large", "withPolls"):
        body = {**examples("createRoom")[example]}
        body.pop("template_id", None)
        if example == "withPolls":  # the sample overwrites a room
            body["name"] = simulator.post_json("/v2/rooms")["name"]
        check("createRoom", simulator.post("/v2/rooms", body), example)


def test_a_refused_room_answers_as_documented(simulator: Client) -> None:
    check("createRoom", simulator.post("/v2/rooms", {"size": 30000}), "sizeAboveLargeLimit")
    check("createRoom", simulator.post("/v2/rooms", {"size": 3000}), "sizeAboveStandardLimit")


def test_listing_rooms_answers_as_documented(simulator: Client) -> None:
    recording = {"recording_info": {"enabled": False}}
    simulator.post_json("/v2/rooms", {"large_room": True, "size": 19000, "max_duration_seconds": 2000, **recording})
    simulator.post_json("/v2/rooms", {"name": "test-room", "max_duration_seconds": 10000})
    check("listRooms", simulator.get("/v2/rooms"), "page")


def test_reading_a_room_answers_as_documented(simulator: Client) -> None:
    upload = {"type": "s3", "location": "bucket", "prefix": "dev"}
    room = simulator.post_json("/v2/rooms", {"recording_info": {"enabled": True, "upload_info": upload}})
    check("retrieveRoom", simulator.get(f"/v2/rooms/{room['id']}"), "room")
    check("retrieveRoom", simulator.get("/v2/rooms/0"))


def test_changing_a_room_answers_as_documented(simulator: Client) -> None:
    path = f"/v2/rooms/{simulator.post_json('/v2/rooms')['id']}"
    check("updateRoom", simulator.post(path, examples("updateRoom")["update"]), "update")
    path = f"/v2/rooms/{simulator.post_json('/v2/rooms')['id']}"
    check("updateRoom", simulator.post(path, examples("updateRoom")["disable"]), "disable")


def test_room_codes_answer_as_documented(simulator: Client) -> None:
    room_id = simulator.post_json("/v2/rooms")["id"]
    path = f"/v2/room-codes/room/{room_id}"
    check("createRoomCodes", simulator.post(path), "codes")
    check("listRoomCodes", simulator.get(path), "page")
    code = check("createRoomCodeForRole", simulator.post(f"{path}/role/host"), "code")["code"]
    check("exchangeRoomCodeForToken", simulator.post("/v2/token", {"code": code}))
    check("updateRoomCode", simulator.post("/v2/room-codes/code", {"code": code, "enabled": False}), "code")
    check("updateRoomCode", simulator.post("/v2/room-codes/code", {"code": code, "enabled": 1}))
    check("createRoomCodeForRole", simulator.post(f"{path}/role/nobody"))
    check("listRoomCodes", simulator.get(path, limit="many"))
    simulator.post_json(f"/v2/rooms/{room_id}", {"enabled": False})
    check("createRoomCodes", simulator.post(path))


@pytest.fixture
def template(simulator: Client) -> str:
    """Return the path of a template created by the documented request."""
    created = simulator.post("/v2/templates", examples("createTemplate")["full"])
    return f"/v2/templates/{check('createTemplate', created, 'created')['id']}"


def test_reading_and_replacing_templates_answer_as_documented(simulator: Client, template: str) -> None:
    for listed in reversed(response_examples("listTemplates")["page"]["data"]):
        simulator.post_json("/v2/templates", listed)
    check("listTemplates", simulator.get("/v2/templates"), "page")
    replacement = response_examples("updateTemplate")["updated"]
    check("updateTemplate", simulator.post(template, replacement), "updated")
    check("updateTemplate", simulator.post(template, response_examples("getTemplate")["template"]))
    check("getTemplate", simulator.get(template), "template")


def test_the_parts_of_a_template_answer_as_documented(simulator: Client, template: str) -> None:
    role = response_examples("upsertTemplateRole")["role"]
    check("upsertTemplateRole", simulator.post(f"{template}/roles/testurlpath", role), "role")
    check("getTemplateRole", simulator.get(f"{template}/roles/testurlpath"), "role")
    check("deleteTemplateRole", simulator.delete(f"{template}/roles/testurlpath"))
    check("deleteTemplateRole", simulator.delete(f"{template}/roles/testurlpath"))
    unset = f"/v2/templates/{simulator.post_json('/v2/templates')['id']}/settings"
    check("getTemplateSettings", simulator.get(unset), "settings")
    for name, call in (("settings", "TemplateSettings"), ("destinations", "TemplateDestinations")):
        path = f"{template}/{name}"
        check(f"update{call}", simulator.post(path, examples(f"update{call}")[name]), name)
        check(f"get{call}", simulator.get(path), None if name == "settings" else name)
    recordings = examples("configureTemplateRecordings")["config"]
    check("configureTemplateRecordings", simulator.post(f"{template}/recordings", recordings), "config")
    check("getTemplateRecordings", simulator.get(f"{template}/recordings"), "config")


def test_a_refused_token_answers_as_documented(simulator: Client) -> None:
    refused = simulator.call("GET", "/v2/rooms", headers={"Authorization": ""})
    assert check("listRooms", refused, "tokenValidation")["details"] == ["not found"]


def test_no_operation_of_the_contract_is_unknown(simulator: Client) -> None:
    for operation in operations().values():
        path = operation.path
        response = simulator.call(operation.method, f"/v2{path}")
        assert response.status_code != 405, path
        assert response.status_code < 400 or response.json()["code"] == response.status_code, path
        assert response.status_code != 404 or response.json()["message"] != "Not Found", path
