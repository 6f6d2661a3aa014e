"""template.yaml as SAM CLI reads it: the API's routes, the functions behind them, and the parameters' defaults."""

from pathlib import Path
from typing import Any

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.provider import Api
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


class Template:
    """A SAM template.

    Attributes:
        api: its HTTP API, which SAM CLI's local API Gateway serves.
        functions: finds a function by its logical id.
        parameter_prefix: where its functions look for SSM parameters.
        tables: its DynamoDB tables' properties by logical id, which is what `!Ref` gives here.
    """

    api: Api
    functions: SamFunctionProvider
    parameter_prefix: str
    tables: dict[str, dict[str, Any]]

    def __init__(self, path: Path) -> None:
        stacks, _ = SamLocalStackProvider.get_stacks(str(path))
        self.api = ApiProvider(stacks, cwd=str(path.parent)).api
        if self.api.cors and not self.api.cors.allow_origin:
            self.api.cors = (
                None  # what SAM CLI makes of an `!If`, which it cannot resolve here: preflights get a bare 200
            )
        self.functions = SamFunctionProvider(stacks)
        resources = stacks[0].template_dict["Resources"]
        self.parameter_prefix = stacks[0].template_dict["Parameters"]["ParameterPrefix"]["Default"]
        self.tables = {
            name: resource["Properties"]
            for name, resource in resources.items()
            if resource["Type"] == "AWS::DynamoDB::Table"
        }
