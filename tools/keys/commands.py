"""What the commands do: create, list and revoke keys, and rotate their master."""

import secrets
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from hms_service.auth.client_keys import (
    ALL_REVOKED,
    ID,
    PREFIX,
    ClientKey,
    derive_key_id,
    derive_secret,
    encode_access_key,
)
from tools.keys.parameters import KeyParameters, generate_master, merge_ids
from tools.keys.registry import IssuedKey, Registry

ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 8
DAY_SECONDS = 86_400
MAX_ATTEMPTS = 5
RotationStep = Literal["start", "finish", "now"]


def create_key(
    parameters: KeyParameters,
    registry: Registry,
    *,
    name: str,
    scopes: Sequence[str],
    roles: Sequence[str] = (),
    rooms: Sequence[str] = (),
    days: int = 365,
) -> tuple[str, str]:
    """Create a client key and return its access key and secret. The secret is stored nowhere.

    The first key also creates the master.

    Args:
        parameters: the parameters that functions read.
        registry: the issued keys.
        name: name of the key's owner, 1 to 32 letters, digits, dots, underscores or hyphens.
        scopes: scopes of the key.
        roles: roles that the key can create join tokens for; empty: any role.
        rooms: ids of the rooms that the key can create join tokens for; empty: any room.
        days: days until the key expires, 1 to 732.

    Raises:
        ValueError: An argument is invalid, the key would be too long, or all keys are revoked.
    """
    now = int(time.time())
    members: dict[str, Any] = {
        "id": _generate_id(),
        "name": name,
        "scopes": list(scopes),
        **{member: list(values) for member, values in {"roles": roles, "rooms": rooms}.items() if values},
        "iat": now,
        "exp": now + days * DAY_SECONDS,
    }
    encode_access_key(generate_master(), members)  # refuses an invalid key before anything is stored
    masters = parameters.create_master()
    lists = parameters.read_revoked()
    if ALL_REVOKED in merge_ids(lists):
        raise ValueError("all client keys are revoked; run make rotate STEP=now first")
    if not lists[0].version:
        publish_revoked(parameters, registry)  # functions answer 503 to client keys without the list
    while not registry.add(members, derive_key_id(masters[0])):
        members["id"] = _generate_id()
    access_key = encode_access_key(masters[0], members)
    return access_key, derive_secret(masters[0], access_key)


def list_keys(parameters: KeyParameters, registry: Registry) -> Iterator[str]:
    """Yield a line per key: id, status, expiry, name, scopes and limits. The newest come first."""
    key_ids = [derive_key_id(master) for master in parameters.read_masters()]
    listed = merge_ids(parameters.read_revoked())
    for key in sorted(registry, key=lambda key: key.issued_at, reverse=True):
        limits = {"roles": key.roles, "rooms": key.rooms}
        yield "  ".join(
            [
                key.id.ljust(ID_LENGTH),
                _find_status(key, key_ids, listed).ljust(len("master changed")),
                f"expires {datetime.fromtimestamp(key.expires_at, UTC):%Y-%m-%d}",
                key.name,
                ",".join(key.scopes),
                *(f"{limit}={','.join(values)}" for limit, values in limits.items() if values),
            ]
        )
    for access_key in parameters.list_stored_keys():
        yield f"{access_key}  old: does not work in this version; create a new key, then delete its parameter"


def revoke_key(parameters: KeyParameters, registry: Registry, text: str) -> list[str]:
    """Revoke a key and return lines about it. Functions reject it within 60 seconds.

    Args:
        parameters: the parameters that functions read.
        registry: the issued keys.
        text: id, name or access key of the key, or `*` for all keys.

    Raises:
        ValueError: There is no such key, or several have this name.
    """
    id_ = _find_id(registry, text)
    is_registered = registry.mark_revoked(id_)
    publish_revoked(parameters, registry)
    lines = [f"revoked {id_}; functions reject it within 60 seconds"]
    if not is_registered and id_ != ALL_REVOKED:
        lines.append(f"warning: no issued key has the id or name {id_}; check it with make keys")
    return lines


def publish_revoked(parameters: KeyParameters, registry: Registry, *, ended: Collection[str] = ()) -> None:
    """Write the revoked ids of the registry into the parameters, without those of expired keys.

    Ids that the registry does not know stay in the lists. Another stack with the same prefix, or the table of a deleted
    stack, may know them. Two commands can write at the same time. The second one notices it by the version and writes
    again.

    Args:
        parameters: the parameters that functions read.
        registry: the issued keys.
        ended: ids to remove, although the registry does not know them.

    Raises:
        ValueError: There are too many ids, or other commands kept writing.
    """
    for _ in range(MAX_ATTEMPTS):
        lists = parameters.read_revoked()
        key_ids = [derive_key_id(master) for master in parameters.read_masters()]
        keys = list(registry)
        revoked = {key.id for key in keys if key.is_revoked and _works_unless_listed(key, key_ids)}
        unknown = merge_ids(lists).difference(ended, (key.id for key in keys))
        if parameters.write_revoked(revoked | unknown, lists):
            return
    raise ValueError("other commands write the revoked keys at the same time; try again")


def rotate_master(parameters: KeyParameters, registry: Registry, step: RotationStep) -> str:
    """Replace the master. Every client key changes with it.

    Args:
        parameters: the parameters that functions read.
        registry: the issued keys.
        step: `start` adds a new master, `finish` removes the old one, `now` replaces it at once after a leak.

    Returns:
        What to do next.

    Raises:
        ValueError: There is no master, the step does not fit its state, or another command changed it too.
    """
    version = parameters.read_master_version()
    masters = parameters.read_masters()
    if not masters:
        raise ValueError("there is no master to rotate; create the first key with make key")
    if step == "start":
        if len(masters) > 1:
            raise ValueError("a rotation has started already; finish it with STEP=finish")
        parameters.replace_masters([generate_master(), *masters], version)
        return "Wait 5 minutes. Then replace every key, and run make rotate STEP=finish."
    if step == "finish":
        if len(masters) == 1:
            raise ValueError("no rotation has started; begin with STEP=start")
        parameters.replace_masters(masters[:1], version)
    else:
        parameters.replace_masters([generate_master()], version)
        registry.remove(ALL_REVOKED)
    publish_revoked(parameters, registry, ended=() if step == "finish" else (ALL_REVOKED,))
    return "Keys of the old master are rejected within 5 minutes."


def _find_id(registry: Registry, text: str) -> str:
    if not text:
        raise ValueError("KEY: is required")
    if text == ALL_REVOKED:
        return text
    if text.startswith(PREFIX):
        return ClientKey.from_access_key(text).id
    ids = registry.find(text)
    if len(ids) == 1:
        return ids[0]
    if not ids and ID.fullmatch(text):
        return text
    raise ValueError(f"KEY: {'several keys have' if ids else 'no key has'} this name; use the id that make keys shows")


def _works_unless_listed(key: IssuedKey, key_ids: Collection[str]) -> bool:
    """Return False if the key has expired, or its master has changed. The master of unregistered keys is unknown."""
    return not key.is_expired and (not key.key_id or key.key_id in key_ids)


def _find_status(key: IssuedKey, key_ids: Sequence[str], listed: Collection[str]) -> str:
    if key.is_revoked:
        return "revoke again" if _works_unless_listed(key, key_ids) and key.id not in listed else "revoked"
    if key.is_expired:
        return "expired"
    return "active" if key.key_id in key_ids else "master changed"


def _generate_id() -> str:
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))
