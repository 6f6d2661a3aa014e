"""Analytics: queries of events, and statistics of peers."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import MEETING_URL, join, leave, new_room, pass_time
from tests.support.contract import check, response_examples

EVENTS = "/v2/analytics/events"
STATS = "/v2/analytics/peer-stats"
EXAMPLES = (
    "trackEvents",
    "recordingEvents",
    "publishFailed",
    "subscribeFailed",
    "joinFailed",
    "disconnected",
    "connectFailed",
)


def add(simulator: Client, room_id: str, event_type: str = "client.disconnected", **members: Any) -> Any:
    return simulator.post_json("/_simulator/events", {"type": event_type, "room_id": room_id, **members})


def found(simulator: Client, room_id: str, **query: Any) -> list[str]:
    """Return the IDs of the events that a query returns."""
    return [event["id"] for event in simulator.get_json(EVENTS, room_id=room_id, **query)["events"]]


def test_the_tracks_of_a_peer_are_recorded_as_it_comes_and_goes(simulator: Client) -> None:
    room_id = new_room(simulator, name="exp")
    leave(simulator, room_id, join(simulator, room_id))
    shown = check("listAnalyticsEvents", simulator.get(EVENTS, room_id=room_id))
    received = [(event["type"], event["data"]["type"]) for event in shown["events"]]
    assert sorted(received) == [
        ("track.add.success", "audio"),
        ("track.add.success", "video"),
        ("track.remove.success", "audio"),
        ("track.remove.success", "video"),
    ]
    assert [kind for kind, _ in received] == ["track.add.success"] * 2 + ["track.remove.success"] * 2
    assert {event["data"]["room_name"] for event in shown["events"]} == {"exp"}
    assert (shown["limit"], shown["total"], shown["next"]) == (4, 4, "")


def test_a_recording_of_the_browser_is_recorded_as_documented(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    stream = {
        "meeting_url": MEETING_URL,
        "rtmp_urls": ["rtmp://127.0.0.1/live/key"],
        "recording": True,
    }
    simulator.post_json(f"/v2/external-streams/room/{room_id}/start", stream)
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/external-streams/room/{room_id}/stop")
    pass_time(simulator, 60)
    query = {"room_id": room_id, "type": "beam.recording.success"}
    shown = check("listAnalyticsEvents", simulator.get(EVENTS, **query), "recordingEvents")
    (event,) = shown["events"]
    assert found(simulator, room_id, beam_id=event["data"]["beam_id"]) == [event["id"]]
    assert found(simulator, room_id, beam_id="another") == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_documented_events_can_be_added(simulator: Client, example: str) -> None:
    room_id = new_room(simulator)
    documented = response_examples("listAnalyticsEvents")[example]["events"]
    for event in documented:
        add(simulator, room_id, event["type"], data=event["data"])
    shown = check("listAnalyticsEvents", simulator.get(EVENTS, room_id=room_id), example)
    for event, given in zip(shown["events"], documented, strict=True):
        assert event["data"].items() >= (given["data"] | {"room_id": room_id}).items()


def test_an_added_event_is_filled_in_with_what_is_known(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms", {"name": "lobby"})
    peer_id = join(simulator, room["id"])
    data = add(simulator, room["id"], "client.publish.failed", peer_id=peer_id, error_code=4006)["data"]
    (session,) = simulator.get_json("/v2/sessions")["data"]
    assert data.pop("joined_at")
    assert data == {
        "account_id": room["customer_id"],
        "room_id": room["id"],
        "room_name": "lobby",
        "template_id": room["template_id"],
        "session_id": session["id"],
        "peer_id": peer_id,
        "user_id": "user.001",
        "user_name": "Test user",
        "role": "host",
        "error_code": 4006,
    }


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({}, 400),
        ({"type": "no.such.type"}, 400),
        ({"type": "client.join.failed", "error_code": "500"}, 400),
        ({"type": "client.join.failed", "data": []}, 400),
        ({"type": "client.join.failed", "session_id": [], "peer_id": {}}, 400),
        ({"type": "track.add.success", "started_at": "today"}, 400),
        ({"type": "client.join.failed", "room_id": "0"}, 404),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(simulator: Client, event: dict[str, Any], status: int) -> None:
    room_id = new_room(simulator)
    assert simulator.post("/_simulator/events", {"room_id": room_id, **event}).status_code == status
    assert found(simulator, room_id) == []


def test_a_query_finds_what_its_filters_name(simulator: Client) -> None:
    room_id = new_room(simulator)
    one = add(simulator, room_id, session_id="s1", peer_id="p1", user_id="u1")["id"]
    two = add(simulator, room_id, "track.add.success", session_id="s1", peer_id="p2", user_id="u2")["id"]
    three = add(simulator, room_id, "client.join.failed", session_id="s2", peer_id="p1", user_id="u2")["id"]
    add(simulator, new_room(simulator))
    assert found(simulator, room_id) == [one, two, three]
    assert found(simulator, room_id, type="track.add.success") == [two]
    assert found(simulator, room_id, type=["track.add.success", "client.join.failed"]) == [two, three]
    assert found(simulator, room_id, session_id="s1") == [one, two]
    assert found(simulator, room_id, peer_id="p1") == [one, three]
    assert found(simulator, room_id, user_id="u2", session_id="s2") == [three]
    assert found(simulator, room_id, error="true") == [one, three]
    assert found(simulator, room_id, error="false", type="", peer_id="") == [one, two, three]
    assert found(simulator, room_id, error="F", limit=0, start="", unknown="1") == [one, two, three]
    assert found(simulator, room_id, type=["no.such.type", "track.add.success"]) == [two]
    assert found(simulator, "another") == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, "room_id"),
        ({"room_id": "r", "error": "yes"}, "error"),
        ({"room_id": "r", "limit": "101"}, "limit"),
        ({"room_id": "r", "start": "nowhere:0"}, "start"),
        ({"room_id": "r", "start": "0"}, "start"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(simulator: Client, query: dict[str, str], named: str) -> None:
    response = simulator.get(EVENTS, **query)
    assert (response.status_code, response.json()["details"]) == (400, [f"Invalid query parameter: {named}"])


def test_pages_show_what_there_was_at_the_first_of_them(simulator: Client) -> None:
    room_id = new_room(simulator)
    ids = [add(simulator, room_id)["id"] for _ in range(5)]
    first = simulator.get_json(EVENTS, room_id=room_id, limit=2)
    add(simulator, room_id)
    second = simulator.get_json(EVENTS, room_id=room_id, limit=2, start=first["next"])
    third = simulator.get_json(EVENTS, room_id=room_id, limit=2, start=second["next"])
    pages = (first, second, third)
    assert [event["id"] for page in pages for event in page["events"]] == ids
    assert [(page["limit"], page["total"], page["next"] != "") for page in pages] == [
        (2, 5, True),
        (2, 5, True),
        (1, 5, False),
    ]
    assert simulator.get_json(EVENTS, room_id=room_id, limit=2)["total"] == 6


def test_a_page_has_ten_events_by_default(simulator: Client) -> None:
    room_id = new_room(simulator)
    for _ in range(11):
        add(simulator, room_id)
    assert simulator.get_json(EVENTS, room_id=room_id)["limit"] == 10
    whole = simulator.get_json(EVENTS, room_id=room_id, limit=11)
    assert (whole["limit"], whole["next"]) == (11, "")


def test_a_cursor_is_dead_a_day_after_the_first_query(simulator: Client) -> None:
    room_id = new_room(simulator)
    for _ in range(3):
        add(simulator, room_id)
    query = {"room_id": room_id, "limit": 1}
    cursor = simulator.get_json(EVENTS, **query)["next"]
    pass_time(simulator, 86_400 - 60)
    later = simulator.get_json(EVENTS, **query, start=cursor)["next"]
    pass_time(simulator, 120)
    for start in (cursor, later):
        assert simulator.get(EVENTS, **query, start=start).status_code == 400


def test_a_cursor_leads_nowhere_in_another_query(simulator: Client) -> None:
    room_id = new_room(simulator)
    for _ in range(2):
        add(simulator, room_id)
    cursor = simulator.get_json(EVENTS, room_id=room_id, limit=1)["next"]
    assert simulator.get(EVENTS, room_id=room_id, error="true", start=cursor).status_code == 400
    for broken in (cursor + "x", cursor + "0" * 5000):
        assert simulator.get(EVENTS, room_id=room_id, start=broken).status_code == 400


def test_events_are_found_for_30_days(simulator: Client) -> None:
    room_id = new_room(simulator)
    event_id = add(simulator, room_id)["id"]
    pass_time(simulator, 30 * 86_400 - 60)
    assert found(simulator, room_id) == [event_id]
    pass_time(simulator, 120)
    assert found(simulator, room_id) == []


def test_a_peer_s_statistics_cover_its_stay_in_a_session_that_is_over(simulator: Client) -> None:
    room_id = new_room(simulator)
    host = join(simulator, room_id)
    pass_time(simulator, 60)
    guest = join(simulator, room_id, "guest")
    pass_time(simulator, 30)
    leave(simulator, room_id, host)
    query = {"peer_id": host, "session_id": simulator.get_json("/v2/sessions")["data"][0]["id"]}
    assert check("getPeerStats", simulator.get(STATS, **query))["message"] == "session has not ended"
    leave(simulator, room_id, guest)
    shown = check("getPeerStats", simulator.get(STATS, **query), "stats")
    assert (shown["room_id"], shown["peer_id"], shown["session_id"]) == (room_id, host, query["session_id"])
    (audio,) = shown["publisher"]["audio"]
    assert len(audio["time_series"]["timestamps"]) in (9, 10)
    assert [layer["rid"] for layer in shown["publisher"]["video"]] == ["h", "m", "l"]
    (heard,) = shown["subscriber"]["audio"]
    assert len(heard["time_series"]["timestamps"]) in (3, 4)
    for track in shown["publisher"]["video"] + shown["subscriber"]["video"]:
        lengths = {len(points) for points in track["time_series"].values()}
        assert len(lengths) == 1


def test_a_peer_has_statistics_only_of_what_it_sent_and_received(simulator: Client) -> None:
    silent: Any = {"publishParams": {"allowed": []}, "subscribeParams": {"subscribeToRoles": []}}
    roles = {"listener": silent, "host": {"publishParams": {"allowed": ["audio"]}}}
    template_id = simulator.post_json("/v2/templates", {"name": "quiet", "roles": roles})["id"]
    room_id = new_room(simulator, template_id=template_id)
    listener, host = join(simulator, room_id, "listener"), join(simulator, room_id)
    pass_time(simulator, 60)
    for peer_id in (listener, host):
        leave(simulator, room_id, peer_id)
    session_id = simulator.get_json("/v2/sessions")["data"][0]["id"]
    shown = simulator.get_json(STATS, peer_id=listener, session_id=session_id)
    assert shown["publisher"] == shown["subscriber"] == {"video": [], "audio": []}
    sent = simulator.get_json(STATS, peer_id=host, session_id=session_id)["publisher"]
    assert (len(sent["audio"]), sent["video"]) == (1, [])


def test_a_shared_screen_has_no_bitrate_where_the_role_sets_none(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    screen = {"type": "video", "source": "screen", "track_id": "t"}
    add(simulator, room_id, "track.add.success", peer_id=peer_id, data=screen)
    pass_time(simulator, 15)
    leave(simulator, room_id, peer_id)
    session_id = simulator.get_json("/v2/sessions")["data"][0]["id"]
    shown = simulator.get_json(STATS, peer_id=peer_id, session_id=session_id)["publisher"]["video"]
    (shared,) = (track for track in shown if track["type"] == "screen")
    assert shared["rid"] is None
    assert (shared["time_series"]["bitrate"], shared["time_series"]["fps"][0]) == ([], 10)


def test_statistics_of_an_unknown_peer_or_session_are_not_found(simulator: Client) -> None:
    room_id = new_room(simulator)
    leave(simulator, room_id, join(simulator, room_id))
    session_id = simulator.get_json("/v2/sessions")["data"][0]["id"]
    for query in ({"peer_id": "0", "session_id": session_id}, {"peer_id": "0", "session_id": "0"}):
        check("getPeerStats", simulator.get(STATS, **query))
    assert simulator.get(STATS, session_id=session_id).status_code == 400
