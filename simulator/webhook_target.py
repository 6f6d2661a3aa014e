"""Define where webhooks are sent."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WebhookTarget:
    """The URL of a receiver, and the headers to send."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
