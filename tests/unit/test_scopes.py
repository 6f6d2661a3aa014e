import pytest

from hms.errors import ForbiddenError
from hms_service.auth.scopes import FULL_ACCESS, SCOPED_RESOURCES, Grant
from tests.http_api import contract_routes


def test_every_section_with_routes_has_a_scope_except_the_public_one() -> None:
    assert {route.section for route in contract_routes()} - {"docs"} == SCOPED_RESOURCES


@pytest.mark.parametrize(
    ("scope", "section", "kind"),
    [
        ("rooms:read", "rooms", "read"),
        ("rooms:write", "rooms", "write"),
        ("rooms:*", "rooms", "read"),
        ("rooms:*", "rooms", "write"),
        ("*", "rooms", "write"),
        ("*", "room-codes", "read"),
    ],
)
def test_a_scope_lets_calls_of_its_kind_and_section_pass(scope: str, section: str, kind: str) -> None:
    Grant.from_scopes([scope]).check_scope(section, kind)


@pytest.mark.parametrize(
    ("scope", "section", "kind"),
    [
        ("rooms:read", "rooms", "write"),
        ("rooms:write", "rooms", "read"),
        ("rooms:*", "room-codes", "read"),
        ("room-codes:*", "rooms", "read"),
        ("active-rooms:write", "rooms", "write"),
    ],
)
def test_a_scope_allows_no_other_call_and_the_error_names_the_missing_one(scope: str, section: str, kind: str) -> None:
    with pytest.raises(ForbiddenError) as refused:
        Grant.from_scopes([scope]).check_scope(section, kind)
    assert refused.value.details == [f"this key does not have the scope {section}:{kind}"]


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "rooms",
        "rooms:",
        ":read",
        "*:read",
        "*:*",
        "rooms:delete",
        "Rooms:read",
        "rooms:read ",
        "rooms:read\n",
        "**",
    ],
)
def test_an_invalid_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="not a scope"):
        Grant.from_scopes(["rooms:read", scope])


def test_a_grant_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Grant.from_scopes([])


@pytest.mark.parametrize("limits", [{"roles": ["guest"]}, {"rooms": ["room"]}, {"roles": []}, {"rooms": []}])
@pytest.mark.parametrize("scopes", [["*"], ["tokens:*"], ["tokens:write", "room-codes:write"], ["rooms:read"]])
def test_a_limited_key_has_no_scope_that_could_bypass_its_limits(
    scopes: list[str], limits: dict[str, list[str]]
) -> None:
    with pytest.raises(ValueError, match="tokens:write only"):
        Grant.from_scopes(scopes, **limits)


def test_a_limited_key_joins_its_rooms_in_its_roles_and_no_others() -> None:
    grant = Grant.from_scopes(["tokens:write"], ["guest"], ["room"])
    grant.check_join("room", "guest")
    with pytest.raises(ForbiddenError):
        grant.check_join("room", "host")
    with pytest.raises(ForbiddenError):
        grant.check_join("another", "guest")


def test_a_key_limited_to_no_room_joins_none() -> None:
    with pytest.raises(ForbiddenError):
        Grant.from_scopes(["tokens:write"], None, []).check_join("room", "guest")


def test_a_key_without_limits_joins_any_room_in_any_role() -> None:
    Grant.from_scopes(["tokens:write"]).check_join("room", "host")
    FULL_ACCESS.check_join("room", "host")
