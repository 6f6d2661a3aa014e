"""Client keys: key pairs with limited permissions, which are derived from a master and not stored.

The access key carries the grant. The secret is an HMAC of the access key under the master
(docs/decisions/derived-client-keys.md).
"""

import hashlib
import hmac
import json
import math
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from jwt.utils import base64url_decode

from hms.errors import BadRequestError, CredentialsUnavailableError, UnauthorizedError
from hms.parameters import Parameters
from hms.strict_json import parse
from hms.tokens import LEEWAY_SECONDS
from hms_service.auth.scopes import Grant

PREFIX: Final = "hk1."
MAX_LENGTH = 1_024
ACCESS_KEY = re.compile(r"hk1\.(?P<kid>[A-Za-z0-9_-]{4})\.(?P<grant>[A-Za-z0-9_-]+)")
MASTER = re.compile(r"[A-Za-z0-9_-]{43}")
NAME = re.compile(r"[A-Za-z0-9._-]{1,32}")
ID = re.compile(r"[a-z2-7]{8}")
MEMBERS = frozenset({"id", "name", "scopes", "iat", "exp"})
LIMITS = frozenset({"roles", "rooms"})
MAX_LIFETIME_SECONDS = 2 * 366 * 86_400
MASTER_PARAMETER = "client_key_master"
REVOKED_PARAMETERS = tuple(f"revoked_client_keys_{number}" for number in range(1, 5))
NONE_REVOKED, ALL_REVOKED = "none", "*"
REFRESH_SECONDS = 60
INVALID = "the token is not valid"


@dataclass(frozen=True, slots=True)
class ClientKey:
    """What a client key's access key carries.

    Attributes:
        id: unique id, which revokes the key.
        name: name of its owner.
        grant: its permissions.
        issued_at: time of creation, in Unix seconds.
        expires_at: expiry, in Unix seconds.
    """

    id: str
    name: str
    grant: Grant
    issued_at: int
    expires_at: int

    @classmethod
    def from_access_key(cls, access_key: str) -> Self:
        """Read an access key. Call it only after the signature is verified.

        Raises:
            ValueError: The access key is malformed. Unknown members are an error, since they may be restrictions.
        """
        match = ACCESS_KEY.fullmatch(access_key)
        if match is None or len(access_key) > MAX_LENGTH:
            raise ValueError("must be a client key")
        try:
            members = parse(base64url_decode(match["grant"]))
        except BadRequestError:
            raise ValueError("must carry JSON") from None
        if not isinstance(members, dict) or not MEMBERS <= members.keys() <= MEMBERS | LIMITS:
            raise ValueError("must have the members of a client key")
        return cls.from_members(members)

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> Self:
        """Check the members of a grant.

        Raises:
            ValueError: A member is missing, has the wrong type or is out of range.
        """
        id_, name, issued_at, expires_at = (members[member] for member in ("id", "name", "iat", "exp"))
        if not isinstance(id_, str) or not ID.fullmatch(id_):
            raise ValueError("id: must be 8 characters of a-z and 2-7")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ValueError("name: must be 1 to 32 letters, digits, dots, underscores or hyphens")
        if type(issued_at) is not int or type(expires_at) is not int:
            raise ValueError("iat and exp: must be integers")
        if not 0 < expires_at - issued_at <= MAX_LIFETIME_SECONDS:
            raise ValueError("exp: must be at most two years after iat")
        for member in members.keys() & {"scopes", *LIMITS}:
            values = members[member]
            if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
                raise ValueError(f"{member}: must be a list of strings that is not empty")
        grant = Grant.from_scopes(members["scopes"], members.get("roles"), members.get("rooms"))
        return cls(id_, name, grant, issued_at, expires_at)


def encode_access_key(master: str, members: Mapping[str, Any]) -> str:
    """Return the access key of a grant.

    Raises:
        ValueError: The grant is invalid, or its access key is too long for a header.
    """
    ClientKey.from_members(members)
    grant = json.dumps(members, separators=(",", ":")).encode()
    access_key = f"{PREFIX}{derive_key_id(master)}.{_encode_base64(grant)}"
    if len(access_key) > MAX_LENGTH:
        raise ValueError(f"the access key would be longer than {MAX_LENGTH} characters; use fewer roles or rooms")
    return access_key


def derive_secret(master: str, access_key: str) -> str:
    """Return the secret of an access key."""
    return _encode_base64(hmac.digest(master.encode(), b"hms-client-key-v1\0" + access_key.encode(), hashlib.sha256))


def derive_key_id(master: str) -> str:
    """Return the short id of a master, which access keys carry."""
    return _encode_base64(hashlib.sha256(b"hms-kid\0" + master.encode()).digest())[:4]


def parse_masters(text: str) -> list[str]:
    """Return the masters of the parameter `client_key_master`: one, or two during a rotation, the newest first.

    Raises:
        ValueError: The text is malformed.
    """
    masters = [master.strip() for master in text.split(",")]
    if len(masters) > 2 or not all(map(MASTER.fullmatch, masters)):
        raise ValueError("must be one value of 43 base64url characters, or two separated by a comma")
    return masters


def parse_revoked(text: str) -> frozenset[str]:
    """Return the ids in a parameter `revoked_client_keys_<n>`: comma-separated, `none`, or `*` for all keys.

    Raises:
        ValueError: The text is malformed.
    """
    ids = frozenset(id_.strip() for id_ in text.split(","))
    if not all(id_ in (NONE_REVOKED, ALL_REVOKED) or ID.fullmatch(id_) for id_ in ids):
        raise ValueError(f"must be ids separated by commas, {NONE_REVOKED} or {ALL_REVOKED}")
    return ids - {NONE_REVOKED}


class ClientKeys:
    """Derives secrets of client keys, and knows the revoked keys.

    A revoked key is rejected within 60 seconds, or within 120 seconds while SSM fails. After that, every client key
    gets 503 until SSM works again.

    Args:
        parameters: reads the master and the lists of revoked ids.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._revoked: frozenset[str] = frozenset()
        self._revoked_source: Mapping[str, str] | None = None
        parameters.add([MASTER_PARAMETER], REVOKED_PARAMETERS)

    def derive_secret(self, access_key: str) -> str:
        """Return the secret of an access key, whose grant is not verified.

        Raises:
            UnauthorizedError: The access key is malformed, or its master is unknown.
            CredentialsUnavailableError: The master cannot be read, or it is malformed.
        """
        match = ACCESS_KEY.fullmatch(access_key)
        if match is None or len(access_key) > MAX_LENGTH:
            raise UnauthorizedError(details=[INVALID])
        masters = self._read_masters()
        if match["kid"] not in masters:
            masters = self._read_masters(REFRESH_SECONDS)
        if match["kid"] not in masters:
            raise UnauthorizedError(details=[INVALID])
        return derive_secret(masters[match["kid"]], access_key)

    def read(self, access_key: str) -> ClientKey:
        """Return the client key of an access key whose signature is verified.

        Raises:
            UnauthorizedError: The grant is malformed or has expired, or the key is revoked.
            CredentialsUnavailableError: The list of revoked ids cannot be read.
        """
        try:
            key = ClientKey.from_access_key(access_key)
        except ValueError:
            raise UnauthorizedError(details=["the client key is not valid"]) from None
        if key.expires_at + LEEWAY_SECONDS <= time.time():
            raise UnauthorizedError(details=["the client key has expired"])
        self.check_revoked(key.id)
        return key

    def check_revoked(self, key_id: str) -> None:
        """Check that the key is not revoked.

        Raises:
            UnauthorizedError: The key is revoked.
            CredentialsUnavailableError: The list of revoked ids cannot be read.
        """
        source = self._parameters.get_plain()
        if source is not self._revoked_source:
            self._revoked, self._revoked_source = _parse_all_revoked(source), source
        if key_id in self._revoked or ALL_REVOKED in self._revoked:
            raise UnauthorizedError(details=["the client key is revoked"])

    def _read_masters(self, max_age: float = math.inf) -> dict[str, str]:
        """Return the masters by their short ids. Without the parameter, there are none."""
        others = dict(self._parameters.get_secure(max_age))
        text = others.pop(MASTER_PARAMETER, None)
        if text is None:
            return {}
        try:
            masters = parse_masters(text)
            if not set(masters).isdisjoint(others.values()):
                raise ValueError("must differ from every other secret")
            return {derive_key_id(master): master for master in masters}
        except ValueError as error:
            raise CredentialsUnavailableError(reason=f"{MASTER_PARAMETER}: {error}") from None


def _parse_all_revoked(lists: Mapping[str, str]) -> frozenset[str]:
    if REVOKED_PARAMETERS[0] not in lists:
        raise CredentialsUnavailableError(reason=f"missing SSM parameter: {REVOKED_PARAMETERS[0]}")
    try:
        return frozenset().union(*map(parse_revoked, lists.values()))
    except ValueError as error:
        raise CredentialsUnavailableError(reason=f"revoked client keys: {error}") from None


def _encode_base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
