"""The AWS clients in these tests."""

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_ssm import SSMClient


def test_it_has_the_limits_of_aws(ssm: SSMClient) -> None:
    ssm.put_parameter(Name="/hms/long", Value="x" * 4096, Type="String")
    with pytest.raises(ClientError, match="maximum parameter value of 4096 characters"):
        ssm.put_parameter(Name="/hms/longer", Value="x" * 4097, Type="String")
