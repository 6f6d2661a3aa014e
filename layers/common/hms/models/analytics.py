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
    """Filters for events of the last 30 days.

    Attributes:
        room_id: id of the room.
        type: type of the events. Repeat the parameter for several types.
        session_id: id of the session.
        peer_id: id of the peer.
        user_id: id of the user.
        beam_id: id of the recording, for the type `beam.recording.success`.
        error: whether to list only errors; 100ms's default is false.
        limit: events per page, 1 to 100; 100ms's default is 10.
        start: cursor of the page: `next` of the previous page.
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
    """Filters for webhooks. If `start_time` or `end_time` is missing, only 100ms checks the length of the range.

    Attributes:
        start_time: start of the time range, within the last 30 days; 100ms's default is 24 hours ago.
        end_time: end of the time range, at most 14 days after `start_time`; 100ms's default is now.
        room_id: id of the room.
        status: result of the delivery.
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
    """Filters for webhook deliveries.

    https://www.100ms.live/docs/server-side/v2/api-reference/analytics/list-webhook-events

    Attributes:
        event_names: type of the events. Repeat the parameter for several types.
        limit: deliveries per page, 1 to 100; 100ms's default is 50.
        page: number of the page; 100ms's default is 1.
    """

    event_names: Annotated[Items[WebhookEventName], BeforeValidator(_as_list)] | None = None
    limit: PageSize | None = None
    page: Integer | None = None


class WebhookReplay(DeliveryFilter):
    """Filters for webhooks to deliver again. 100ms's default for `status` is `failed`.

    https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events

    Attributes:
        event_names: types of the events.
        limit: maximum number of webhooks, up to 50,000; 100ms's default is 50,000.
        offset: number of webhooks to skip; 100ms's default is 0.
    """

    event_names: Items[WebhookEventName] | None = None
    limit: Annotated[int, Field(le=50_000)] | None = None
    offset: int | None = None


class PeerStatsQuery(Model):
    """Peer and session whose statistics are requested.

    https://www.100ms.live/docs/server-side/v2/api-reference/analytics/peer-quality-stats

    Attributes:
        peer_id: id of the peer.
        session_id: id of the session. It must have ended.
    """

    peer_id: str
    session_id: str
