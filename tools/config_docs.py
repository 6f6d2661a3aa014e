"""`python -m tools.config_docs`: write the tables of docs/configuration.md and docs/local-aws.md from their sources."""

import inspect
import re
from collections.abc import Iterable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, cast

import docstring_parser
from samcli.yamlhelper import yaml_parse

import hms.settings
import hms_service.auth.oidc.settings
import hms_service.settings
import local.settings
from local.limits.table import LIMITS
from tools.markdown import fill_tables, format_table

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / name for name in ("configuration.md", "local-aws.md")]
VARIABLE = re.compile(r" ?\(`([A-Z_]+)`(?:: ([^)]*)|, ([^)]*))?\)")
COMMAND = re.compile(r"^([a-z0-9-]+):.*## (.*)$", re.MULTILINE)


def parameters() -> str:
    """Return a table of the template's parameters."""
    rows = (
        (
            f"`{name}`",
            declaration["Description"],
            _format_default(declaration.get("Default")),
            _allowed_values(declaration),
        )
        for name, declaration in _template()["Parameters"].items()
    )
    return format_table(("parameter", "description", "default", "allowed values"), rows)


def outputs() -> str:
    """Return a table of the stack's outputs."""
    rows = ((f"`{name}`", declaration["Description"]) for name, declaration in _template()["Outputs"].items())
    return format_table(("output", "description"), rows)


def variables() -> str:
    """Return a table of the functions' environment variables and the parameters that set them."""
    parameter_of_variable = {
        name: reference["Ref"]
        for variables in _environments()
        for name, reference in variables.items()
        if isinstance(reference, dict) and "Ref" in reference
    }
    rows = (
        (f"`{name}`", description, f"`{parameter_of_variable[name]}`" if name in parameter_of_variable else "", default)
        for settings in (
            hms.settings.Settings,
            hms_service.settings.ServiceSettings,
            hms_service.auth.oidc.settings.OidcSettings,
        )
        for name, description, default in _settings(settings)
    )
    return format_table(("variable", "description", "set by", "default"), rows)


def local_variables() -> str:
    """Return a table of the local stack's environment variables."""
    rows = ((f"`{name}`", description) for name, description, _ in _settings(local.settings.Settings))
    return format_table(("variable", "description"), rows)


def aws_limits() -> str:
    """Return a table of the limits of the local AWS."""
    rows = (
        (limit.service, limit.quantity, f"{limit.value:,}", limit.refusal, f"[page]({limit.page})")
        for limit in LIMITS.values()
    )
    return format_table(("service", "limit", "value", "error", "documentation"), rows)


def commands() -> str:
    """Return a table of the Makefile's targets."""
    targets = COMMAND.findall((ROOT / "Makefile").read_text())
    return format_table(("command", "description"), ((f"`make {name}`", description) for name, description in targets))


TABLES = {
    "parameters": parameters,
    "outputs": outputs,
    "variables": variables,
    "local_variables": local_variables,
    "commands": commands,
    "aws_limits": aws_limits,
}


@cache
def _template() -> dict[str, Any]:
    return cast(dict[str, Any], yaml_parse((ROOT / "template.yaml").read_text()))


def _environments() -> Iterable[dict[str, Any]]:
    template = _template()
    yield template["Globals"]["Function"]["Environment"]["Variables"]
    for resource in template["Resources"].values():
        yield resource["Properties"].get("Environment", {}).get("Variables", {})


def _settings(settings: type[Any]) -> Iterable[tuple[str, str, str]]:
    """Yield variable, description and default of each attribute in the class's docstring."""
    defaults = {name: parameter.default for name, parameter in inspect.signature(settings).parameters.items()}
    for attribute in docstring_parser.parse(settings.__doc__ or "").params:
        text = " ".join((attribute.description or "").split())
        match = VARIABLE.search(text)
        if not match:
            raise ValueError(f"{settings.__name__}.{attribute.arg_name}: must name an environment variable")
        note = match[2] or match[3]
        description = VARIABLE.sub("", text).rstrip(".") + (f" ({note})" if note else "")
        yield match[1], description, _format_default(defaults[attribute.arg_name])


def _format_default(default: object) -> str:
    if default is None or default is inspect.Parameter.empty:
        return "none"
    if isinstance(default, Enum):
        return f"`{default.value}`"
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else "empty"


def _allowed_values(parameter: dict[str, Any]) -> str:
    if "AllowedValues" in parameter:
        return ", ".join(f"`{value}`" for value in parameter["AllowedValues"])
    if "MinValue" in parameter:
        return f"at least {parameter['MinValue']}" if "MaxValue" not in parameter else _range(parameter)
    return str(parameter.get("ConstraintDescription", "")).rstrip(".")


def _range(parameter: dict[str, Any]) -> str:
    return f"{parameter['MinValue']} to {parameter['MaxValue']}"


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(fill_tables(page.read_text(), TABLES))
