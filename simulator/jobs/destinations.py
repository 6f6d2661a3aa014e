"""Which of a template's destinations a job takes its settings from, and what they say."""

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
    """A destination as the template has it when the job starts; without settings where it has none of the kind."""

    name: str
    settings: Json

    @property
    def role(self) -> str:
        """The role the recorder joins in."""
        return str(self.settings.get("role", RECORDER_ROLE))

    @property
    def max_seconds(self) -> int:
        """For how long a job runs at most."""
        return self._seconds("maxDuration", DEFAULT_MAX_SECONDS)

    @property
    def idle_seconds(self) -> int:
        """For how long a job runs on after the last peer left."""
        return self._seconds("autoStopTimeout", DEFAULT_IDLE_SECONDS)

    @property
    def recording(self) -> Json:
        """What an HLS destination says of recording."""
        recording: Json = self.settings.get("recording", {})
        return recording

    @property
    def validity(self) -> int | None:
        """For how many seconds links to what the job recorded work; None: the storage's default."""
        return self.settings.get("presignDuration") or self.recording.get("presignDuration") or None

    def resolution(self, requested: Json | None) -> tuple[int, int]:
        """Width and height: those given with the job, else the destination's, else 1280 x 720."""
        resolution = self.settings if requested is None else requested
        return resolution.get("width", WIDTH), resolution.get("height", HEIGHT)

    def _seconds(self, name: str, default: int) -> int:
        # assumed: a maxDuration or autoStopTimeout of 0 stands for the default; none exceeds the longest session.
        return min(max(self.settings.get(name) or default, 0), MAX_SESSION_SECONDS)


def find_destination(template: Template, destination_type: DestinationType, name: str | None) -> Destination:
    """The destination of this name, or the only one there is.

    Raises BadRequest for a name the template does not know, and for none where it has several.
    """
    # assumed: a missing or unknown destination is a 400; a template without destinations takes any name.
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
    """The browser recordings that start with a room's session."""
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
