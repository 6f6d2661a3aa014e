"""Reads the billed resources from template.yaml and monitoring.yaml."""

from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).parents[2]


class Stack:
    """A stack with the template's default parameters, including alarms and dashboards.

    Attributes:
        memory_gb: memory of a function, in GB.
        is_traced: True if X-Ray traces the functions.
        log_days: retention of the logs, in days.
        archive_days: retention of the event archive, in days.
        defaults: default value of each parameter.
    """

    def __init__(self, template: dict[str, Any], monitoring: dict[str, Any]) -> None:
        self._resources: list[dict[str, Any]] = [*template["Resources"].values(), *monitoring["Resources"].values()]
        self.defaults: dict[str, Any] = {
            name: parameter.get("Default") for name, parameter in template["Parameters"].items()
        }
        self.memory_gb: float = self.defaults["MemorySize"] / 1024
        self.log_days: int = self.defaults["LogRetentionDays"]
        self.is_traced = template["Globals"]["Function"].get("Tracing") == "Active"
        self.archive_days: int = self.defaults["EventArchiveDays"]

    @classmethod
    def from_template(cls) -> "Stack":
        """Read template.yaml and its nested stack, monitoring.yaml."""
        return cls(*(yaml_parse((ROOT / name).read_text()) for name in ("template.yaml", "monitoring.yaml")))

    @property
    def alarm_metrics(self) -> int:
        """Number of metrics that the default alarms watch: one per alarm, or those of its expression."""
        alarms = [
            resource
            for resource in self._resources
            if resource["Type"] == "AWS::CloudWatch::Alarm" and resource.get("Condition") != "OidcEnabled"
        ]
        metrics = [alarm["Properties"].get("Metrics", ()) for alarm in alarms]
        return sum(sum("MetricStat" in metric for metric in alarm_metrics) or 1 for alarm_metrics in metrics)

    @property
    def dashboards(self) -> int:
        """Number of dashboards."""
        return len(self._properties("AWS::CloudWatch::Dashboard"))

    @property
    def functions(self) -> int:
        """Number of functions."""
        return len(self._properties("AWS::Serverless::Function"))

    @property
    def sections(self) -> int:
        """Number of functions behind the API."""
        return sum(any(event["Type"] == "HttpApi" for event in events) for events in self._events())

    @property
    def route_keys(self) -> int:
        """Number of routes with their own metrics: all routes, or none if detailed metrics are disabled."""
        (api,) = self._properties("AWS::Serverless::HttpApi")
        if not api.get("DefaultRouteSettings", {}).get("DetailedMetricsEnabled"):
            return 0
        return sum(event["Type"] == "HttpApi" for events in self._events() for event in events)

    @property
    def running_event_source_mappings(self) -> int:
        """Number of queues that invoke a function."""
        return sum(event["Type"] == "SQS" for events in self._events() for event in events)

    def _events(self) -> list[list[dict[str, Any]]]:
        return [list(item.get("Events", {}).values()) for item in self._properties("AWS::Serverless::Function")]

    def _properties(self, kind: str) -> list[dict[str, Any]]:
        return [resource.get("Properties", {}) for resource in self._resources if resource["Type"] == kind]
