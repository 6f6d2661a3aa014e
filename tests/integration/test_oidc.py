"""POST /token/oidc with a real issuer: accepted tokens, and the rooms and roles that they allow."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hms.credentials import Credentials, KeyPair
from hms_service.auth.oidc.issuer import FRESH_SECONDS, RETRY_SECONDS, UNKNOWN_KEY_REFRESH_SECONDS
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.clock import Clock
from tests.support.functions import http_event, load
from tests.support.issuer import AUDIENCE, CONFIGURATION, LocalIssuer, ec_key, rsa_key, running_issuer, sign
from tests.support.lambda_context import Context

ROOM = "627cda81ab4f3b56a077dc33"
OTHER_ROOM = "627cda81ab4f3b56a077dc34"
READING = [CONFIGURATION, "/keys"]
DAY_SECONDS = 24 * 60 * 60
WHOLE_NUMBER = "must be a whole number"
NOT_A_SIGN_IN = "the token must be an ID token or an access token"
LOGOUT: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}


@dataclass(frozen=True)
class Answered:
    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def claims(self) -> dict[str, Any]:
        """Return the claims of the join token."""
        return jwt.decode(self.body["token"], options={"verify_signature": False})


Ask = Callable[..., Answered]
Deploy = Callable[..., Ask]


@pytest.fixture(scope="module", autouse=True)
def environment(running_stack: Stack) -> Iterator[None]:
    with functions_environment(running_stack):
        yield


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def deploy(issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """Loads the function with the given settings. Returns a function that requests a join token."""

    def deployed(**settings: str) -> Ask:
        usual = {"ISSUER": issuer.url, "AUDIENCE": AUDIENCE, "ROLES": "host,guest", "ROOM_CLAIM": "*"}
        for name, value in {**usual, **settings}.items():
            monkeypatch.setenv(f"HMS_OIDC_{name}", value)
        function = load("oidc_tokens")

        def ask(token: str, body: object = None, milliseconds: int = 29_000, path: str = "/token/oidc") -> Answered:
            text = json.dumps({"roomId": ROOM, "role": "guest"} if body is None else body)
            event = http_event("POST", path, body=text, authorization=f"Bearer {token}")
            answer = function.handler(event, Context(milliseconds))
            return Answered(answer["statusCode"], json.loads(answer["body"]), answer["headers"])

        return ask

    return deployed


@pytest.fixture
def ask(deploy: Deploy) -> Ask:
    """Requests join tokens from a function that allows any room, as host or guest."""
    return deploy()


def now() -> int:
    return int(time.time())


# Accepted tokens


@pytest.mark.parametrize("key", [rsa_key("first"), ec_key()], ids=["RS256", "ES256"])
def test_a_user_gets_a_join_token_signed_with_the_apps_pair(
    issuer: LocalIssuer, ask: Ask, running_stack: Stack, key: Any
) -> None:
    issuer.keys = {"first": key}
    answer = ask(issuer.token(sub="auth0|7f3"), {"roomId": ROOM, "role": "host", "expiresIn": 60})
    assert answer.status == 201
    claims = jwt.decode(answer.body["token"], running_stack.secret, ["HS256"])
    assert claims["exp"] - now() in range(50, 61)
    assert {name: claims[name] for name in ("access_key", "type", "version", "room_id", "role", "user_id")} == {
        "access_key": running_stack.access_key,
        "type": "app",
        "version": 2,
        "room_id": ROOM,
        "role": "host",
        "user_id": "auth0|7f3",
    }


def test_the_route_is_served_under_v2_too(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(issuer.token(), path="/v2/token/oidc").status == 201


@pytest.mark.parametrize("path", ["/token/oidc", "/v2/token/oidc", "/token/oidc/"])
def test_the_route_is_there_over_http_and_is_503_where_no_issuer_is_set(running_stack: Stack, path: str) -> None:
    answer = requests.post(running_stack.api + path, headers={"authorization": "Bearer x.y.z"}, timeout=30)
    assert (answer.status_code, answer.json()["message"]) == (503, "sign-in is unavailable")


def test_our_audience_may_be_one_of_several(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(issuer.token(aud=["another", AUDIENCE], azp=AUDIENCE)).status == 201


@pytest.mark.parametrize("azp", [None, "another", "", [AUDIENCE]])
@pytest.mark.parametrize("aud", [["another", AUDIENCE], [AUDIENCE, "another"]])
def test_of_several_audiences_ours_is_the_one_the_token_was_made_for(
    issuer: LocalIssuer, ask: Ask, aud: list[str], azp: Any
) -> None:
    answer = ask(issuer.token(aud=aud, azp=azp))
    assert (answer.status, answer.body["details"]) == (
        401,
        ["the token has several audiences, and its authorized party (azp) is another client"],
    )


@pytest.mark.parametrize("aud", [AUDIENCE, [AUDIENCE]])
def test_a_token_for_our_audience_alone_may_come_by_another_client(issuer: LocalIssuer, ask: Ask, aud: Any) -> None:
    assert ask(issuer.token(aud=aud, azp="the-same-app-on-android")).status == 201


@pytest.mark.parametrize("type_", [None, "JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])
def test_an_id_token_or_access_token_is_one_by_its_type(issuer: LocalIssuer, ask: Ask, type_: str | None) -> None:
    assert ask(sign(issuer.claims(), issuer.keys["first"], "first", type_)).status == 201


@pytest.mark.parametrize(
    "type_", ["logout+jwt", "Logout+JWT", "application/logout+jwt", "secevent+jwt", "dpop+jwt", "rt+jwt", "JOSE", "x"]
)
def test_a_token_of_another_type_is_refused_and_the_issuer_is_not_asked(
    issuer: LocalIssuer, ask: Ask, type_: str
) -> None:
    answer = ask(sign(issuer.claims(), issuer.keys["first"], "first", type_))
    assert (answer.status, answer.body["details"]) == (401, [NOT_A_SIGN_IN])
    assert issuer.requests == []


@pytest.mark.parametrize(
    "claims",
    [
        {"events": LOGOUT},
        {"events": LOGOUT, "nonce": "n"},
        {"events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked": {}}},
        {"events": {}},
        {"typ": "Logout", "events": LOGOUT},
        {"typ": "Refresh"},
        {"typ": "Offline"},
    ],
    ids=str,
)
def test_a_token_of_the_type_jwt_that_signs_nobody_in_is_refused(
    issuer: LocalIssuer, ask: Ask, claims: dict[str, Any]
) -> None:
    answer = ask(issuer.token(**claims))
    assert (answer.status, answer.body["details"]) == (401, [NOT_A_SIGN_IN])


@pytest.mark.parametrize("type_", ["ID", "Bearer"])
def test_keycloaks_id_and_access_tokens_sign_in(issuer: LocalIssuer, ask: Ask, type_: str) -> None:
    assert ask(issuer.token(typ=type_)).status == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-front-end"},
        {"aud": ["another-front-end"]},
        {"aud": None},
        {"iss": "https://another-issuer.example.com"},
        {"iss": None},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "  "},
        {"sub": 42},
    ],
    ids=str,
)
def test_a_token_is_refused_that_says(issuer: LocalIssuer, ask: Ask, changed: dict[str, Any]) -> None:
    answer = ask(issuer.token(**changed))
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert ask(issuer.token()).status == 201


@pytest.mark.parametrize(
    ("claim", "offset", "reason"),
    [
        ("exp", -60, "the token has expired"),
        ("exp", -1, "the token has expired"),
        ("exp", 0, "the token has expired"),
        ("nbf", 60, "the token is not valid yet"),
        ("iat", 60, "the token is not valid yet"),
    ],
)
def test_a_token_is_refused_out_of_its_time(
    issuer: LocalIssuer, ask: Ask, claim: str, offset: int, reason: str
) -> None:
    answer = ask(issuer.token(**{claim: now() + offset}))
    assert (answer.status, answer.body["details"]) == (401, [reason])


@pytest.mark.parametrize(("claim", "offset"), [("nbf", 10), ("iat", 10)])
def test_clocks_may_differ_by_less_than_half_a_minute(issuer: LocalIssuer, ask: Ask, claim: str, offset: int) -> None:
    assert ask(issuer.token(**{claim: now() + offset})).status == 201


def test_a_token_signed_by_hmac_with_the_public_key_is_refused(issuer: LocalIssuer, ask: Ask) -> None:
    public = rsa_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert ask(hmac_token(issuer, public)).status == 401


def test_a_secret_among_the_issuers_keys_signs_nothing(issuer: LocalIssuer, ask: Ask) -> None:
    issuer.key_members = {"kty": "oct", "k": base64.urlsafe_b64encode(b"known to all" * 4).decode().rstrip("=")}
    assert ask(hmac_token(issuer, b"known to all" * 4)).status == 503


def hmac_token(issuer: LocalIssuer, secret: bytes) -> str:
    parts = [{"alg": "HS256", "kid": "first"}, issuer.claims()]
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.digest(secret, signed, hashlib.sha256)
    return b".".join([signed, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


@pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
def test_another_algorithm_is_refused(issuer: LocalIssuer, ask: Ask, algorithm: str) -> None:
    assert ask(jwt.encode(issuer.claims(), rsa_key("first"), algorithm, {"kid": "first"})).status == 401


@pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
def test_a_key_for_another_algorithm_is_not_used(issuer: LocalIssuer, ask: Ask, algorithm: str) -> None:
    issuer.key_members = {"alg": algorithm}
    assert ask(jwt.encode(issuer.claims(), rsa_key("first"), algorithm, {"kid": "first"})).status == 503


def test_a_key_for_encryption_is_not_used(issuer: LocalIssuer, ask: Ask) -> None:
    issuer.key_members = {"use": "enc"}
    assert ask(issuer.token()).status == 503


def test_an_unsigned_token_is_refused(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(jwt.encode(issuer.claims(), "", "none", {"kid": "first"})).status == 401


def test_a_token_signed_by_another_key_with_the_issuers_key_id_is_refused(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(sign(issuer.claims(), rsa_key("stranger"), "first")).status == 401


def test_a_changed_token_is_refused(issuer: LocalIssuer, ask: Ask) -> None:
    header, _, signature = issuer.token().split(".")
    payload = issuer.token(sub="admin").split(".")[1]
    assert ask(f"{header}.{payload}.{signature}").status == 401


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "e30.e30.", "[]", "eyJhbGciOiJSUzI1NiIsImtpZCI6N30.e30.e30"])
def test_an_invalid_token_is_refused_and_the_issuer_is_not_called(issuer: LocalIssuer, ask: Ask, token: str) -> None:
    assert ask(token).status == 401
    assert issuer.requests == []


def test_a_token_without_a_key_id_is_refused(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(jwt.encode(issuer.claims(), rsa_key("first"), "RS256")).status == 401


def test_a_token_over_eight_kilobytes_is_refused_unread(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(issuer.token(groups=["everyone"] * 600)).body["details"] == ["the token is too long"]
    assert ask(issuer.token(groups=["everyone"] * 400)).status == 201


def test_management_tokens_are_refused_here_and_user_tokens_elsewhere(
    issuer: LocalIssuer, ask: Ask, running_stack: Stack
) -> None:
    assert ask(running_stack.token).status == 401
    event = http_event("GET", "/rooms", authorization=f"Bearer {issuer.token()}")
    assert load("rooms").handler(event, Context())["statusCode"] == 401


# Keys of the issuer


def test_the_keys_are_read_once_an_hour(issuer: LocalIssuer, ask: Ask, clock: Clock) -> None:
    for _ in range(3):
        assert ask(issuer.token()).status == 201
    clock.shift(FRESH_SECONDS - 1)
    assert ask(issuer.token()).status == 201
    assert issuer.requests == READING
    clock.shift(1)
    assert ask(issuer.token()).status == 201
    assert issuer.requests == READING * 2


def test_a_rotated_key_is_picked_up_and_the_old_one_goes(issuer: LocalIssuer, ask: Ask, clock: Clock) -> None:
    old = issuer.token()
    assert ask(old).status == 201
    issuer.keys = {"second": ec_key()}
    clock.shift(UNKNOWN_KEY_REFRESH_SECONDS)
    assert ask(issuer.token("second")).status == 201
    assert ask(old).status == 401


def test_a_flood_of_unknown_keys_does_not_flood_the_issuer(issuer: LocalIssuer, ask: Ask, clock: Clock) -> None:
    def flood() -> None:
        for number in range(50):
            assert ask(sign(issuer.claims(), rsa_key("stranger"), f"unknown-{number}")).status == 401

    assert ask(issuer.token()).status == 201
    flood()
    assert issuer.requests == READING
    clock.shift(UNKNOWN_KEY_REFRESH_SECONDS)
    flood()
    assert issuer.requests == READING * 2
    assert ask(issuer.token()).status == 201


def test_an_issuer_out_of_reach_is_503_and_is_asked_again_later(issuer: LocalIssuer, ask: Ask, clock: Clock) -> None:
    issuer.status = 500
    for _ in range(3):
        answer = ask(issuer.token())
        assert answer.status == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.body == {"code": 503, "message": "sign-in is unavailable", "details": []}
    assert issuer.requests == READING[:1]
    issuer.status = 200
    clock.shift(RETRY_SECONDS)
    assert ask(issuer.token()).status == 201
    assert ask(sign(issuer.claims(), rsa_key("stranger"), "unknown")).status == 401


def test_an_issuer_without_a_server_is_503(deploy: Deploy, issuer: LocalIssuer) -> None:
    nobody = "http://127.0.0.1:1"
    answer = deploy(ISSUER=nobody)(issuer.token(iss=nobody))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_known_keys_serve_on_while_the_issuer_fails(issuer: LocalIssuer, ask: Ask, clock: Clock) -> None:
    assert ask(issuer.token()).status == 201
    issuer.status = 500
    clock.shift(FRESH_SECONDS)
    assert ask(issuer.token()).status == 201
    assert len(issuer.requests) == len(READING) + 1
    assert ask(sign(issuer.claims(), rsa_key("stranger"), "unknown")).status == 503


def test_known_keys_serve_no_longer_than_a_day_while_the_issuer_fails(
    issuer: LocalIssuer, ask: Ask, clock: Clock
) -> None:
    assert ask(issuer.token()).status == 201
    issuer.status = 500
    clock.shift(DAY_SECONDS - 1)
    assert ask(issuer.token()).status == 201
    clock.shift(1)
    assert ask(issuer.token()).status == 503
    clock.shift(DAY_SECONDS)
    answer = ask(issuer.token())
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    issuer.status = 200
    clock.shift(RETRY_SECONDS)
    assert ask(issuer.token()).status == 201


def test_a_slow_issuer_is_given_up_before_the_invocations_deadline(issuer: LocalIssuer, ask: Ask) -> None:
    issuer.delay_seconds = 2
    started = time.monotonic()
    assert ask(issuer.token(), milliseconds=800).status == 503
    assert time.monotonic() - started < 1


def test_a_slow_issuer_does_not_use_up_the_whole_invocation(
    issuer: LocalIssuer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hms_service.auth.oidc.issuer.FETCH_TIMEOUT_SECONDS", 0.2)
    issuer.delay_seconds = 2
    started = time.monotonic()
    assert ask(issuer.token()).status == 503
    assert time.monotonic() - started < 1


def test_both_answers_of_a_slow_issuer_share_their_time(
    issuer: LocalIssuer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hms_service.auth.oidc.issuer.FETCH_TIMEOUT_SECONDS", 2.0)
    issuer.delay_seconds = 1.2
    started = time.monotonic()
    assert ask(issuer.token()).status == 503
    assert 1.2 < time.monotonic() - started < 2.3


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://another-issuer.example.com"},
        {"jwks_uri": "file:///etc/keys"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_an_issuer_whose_configuration_cannot_be_trusted_is_503(
    issuer: LocalIssuer, ask: Ask, configuration: dict[str, Any]
) -> None:
    issuer.configuration = configuration
    assert ask(issuer.token()).status == 503
    assert issuer.requests == READING[:1]


def test_keys_are_not_fetched_from_elsewhere_without_tls(issuer: LocalIssuer, ask: Ask) -> None:
    issuer.configuration = {"jwks_uri": f"{issuer.url.replace('127.0.0.1', '0.0.0.0')}/keys"}
    assert ask(issuer.token()).status == 503
    assert issuer.requests == READING[:1]


def test_a_key_without_an_id_is_not_used(issuer: LocalIssuer, ask: Ask) -> None:
    issuer.key_members = {"kid": ""}
    assert ask(issuer.token()).status == 503


def test_an_issuer_without_keys_is_503(issuer: LocalIssuer, ask: Ask) -> None:
    token = issuer.token()
    issuer.keys = {}
    assert ask(token).status == 503


def test_a_slash_at_the_end_of_the_issuer_belongs_to_its_name(issuer: LocalIssuer, deploy: Deploy) -> None:
    name = f"{issuer.url}/tenant/"
    issuer.configuration = {"issuer": name}
    asking = deploy(ISSUER=name)
    assert asking(issuer.token(iss=name)).status == 201
    assert asking(issuer.token(iss=f"{issuer.url}/tenant")).status == 401
    assert issuer.requests == [f"/tenant{CONFIGURATION}", "/keys"]


# Rooms and roles


def test_a_role_beyond_the_configured_ones_is_forbidden(issuer: LocalIssuer, ask: Ask) -> None:
    answer = ask(issuer.token(), {"roomId": ROOM, "role": "admin"})
    assert (answer.status, answer.body["details"]) == (403, ["role: not allowed for this caller"])


def test_no_user_joins_if_no_roles_are_configured(issuer: LocalIssuer, deploy: Deploy) -> None:
    asking = deploy(ROLES="")
    assert asking(issuer.token()).status == 403
    assert asking(issuer.token(), {"roomId": ROOM}).status == 403


def test_a_body_over_16_kib_is_refused(issuer: LocalIssuer, ask: Ask) -> None:
    answer = ask(issuer.token(), {"roomId": ROOM, "x": "x" * 16_384})
    assert (answer.status, answer.body["details"]) == (413, ["body: must have at most 16384 bytes"])


def test_the_only_role_may_be_left_out_and_of_several_one_must_be_named(issuer: LocalIssuer, deploy: Deploy) -> None:
    assert deploy(ROLES="guest")(issuer.token(), {"roomId": ROOM}).claims["role"] == "guest"
    answer = deploy(ROLES="host,guest")(issuer.token(), {"roomId": ROOM})
    assert (answer.status, answer.body["details"]) == (400, ["role: is required and must not be blank"])


@pytest.mark.parametrize("claim", ["guest", ["guest"], ["guest", "admin", 7, ""]])
def test_the_role_comes_from_the_claim_as_far_as_it_is_configured(
    issuer: LocalIssuer, deploy: Deploy, claim: Any
) -> None:
    asking = deploy(ROLE_CLAIM="https://example.com/roles")
    token = issuer.token(**{"https://example.com/roles": claim})
    assert asking(token, {"roomId": ROOM}).claims["role"] == "guest"
    assert asking(token, {"roomId": ROOM, "role": "host"}).status == 403
    assert asking(token, {"roomId": ROOM, "role": "admin"}).status == 403


@pytest.mark.parametrize("claim", [None, "", [], "admin", 7, {"guest": True}, True])
def test_a_claim_without_a_configured_role_forbids(issuer: LocalIssuer, deploy: Deploy, claim: Any) -> None:
    answer = deploy(ROLE_CLAIM="roles")(issuer.token(roles=claim))
    assert (answer.status, answer.body["details"]) == (403, ["role: none is allowed for this caller"])


def test_a_claims_values_stand_for_roles_where_they_are_mapped(issuer: LocalIssuer, deploy: Deploy) -> None:
    mapping = "/school/teachers=host, /school/teachers=guest, student=guest, root=admin"
    asking = deploy(ROLE_CLAIM="groups", ROLE_MAPPING=mapping)
    assert asking(issuer.token(groups=["student"]), {"roomId": ROOM}).claims["role"] == "guest"
    for role in ("host", "guest"):
        assert asking(issuer.token(groups=["/school/teachers"]), {"roomId": ROOM, "role": role}).status == 201
    assert asking(issuer.token(groups=["host"]), {"roomId": ROOM, "role": "host"}).status == 403
    assert asking(issuer.token(groups=["root"]), {"roomId": ROOM, "role": "admin"}).status == 403


@pytest.mark.parametrize("claim", [ROOM, [ROOM]])
def test_the_only_room_may_be_left_out_and_others_are_forbidden(
    issuer: LocalIssuer, deploy: Deploy, claim: Any
) -> None:
    asking = deploy(ROOM_CLAIM="room")
    assert asking(issuer.token(room=claim), {"role": "guest"}).claims["room_id"] == ROOM
    answer = asking(issuer.token(room=claim), {"role": "guest", "roomId": OTHER_ROOM})
    assert (answer.status, answer.body["details"]) == (403, ["roomId: not allowed for this caller"])


def test_of_several_rooms_one_must_be_named(issuer: LocalIssuer, deploy: Deploy) -> None:
    asking, token = deploy(ROOM_CLAIM="rooms"), issuer.token(rooms=[ROOM, OTHER_ROOM])
    assert asking(token, {"role": "guest", "roomId": OTHER_ROOM}).claims["room_id"] == OTHER_ROOM
    answer = asking(token, {"role": "guest"})
    assert (answer.status, answer.body["details"]) == (400, ["roomId: is required and must not be blank"])


@pytest.mark.parametrize("claim", [None, "", [], "*", 7, {ROOM: True}])
def test_a_claim_without_the_room_forbids(issuer: LocalIssuer, deploy: Deploy, claim: Any) -> None:
    assert deploy(ROOM_CLAIM="room")(issuer.token(room=claim)).status == 403


def test_any_room_may_be_joined_by_an_asterisk_and_must_be_named(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(issuer.token(), {"role": "guest", "roomId": OTHER_ROOM}).claims["room_id"] == OTHER_ROOM
    assert ask(issuer.token(), {"role": "guest"}).status == 400


def test_a_body_is_not_needed_where_there_is_nothing_to_choose(issuer: LocalIssuer, deploy: Deploy) -> None:
    asking = deploy(ROLES="guest", ROOM_CLAIM="room")
    claims = asking(issuer.token(room=ROOM), {}).claims
    assert (claims["room_id"], claims["role"], claims["user_id"]) == (ROOM, "guest", "user-42")


def test_the_body_may_use_snake_case_but_not_both_spellings(issuer: LocalIssuer, ask: Ask) -> None:
    assert ask(issuer.token(), {"room_id": ROOM, "role": "guest", "expires_in": 60}).status == 201
    assert ask(issuer.token(), {"room_id": ROOM, "roomId": ROOM, "role": "guest"}).status == 400


@pytest.mark.parametrize("name", ["userId", "user_id"])
def test_a_user_cannot_be_named_in_the_body(issuer: LocalIssuer, ask: Ask, name: str) -> None:
    answer = ask(issuer.token(), {"roomId": ROOM, "role": "guest", name: "user-42"})
    assert (answer.status, answer.body["details"]) == (
        400,
        ["userId: not allowed here; it is the sub claim of the token"],
    )


# Lifetime


@pytest.mark.parametrize("asked", [None, 0, 7_200])
@pytest.mark.parametrize("seconds", [5, 300, 300.9])
def test_a_join_token_ends_with_the_users_own(issuer: LocalIssuer, ask: Ask, asked: int | None, seconds: float) -> None:
    exp = now() + seconds
    claims = ask(issuer.token(exp=exp), {"roomId": ROOM, "role": "guest", "expiresIn": asked}).claims
    assert claims["exp"] == int(exp)


def test_a_shorter_life_is_granted(issuer: LocalIssuer, ask: Ask) -> None:
    claims = ask(issuer.token(), {"roomId": ROOM, "role": "guest", "expiresIn": 20}).claims
    assert claims["exp"] - now() in range(10, 21)


def test_a_join_token_ends_with_the_users_even_if_the_apps_key_came_late(
    issuer: LocalIssuer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Credentials.get_key_pair

    def late(credentials: Credentials, *arguments: Any) -> KeyPair:
        time.sleep(1.1)
        return real(credentials, *arguments)

    monkeypatch.setattr(Credentials, "get_key_pair", late)
    exp = now() + 300
    assert ask(issuer.token(exp=exp)).claims["exp"] == exp


def test_the_lifetime_stays_within_the_ceiling(
    issuer: LocalIssuer, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_TOKEN_MAX_SECONDS", "120")
    asking = deploy()
    assert asking(issuer.token()).claims["exp"] - now() in range(110, 121)
    beyond = "must be between 1 and 120 seconds"
    for seconds, problem in ((121, beyond), (-1, beyond), (1.5, WHOLE_NUMBER), ("60", WHOLE_NUMBER)):
        answer = asking(issuer.token(), {"roomId": ROOM, "role": "guest", "expiresIn": seconds})
        assert answer.status == 400
        assert answer.body["details"] == [f"expiresIn: {problem}"]


# Logs


def the_line(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """Return the members of the only line in the log."""
    (record,) = caplog.records
    return vars(record)


@pytest.mark.parametrize("name", ["ISSUER", "AUDIENCE", "ROOM_CLAIM"])
def test_a_missing_setting_is_named_in_the_log_and_not_in_the_response(
    issuer: LocalIssuer, deploy: Deploy, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    answer = deploy(**{name: ""})(issuer.token())
    assert answer.body == {"code": 503, "message": "sign-in is unavailable", "details": []}
    assert the_line(caplog)["reason"] == f"HMS_OIDC_{name} is not set"


def test_the_log_contains_the_users_sub_and_nothing_else_of_the_token(
    issuer: LocalIssuer, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    token = issuer.token(sub="auth0|7f3", email="ann@example.com")
    answer = ask(token)
    line = the_line(caplog)
    assert (line["caller"], line["status"]) == ("auth0|7f3", 201)
    for secret in ("ann@example.com", *token.split("."), *answer.body["token"].split(".")[1:]):
        assert secret not in str(line)


def test_a_user_who_may_not_is_named_in_the_log(
    issuer: LocalIssuer, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    ask(issuer.token(sub="auth0|7f3"), {"roomId": ROOM, "role": "admin"})
    line = the_line(caplog)
    assert (line["caller"], line["status"], line["error"]) == ("auth0|7f3", 403, "ForbiddenError")
