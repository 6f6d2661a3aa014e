"""template.yaml after SAM's transform, as CloudFormation receives it."""

import copy
from functools import cache
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tests.http_api import template


def transform(packaged: dict[str, Any]) -> dict[str, Any]:
    """Transform a template whose code is on S3."""
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="us-east-1"))
    result: dict[str, Any] = translator.translate(copy.deepcopy(packaged), {})
    return result


def packaged() -> dict[str, Any]:
    """Return template.yaml as if its code were on S3."""
    template_ = copy.deepcopy(template())
    for resource in template_["Resources"].values():
        for code in {"CodeUri", "ContentUri"} & resource["Properties"].keys():
            resource["Properties"][code] = "s3://bucket/key"
    return template_


@cache
def transformed() -> dict[str, Any]:
    """Return the transformed template.yaml."""
    return transform(packaged())


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Return the transformed template's resources of a type, by logical ID."""
    return {name: resource for name, resource in transformed()["Resources"].items() if resource["Type"] == kind}
