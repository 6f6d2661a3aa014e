"""The custom domain of template.yaml and domain.yaml, and the outputs that follow it."""

import json
import re
from typing import Any, cast

import pytest
from samtranslator.yaml_helper import yaml_parse

from tests.http_api import ROOT, template
from tests.support.sam_transform import resources, transformed

DOMAIN = cast(dict[str, Any], yaml_parse((ROOT / "domain.yaml").read_text()))
(PASSED,) = (
    stack["Properties"]["Parameters"]
    for stack in resources("AWS::CloudFormation::Stack").values()
    if stack["Properties"]["TemplateURL"] == "domain.yaml"
)
URL = {
    "Fn::If": ["DomainEnabled", {"Fn::GetAtt": ["DomainStack", "Outputs.Url"]}, {"Fn::GetAtt": ["Api", "ApiEndpoint"]}]
}


def test_the_nested_stack_gets_what_it_declares_and_needs_no_further_capability() -> None:
    assert {name: {"Ref": name} for name in DOMAIN["Parameters"]} == PASSED
    assert "Transform" not in DOMAIN
    kinds = {resource["Type"] for resource in DOMAIN["Resources"].values()}
    assert kinds == {"AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping", "AWS::Route53::RecordSet"}


def test_the_domain_is_mapped_to_the_stage_that_exists_before_it() -> None:
    stack = resources("AWS::CloudFormation::Stack")["DomainStack"]
    stage = resources("AWS::ApiGatewayV2::Stage")[stack["DependsOn"]]
    mapping = DOMAIN["Resources"]["ApiMapping"]["Properties"]
    assert mapping["Stage"] == stage["Properties"]["StageName"] == "$default"
    assert mapping["ApiId"] == {"Ref": "Api"}
    assert mapping["ApiMappingKey"]["Fn::If"][:2] == ["BasePathEnabled", {"Ref": "BasePath"}]


def test_the_record_points_to_the_domain_of_api_gateway_and_is_optional() -> None:
    record = DOMAIN["Resources"]["Record"]
    assert record["Condition"] == "RecordEnabled"
    assert record["Properties"]["AliasTarget"] == {
        "DNSName": {"Fn::GetAtt": ["DomainName", "RegionalDomainName"]},
        "HostedZoneId": {"Fn::GetAtt": ["DomainName", "RegionalHostedZoneId"]},
    }


def test_the_outputs_name_the_domain_if_there_is_one() -> None:
    outputs = template()["Outputs"]
    assert outputs["Endpoint"]["Value"] == URL
    assert outputs["V2Endpoint"]["Value"] == {"Fn::Join": ["/", [URL, "v2"]]}
    assert outputs["WebhookUrl"]["Value"] == {"Fn::Join": ["/", [URL, "webhooks"]]}
    assert outputs["DomainTarget"]["Condition"] == "DomainEnabled"


def test_the_own_address_of_the_api_is_only_switched_off_together_with_a_domain() -> None:
    (server,) = transformed()["Resources"]["Api"]["Properties"]["Body"]["servers"]
    switch = server["x-amazon-apigateway-endpoint-configuration"]["disableExecuteApiEndpoint"]
    assert switch == {"Fn::If": ["ExecuteApiEndpointDisabled", True, False]}
    rule = json.dumps(template()["Rules"]["DomainParametersComplete"])
    assert set(re.findall(r'"Ref": "(\w+)"', rule)) == {"Domain", "CertificateArn", "DisableExecuteApiEndpoint"}


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        (
            "Domain",
            ["", "api.example.com", "a-b.example.co.uk"],
            ["API.example.com", "https://api.example.com", "api", "a/b.c"],
        ),
        (
            "CertificateArn",
            [
                "",
                "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-aaaa",
                "arn:aws-us-gov:acm:r:1:certificate/a",
            ],
            ["certificate/1", "arn:aws:iam::1:server-certificate/a"],
        ),
        ("HostedZoneId", ["", "Z0123456789ABC"], ["/hostedzone/Z01", "example.com"]),
    ],
)
def test_a_parameter_of_the_domain_takes_what_works(parameter: str, good: list[str], bad: list[str]) -> None:
    pattern = re.compile(template()["Parameters"][parameter]["AllowedPattern"])
    assert all(map(pattern.fullmatch, good))
    assert not any(map(pattern.fullmatch, bad))
