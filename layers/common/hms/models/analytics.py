"""Analytics and webhook history: https://www.100ms.live/docs/server-side/v2/api-reference/analytics/overview"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from hms.models.base import Items, Model, rule_error
from hms.models.query import Flag, Instant, Integer, PageQuery

KEPT = timedelta(days=30)
MAX_RANGE = timedelta(days=14)

PageSize = Annotated[Integer, Field(ge=1, le=100)]
EventType = Literal[
    "track.add.success",
    "track.update.success",
    "track.remove.success",
    "beam.recording.success",
    "client.publish.failed",
    "client.subscribe.failed",
    "client.join.failed",
    "client.disconnected",
    "client.connect.failed",
]
WebhookEventName = Literal[
    "session.open.success",
    "session.close.success",
    "peer.join.success",
    "peer.leave.success",
    "recording.success",
    "recording.failed",
    "transcription.success",
    "beam.started.success",
    "beam.stopped.success",
    "beam.recording.success",
    "hls.recording.success",
    "stream.recording.success",
]
Delivery = Literal["all", "failed", "success"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class EventListQuery(PageQuery):
    """Which events of the last 30 days a list shows.

    Attributes:
        room_id: the room.
        type: only these types; the name is repeated for several.
        session_id: only those of this session.
        peer_id: only those of this peer.
        user_id: only those of this user.
        beam_id: only those of this recording; goes with the type `beam.recording.success`.
        error: whether only errors are shown; 100ms's default is false.
        limit: events a page, 1 to 100; 100ms's default is 10.
        start: `next` of the page before.
    """

    room_id: str
    type: Annotated[Items[EventType], BeforeValidator(_as_list)] | None = None
    session_id: str | None = None
    peer_id: str | None = None
    user_id: str | None = None
    beam_id: str | None = None
    error: Flag | None = None
    limit: PageSize | None = None


class DeliveryFilter(Model):
    """Which webhooks are meant; where an end of the time range is left out, 100ms checks the range.

    Attributes:
        start_time: the first instant, in the last 30 days; 100ms's default is 24 hours ago.
        end_time: the last instant, up to 14 days after `start_time`; 100ms's default is now.
        room_id: only those of this room.
        status: only those whose delivery had this outcome.
    """

    start_time: Instant | None = None
    end_time: Instant | None = None
    room_id: str | None = None
    status: Delivery | None = None

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        start, end = _parsed(self.start_time), _parsed(self.end_time)
        if start and start < datetime.now(UTC) - KEPT:
            raise rule_error("start_time", f"must be within the last {KEPT.days} days")
        if start and end and not timedelta() <= end - start <= MAX_RANGE:
            raise rule_error("end_time", f"must be within {MAX_RANGE.days} days after start_time")
        return self


def _parsed(instant: str | None) -> datetime | None:
    return datetime.fromisoformat(instant) if instant else None


class WebhookEventListQuery(DeliveryFilter):
    """Which deliveries of webhooks a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/analytics/list-webhook-events

    Attributes:
        event_names: only these types; the name is repeated for several.
        limit: deliveries a page, 1 to 100; 100ms's default is 50.
        page: number of the page; 100ms's default is 1.
    """

    event_names: Annotated[Items[WebhookEventName], BeforeValidator(_as_list)] | None = None
    limit: PageSize | None = None
    page: Integer | None = None


class WebhookReplay(DeliveryFilter):
    """Which webhooks are delivered again; 100ms's default for `status` is `failed`.

    https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events

    Attributes:
        event_names: only these types.
        limit: webhooks at most, up to 50,000, which is 100ms's default.
        offset: webhooks passed over; 100ms's default is 0.
    """

    event_names: Items[WebhookEventName] | None = None
    limit: Annotated[int, Field(le=50_000)] | None = None
    offset: int | None = None


class PeerStatsQuery(Model):
    """Whose statistics are read.

    https://www.100ms.live/docs/server-side/v2/api-reference/analytics/peer-quality-stats

    Attributes:
        peer_id: the peer.
        session_id: the session, which must have ended.
    """

    peer_id: str
    session_id: str
