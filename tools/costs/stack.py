"""The resources of template.yaml and monitoring.yaml that cost something."""

from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).parents[2]


class Stack:
    """A stack with the template's defaults, alarms and dashboards included.

    Attributes:
        memory_gb: memory of a function.
        is_traced: whether X-Ray traces the functions.
        log_days: for how many days logs are kept.
        archive_days: for how many days the archive keeps events.
    """

    def __init__(self, template: dict[str, Any], monitoring: dict[str, Any]) -> None:
        self._resources: list[dict[str, Any]] = [*template["Resources"].values(), *monitoring["Resources"].values()]
        defaults = {name: parameter.get("Default") for name, parameter in template["Parameters"].items()}
        self.memory_gb: float = defaults["MemorySize"] / 1024
        self.log_days: int = defaults["LogRetentionDays"]
        self.is_traced = template["Globals"]["Function"].get("Tracing") == "Active"
        self.archive_days: int = defaults["EventArchiveDays"]

    @classmethod
    def from_template(cls) -> "Stack":
        """The stack of template.yaml and its nested stack."""
        return cls(*(yaml_parse((ROOT / name).read_text()) for name in ("template.yaml", "monitoring.yaml")))

    @property
    def alarm_metrics(self) -> int:
        """How many metrics the alarms watch by default: one each, or those in an alarm's expression."""
        alarms = [
            resource
            for resource in self._resources
            if resource["Type"] == "AWS::CloudWatch::Alarm" and "Condition" not in resource
        ]
        metrics = [alarm["Properties"].get("Metrics", ()) for alarm in alarms]
        return sum(sum("MetricStat" in metric for metric in of_alarm) or 1 for of_alarm in metrics)

    @property
    def dashboards(self) -> int:
        """How many dashboards there are."""
        return len(self._properties("AWS::CloudWatch::Dashboard"))

    @property
    def functions(self) -> int:
        """How many functions there are."""
        return len(self._properties("AWS::Serverless::Function"))

    @property
    def sections(self) -> int:
        """How many functions the API calls."""
        return sum(any(event["Type"] == "HttpApi" for event in events) for events in self._events())

    @property
    def route_keys(self) -> int:
        """How many routes the API has, each with metrics of its own where those are detailed; none where not."""
        (api,) = self._properties("AWS::Serverless::HttpApi")
        if not api.get("DefaultRouteSettings", {}).get("DetailedMetricsEnabled"):
            return 0
        return sum(event["Type"] == "HttpApi" for events in self._events() for event in events)

    @property
    def running_event_source_mappings(self) -> int:
        """How many queues feed a function."""
        return sum(event["Type"] == "SQS" for events in self._events() for event in events)

    def _events(self) -> list[list[dict[str, Any]]]:
        return [list(item.get("Events", {}).values()) for item in self._properties("AWS::Serverless::Function")]

    def _properties(self, kind: str) -> list[dict[str, Any]]:
        return [resource.get("Properties", {}) for resource in self._resources if resource["Type"] == kind]
