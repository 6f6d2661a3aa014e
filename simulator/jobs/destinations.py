"""Find the destination of a template that configures a job, and read its settings."""

from dataclasses import dataclass
from typing import Any, Literal

from simulator.errors import invalid_body
from simulator.sessions.state import MAX_SESSION_SECONDS
from simulator.templates.state import Template

Json = dict[str, Any]
DestinationType = Literal["browserRecordings", "rtmpDestinations", "hlsDestinations"]

DEFAULT_NAME = "default"
DEFAULT_MAX_SECONDS = 4 * 3600
DEFAULT_IDLE_SECONDS = 5 * 60
WIDTH, HEIGHT = 1280, 720
RECORDER_ROLE = "__internal_recorder"


@dataclass(frozen=True)
class Destination:
    """A destination as configured when the job starts. `settings` is empty if the template has none of this type."""

    name: str
    settings: Json

    @property
    def role(self) -> str:
        """The role of the recorder."""
        return str(self.settings.get("role", RECORDER_ROLE))

    @property
    def max_seconds(self) -> int:
        """The longest run time of a job, in seconds."""
        return self._seconds("maxDuration", DEFAULT_MAX_SECONDS)

    @property
    def idle_seconds(self) -> int:
        """How long a job keeps running after the last peer leaves, in seconds."""
        return self._seconds("autoStopTimeout", DEFAULT_IDLE_SECONDS)

    @property
    def recording(self) -> Json:
        """The recording settings of an HLS destination."""
        recording: Json = self.settings.get("recording", {})
        return recording

    @property
    def validity(self) -> int | None:
        """The validity of links to the recorded files, in seconds; None for the storage's default."""
        return self.settings.get("presignDuration") or self.recording.get("presignDuration") or None

    def resolution(self, requested: Json | None) -> tuple[int, int]:
        """Return the width and height: from the request, the destination, or 1280 x 720."""
        resolution = self.settings if requested is None else requested
        return resolution.get("width", WIDTH), resolution.get("height", HEIGHT)

    def _seconds(self, name: str, default: int) -> int:
        # [jobs.zero-durations] a maxDuration or autoStopTimeout of 0 means the default; neither
        # can exceed the longest session.
        return min(max(self.settings.get(name) or default, 0), MAX_SESSION_SECONDS)


def find_destination(template: Template, destination_type: DestinationType, name: str | None) -> Destination:
    """Return the destination with this name. Without a name, return the template's only destination.

    Raises BadRequest for an unknown name, and for a missing name if the template has several destinations.
    """
    # [jobs.missing-or-unknown-destination] 400 for a missing or unknown destination; a template without destinations
    # accepts any name.
    configured = _configured_destinations(template, destination_type)
    if not configured:
        return Destination(name or DEFAULT_NAME, {})
    if name is None and len(configured) > 1:
        raise invalid_body("Invalid body param: destination is required, the template has more than one")
    chosen_name = next(iter(configured)) if name is None else name
    if chosen_name not in configured:
        raise invalid_body("Invalid body param: destination not found in the template")
    return Destination(chosen_name, configured[chosen_name])


def list_auto_started(template: Template) -> list[str]:
    """Return the names of the browser recordings that start with a room's session."""
    configured = _configured_destinations(template, "browserRecordings")
    return [name for name, config in configured.items() if config.get("autoStart") and config.get("enabled", True)]


def _configured_destinations(template: Template, destination_type: DestinationType) -> dict[str, Json]:
    if destination_type == "browserRecordings" and template.recordings:
        return {config["name"]: config | _browser_composite(config) for config in template.recordings}
    configured: dict[str, Json] = template.content["destinations"].get(destination_type, {})
    return configured


def _browser_composite(config: Json) -> Json:
    composite: Json = config.get("compositeRecording", {}).get("browserComposite", {})
    return composite
