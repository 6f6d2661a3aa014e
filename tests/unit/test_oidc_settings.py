import pytest

from hms.errors import SignInUnavailableError
from hms_service.auth.oidc.settings import OidcSettings, is_secure

LEAST = {
    "HMS_OIDC_ISSUER": "https://issuer.example.com",
    "HMS_OIDC_AUDIENCE": "front-end",
    "HMS_OIDC_ROOM_CLAIM": "room",
}


def test_by_default_no_role_is_allowed() -> None:
    assert OidcSettings.from_environment(LEAST) == OidcSettings(
        "https://issuer.example.com", "front-end", frozenset(), "", {}, "room"
    )


def test_lists_are_separated_by_commas_with_or_without_spaces() -> None:
    settings = OidcSettings.from_environment(
        {
            **LEAST,
            "HMS_OIDC_ROLES": "stage host, guest",
            "HMS_OIDC_ROLE_CLAIM": "groups",
            "HMS_OIDC_ROLE_MAPPING": "cn=staff=stage host, cn=staff=guest,pupil=guest",
        }
    )
    assert settings.roles == {"stage host", "guest"}
    assert settings.role_mapping == {"cn=staff": {"stage host", "guest"}, "pupil": {"guest"}}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"HMS_OIDC_ISSUER": ""}, "HMS_OIDC_ISSUER is not set"),
        ({"HMS_OIDC_ISSUER": "http://issuer.example.com"}, "HMS_OIDC_ISSUER must use https or a loopback address"),
        ({"HMS_OIDC_AUDIENCE": ""}, "HMS_OIDC_AUDIENCE is not set"),
        ({"HMS_OIDC_ROOM_CLAIM": ""}, "HMS_OIDC_ROOM_CLAIM is not set"),
        ({"HMS_OIDC_ROLE_MAPPING": "a=b"}, "HMS_OIDC_ROLE_MAPPING is set without HMS_OIDC_ROLE_CLAIM"),
        (
            {"HMS_OIDC_ROLE_MAPPING": "a", "HMS_OIDC_ROLE_CLAIM": "groups"},
            "HMS_OIDC_ROLE_MAPPING must be value=role pairs, separated by commas",
        ),
    ],
)
def test_what_makes_no_sense_is_named(changed: dict[str, str], reason: str) -> None:
    with pytest.raises(SignInUnavailableError) as refusal:
        OidcSettings.from_environment({**LEAST, **changed})
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://issuer.example.com/tenant", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://localhost:8080", True),
        ("http://issuer.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("ftp://127.0.0.1", False),
        ("https://", False),
        ("https://[", False),
        ("issuer.example.com", False),
        ("", False),
    ],
)
def test_keys_are_read_over_https_or_from_this_machine_only(url: str, secure: bool) -> None:
    assert is_secure(url) is secure
