"""Life cycle of templates."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import without_times
from tests.support.contract import examples

UPLOAD = {"type": "s3", "location": "bucket", "prefix": "recordings"}
ZIPPED = {"hlsDestinations": {"default": {"name": "default", "recording": {"enableZipUpload": True}}}}


def layer(rid: str, factor: float) -> dict[str, Any]:
    return {"rid": rid, "scaleResolutionDownBy": factor, "maxFramerate": 25}


def simulcast(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"publishParams": {"simulcast": {"video": {"layers": list(layers)}}}}


def test_a_workspace_starts_with_one_template_for_hosts_and_guests(simulator: Client) -> None:
    (template,) = simulator.get_json("/v2/templates")["data"]
    assert list(template["roles"]) == ["host", "guest"]
    assert template["settings"]["recording"] is None
    assert template["destinations"] == {}


def test_a_template_keeps_what_it_was_made_with(simulator: Client) -> None:
    full = examples("createTemplate")["full"]
    template = simulator.post_json("/v2/templates", full)
    for member in ("name", "destinations", "plugins"):
        assert template[member] == full[member]
    assert full["settings"].items() <= template["settings"].items()
    assert template["roles"]["host"]["publishParams"] == full["roles"]["host"]["publishParams"]
    assert simulator.get_json(f"/v2/templates/{template['id']}") == template


def test_an_empty_role_is_filled_with_the_documented_defaults(simulator: Client) -> None:
    role = simulator.post_json("/v2/templates", {"roles": {"viewer": {}}})["roles"]["viewer"]
    assert role["name"] == "viewer"
    assert role["publishParams"]["video"] == {
        "bitRate": 256,
        "codec": "vp8",
        "frameRate": 25,
        "width": 320,
        "height": 180,
    }
    assert {"browserRecording": True, "rtmpStreaming": True, "hlsStreaming": True}.items() <= role[
        "permissions"
    ].items()
    assert (role["priority"], role["maxPeerCount"]) == (1, 0)


def test_a_permission_that_is_on_by_default_can_be_switched_off(simulator: Client) -> None:
    permissions = {"hlsStreaming": False, "endRoom": False, "mute": True}
    role = simulator.post_json("/v2/templates", {"roles": {"viewer": {"permissions": permissions}}})["roles"]["viewer"]
    assert role["permissions"]["hlsStreaming"] is False
    assert role["permissions"]["mute"] is True
    assert "endRoom" not in role["permissions"]


def test_the_same_name_is_the_same_template_overwritten(simulator: Client) -> None:
    first = simulator.post_json("/v2/templates", {"name": "webinar", "roles": {"stage": {}}, "destinations": {}})
    again = simulator.post_json("/v2/templates", {"name": "webinar", "roles": {"viewer": {}}})
    assert again["id"] == first["id"]
    assert list(again["roles"]) == ["viewer"]
    assert simulator.post_json("/v2/templates", {"name": "Webinar"})["id"] != first["id"]


def test_an_update_replaces_all_but_the_name(simulator: Client) -> None:
    template = simulator.post_json("/v2/templates", examples("createTemplate")["full"])
    updated = simulator.post_json(
        f"/v2/templates/{template['id']}", {"roles": {"stage": {}}, "settings": {"region": "eu"}}
    )
    assert updated["name"] == template["name"]
    assert list(updated["roles"]) == ["stage"]
    assert (updated["settings"]["region"], updated["settings"]["recording"]) == ("eu", None)
    assert updated["destinations"] == {}
    assert "plugins" not in updated


def test_a_template_read_can_be_posted_back(simulator: Client) -> None:
    template = simulator.post_json("/v2/templates", examples("createTemplate")["full"])
    posted = simulator.post_json(f"/v2/templates/{template['id']}", template)
    assert without_times(posted) == without_times(template)


@pytest.mark.parametrize(
    "part",
    [
        {"destinations": {"hlsDestinations": {"main": {}}}},
        {"settings": {"region": "eu"}},
        {"roles": {"stage": {}}},
        {"plugins": {"transcriptions": [{"permissions": {"admin": ["host"]}}], "noiseCancellation": {"enabled": True}}},
        {},
    ],
)
def test_an_update_in_part_keeps_the_rest(simulator: Client, part: dict[str, Any]) -> None:
    template = simulator.post_json("/v2/templates", examples("createTemplate")["full"])
    updated = simulator.post_json(f"/v2/templates/{template['id']}", part)
    kept = template.keys() - part.keys() - {"createdAt", "updatedAt"}
    assert {name: updated[name] for name in kept} == {name: template[name] for name in kept}
    for name in part:
        assert updated[name].keys() == part[name].keys() or name == "settings"


def test_a_template_is_made_of_destinations_alone(simulator: Client) -> None:
    destinations = {"hlsDestinations": {"main": {"playlistType": "live"}}}
    assert simulator.post_json("/v2/templates", {"destinations": destinations})["destinations"] == destinations


def test_a_list_of_captions_is_kept_as_sent(simulator: Client) -> None:
    captions = [{"permissions": {"admin": ["host"]}, "mode": "caption", "translation": {"enabled": True}}]
    plugins = {"transcriptions": captions, "noiseCancellation": {"enabled": True}}
    assert simulator.post_json("/v2/templates", {"plugins": plugins})["plugins"] == plugins
    for wrong in ({"transcriptions": [{"mode": "live"}]}, {"noiseCancellation": {"enabled": "yes"}}):
        assert simulator.post("/v2/templates", {"plugins": wrong}).status_code == 400


@pytest.mark.parametrize("name", ["secretKey", "secret"])
def test_storage_goes_by_either_name_of_the_secret(simulator: Client, name: str) -> None:
    path = f"/v2/templates/{simulator.post_json('/v2/templates')['id']}/settings"
    upload = {"type": "r2", "location": "b", "prefix": "p", "options": {"account_id": "a"}}
    recording = {"upload": upload | {"credentials": {"key": "k", name: "s"}}}
    assert simulator.post_json(path, {"recording": recording})["recording"]["upload"]["credentials"]["secret"] == "s"
    assert simulator.get_json(path)["recording"] == recording
    assert simulator.post(path, {"recording": {"upload": upload | {"credentials": {"key": "k"}}}}).status_code == 400


def test_a_template_cannot_take_another_s_name(simulator: Client) -> None:
    simulator.post_json("/v2/templates", {"name": "taken"})
    template = simulator.post_json("/v2/templates", {"name": "free"})
    body = {"name": "taken", "roles": {}, "settings": {}}
    response = simulator.post(f"/v2/templates/{template['id']}", body)
    assert response.json()["message"] == "overwrite error"
    assert simulator.get_json(f"/v2/templates/{template['id']}")["name"] == "free"


def test_roles_are_made_changed_renamed_and_deleted(simulator: Client) -> None:
    path = f"/v2/templates/{simulator.post_json('/v2/templates', {'roles': {'host': {}}})['id']}/roles"
    assert simulator.post_json(f"{path}/speaker", {"priority": 2})["priority"] == 2
    assert simulator.post_json(f"{path}/speaker", {"name": "stage", "priority": 3})["name"] == "stage"
    assert simulator.get(f"{path}/speaker").json() == {"code": 404, "message": "Role not found"}
    assert simulator.get_json(f"{path}/stage")["priority"] == 3
    assert simulator.post(f"{path}/stage", {"name": "host"}).json()["message"] == "overwrite error"
    assert simulator.delete(f"{path}/stage").status_code == 204
    assert simulator.delete(f"{path}/stage").status_code == 404


def test_settings_and_destinations_are_replaced(simulator: Client) -> None:
    path = f"/v2/templates/{simulator.post_json('/v2/templates')['id']}"
    settings = simulator.post_json(f"{path}/settings", {"region": "us", "recording": {"upload": UPLOAD}})
    assert settings["recording"] == {"upload": UPLOAD}
    assert simulator.post_json(f"{path}/destinations", ZIPPED) == ZIPPED
    assert simulator.get_json(path)["settings"] == settings
    assert simulator.get_json(f"{path}/destinations") == ZIPPED


def test_the_recording_configuration_is_one_and_shows_no_false_switches(simulator: Client) -> None:
    path = f"/v2/templates/{simulator.post_json('/v2/templates')['id']}/recordings"
    assert simulator.get_json(path) == []
    config = {"name": "default", "role": "host", "trackRecording": {"enabled": False}, "maxDuration": 1800}
    assert simulator.post_json(path, [config]) == [config | {"trackRecording": {}}]
    assert simulator.get_json(path) == [config | {"trackRecording": {}}]
    assert simulator.post(path, [config, config]).status_code == 400
    assert simulator.post(path, [config | {"role": "nobody"}]).status_code == 400
    assert simulator.post(path, config).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"name": "what?"},
        {"roles": {"host": {"priority": 6}}},
        {"roles": {"host": {"publishParams": {"audio": {"bitRate": 8}}}}},
        {"settings": {"region": "mars"}},
        {"settings": {"recording": {"upload": {"type": "s3"}}}},
        {"destinations": {"rtmpDestinations": {"default": {}}}},
        {"roles": {"host": simulcast(layer("h", 1))}},
        {"roles": {"host": simulcast(layer("f", 2))}},
        {"roles": {"host": simulcast(layer("f", 1), layer("f", 2))}},
        {"roles": {"host": simulcast(layer("f", 1), layer("q", 4), layer("h", 5))}},
        {"roles": {"host": simulcast(layer("f", 1), layer("h", 1))}},
        {"destinations": ZIPPED},
        {
            "destinations": {
                "hlsDestinations": {
                    "a": {"name": "a", "layers": [{"width": 640, "height": 360}, {"width": 1280, "height": 720}]}
                }
            }
        },
    ],
)
def test_a_template_that_breaks_a_rule_is_refused(simulator: Client, body: dict[str, Any]) -> None:
    assert simulator.post("/v2/templates", body).status_code == 400
    assert len(simulator.get_json("/v2/templates")["data"]) == 1


def test_storage_that_a_zip_needs_cannot_be_removed(simulator: Client) -> None:
    body = {"settings": {"recording": {"upload": UPLOAD}}, "destinations": ZIPPED}
    template = simulator.post_json("/v2/templates", body)
    assert simulator.post(f"/v2/templates/{template['id']}/settings", {}).status_code == 400


@pytest.mark.parametrize("part", ["", "/roles/host", "/settings", "/destinations", "/recordings"])
def test_an_unknown_template_is_not_found(simulator: Client, part: str) -> None:
    assert simulator.get(f"/v2/templates/0{part}").json() == {"code": 404, "message": "Template not found"}
    body: Any = [] if part == "/recordings" else {}
    assert simulator.post(f"/v2/templates/0{part}", body).status_code == 404


def test_the_settings_of_a_read_or_an_update_can_be_posted_back(simulator: Client) -> None:
    path = f"/v2/templates/{simulator.post_json('/v2/templates', {'name': 'stored'})['id']}/settings"
    updated = simulator.post_json(path, examples("updateTemplateSettings")["settings"])
    credentials = updated["recording"]["upload"]["credentials"]
    assert credentials == {"key": "EXAMPLE_KEY_ID", "secret": "EXAMPLE_SECRET"}
    for posted in (simulator.get_json(path), updated):
        assert simulator.post_json(path, posted | {"region": "us"}) == updated | {"region": "us"}
