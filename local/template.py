"""Reads template.yaml with SAM CLI: the API, the functions, their event source mappings and other resources."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.provider import Api, Cors
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

from local.event_source_mappings import EventSourceMapping
from local.settings import StartupError

NAME_PROPERTIES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Archive": "ArchiveName",
    "AWS::Events::EventBus": "Name",
    "AWS::SQS::Queue": "QueueName",
}
"""The name property of each resource type. SAM CLI resolves `!Ref` to the logical ID, so it becomes the name."""
UNNAMED_TYPES = frozenset({"AWS::Events::Rule", "AWS::Logs::LogGroup"})


class Template:
    """A SAM template.

    Args:
        path: the template's file.
        parameters: values that replace defaults of its parameters.

    Raises:
        StartupError: the template has no such parameter, or the value is not allowed.

    Attributes:
        api: the HTTP API, for SAM CLI's local API Gateway.
        exposed_headers: headers that the CORS configuration exposes, separated by commas. SAM CLI does not know them.
        functions: SAM CLI's provider of functions by logical ID.
        parameter_prefix: prefix of the SSM parameters.
        mappings: the functions' SQS event source mappings.
        parameters: values that replace defaults of the template's parameters.
        resources: a CloudFormation template with the tables, queues, buses, archives, rules and log groups.
    """

    api: Api
    exposed_headers: str
    functions: SamFunctionProvider
    parameter_prefix: str
    mappings: list[EventSourceMapping]
    resources: dict[str, Any]

    def __init__(self, path: Path, parameters: Mapping[str, str] = MappingProxyType({})) -> None:
        stacks, _ = SamLocalStackProvider.get_stacks(str(path), parameter_overrides=dict(parameters))
        template = stacks[0].template_dict
        _check_parameters(template["Parameters"], parameters)
        self.parameters = parameters
        self.api = ApiProvider(stacks, cwd=str(path.parent)).api
        self.exposed_headers = ""
        if self.api.cors and not self.api.cors.allow_origin:  # SAM CLI does not resolve the `!If`
            _, cors, _ = template["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"]
            self.api.cors = _cors(cors, parameters.get("CorsOrigins", ""))
            self.exposed_headers = ",".join(cors.get("ExposeHeaders", ()))
        self.functions = SamFunctionProvider(stacks)
        self.parameter_prefix = (
            parameters.get("ParameterPrefix") or template["Parameters"]["ParameterPrefix"]["Default"]
        )
        self.mappings = list(_mappings(template["Resources"]))
        sections = {name: template[name] for name in ("Parameters", "Conditions") if name in template}
        self.resources = {**sections, "Resources": dict(_with_names(template["Resources"]))}


def _check_parameters(declared: dict[str, Any], parameters: Mapping[str, str]) -> None:
    for name, value in parameters.items():
        if name not in declared:
            raise StartupError(f"PARAMETERS: template.yaml has no parameter {name}")
        allowed = [str(allowed_value) for allowed_value in declared[name].get("AllowedValues", [value])]
        if value not in allowed:
            raise StartupError(f"PARAMETERS: {name} must be one of {', '.join(allowed)}")
        pattern = declared[name].get("AllowedPattern", ".*")
        if not re.fullmatch(pattern, value, re.DOTALL):
            raise StartupError(f"PARAMETERS: {name} must match {pattern}")


def _cors(cors: dict[str, Any], origins: str) -> Cors | None:
    """Return the CORS configuration of the origins. Without origins, API Gateway adds no headers."""
    if not origins:
        return None
    headers = (",".join(cors[name]) for name in ("AllowMethods", "AllowHeaders"))
    return Cors(origins, *headers, None, str(cors["MaxAge"]))


def _mappings(resources: dict[str, Any]) -> Iterator[EventSourceMapping]:
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "SQS":
                properties = event["Properties"]
                yield EventSourceMapping(
                    function=name,
                    queue=properties["Queue"]["Fn::GetAtt"][0],
                    batch_size=properties.get("BatchSize", 10),
                    window_seconds=properties.get("MaximumBatchingWindowInSeconds", 0),
                    reports_item_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", ()),
                )


def _with_names(resources: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in resources.items():
        if resource["Type"] in NAME_PROPERTIES:
            yield (
                name,
                {**resource, "Properties": {**resource.get("Properties", {}), NAME_PROPERTIES[resource["Type"]]: name}},
            )
        elif resource["Type"] in UNNAMED_TYPES:
            yield name, resource
