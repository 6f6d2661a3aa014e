"""`python -m tools.keys create|list|revoke`: manage client keys in SSM Parameter Store."""

import argparse
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from hms.settings import Settings
from hms_service.auth.scopes import Grant

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def create(
    ssm: "SSMClient", prefix: str, name: str, scopes: Sequence[str], roles: Sequence[str], rooms: Sequence[str]
) -> tuple[str, str]:
    """Create a client key and return its access key and secret. The secret is not shown again.

    Args:
        ssm: boto3's SSM client.
        prefix: SSM path of the credentials.
        name: name of the key's owner, for `list`.
        scopes: scopes of the key.
        roles: roles that the key can create join tokens for; empty means any role.
        rooms: IDs of the rooms that the key can create join tokens for; empty means any room.

    Raises:
        ValueError: the scopes are empty or unknown, or cannot be combined with the limits.
    """
    Grant.from_scopes(scopes, roles or None, rooms or None)
    access_key, secret = secrets.token_hex(12), secrets.token_urlsafe(48)
    record: dict[str, Any] = {"name": name, "secret": secret, "scopes": list(scopes)}
    limits = {"roles": list(roles), "rooms": list(rooms)}
    record |= {limit: values for limit, values in limits.items() if values}
    ssm.put_parameter(
        Name=f"{prefix}/clients/{access_key}", Value=json.dumps(record, allow_nan=False), Type="SecureString"
    )
    return access_key, secret


def list_keys(ssm: "SSMClient", prefix: str) -> Iterator[str]:
    """Yield a line per key: access key, time of creation, name, scopes and limits. Secrets are not shown."""
    for page in ssm.get_paginator("get_parameters_by_path").paginate(Path=f"{prefix}/clients", WithDecryption=True):
        for parameter in page["Parameters"]:
            access_key = parameter["Name"].rpartition("/")[2]
            record = json.loads(parameter["Value"])
            limits = [f"{limit}={','.join(record[limit])}" for limit in ("roles", "rooms") if limit in record]
            created_at = f"{parameter['LastModifiedDate']:%Y-%m-%d %H:%M}"
            yield "  ".join([access_key, created_at, record.get("name", ""), ",".join(record["scopes"]), *limits])


def revoke(ssm: "SSMClient", prefix: str, access_key: str) -> None:
    """Delete a client key. Functions reject it within one minute."""
    ssm.delete_parameter(Name=f"{prefix}/clients/{access_key}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    prefix = options.prefix.rstrip("/")
    try:
        ssm = boto3.client("ssm")
        if options.command == "create":
            access_key, secret = create(ssm, prefix, options.name, options.scopes, options.roles, options.rooms)
            print(f"HMS_ACCESS_KEY={access_key}\nHMS_SECRET={secret}")
        elif options.command == "list":
            print("\n".join(list_keys(ssm, prefix)))
        else:
            revoke(ssm, prefix, options.access_key)
    except (ValueError, BotoCoreError, ClientError) as error:
        sys.exit(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.keys", description=__doc__)
    parser.add_argument("--prefix", default=Settings.from_environment().parameter_prefix, help="SSM path [%(default)s]")
    commands = parser.add_subparsers(dest="command", required=True)
    create_parser = commands.add_parser("create", help="create a key and print its access key and secret once")
    create_parser.add_argument("--name", required=True, help="name of the key's owner")
    create_parser.add_argument(
        "--scopes",
        required=True,
        type=_split_names,
        help="comma-separated scopes: rooms:read,tokens:write or *",
    )
    create_parser.add_argument(
        "--roles", default=[], type=_split_names, help="comma-separated roles for join tokens (default: any role)"
    )
    create_parser.add_argument(
        "--rooms", default=[], type=_split_names, help="comma-separated room IDs for join tokens (default: any room)"
    )
    commands.add_parser("list", help="list the keys without their secrets")
    revoke_parser = commands.add_parser("revoke", help="delete a key")
    revoke_parser.add_argument("access_key")
    return parser


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


if __name__ == "__main__":
    main()
