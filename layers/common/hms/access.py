"""Who may call: the token that a route asks for, and its check against the app's own key."""

from enum import Enum
from typing import cast

from hms.credentials import Credentials, KeyPair
from hms.errors import Unauthorized
from hms.tokens import Kind, access_key_of, verify

REREAD_SECONDS = 60


class Access(Enum):
    """What a route asks of its caller."""

    PUBLIC = "none"
    MANAGEMENT = "management"
    APP = "app"


def authenticate(token: str, access: Access, credentials: Credentials) -> str:
    """The access key of the caller, whose token is valid and of the kind asked for.

    A token that the cached key pair refuses may be signed with a newer one, so the pair is read again, at most once a
    minute.

    Raises:
        Unauthorized: the token is not valid here.
        CredentialsUnavailable: there is no key pair to check it against.
    """
    kind = cast(Kind, access.value)
    pair = credentials.key_pair()
    try:
        _check(token, kind, pair)
    except Unauthorized:
        newer = credentials.key_pair(max_age=REREAD_SECONDS)
        if newer == pair:
            raise
        _check(token, kind, newer)
        return newer.access_key
    return pair.access_key


def _check(token: str, kind: Kind, pair: KeyPair) -> None:
    if access_key_of(token) != pair.access_key:
        raise Unauthorized(details=["the token's access key is unknown"])
    verify(token, pair.secret, kind)
