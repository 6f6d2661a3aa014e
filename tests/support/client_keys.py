"""Client keys for tests, made from the master in SSM, without a registry."""

import secrets
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hms_service.auth.client_keys import ClientKey, derive_secret, encode_access_key
from tools.keys.parameters import KeyParameters

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

MASTER = "M" * 43
KeyPair = tuple[str, str]


def members(**changes: Any) -> dict[str, Any]:
    """Return the members of a valid grant, with changes."""
    now = int(time.time())
    key_id = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(8))
    return {"id": key_id, "name": "test", "scopes": ["*"], "iat": now, "exp": now + 3600} | changes


def make_key(master: str = MASTER, **changes: Any) -> KeyPair:
    """Return the access key and the secret of a grant under a master."""
    access_key = encode_access_key(master, members(**changes))
    return access_key, derive_secret(master, access_key)


def create_key(ssm: "SSMClient", prefix: str, name: str, scopes: Sequence[str], **limits: Sequence[str]) -> KeyPair:
    """Return a client key that functions accept."""
    parameters = KeyParameters(ssm, prefix)
    (master, *_) = parameters.create_master()
    return make_key(master, name=name, scopes=list(scopes), **{limit: list(values) for limit, values in limits.items()})


def revoke(ssm: "SSMClient", prefix: str, access_key: str) -> None:
    """Add a client key to the revoked ones."""
    parameters = KeyParameters(ssm, prefix)
    lists = parameters.read_revoked()
    ids = {id_ for revoked in lists for id_ in revoked.ids} | {ClientKey.from_access_key(access_key).id}
    assert parameters.write_revoked(ids, lists)
