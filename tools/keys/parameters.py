"""The parameters that functions read: the master of client keys, and the lists of revoked ids."""

import secrets
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from hms_service.auth.client_keys import (
    ALL_REVOKED,
    ID,
    MASTER_PARAMETER,
    NONE_REVOKED,
    REVOKED_PARAMETERS,
    parse_masters,
)

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_ssm.literals import ParameterTypeType

IDS_PER_PARAMETER = 455
"""A String holds 4,096 bytes, and an id with its comma 9."""


class RevokedList(NamedTuple):
    """A parameter with revoked ids. Its version is 0 if it does not exist."""

    name: str
    ids: frozenset[str]
    version: int


class KeyParameters:
    """The parameters under one prefix.

    Args:
        ssm: boto3's SSM client.
        prefix: SSM path of the credentials.
    """

    def __init__(self, ssm: "SSMClient", prefix: str) -> None:
        self._ssm = ssm
        self._prefix = prefix

    def read_masters(self) -> list[str]:
        """Return the masters, the newest first. Empty if there is none.

        Raises:
            ValueError: The parameter is malformed.
        """
        name = f"{self._prefix}/{MASTER_PARAMETER}"
        found = self._ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
        try:
            return parse_masters(found[0]["Value"]) if found else []
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None

    def read_master_version(self) -> int:
        """Return the version of the parameter with the masters. 0 if there is none."""
        found = self._ssm.get_parameters(Names=[f"{self._prefix}/{MASTER_PARAMETER}"])["Parameters"]
        return found[0]["Version"] if found else 0

    def create_master(self) -> list[str]:
        """Create the first master and an empty list of revoked ids, if there is no master. Return the masters.

        The list comes first, because functions answer 503 to client keys if they find a master without it. If only the
        list is missing, its ids are lost, and an empty list would accept revoked keys.
        """
        masters = self.read_masters()
        if masters:
            return masters
        self._create(REVOKED_PARAMETERS[0], NONE_REVOKED, "String")
        self._create(MASTER_PARAMETER, generate_master(), "SecureString")
        return self.read_masters()

    def replace_masters(self, masters: Sequence[str], version: int) -> None:
        """Store the masters, the newest first.

        Args:
            masters: the masters.
            version: version of the parameter before the previous masters were read.

        Raises:
            ValueError: Another command has changed the masters meanwhile. Its change is lost.
        """
        name = f"{self._prefix}/{MASTER_PARAMETER}"
        response = self._ssm.put_parameter(Name=name, Value=",".join(masters), Type="SecureString", Overwrite=True)
        if response["Version"] != version + 1:
            raise ValueError(
                "another command changed the master at the same time, and its change is lost; "
                "run make rotate STEP=now, and create new keys"
            )

    def read_revoked(self) -> list["RevokedList"]:
        """Return the lists of revoked ids, without malformed ids. A missing list is empty."""
        names = {f"{self._prefix}/{name}": name for name in REVOKED_PARAMETERS}
        found = {parameter["Name"]: parameter for parameter in self._ssm.get_parameters(Names=[*names])["Parameters"]}
        return [
            RevokedList(name, _parse_ids(found[name]["Value"]), found[name]["Version"])
            if name in found
            else RevokedList(name, frozenset(), 0)
            for name in names
        ]

    def write_revoked(self, ids: Collection[str], lists: Sequence["RevokedList"]) -> bool:
        """Store the revoked ids. An id stays in its list, so that it is never missing between two writes.

        Args:
            ids: all revoked ids.
            lists: the lists as they were read before the ids.

        Returns:
            False if another command has changed a list meanwhile.

        Raises:
            ValueError: There are too many ids.
        """
        new = sorted(set(ids).difference(*(revoked.ids for revoked in lists)))
        is_current = True
        for revoked in lists:
            kept = revoked.ids & set(ids)
            room = IDS_PER_PARAMETER - len(kept)
            value = ",".join(sorted({*kept, *new[:room]})) or NONE_REVOKED
            new = new[room:]
            if revoked.version == 0 and value == NONE_REVOKED and revoked is not lists[0]:
                continue
            response = self._ssm.put_parameter(Name=revoked.name, Value=value, Type="String", Overwrite=True)
            is_current = is_current and response["Version"] == revoked.version + 1
        if new:
            limit = len(lists) * IDS_PER_PARAMETER
            raise ValueError(
                f"more than {limit} keys are revoked, and {len(new)} of them still work; rotate the master"
            )
        return is_current

    def _create(self, name: str, value: str, type_: "ParameterTypeType") -> None:
        try:
            self._ssm.put_parameter(Name=f"{self._prefix}/{name}", Value=value, Type=type_)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterAlreadyExists":
                raise

    def list_stored_keys(self) -> list[str]:
        """Return the access keys of an earlier version, which stored each key as a parameter. They do not work."""
        pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=f"{self._prefix}/clients")
        return [parameter["Name"].rpartition("/")[2] for page in pages for parameter in page["Parameters"]]


def generate_master() -> str:
    """Return a new master: 32 random bytes in base64url."""
    return secrets.token_urlsafe(32)


def merge_ids(lists: Sequence[RevokedList]) -> frozenset[str]:
    """Return the ids of all lists."""
    return frozenset().union(*(revoked.ids for revoked in lists))


def _parse_ids(text: str) -> frozenset[str]:
    return frozenset(id_ for id_ in map(str.strip, text.split(",")) if id_ == ALL_REVOKED or ID.fullmatch(id_))
