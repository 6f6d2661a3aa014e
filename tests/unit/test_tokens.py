import time
import uuid
from typing import Any

import jwt
import pytest

from hms.errors import UnauthorizedError
from hms.tokens import decode, read_access_key, sign_app_token, sign_management_token, verify

SECRET = "unit-secret-for-these-tests-only"


def token_with(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    now = int(time.time())
    valid = {"access_key": "key", "type": "management", "version": 2, "iat": now, "nbf": now, "exp": now + 60}
    merged = {name: value for name, value in (valid | claims).items() if value is not None}
    return jwt.encode(merged, "" if algorithm == "none" else secret, algorithm)


def test_a_management_token_has_exactly_the_documented_claims() -> None:
    claims = jwt.decode(sign_management_token("key", SECRET), SECRET, ["HS256"])
    assert set(claims) == {"access_key", "type", "version", "jti", "iat", "nbf", "exp"}
    assert (claims["access_key"], claims["type"], claims["version"]) == ("key", "management", 2)
    assert uuid.UUID(claims["jti"]).version == 4


def test_an_app_token_names_room_role_and_user() -> None:
    claims = jwt.decode(sign_app_token("key", SECRET, room_id="room", role="host", user_id="user"), SECRET, ["HS256"])
    assert set(claims) == {"access_key", "type", "version", "room_id", "role", "user_id", "jti", "iat", "nbf", "exp"}
    assert (claims["type"], claims["room_id"], claims["role"], claims["user_id"]) == ("app", "room", "host", "user")


def test_tokens_are_back_dated_by_ten_seconds_and_live_from_now() -> None:
    claims = jwt.decode(sign_management_token("key", SECRET, lifetime=100), SECRET, ["HS256"])
    assert claims["iat"] == claims["nbf"]
    assert claims["exp"] - claims["iat"] == 110
    assert abs(claims["exp"] - 100 - time.time()) < 5


def test_a_management_token_lives_an_hour_and_an_app_token_a_day() -> None:
    tokens = sign_management_token("key", SECRET), sign_app_token("key", SECRET, room_id="r", role="h", user_id="u")
    claims = [jwt.decode(token, SECRET, ["HS256"]) for token in tokens]
    assert [claim["exp"] - claim["iat"] - 10 for claim in claims] == [3_600, 86_400]


def test_every_token_has_a_unique_id() -> None:
    ids = {jwt.decode(sign_management_token("key", SECRET), SECRET, ["HS256"])["jti"] for _ in range(20)}
    assert len(ids) == 20


def test_a_token_of_the_kind_asked_for_is_verified() -> None:
    assert verify(sign_management_token("key", SECRET), SECRET, "management")["access_key"] == "key"
    assert verify(sign_app_token("key", SECRET, room_id="r", role="h", user_id="u"), SECRET, "app")["room_id"] == "r"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(token_with(secret="another-secret-that-is-long-enough"), id="foreign signature"),
        pytest.param(token_with(algorithm="none"), id="no signature"),
        pytest.param(token_with(secret=SECRET * 2, algorithm="HS512"), id="another algorithm"),
        pytest.param(token_with(type="app"), id="another kind"),
        pytest.param(token_with(version=1), id="another version"),
        pytest.param(token_with(version=None), id="no version"),
        pytest.param(token_with(exp=None), id="no expiry"),
        pytest.param(token_with(exp=int(time.time()) - 31), id="expired beyond the leeway"),
        pytest.param(token_with(nbf=int(time.time()) + 120), id="not valid yet"),
        pytest.param("a.b.c", id="garbage"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_token_that_is_not_in_order_is_refused(token: str) -> None:
    with pytest.raises(UnauthorizedError):
        verify(token, SECRET, "management")


def test_clocks_may_differ_by_the_leeway() -> None:
    verify(token_with(exp=int(time.time()) - 20), SECRET, "management")
    verify(token_with(nbf=int(time.time()) + 20), SECRET, "management")


def test_the_access_key_is_read_before_anything_is_verified() -> None:
    assert read_access_key(token_with(secret="another-secret-that-is-long-enough")) == "key"


def test_a_token_has_at_most_4096_characters() -> None:
    token = token_with()
    longest = token + "A" * (4_096 - len(token))
    assert read_access_key(longest) == "key"
    with pytest.raises(UnauthorizedError):
        read_access_key(longest + "A")


@pytest.mark.parametrize(("audience", "is_accepted"), [(None, True), ("us", True), ("others", False)])
def test_the_audience_is_verified_if_one_is_required(audience: str | None, is_accepted: bool) -> None:
    token = token_with(aud="us")
    if is_accepted:
        assert decode(token, SECRET, "HS256", audience=audience)["aud"] == "us"
    else:
        with pytest.raises(UnauthorizedError):
            decode(token, SECRET, "HS256", audience=audience)


@pytest.mark.parametrize(
    "token",
    ["", "a.b.c", token_with(access_key=None), token_with(access_key=7), "x" * 8192],
    ids=["nothing", "garbage", "none named", "a number", "too long"],
)
def test_a_token_without_an_access_key_is_refused(token: str) -> None:
    with pytest.raises(UnauthorizedError):
        read_access_key(token)


@pytest.mark.parametrize(("lifetime", "left"), [(100, 50), (100, 100), (100, 200), (100, -5)])
def test_an_app_token_ends_by_the_instant_given(lifetime: int, left: int) -> None:
    now = int(time.time())
    token = sign_app_token("key", SECRET, room_id="r", role="h", user_id="u", lifetime=lifetime, not_after=now + left)
    expires_at = jwt.decode(token, options={"verify_signature": False})["exp"]
    assert expires_at <= now + left
    assert expires_at - now in range(min(lifetime, left), min(lifetime, left) + 3)
