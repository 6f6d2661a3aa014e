"""Client keys: what their access keys carry, when they are accepted, and what an invalid one costs."""

import base64
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms import tokens as tokens_module
from hms.credentials import Credentials
from hms.errors import CredentialsUnavailableError, UnauthorizedError
from hms.http.transport import Transport
from hms.parameters import PLAIN, Parameters
from hms.tokens import LEEWAY_SECONDS, MAX_LENGTH, sign_management_token
from hms_service.auth.authenticator import Authenticator
from hms_service.auth.caller import AuthScheme, Caller
from hms_service.auth.client_keys import ClientKey, derive_key_id, derive_secret, encode_access_key
from hms_service.auth.scopes import SCOPED_RESOURCES, Grant
from tests.support.client_keys import MASTER, KeyPair, make_key, members
from tests.support.clock import Clock

NEW_MASTER = "N" * 43
APP_SECRET = "s" * 43
DAY_SECONDS = 86_400
WRONG_VALUES: list[Any] = [None, 1.5, {}, True]


class Ssm:
    """Parameters in SSM, and the number of calls. None stands for a failing SSM."""

    def __init__(self) -> None:
        self.values: dict[str, str] | None = {
            "access_key": "app",
            "secret": APP_SECRET,
            "client_key_master": MASTER,
            "revoked_client_keys_1": "none",
        }
        self.calls = 0

    def read(self, transport: Transport, names: list[str], **_: Any) -> dict[str, str]:
        self.calls += 1
        if self.values is None:
            raise CredentialsUnavailableError(reason="down")
        short_names = [name.removeprefix("/hms/") for name in names]
        return {f"/hms/{name}": self.values[name] for name in short_names if name in self.values}

    def put(self, **values: str) -> None:
        assert self.values is not None
        self.values |= values


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Ssm:
    ssm = Ssm()
    monkeypatch.setattr("hms.ssm.read_parameters", ssm.read)
    return ssm


def make_container() -> Authenticator:
    parameters = Parameters(Transport(), "/hms")
    return Authenticator(True, parameters, Credentials(parameters))


@pytest.fixture
def container(ssm: Ssm) -> Authenticator:
    return make_container()


def call(container: Authenticator, pair: KeyPair, **options: Any) -> Caller:
    return container.authenticate(sign_management_token(*pair, **options), AuthScheme.MANAGEMENT)


def refusal(container: Authenticator, pair: KeyPair) -> str:
    with pytest.raises(UnauthorizedError) as refused:
        call(container, pair)
    return ", ".join(refused.value.details)


def forge(grant: Any, master: str = MASTER) -> KeyPair:
    """Sign any grant with a master, as whoever reads the master can."""
    text = grant if isinstance(grant, bytes) else json.dumps(grant).encode()
    encoded = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    access_key = f"hk1.{derive_key_id(master)}.{encoded}"
    return access_key, derive_secret(master, access_key)


def without(name: str) -> dict[str, Any]:
    return {member: value for member, value in members().items() if member != name}


def test_the_format_does_not_change() -> None:
    grant = {"id": "abcdefgh", "name": "reports", "scopes": ["rooms:read"], "iat": 1_700_000_000, "exp": 1_700_003_600}
    access_key = encode_access_key(MASTER, grant)
    assert access_key == (
        "hk1.1_Cl.eyJpZCI6ImFiY2RlZmdoIiwibmFtZSI6InJlcG9ydHMiLCJzY29wZXMiO"
        "lsicm9vbXM6cmVhZCJdLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0"
    )
    assert derive_secret(MASTER, access_key) == "QRQDiGJOM6YPcPkP-0IuRdBwgdMtPG8Iq9bPByqnn7E"


def test_a_key_is_what_it_was_created_with(container: Authenticator) -> None:
    pair = make_key(name="front-end", scopes=["tokens:write"], roles=["guest"], rooms=["r1", "r2"], id="abcdefgh")
    caller = call(container, pair)
    assert caller.name == "front-end (abcdefgh)"
    assert caller.grant == Grant.from_scopes(["tokens:write"], ["guest"], ["r1", "r2"])
    assert caller.identity == ("client", "abcdefgh")


def test_twenty_scopes_or_ten_rooms_fit_into_a_header() -> None:
    scopes = [f"{resource}:{action}" for resource in sorted(SCOPED_RESOURCES) for action in ("read", "write")][:20]
    for pair in (
        make_key(name="n" * 32, scopes=scopes),
        make_key(name="n" * 32, scopes=["tokens:write"], rooms=[f"{number:024x}" for number in range(10)]),
    ):
        assert len(pair[0]) < 1_024
        assert len(sign_management_token(*pair)) < MAX_LENGTH


def test_a_grant_that_is_too_long_is_not_issued() -> None:
    with pytest.raises(ValueError, match="longer than 1024 characters"):
        make_key(scopes=["tokens:write"], rooms=[f"{number:024x}" for number in range(40)])


@pytest.mark.parametrize(
    "grant",
    [
        *(without(name) for name in ("id", "name", "scopes", "iat", "exp")),
        *(members(**{name: value}) for name in ("id", "name", "scopes", "iat", "exp") for value in WRONG_VALUES),
        members(future_restriction=True),
        members(id="ABCDEFGH"),
        members(id="abcdefg"),
        members(id="abcdefghi"),
        members(name=""),
        members(name="n" * 33),
        members(name="a b"),
        members(scopes=[]),
        members(scopes="*"),
        members(scopes=["everything"]),
        members(scopes=["rooms:read", 1]),
        members(roles=[]),
        members(scopes=["tokens:write"], roles=[]),
        members(scopes=["tokens:write"], rooms=None),
        members(scopes=["tokens:write"], rooms="r"),
        members(scopes=["rooms:read"], rooms=["r"]),
        members(exp=int(time.time()) + 3 * 366 * DAY_SECONDS),
        members(iat=int(time.time()) + 7200),
        [members()],
        "text",
        None,
        b"{",
        b"\xff",
        b'{"id": "abcdefgh", ' + json.dumps(members()).encode()[1:],
        b"[" * 600,
    ],
)
def test_a_signed_grant_that_is_malformed_opens_nothing(container: Authenticator, grant: Any) -> None:
    assert refusal(container, forge(grant)) == "the client key is not valid"


GOOD_KEY = make_key()[0]


@pytest.mark.parametrize(
    "access_key",
    [
        "hk1.",
        "hk1..",
        "hk1.abcd",
        "hk2" + GOOD_KEY[3:],
        "hk1." + GOOD_KEY[8:],
        GOOD_KEY + "=",
        GOOD_KEY + "\n",
        GOOD_KEY.replace(".", "..", 1),
        GOOD_KEY + ".x",
        GOOD_KEY[:-4] + "é",
        "hk1." + derive_key_id(MASTER) + "." + "A" * 1_100,
    ],
)
def test_a_malformed_access_key_costs_no_call_to_ssm(ssm: Ssm, access_key: str) -> None:
    for secret in ("guessed", derive_secret(MASTER, access_key)):
        assert refusal(make_container(), (access_key, secret)) == "the token is not valid"
    assert ssm.calls == (2 if access_key.startswith("hk2") else 0)


@given(st.data())
def test_no_change_of_an_access_key_or_secret_is_accepted(data: st.DataObject) -> None:
    access_key, secret = make_key()
    index = data.draw(st.integers(4, len(access_key) - 1))
    other = data.draw(st.characters(categories=["L", "N", "P", "S"]).filter(lambda char: char != access_key[index]))
    changed = access_key[:index] + other + access_key[index + 1 :]
    with pytest.MonkeyPatch.context() as patch:
        ssm = Ssm()
        patch.setattr("hms.ssm.read_parameters", ssm.read)
        container = make_container()
        for pair in ((changed, secret), (access_key[:index], secret), (access_key, secret[:-1])):
            refusal(container, pair)
        assert call(container, (access_key, secret))
    assert ssm.calls <= 1


@given(st.text(max_size=2_000))
def test_no_text_after_the_prefix_is_an_error_of_the_service(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hms.ssm.read_parameters", Ssm().read)
        container = make_container()
        with pytest.raises(UnauthorizedError):
            container.authenticate(sign_management_token(f"hk1.{text}", "s" * 32), AuthScheme.MANAGEMENT)


def test_a_flood_of_unknown_keys_costs_one_call_a_minute(ssm: Ssm, container: Authenticator, clock: Clock) -> None:
    foreign = [make_key(NEW_MASTER) for _ in range(10)]
    for pair in foreign * 10:
        refusal(container, pair)
    clock.shift(59)
    refusal(container, foreign[0])
    assert ssm.calls == 1
    clock.shift(1)
    for pair in foreign * 10:
        refusal(container, pair)
    assert ssm.calls == 2


def test_a_key_expires_after_the_leeway(container: Authenticator, clock: Clock) -> None:
    pair = make_key(exp=int(time.time()) + 600)
    clock.shift(600 + LEEWAY_SECONDS - 2)
    assert call(container, pair)
    clock.shift(3)
    assert refusal(container, pair) == "the client key has expired"


def test_a_revoked_key_is_refused_within_a_minute(ssm: Ssm, container: Authenticator, clock: Clock) -> None:
    pair, other = make_key(id="abcdefgh"), make_key(id="bcdefghi")
    assert call(container, pair)
    ssm.put(revoked_client_keys_1="zzzzzzzz,abcdefgh", revoked_client_keys_2="yyyyyyyy")
    clock.shift(PLAIN.max_fresh)
    assert refusal(container, pair) == "the client key is revoked"
    assert call(container, other)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_list_revokes(ssm: Ssm, container: Authenticator, number: int) -> None:
    ssm.put(**{f"revoked_client_keys_{number}": "abcdefgh"})
    assert refusal(container, make_key(id="abcdefgh")) == "the client key is revoked"


def test_an_asterisk_revokes_all_client_keys_and_not_the_app(ssm: Ssm, container: Authenticator) -> None:
    ssm.put(revoked_client_keys_1="*")
    assert refusal(container, make_key()) == "the client key is revoked"
    assert call(container, ("app", APP_SECRET))


def test_client_keys_are_unavailable_after_two_minutes_without_ssm(
    ssm: Ssm, container: Authenticator, clock: Clock
) -> None:
    pair, values = make_key(exp=int(time.time()) + DAY_SECONDS), ssm.values
    token = sign_management_token(*pair)
    container.authenticate(token, AuthScheme.MANAGEMENT)
    ssm.values = None
    clock.shift(PLAIN.stale - 1)
    assert container.authenticate(token, AuthScheme.MANAGEMENT)
    clock.shift(20)
    with pytest.raises(CredentialsUnavailableError):
        container.authenticate(token, AuthScheme.MANAGEMENT)
    assert call(container, ("app", APP_SECRET))
    ssm.values = values
    clock.shift(20)
    assert container.authenticate(token, AuthScheme.MANAGEMENT)


def test_without_a_master_there_are_no_client_keys(ssm: Ssm, container: Authenticator) -> None:
    assert ssm.values
    del ssm.values["client_key_master"], ssm.values["revoked_client_keys_1"]
    assert refusal(container, make_key()) == "the token is not valid"
    assert call(container, ("app", APP_SECRET))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"revoked_client_keys_1": None}, "missing SSM parameter: revoked_client_keys_1"),
        ({"revoked_client_keys_1": "nnoe"}, "revoked client keys: must be ids separated by commas, none or *"),
        ({"revoked_client_keys_2": "abcdefgh,"}, "revoked client keys: must be ids separated by commas, none or *"),
        ({"client_key_master": APP_SECRET}, "client_key_master: must differ from every other secret"),
        ({"client_key_master": f"{MASTER},{APP_SECRET}"}, "client_key_master: must differ from every other secret"),
        ({"client_key_master": "short"}, "client_key_master: must be one value of 43 base64url characters, or two"),
        ({"client_key_master": f"{MASTER},{MASTER},{MASTER}"}, "client_key_master: must be one value of 43"),
    ],
)
def test_a_spoilt_parameter_makes_client_keys_unavailable_and_not_the_app(
    ssm: Ssm, container: Authenticator, changes: dict[str, str | None], reason: str
) -> None:
    ssm.values = {name: value for name, value in ({**(ssm.values or {}), **changes}).items() if value is not None}
    with pytest.raises(CredentialsUnavailableError) as failure:
        call(container, make_key())
    assert failure.value.reason.startswith(reason)
    assert call(container, ("app", APP_SECRET))


def test_deleting_the_master_revokes_all_within_five_minutes(ssm: Ssm, container: Authenticator, clock: Clock) -> None:
    pair = make_key()
    assert call(container, pair)
    assert ssm.values
    del ssm.values["client_key_master"]
    clock.shift(5 * 60)
    refusal(container, pair)


def test_during_a_rotation_keys_of_both_masters_work(ssm: Ssm, container: Authenticator, clock: Clock) -> None:
    old = make_key(exp=int(time.time()) + DAY_SECONDS)
    assert call(container, old)
    ssm.put(client_key_master=f"{NEW_MASTER},{MASTER}")
    clock.shift(60)
    new = make_key(NEW_MASTER, exp=int(time.time()) + DAY_SECONDS)
    assert call(container, new)
    assert call(container, old)
    ssm.put(client_key_master=NEW_MASTER)
    clock.shift(5 * 60)
    assert call(container, new)
    refusal(container, old)


@pytest.mark.parametrize("revoked", ["abcdefgh", "*"])
@pytest.mark.parametrize("used_before", [True, False])
def test_a_revoked_key_stays_refused_when_its_master_is_replaced(
    ssm: Ssm, container: Authenticator, clock: Clock, revoked: str, used_before: bool
) -> None:
    pair, new = make_key(id="abcdefgh"), make_key(NEW_MASTER)
    token = sign_management_token(*pair)
    if used_before:
        container.authenticate(token, AuthScheme.MANAGEMENT)
    ssm.put(revoked_client_keys_1=revoked)
    container._parameters.get_secure(max_age=0)
    ssm.put(client_key_master=NEW_MASTER, revoked_client_keys_1="none")
    for _ in range(int(PLAIN.max_fresh)):
        clock.shift(1)
        with pytest.raises(UnauthorizedError):
            container.authenticate(token, AuthScheme.MANAGEMENT)
    assert call(container, new)


def test_a_changed_list_waits_until_the_masters_are_read(
    ssm: Ssm, container: Authenticator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssm.put(revoked_client_keys_1="abcdefgh")
    revoked, other = make_key(id="abcdefgh"), make_key()
    assert call(container, other)
    ssm.put(client_key_master=NEW_MASTER, revoked_client_keys_1="none")

    def read_lists_only(transport: Transport, names: list[str], **options: Any) -> dict[str, str]:
        if "/hms/client_key_master" in names:
            raise CredentialsUnavailableError(reason="throttled")
        return ssm.read(transport, names, **options)

    monkeypatch.setattr("hms.ssm.read_parameters", read_lists_only)
    clock.shift(PLAIN.max_fresh)
    assert refusal(container, revoked) == "the client key is revoked"
    clock.shift(PLAIN.stale - PLAIN.max_fresh)
    with pytest.raises(CredentialsUnavailableError):
        call(container, revoked)


def test_the_secret_of_a_key_depends_on_its_master() -> None:
    grant = members()
    first, second = encode_access_key(MASTER, grant), encode_access_key(NEW_MASTER, grant)
    assert first.rpartition(".")[2] == second.rpartition(".")[2]
    assert derive_secret(MASTER, first) != derive_secret(NEW_MASTER, second)
    assert ClientKey.from_access_key(first) == ClientKey.from_access_key(second)


class TestVerifiedTokens:
    """A verified token is not verified again, but everything that can end it is checked."""

    @pytest.fixture
    def verifications(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        tokens: list[str] = []
        real = tokens_module.verify

        def counted(token: str, *arguments: Any) -> Any:
            tokens.append(token)
            return real(token, *arguments)

        monkeypatch.setattr("hms_service.auth.authenticator.verify", counted)
        return tokens

    @pytest.fixture
    def token(self) -> str:
        return sign_management_token(*make_key(id="abcdefgh", exp=int(time.time()) + DAY_SECONDS))

    def test_it_is_verified_once_a_minute(
        self, container: Authenticator, token: str, verifications: list[str], clock: Clock
    ) -> None:
        callers = [container.authenticate(token, AuthScheme.MANAGEMENT) for _ in range(10)]
        assert len(verifications) == 1
        assert set(map(id, callers)) == {id(callers[0])}
        clock.shift(60)
        container.authenticate(token, AuthScheme.MANAGEMENT)
        assert len(verifications) == 2

    def test_it_ends_with_the_token(self, container: Authenticator, clock: Clock) -> None:
        token = sign_management_token(*make_key(), lifetime=20)
        container.authenticate(token, AuthScheme.MANAGEMENT)
        clock.shift(20 + LEEWAY_SECONDS)
        with pytest.raises(UnauthorizedError, match="Token validation error"):
            container.authenticate(token, AuthScheme.MANAGEMENT)

    def test_it_ends_with_the_key(self, container: Authenticator, clock: Clock) -> None:
        token = sign_management_token(*make_key(exp=int(time.time()) + 20))
        container.authenticate(token, AuthScheme.MANAGEMENT)
        clock.shift(20 + LEEWAY_SECONDS)
        with pytest.raises(UnauthorizedError):
            container.authenticate(token, AuthScheme.MANAGEMENT)

    def test_it_ends_with_the_revocation_of_the_key(
        self, ssm: Ssm, container: Authenticator, token: str, clock: Clock
    ) -> None:
        container.authenticate(token, AuthScheme.MANAGEMENT)
        clock.shift(PLAIN.min_fresh - 1)
        ssm.put(revoked_client_keys_3="abcdefgh")
        container.authenticate(token, AuthScheme.MANAGEMENT)
        clock.shift(PLAIN.max_fresh - PLAIN.min_fresh)  # the verification is remembered for another second
        with pytest.raises(UnauthorizedError):
            container.authenticate(token, AuthScheme.MANAGEMENT)

    @pytest.mark.parametrize("name", ["secret", "access_key", "client_key_master"])
    def test_it_ends_when_a_key_changes(
        self, ssm: Ssm, container: Authenticator, token: str, verifications: list[str], name: str
    ) -> None:
        container.authenticate(token, AuthScheme.MANAGEMENT)
        ssm.put(**{name: f"{NEW_MASTER},{MASTER}" if name == "client_key_master" else "new"})
        container._parameters.get_secure(max_age=0)
        container.authenticate(token, AuthScheme.MANAGEMENT)
        assert len(verifications) == 2

    def test_it_is_of_its_type(self, container: Authenticator, token: str) -> None:
        container.authenticate(token, AuthScheme.MANAGEMENT)
        with pytest.raises(UnauthorizedError):
            container.authenticate(token, AuthScheme.APP)

    def test_a_refused_token_is_not_remembered(self, container: Authenticator, verifications: list[str]) -> None:
        token = sign_management_token(make_key()[0], "wrong" * 9)
        for _ in range(3):
            with pytest.raises(UnauthorizedError):
                container.authenticate(token, AuthScheme.MANAGEMENT)
        assert len(verifications) == 3

    def test_at_most_256_are_remembered(self, container: Authenticator, verifications: list[str]) -> None:
        pair = make_key()
        tokens = [sign_management_token(*pair) for _ in range(257)]
        for token in tokens:
            container.authenticate(token, AuthScheme.MANAGEMENT)
        container.authenticate(tokens[-1], AuthScheme.MANAGEMENT)
        container.authenticate(tokens[1], AuthScheme.MANAGEMENT)
        assert len(verifications) == 257
        container.authenticate(tokens[0], AuthScheme.MANAGEMENT)
        assert len(verifications) == 258
