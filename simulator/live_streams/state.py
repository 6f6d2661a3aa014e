"""Keep the workspace's live streams."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import FormatTime, format_nanoseconds
from simulator.contract import check_body, no_documented_text
from simulator.jobs.destinations import HEIGHT, WIDTH
from simulator.jobs.job import Job
from simulator.jobs.state import Jobs
from simulator.live_streams.files import RecordingFiles
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Assets

Json = dict[str, Any]

# [live-streams.destination-without-layers] a destination without layers gets the four layers of the sample.
LAYERS: list[Json] = [
    {"width": 1920, "height": 1080},
    {"width": 1280, "height": 720},
    {"width": 640, "height": 480},
    {"width": 480, "height": 360},
]


@dataclass(kw_only=True)
class LiveStream(Job):
    """A job that streams a room, or what an encoder sends to it, as HLS."""

    playback_url: str = ""  # set by LiveStreams.start
    ingested: bool = False

    @property
    def layers(self) -> list[Json]:
        """The layers of the stream, best first."""
        return _with_default_size(self.destination.settings.get("layers") or LAYERS)

    @property
    def recorded_layers(self) -> list[Json]:
        """The layers that are recorded, best first."""
        chosen = self.destination.recording.get("layers")
        return _with_default_size(chosen) if chosen else self.layers

    @property
    def recording(self) -> Json:
        """Which files are recorded. The request takes precedence over the destination."""
        requested = self.request.get("recording", {})
        configured = self.destination.recording
        return {
            "hls_vod": requested.get("hls_vod", configured.get("hlsVod", False)),
            "single_file_per_layer": requested.get(
                "single_file_per_layer", configured.get("singleFilePerLayer", False)
            ),
        }

    def event_data(self) -> Json:
        """Return the size of the best layer."""
        best = self.layers[0]
        return {"max_width": best["width"], "max_height": best["height"]}

    def recording_flags(self) -> Json:
        """Return the peer, which the recording event omits, and which files are recorded."""
        recording = self.recording
        return {
            "peer_id": self.bot_id,
            "recording_single_file_per_layer_enabled": recording["single_file_per_layer"],
            "recording_vod_playlist_enabled": recording["hls_vod"],
        }

    def start_event_data(self) -> Json:
        """Return the playback URL and the start time."""
        return {"url": self.playback_url, "started_at": self.run_times(format_nanoseconds)["started_at"]}

    def end_event_data(self) -> Json:
        """Return the playback URL, the start and stop times, and whether it had captions."""
        captions = self.transcription is not None and self.transcription.live
        return {"url": self.playback_url, **self.run_times(format_nanoseconds), "live_transcription_enabled": captions}


class LiveStreams(Jobs[LiveStream]):
    """All live streams."""

    job_type = LiveStream
    start_operation = "startLiveStream"
    destination_type = "hlsDestinations"
    transcribes = True
    event_prefix = "hls"
    display_name = "Live stream"
    not_running_message = "hls not running"  # [live-streams.not-live] from the Node guide

    def start(self, room_id: str, body: Json) -> LiveStream:
        """Start a stream of a room, and set its playback URL. Raises the same errors as `Jobs.start`."""
        stream = super().start(room_id, body)
        # [live-streams.playback-url-of-a-room] a room always has the same playback URL, as in the samples.
        stream.playback_url = f"https://cdn.100ms.live/beam/{self._store.customer_id}/{room_id}/master.m3u8"
        return stream

    def send_timed_metadata(self, stream_id: str, body: Json) -> LiveStream:
        """Validate timed metadata for a running stream. Raises NotFound, BadRequest."""
        stream = self.get_live(stream_id)
        check_body("sendLiveStreamTimedMetadata", body, no_documented_text)
        if stream.status != "running":
            raise self._not_running()
        return stream

    def to_dict(self, stream: LiveStream, format_time: FormatTime = format_nanoseconds) -> Json:
        """Return a stream as in the API; its assets are null while it has none."""
        # [live-streams.transcripts] a stream shows only completed transcripts, because its assets have no state
        # `processing`.
        assets = [
            asset.to_nested_dict(format_time)
            for asset in self._store[Assets].list_by_job(stream.id)
            if asset.status == "completed"
        ]
        return stream.to_dict(format_time) | {
            **stream.stop_times(format_time),
            "playback": {"url": stream.playback_url},
            "recording": stream.recording,
            "recording_assets": assets or None,
        }

    def to_list_item(self, stream: LiveStream) -> Json:
        """Return a stream as in the list, which shows no assets."""
        return self.to_dict(stream) | {"recording_assets": None}

    def _check_idle(self, job: LiveStream) -> None:
        if not job.ingested:  # the encoder decides when it ends, not the peers
            super()._check_idle(job)

    def _record(self, job: LiveStream, origin: Origin) -> Json | None:
        recording = job.recording
        if not any(recording.values()):
            return None
        files = RecordingFiles(self._store, origin, job.destination.recording, job.recorded_seconds)
        # [live-streams.order-of-assets] assets have the order of the sample: file of the best layer, playlist, other
        # files.
        layers = job.recorded_layers if recording["single_file_per_layer"] else []
        files.add_single_files(layers[:1])
        if recording["hls_vod"]:
            files.add_vod(job.layers)
        files.add_single_files(layers[1:])
        return files.event_data() | job.run_times(format_nanoseconds)


def _with_default_size(layers: list[Json]) -> list[Json]:
    return [{"width": WIDTH, "height": HEIGHT} | layer for layer in layers]
