"""template.yaml as SAM CLI reads it: the API, its functions, what feeds them, and what else they need of AWS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.provider import Api
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

from local.event_source_mappings import EventSourceMapping

NAME_PROPERTIES = {"AWS::DynamoDB::Table": "TableName", "AWS::Events::EventBus": "Name", "AWS::SQS::Queue": "QueueName"}
"""What is named by its logical id here, which is what SAM CLI takes for `!Ref`, and the property that names it."""
UNNAMED_TYPES = frozenset({"AWS::Events::Rule", "AWS::Logs::LogGroup"})


class Template:
    """A SAM template.

    Attributes:
        api: its HTTP API, which SAM CLI's local API Gateway serves.
        functions: finds a function by its logical id.
        parameter_prefix: where its functions look for SSM parameters.
        mappings: the queues that feed its functions.
        resources: a CloudFormation template of its tables, queues, buses, rules and log groups.
    """

    api: Api
    functions: SamFunctionProvider
    parameter_prefix: str
    mappings: list[EventSourceMapping]
    resources: dict[str, Any]

    def __init__(self, path: Path) -> None:
        stacks, _ = SamLocalStackProvider.get_stacks(str(path))
        self.api = ApiProvider(stacks, cwd=str(path.parent)).api
        if self.api.cors and not self.api.cors.allow_origin:
            self.api.cors = (
                None  # what SAM CLI makes of an `!If`, which it cannot resolve here: preflights get a bare 200
            )
        self.functions = SamFunctionProvider(stacks)
        template = stacks[0].template_dict
        self.parameter_prefix = template["Parameters"]["ParameterPrefix"]["Default"]
        self.mappings = list(_mappings(template["Resources"]))
        sections = {name: template[name] for name in ("Parameters", "Conditions") if name in template}
        self.resources = {**sections, "Resources": dict(_with_names(template["Resources"]))}


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
