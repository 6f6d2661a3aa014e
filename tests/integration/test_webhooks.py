"""Webhooks with moto: accepted senders, published events, and no duplicates."""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from tests.http_api import ROOT
from tests.support.aws import Aws, running_aws
from tests.support.contended_store import contended_store
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, Step, answer, hang_up, serve, stay_silent
from tests.support.workers import Answer, Worker, running_pool

EVENTS = sorted((ROOT / "events" / "webhooks").glob("*.json"))
SECRET = secrets.token_hex(16)
ACCEPTED = b'{"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}'
REFUSED_IN_PART = b'{"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}'
TOO_LARGE = b'{"__type": "ValidationException", "message": "Total size of the entries is over the limit."}'


@pytest.fixture(scope="module")
def running() -> Iterator[Aws]:
    with running_aws() as aws:
        yield aws


@pytest.fixture(autouse=True)
def aws(running: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """AWS with one webhook secret and an empty bus, used by functions loaded in the test."""
    running.put_secret("/hms/webhook_secret", SECRET)
    running.take_events()
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    return running


def envelope(**members: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "id": str(uuid.uuid4()),
        "account_id": "5ff5881b80b66969e1fb35f4",
        "timestamp": "2026-03-04T09:30:00Z",
        "type": "peer.join.success",
        "data": {"room_id": "5f9edc6ac238215aec2312df", "user_name": "Zoë"},
        **members,
    }


def delivery(body: object, secret: str | None = SECRET, path: str = "/webhooks", **headers: str) -> dict[str, Any]:
    event = http_event("POST", path, body=body if isinstance(body, str) else json.dumps(body))
    event["headers"] = {name.replace("_", "-"): value for name, value in headers.items()}
    if secret is not None:
        event["headers"].setdefault("x-webhook-secret", secret)
    return event


def deliver(event: dict[str, Any], milliseconds: int = 8_000) -> Answer:
    """Return the response of a new container."""
    answered: Answer = load("webhooks").handler(event, Context(milliseconds))
    return answered


def status_of(event: dict[str, Any]) -> int:
    status: int = deliver(event)["statusCode"]
    return status


def ids(events: list[dict[str, Any]]) -> list[str]:
    return [event["detail"]["id"] for event in events]


@pytest.mark.parametrize("path", ["/webhooks", "/v2/webhooks"])
def test_a_webhook_is_on_the_bus_as_it_came_when_it_is_answered(aws: Aws, path: str) -> None:
    sent = envelope()
    answered = deliver(delivery(sent, path=path))
    assert (answered["statusCode"], json.loads(answered["body"])) == (200, {"id": sent["id"]})
    (event,) = aws.take_events()
    assert (event["source"], event["detail-type"], event["detail"]) == ("100ms", "peer.join.success", sent)


def test_it_bears_the_time_at_which_it_happened(aws: Aws) -> None:
    assert status_of(delivery(envelope(timestamp="2026-03-04T10:30:00.97291247+01:00"))) == 200
    (event,) = aws.take_events()
    assert moment(event) == datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        "",
        "yesterday",
        20260304,
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+10:00",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59-05:30",
        "2100-01-01T00:00:00Z",
        "20XX-0X-0XT10:XX:XXZ",
    ],
)
def test_without_a_time_it_has_the_time_of_its_arrival(aws: Aws, timestamp: object) -> None:
    assert status_of(delivery(envelope(timestamp=timestamp))) == 200
    (event,) = aws.take_events()
    assert datetime.now(UTC) - moment(event) < timedelta(minutes=1)


def moment(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["time"])


def test_unknown_types_and_members_are_accepted(aws: Aws) -> None:
    sent = envelope(type="whiteboard.opened.success", data={"new": {"deep": [1, None]}}, extra=False)
    assert status_of(delivery(sent, content_type="text/plain")) == 200
    (event,) = aws.take_events()
    assert (event["detail-type"], event["detail"]) == ("whiteboard.opened.success", sent)


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_a_sample_event_is_published(aws: Aws, file: Path) -> None:
    event = json.loads(file.read_text().replace("WEBHOOK_SECRET", SECRET))
    assert status_of(event) == 200
    assert ids(aws.take_events()) == [json.loads(event["body"])["id"]]


@pytest.mark.parametrize("given", [None, "", "wrong", "é", "{:.31}", "{},other", "Bearer {}"])
@pytest.mark.parametrize("body", ["{}", "no JSON"])
def test_who_does_not_know_the_secret_is_refused_before_anything_is_read(
    aws: Aws, given: str | None, body: str
) -> None:
    answered = deliver(delivery(body, given and given.format(SECRET)))
    assert (answered["statusCode"], answered["headers"]["www-authenticate"]) == (401, "Webhook-Secret")
    assert SECRET not in answered["body"]
    assert aws.take_events() == []


@pytest.mark.parametrize("kept", ["{},new-secret", "new-secret, {}"])
def test_two_secrets_are_accepted_while_one_replaces_the_other(aws: Aws, kept: str) -> None:
    aws.put_secret("/hms/webhook_secret", kept.format(SECRET))
    assert [status_of(delivery(envelope(), secret)) for secret in (SECRET, "new-secret", kept)] == [200, 200, 401]


def test_an_empty_place_in_the_list_is_no_secret(aws: Aws) -> None:
    aws.put_secret("/hms/webhook_secret", f"{SECRET}, ,")
    assert [status_of(delivery(envelope(), secret)) for secret in (SECRET, "", " ", None)] == [200, 401, 401, 401]


def test_the_header_of_the_secret_can_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_WEBHOOK_HEADER", "X-Our-Secret")
    assert status_of(delivery(envelope(), x_webhook_secret=SECRET)) == 401
    assert status_of(delivery(envelope(), None, x_our_secret=SECRET)) == 200


@pytest.fixture
def signing_key(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> str:
    key = secrets.token_hex(16)
    aws.put_secret("/hms/webhook_signature_key", key)
    monkeypatch.setenv("HMS_WEBHOOK_SIGNATURE", "true")
    return key


def signature(key: str, body: str) -> str:
    return hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()


def test_a_signed_webhook_passes_however_its_body_is_carried(aws: Aws, signing_key: str) -> None:
    first, second = (json.dumps(envelope(), ensure_ascii=False, indent=1) for _ in range(2))
    assert status_of(delivery(first, x_100ms_signature=signature(signing_key, first))) == 200
    carried = delivery(second, x_100ms_signature=signature(signing_key, second).upper())
    carried |= {"body": base64.b64encode(second.encode()).decode(), "isBase64Encoded": True}
    assert status_of(carried) == 200
    assert len(aws.take_events()) == 2


def test_a_signature_that_is_missing_or_of_another_body_or_key_is_refused(aws: Aws, signing_key: str) -> None:
    body = json.dumps(envelope())
    assert status_of(delivery(body)) == 401
    for given in ("", "é", signature(signing_key, body + " "), signature("another", body)):
        assert status_of(delivery(body, x_100ms_signature=given)) == 401
    assert status_of(delivery(body, "wrong", x_100ms_signature=signature(signing_key, body))) == 401
    assert aws.take_events() == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("", "body"),
        ("no JSON", "body"),
        ('[{"id": "1"}]', "body"),
        (envelope(id=""), "id"),
        (envelope(id=7), "id"),
        (envelope(id=" "), "id"),
        (envelope(id="x" * 257), "id"),
        (envelope(id="a\nb"), "id"),
        (envelope(id="a\u202eb"), "id"),
        (envelope(type=" "), "type"),
        (envelope(type=None), "type"),
        (envelope(type="x" * 129), "type"),
        (envelope(type="a\ud800"), "type"),
        (envelope(data=[]), "data"),
        ({"id": "1", "type": "peer.join.success"}, "data"),
    ],
)
def test_what_is_no_event_is_refused(aws: Aws, body: object, named: str) -> None:
    answered = deliver(delivery(body))
    assert answered["statusCode"] == 400
    assert json.loads(answered["body"])["details"][0].startswith(f"{named}: ")
    assert aws.take_events() == []


def test_an_id_of_256_characters_is_published(aws: Aws) -> None:
    sent = envelope(id="🎥" * 256)
    assert status_of(delivery(sent)) == 200
    assert ids(aws.take_events()) == [sent["id"]]


LONE_SURROGATE_IN_ID = '{"id":"a\\ud83d%s","type":"peer.join.success","data":{}}'


def test_a_lone_surrogate_is_published_as_a_replacement_character(aws: Aws, capfd: pytest.CaptureFixture[str]) -> None:
    unique = str(uuid.uuid4())
    event = delivery(LONE_SURROGATE_IN_ID % unique)
    function = load("webhooks")
    log = Log("webhooks")
    assert [function.handler(event, Context(8_000))["statusCode"] for _ in range(2)] == [200, 200]
    assert [(line["message"], line["event_id"]) for line in log.lines()] == [("request", f"a\ufffd{unique}")] * 2
    assert "Logging error" not in capfd.readouterr().err
    (published,) = aws.take_events()
    assert published["detail"] == {"id": f"a\ufffd{unique}", "type": "peer.join.success", "data": {}}


@pytest.mark.parametrize(
    ("written", "published"),
    [
        (r'"A\ud83dda"', "A\ufffdda"),
        (r'{"\udc00": "\ud83c\udfa5"}', {"\ufffd": "🎥"}),
        (r'"A\uffffda"', "A\ufffdda"),
        ('"A\ufffeda"', "A\ufffdda"),
        ("[NaN, Infinity, -Infinity, 1e400, 1.0]", [None, None, None, None, 1.0]),
        ("1" * 5_000, None),
    ],
)
def test_json_text_that_no_service_can_carry_is_replaced(aws: Aws, written: str, published: object) -> None:
    body = json.dumps(envelope(data={"user_name": "WRITTEN"})).replace('"WRITTEN"', written)
    assert status_of(delivery(body)) == 200
    (event,) = aws.take_events()
    assert event["detail"]["data"]["user_name"] == published


def test_a_signature_is_checked_against_the_bytes_that_were_sent(aws: Aws, signing_key: str) -> None:
    body = LONE_SURROGATE_IN_ID % uuid.uuid4()
    assert status_of(delivery(body, x_100ms_signature=signature(signing_key, body))) == 200
    repaired = body.replace(r"\ud83d", r"\ufffd")
    assert status_of(delivery(body, x_100ms_signature=signature(signing_key, repaired))) == 401


def test_a_byte_order_mark_is_not_published(aws: Aws) -> None:
    sent = envelope()
    assert status_of(delivery("\ufeff" + json.dumps(sent))) == 200
    assert [event["detail"] for event in aws.take_events()] == [sent]


def test_a_second_delivery_has_the_same_response_and_is_not_published(aws: Aws) -> None:
    sent = delivery(envelope())
    first, second = deliver(sent), deliver(sent)
    assert (first["statusCode"], first["body"]) == (second["statusCode"], second["body"])
    assert len(aws.take_events()) == 1


def test_a_replay_of_published_webhooks_publishes_nothing(aws: Aws) -> None:
    sent = envelope()
    assert [status_of(delivery(item)) for item in (sent, {**sent, "is_replay": True})] == [200, 200]
    assert [event["detail"] for event in aws.take_events()] == [sent]


def test_a_replay_of_what_was_lost_is_published_once_and_marked(aws: Aws) -> None:
    sent = envelope(is_replay=True)
    assert [status_of(delivery(sent)) for _ in range(2)] == [200, 200]
    assert [event["detail"]["is_replay"] for event in aws.take_events()] == [True]


class EventBridge:
    """An EventBridge that returns the test's response."""

    def __init__(self, peer: ScriptedServer) -> None:
        self.peer = peer

    def will(self, *steps: Step) -> None:
        self.peer.script[:] = steps
        self.peer.requests.clear()


@pytest.fixture
def event_bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[EventBridge]:
    with serve(answer(200, ACCEPTED)) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", peer.url)
        yield EventBridge(peer)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(answer(500, b'{"__type": "InternalException"}'), id="500"),
        pytest.param(answer(400, b'{"__type": "ThrottlingException"}'), id="throttled"),
        pytest.param(answer(400, b'{"__type": "AccessDeniedException"}'), id="denied"),
        pytest.param(answer(200, REFUSED_IN_PART), id="in part"),
        pytest.param(hang_up, id="hung up"),
        pytest.param(stay_silent, id="silence"),
    ],
)
def test_an_unconfirmed_publish_is_503_and_the_next_delivery_publishes(
    event_bridge: EventBridge, aws: Aws, step: Step
) -> None:
    sent = delivery(envelope())
    event_bridge.will(step)
    started = time.monotonic()
    answered = deliver(sent)
    assert (answered["statusCode"], answered["headers"]["retry-after"]) == (503, "1")
    assert time.monotonic() - started < 5
    assert records(aws, sent) == []
    event_bridge.will(answer(200, ACCEPTED))
    assert status_of(sent) == 200
    assert len(event_bridge.peer.requests) == 1


def records(aws: Aws, sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the record of a delivery's ID."""
    key = hashlib.sha256(json.dumps(json.loads(sent["body"])["id"]).encode()).hexdigest()
    return [item for item in aws.table.scan()["Items"] if key in str(item["id"])]


def test_a_failure_that_passes_costs_the_sender_nothing(event_bridge: EventBridge) -> None:
    event_bridge.will(answer(500, b"{}"), answer(200, REFUSED_IN_PART), answer(200, ACCEPTED))
    assert status_of(delivery(envelope())) == 200
    assert len(event_bridge.peer.requests) == 3


def test_of_two_deliveries_at_once_one_publishes_and_one_is_resent_later(event_bridge: EventBridge, aws: Aws) -> None:
    publishing, may_go_on = Event(), Event()

    def hold(connection: Any) -> None:
        publishing.set()
        assert may_go_on.wait(10)
        answer(200, ACCEPTED)(connection)

    event_bridge.will(hold)
    sent = delivery(envelope())
    environment = {**aws.environment, "AWS_ENDPOINT_URL_EVENTBRIDGE": event_bridge.peer.url}
    worker = Worker("webhooks", environment)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(worker, sent)
        assert publishing.wait(20)
        second = deliver(sent)
        may_go_on.set()
        assert first.result()["statusCode"] == 200
    worker.end()
    assert (second["statusCode"], second["headers"]["retry-after"]) == (503, "1")
    assert status_of(sent) == 200
    assert len(event_bridge.peer.requests) == 1


def test_of_two_deliveries_that_race_for_an_expired_record_one_is_resent(
    event_bridge: EventBridge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with contended_store() as dynamodb:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url)
        answered = deliver(delivery(envelope()))
    assert (answered["statusCode"], answered["headers"]["retry-after"]) == (503, "1")
    assert json.loads(answered["body"])["message"] == "the event is being published"
    assert len(dynamodb.requests) > 1
    assert event_bridge.peer.requests == []
    assert "PublishFailures" not in capsys.readouterr().out


def test_the_id_of_a_crashed_delivery_is_free_before_100ms_stops_resending(event_bridge: EventBridge, aws: Aws) -> None:
    publishing = Event()

    def crash(connection: Any) -> None:
        worker.process.kill()
        publishing.set()

    event_bridge.will(crash, answer(200, ACCEPTED))
    sent = delivery(envelope())
    worker = Worker("webhooks", {**aws.environment, "AWS_ENDPOINT_URL_EVENTBRIDGE": event_bridge.peer.url})
    with pytest.raises(EOFError):
        worker(sent)
    assert publishing.wait(10)
    worker.end()
    assert status_of(sent) == 503
    (record,) = records(aws, sent)
    in_milliseconds = int(str(record["in_progress_expiration"])) - time.time() * 1000
    assert in_milliseconds < 8_000
    pass_time(aws, record)
    assert status_of(sent) == 200


def pass_time(aws: Aws, record: dict[str, Any]) -> None:
    """Let the time of the invocation run out."""
    aws.table.update_item(
        Key={"id": record["id"]},
        UpdateExpression="SET in_progress_expiration = :past",
        ExpressionAttributeValues={":past": int(time.time() * 1000) - 1},
    )


@pytest.mark.parametrize("service", ["SSM", "DYNAMODB", "EVENTBRIDGE"])
def test_a_webhook_is_503_without_an_aws_service_and_200_once_it_is_back(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    sent = delivery(envelope())
    with monkeypatch.context() as patch:
        patch.setenv(f"AWS_ENDPOINT_URL_{service}", "http://127.0.0.1:1")
        assert status_of(sent) == 503
    assert aws.take_events() == []
    assert status_of(sent) == 200
    assert len(aws.take_events()) == 1


def test_a_published_event_that_could_not_be_noted_is_200(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(answer(200, b"{}"), answer(500, b"{}")) as dynamodb:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url)
        assert status_of(delivery(envelope())) == 200
    assert len(aws.take_events()) == 1


def test_with_no_time_left_nothing_is_published(aws: Aws) -> None:
    sent = delivery(envelope())
    assert deliver(sent, milliseconds=2_000)["statusCode"] == 503
    assert aws.take_events() == []
    assert status_of(sent) == 200


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1])
def test_a_webhook_over_the_limit_of_eventbridge_is_413_and_not_published(aws: Aws, size: int) -> None:
    sent = envelope(data={"text": ""})
    sent["data"]["text"] = "x" * (size - len(json.dumps(sent)))
    event = delivery(sent)
    assert status_of(event) == 413
    assert aws.take_events() == []
    assert records(aws, event) == []


def test_the_largest_event_that_eventbridge_accepts_is_published(aws: Aws) -> None:
    sent = envelope(data={"text": ""}, timestamp="2026-03-04T09:30:00Z")
    room = 1024 * 1024 - 1 - len("100ms") - len(sent["type"]) - 14 - len(json.dumps(sent))
    for length, status in ((room + 1, 413), (room, 200)):
        sent["data"]["text"] = "x" * length
        assert status_of(delivery(sent)) == status
    assert [event["detail"] for event in aws.take_events()] == [sent]


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1])
def test_a_webhook_that_is_too_large_counts_as_lost(capsys: pytest.CaptureFixture[str], size: int) -> None:
    sent = envelope(data={"text": ""})
    sent["data"]["text"] = "x" * (size - len(json.dumps(sent)))
    assert status_of(delivery(sent)) == 413
    (metrics,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert (metrics.get("PublishFailures"), "WebhooksRejected" in metrics) == ([1], False)


def test_what_the_region_finds_too_large_is_413(event_bridge: EventBridge) -> None:
    event_bridge.will(answer(400, TOO_LARGE))
    assert status_of(delivery(envelope())) == 413
    assert len(event_bridge.peer.requests) == 1


def test_a_large_event_that_event_bridge_takes_is_published(aws: Aws) -> None:
    assert status_of(delivery(envelope(data={"text": "x" * 900_000}))) == 200
    assert len(aws.take_events()) == 1


PAUSES = (1, 3, 10)
"""Delays in seconds after which 100ms resends a webhook."""
COMPRESSION = 10


@pytest.mark.storm
@pytest.mark.timeout(180)
def test_in_a_storm_every_event_comes_on_the_bus_exactly_once(aws: Aws) -> None:
    random = Random(7)
    unique = [delivery(envelope()) for _ in range(1_400)]
    deliveries = unique + random.choices(unique, k=600)
    random.shuffle(deliveries)
    statuses: Counter[int] = Counter()

    def send(event: dict[str, Any]) -> bool:
        """Deliver webhooks as 100ms does: resend after a delay unless the response is 200."""
        for pause in (*PAUSES, None):
            status = pool(event)["statusCode"]
            statuses[status] += 1
            if status == 200 or pause is None:
                break
            time.sleep(pause / COMPRESSION)
        return bool(status == 200)

    with running_pool(3, "webhooks", aws.environment, failing=0.1) as pool, ThreadPoolExecutor(16) as senders:
        assert all(senders.map(send, deliveries))

    assert statuses[200] == len(deliveries)
    assert statuses[503] > 20
    assert set(statuses) == {200, 503}
    on_the_bus = Counter(ids(aws.take_events()))
    assert on_the_bus == Counter(json.loads(event["body"])["id"] for event in unique)
