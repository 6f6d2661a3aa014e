"""`python -m tools.keys create|list|audit|revoke|rotate`: manage client keys and their master."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hms.settings import Settings
from tools.aws import open_session
from tools.keys.audit import audit_keys
from tools.keys.commands import create_key, list_keys, revoke_key, rotate_master
from tools.keys.parameters import KeyParameters
from tools.keys.registry import Registry, find_table
from tools.samconfig import read_stack_name

if TYPE_CHECKING:
    import boto3


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    try:
        session = open_session()
        parameters = KeyParameters(session.client("ssm"), options.prefix.rstrip("/"))
        registry = Registry(find_table(session, options.stage))
        if options.command == "audit":
            unknown = _audit(session, registry, options)
            print("\n".join(unknown) or "every client key in the logs is registered")
            sys.exit(bool(unknown))
        print("\n".join(_run(options, parameters, registry)))
    except (ValueError, BotoCoreError, ClientError) as error:
        sys.exit(str(error))


def _audit(session: "boto3.Session", registry: Registry, options: argparse.Namespace) -> list[str]:
    if not options.stage:
        raise ValueError("audit: needs a deployed stack, because the local stack has no logs in CloudWatch")
    return list(audit_keys(session.client("logs"), registry, read_stack_name(options.stage), options.days))


def _run(options: argparse.Namespace, parameters: KeyParameters, registry: Registry) -> list[str]:
    if options.command == "create":
        access_key, secret = create_key(
            parameters,
            registry,
            name=options.name,
            scopes=options.scopes,
            roles=options.roles,
            rooms=options.rooms,
            days=options.days,
        )
        return [f"HMS_ACCESS_KEY={access_key}", f"HMS_SECRET={secret}"]
    if options.command == "list":
        return list(list_keys(parameters, registry)) or ["no keys"]
    if options.command == "revoke":
        return revoke_key(parameters, registry, options.key)
    return [rotate_master(parameters, registry, options.step)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.keys", description=__doc__)
    parser.add_argument("--prefix", default=Settings.from_environment().parameter_prefix, help="SSM path [%(default)s]")
    parser.add_argument("--stage", default="", help="stage in samconfig.toml (default: the local stack)")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="create a key and print its access key and secret once")
    create.add_argument("--name", required=True, help="name of the key's owner")
    create.add_argument(
        "--scopes", required=True, type=_split_names, help="comma-separated scopes: rooms:read,tokens:write or *"
    )
    create.add_argument(
        "--roles", default=[], type=_split_names, help="comma-separated roles for join tokens (default: any role)"
    )
    create.add_argument(
        "--rooms", default=[], type=_split_names, help="comma-separated room IDs for join tokens (default: any room)"
    )
    create.add_argument("--days", default=365, type=int, help="days until the key expires [%(default)s]")
    commands.add_parser("list", help="list the keys without their secrets")
    audit = commands.add_parser("audit", help="list the keys in the logs that are not registered; exit with 1 if any")
    audit.add_argument("--days", default=30, type=int, help="days of logs to read [%(default)s]")
    revoke = commands.add_parser("revoke", help="revoke a key")
    revoke.add_argument("key", help="id, name or access key, or * for all keys")
    rotate = commands.add_parser("rotate", help="replace the master")
    rotate.add_argument("step", choices=["start", "finish", "now"], help="now: after a leak, without an overlap")
    return parser


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


if __name__ == "__main__":
    main()
