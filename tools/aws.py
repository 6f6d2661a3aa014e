"""The AWS account and region of the commands.

All commands use the region of `AWS_REGION`, else of `AWS_DEFAULT_REGION`, else of the AWS profile.
`python -m tools.aws` prints it for SAM CLI, which does not read `AWS_REGION`.
"""

import os
import sys
from collections.abc import Mapping

import boto3
import botocore.session
from botocore.exceptions import BotoCoreError

HIGH_THROUGHPUT = "/ssm/parameter-store/high-throughput-enabled"


def find_region(environment: Mapping[str, str] = os.environ) -> str:
    """Return the region. Empty variables do not count.

    Raises:
        ValueError: Neither the variables nor the profile have a region.
        BotoCoreError: There is no such profile.
    """
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    region = region or botocore.session.Session().get_scoped_config().get("region")
    if not region:
        raise ValueError("AWS_REGION: is required, because the AWS profile has no region")
    return str(region)


def open_session() -> boto3.Session:
    """Return a session. Prints its account and region to standard error, before a command changes anything.

    Raises:
        ValueError: There is no region.
        BotoCoreError, ClientError: AWS is not reachable, or does not accept the credentials.
    """
    session = boto3.Session(region_name=find_region())
    account = session.client("sts").get_caller_identity()["Account"]
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    address = f", at {endpoint}" if endpoint else ""
    print(f"AWS account {account}, region {session.region_name}{address}", file=sys.stderr, flush=True)
    return session


def describe_throughput(session: boto3.Session) -> str:
    """Return whether SSM accepts more than 40 reads a second."""
    setting = session.client("ssm").get_service_setting(SettingId=HIGH_THROUGHPUT)["ServiceSetting"]
    if setting["SettingValue"] == "true":
        return f"{HIGH_THROUGHPUT} is on"
    return f"{HIGH_THROUGHPUT} is off: 40 reads a second, enough for 100 cold containers (docs/scale.md)"


def main() -> None:
    """Print the region."""
    try:
        print(find_region())
    except (ValueError, BotoCoreError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
