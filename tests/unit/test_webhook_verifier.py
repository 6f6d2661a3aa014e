"""Webhooks that are accepted while the webhook secret changes."""

import hmac
import json
from collections.abc import Iterator

import pytest

from hms.errors import CredentialsUnavailableError, UnauthorizedError
from hms.http.transport import Transport
from hms.parameters import SECURE
from hms.webhooks import WebhookVerifier
from tests.support.clock import Clock
from tests.support.servers import ScriptedServer, Step, answer, serve


def kept(secret: str) -> Step:
    parameters = [{"Name": "/hms/webhook_secret", "Value": secret}]
    return answer(200, json.dumps({"Parameters": parameters}).encode())


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[ScriptedServer]:
    with serve(kept("old")) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield peer


@pytest.fixture
def senders(ssm: ScriptedServer, clock: Clock) -> WebhookVerifier:
    return WebhookVerifier("/hms", Transport())


def refuses(senders: WebhookVerifier, secret: str) -> bool:
    try:
        senders.check_secret(secret)
    except UnauthorizedError:
        return True
    return False


@pytest.mark.parametrize(
    ("options", "names"),
    [({}, ["/hms/webhook_secret"]), ({"signed": True}, ["/hms/webhook_secret", "/hms/webhook_signature_key"])],
)
def test_the_signature_key_is_read_only_if_signatures_are_required(
    ssm: ScriptedServer, options: dict[str, bool], names: list[str]
) -> None:
    verifier = WebhookVerifier("/hms", Transport(), **options)
    verifier.check_secret("old")
    assert json.loads(ssm.requests[0].body)["Names"] == names


def test_only_a_body_with_its_signature_is_accepted(ssm: ScriptedServer) -> None:
    key = {"Name": "/hms/webhook_signature_key", "Value": "signature-key"}
    ssm.script[:] = [answer(200, json.dumps({"Parameters": [key], "InvalidParameters": []}).encode())]
    verifier = WebhookVerifier("/hms", Transport(), signed=True)
    verifier.check_signature(hmac.new(b"signature-key", b"{}", "sha256").hexdigest().upper(), b"{}")
    for signature, body in ((hmac.new(b"signature-key", b"{}", "sha256").hexdigest(), b"[]"), ("", b"{}")):
        with pytest.raises(UnauthorizedError):
            verifier.check_signature(signature, body)


def test_a_webhook_without_a_secret_is_refused_and_ssm_is_not_asked(
    senders: WebhookVerifier, ssm: ScriptedServer
) -> None:
    assert refuses(senders, "")
    assert ssm.requests == []


def test_a_secret_is_read_once_in_five_minutes(senders: WebhookVerifier, ssm: ScriptedServer, clock: Clock) -> None:
    senders.check_secret("old")
    clock.shift(SECURE.min_fresh - 1)
    senders.check_secret("old")
    assert len(ssm.requests) == 1
    clock.shift(SECURE.max_fresh - SECURE.min_fresh + 1)
    senders.check_secret("old")
    assert len(ssm.requests) == 2


def test_a_replaced_secret_is_accepted_within_a_minute(
    senders: WebhookVerifier, ssm: ScriptedServer, clock: Clock
) -> None:
    senders.check_secret("old")
    ssm.script[:] = [kept("new")]
    clock.shift(60)
    senders.check_secret("new")
    assert refuses(senders, "old")


def test_wrong_secrets_have_ssm_asked_once_a_minute_at_most(
    senders: WebhookVerifier, ssm: ScriptedServer, clock: Clock
) -> None:
    assert all(refuses(senders, "wrong") for _ in range(50))
    clock.shift(59)
    assert refuses(senders, "wrong")
    assert len(ssm.requests) == 1
    clock.shift(1)
    assert all(refuses(senders, "wrong") for _ in range(50))
    assert len(ssm.requests) == 2


def test_a_secret_read_before_serves_a_quarter_of_an_hour_without_ssm(
    senders: WebhookVerifier, ssm: ScriptedServer, clock: Clock
) -> None:
    senders.check_secret("old")
    ssm.script[:] = [answer(400, b'{"__type":"AccessDeniedException"}')]
    clock.shift(SECURE.stale - 1)
    senders.check_secret("old")
    clock.shift(20)
    with pytest.raises(CredentialsUnavailableError):
        senders.check_secret("old")


def test_a_throttled_read_is_retried_while_the_webhook_can_still_be_published(
    senders: WebhookVerifier, ssm: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`webhooks` has 8 seconds and never calls 100ms, so retries leave only the time to publish."""
    pauses: list[float] = []
    monkeypatch.setattr("hms.ssm.time.sleep", pauses.append)
    monkeypatch.setattr("hms.ssm.deadline.remaining_seconds", lambda: 7.5 - sum(pauses))
    good = ssm.script[0]
    ssm.script[:] = [answer(400, b'{"__type":"ThrottlingException"}')] * 2 + [good]
    senders.check_secret("old")
    assert 0 < sum(pauses) <= 5.5
