"""Keyword arguments for the bodies under /analytics. Only type checkers load this module."""

from typing import Literal, TypedDict


class WebhookReplayParams(TypedDict, total=False):
    """Members of `WebhookReplay`."""

    start_time: str | None
    end_time: str | None
    room_id: str | None
    status: Literal["all", "failed", "success"] | None
    event_names: (
        list[
            Literal[
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
        ]
        | None
    )
    limit: int | None
    offset: int | None
