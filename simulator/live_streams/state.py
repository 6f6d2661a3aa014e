"""The workspace's live streams."""

from dataclasses import dataclass
from typing import Any

from simulator.contract import check_body, no_documented_text
from simulator.jobs.destinations import HEIGHT, WIDTH
from simulator.jobs.job import Job
from simulator.jobs.state import Jobs
from simulator.live_streams.files import RecordingFiles
from simulator.recording_assets.state import Assets, Origin

Json = dict[str, Any]

# assumed: a destination without layers has the four of the sample.
LAYERS: list[Json] = [
    {"width": 1920, "height": 1080},
    {"width": 1280, "height": 720},
    {"width": 640, "height": 480},
    {"width": 480, "height": 360},
]


@dataclass(kw_only=True)
class LiveStream(Job):
    """A room's picture and sound as HLS."""

    playback_url: str = ""  # known once it is started

    @property
    def layers(self) -> list[Json]:
        """Its renditions, the best one first."""
        return _with_default_size(self.destination.settings.get("layers") or LAYERS)

    @property
    def recorded_layers(self) -> list[Json]:
        """The renditions that are recorded."""
        chosen = self.destination.recording.get("layers")
        return _with_default_size(chosen) if chosen else self.layers

    @property
    def recording(self) -> Json:
        """What is recorded: as its request says, else its destination."""
        requested = self.request.get("recording", {})
        configured = self.destination.recording
        return {
            "hls_vod": requested.get("hls_vod", configured.get("hlsVod", False)),
            "single_file_per_layer": requested.get(
                "single_file_per_layer", configured.get("singleFilePerLayer", False)
            ),
        }

    def event_data(self) -> Json:
        """The size of its best rendition."""
        best = self.layers[0]
        return {"max_width": best["width"], "max_height": best["height"]}

    def recording_flags(self) -> Json:
        """What is recorded."""
        recording = self.recording
        return {
            "recording_single_file_per_layer_enabled": recording["single_file_per_layer"],
            "recording_vod_playlist_enabled": recording["hls_vod"],
        }

    def start_event_data(self) -> Json:
        """Where to play it."""
        return {"url": self.playback_url, "started_at": self.run_times()["started_at"]}

    def end_event_data(self) -> Json:
        """From when to when it was there, and whether with captions."""
        captions = self.transcription is not None and self.transcription.live
        return {"url": self.playback_url, **self.run_times(), "live_transcription_enabled": captions}


class LiveStreams(Jobs[LiveStream]):
    """All live streams."""

    job_type = LiveStream
    start_operation = "startLiveStream"
    destination_type = "hlsDestinations"
    transcribes = True
    event_prefix = "hls"
    display_name = "Live stream"
    feature = "hls"

    def start(self, room_id: str, body: Json) -> LiveStream:
        """Begin to stream a room; the stream has its playback URL from the start. Raises NotFound, BadRequest."""
        stream = super().start(room_id, body)
        # assumed: the playback URL of a room is always the same, as in the samples.
        stream.playback_url = f"https://cdn.100ms.live/beam/{self._store.customer_id}/{room_id}/master.m3u8"
        return stream

    def send_timed_metadata(self, stream_id: str, body: Json) -> LiveStream:
        """Put a text into a running stream. Raises NotFound, BadRequest."""
        stream = self.get_live(stream_id)
        check_body("sendLiveStreamTimedMetadata", body, no_documented_text)
        if stream.status != "running":
            raise self._not_running()
        return stream

    def to_dict(self, stream: LiveStream) -> Json:
        """A stream as the API answers it; its assets are null until there are some."""
        # assumed: a stream shows transcripts once they are completed, for its assets know no processing.
        assets = [
            asset.to_nested_dict()
            for asset in self._store[Assets].list_by_job(stream.id)
            if asset.status == "completed"
        ]
        return stream.to_dict() | {
            "playback": {"url": stream.playback_url},
            "recording": stream.recording,
            "recording_assets": assets or None,
        }

    def _record(self, job: LiveStream, origin: Origin) -> Json | None:
        recording = job.recording
        if not any(recording.values()):
            return None
        files = RecordingFiles(self._store, origin, job.destination.recording, job.recorded_seconds)
        # assumed: assets have the order of the sample: the file of the best layer, the playlist, the other files.
        layers = job.recorded_layers if recording["single_file_per_layer"] else []
        files.add_single_files(layers[:1])
        if recording["hls_vod"]:
            files.add_vod(job.layers)
        files.add_single_files(layers[1:])
        return files.event_data()


def _with_default_size(layers: list[Json]) -> list[Json]:
    return [{"width": WIDTH, "height": HEIGHT} | layer for layer in layers]
