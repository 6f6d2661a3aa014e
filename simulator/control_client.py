"""A typed client of the control API, which docs/simulator.md describes. Each method is one control call."""

from typing import Any, Literal, TypedDict, cast
from urllib.parse import quote

import requests

Json = dict[str, Any]
TIMEOUT_SECONDS = 30


class ControlError(Exception):
    """The simulator refused a control call.

    Attributes:
        status: HTTP status of the response.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Peer(TypedDict):
    """A connected peer, as active rooms show it."""

    id: str
    name: str
    user_id: str
    metadata: str
    role: str
    joined_at: str
    tracks: dict[str, Json]


class Admission(TypedDict):
    """The result of a join. `peer` is None for a preview."""

    room_id: str
    session_id: str
    role: str
    user_id: str
    peer: Peer | None


class LoggedRequest(TypedDict):
    """A call to 100ms as received. Header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str


class ControlClient:
    """Sends control calls to the simulator at `url`. Each raises ControlError if the simulator refuses it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy cannot reach this machine

    def join(
        self,
        *,
        token: str | None = None,
        code: str | None = None,
        name: str | None = None,
        metadata: str | None = None,
        room_id: str | None = None,
        peer_id: str | None = None,
        preview: bool | None = None,
    ) -> Admission:
        """Join with a join token or a room code. With `preview`, only check it."""
        body: Json = {"token": token, "code": code, "name": name, "metadata": metadata}
        body |= {"room_id": room_id, "peer_id": peer_id, "preview": preview}
        return cast(Admission, self._post(["join"], body))

    def rooms(self) -> list[Json]:
        """Return the newest rooms with their peers, sessions and recordings."""
        return cast(list[Json], self._get(["rooms"])["rooms"])

    def add_peer(self, room_id: str, name: str, role: str, user_id: str, metadata: str | None = None) -> Peer:
        """Let a peer join without a token."""
        body = {"name": name, "role": role, "user_id": user_id, "metadata": metadata}
        return cast(Peer, self._post(["rooms", room_id, "peers"], body))

    def remove_peer(self, room_id: str, peer_id: str, reason: str | None = None, message: str | None = None) -> None:
        """Let a peer leave, for a documented reason."""
        self._delete(["rooms", room_id, "peers", peer_id], {"reason": reason, "message": message})

    def change_role(self, room_id: str, peer_id: str, role: str, requested_by: str) -> Peer:
        """Change the role of a peer at the request of the peer `requested_by`."""
        body = {"role": role, "requested_by": requested_by}
        return cast(Peer, self._post(["rooms", room_id, "peers", peer_id, "role"], body))

    def start_tracks(
        self, room_id: str, peer_id: str, source: Literal["regular", "screen"], types: list[Literal["audio", "video"]]
    ) -> dict[str, Json]:
        """Share a screen, or start a microphone or camera. Returns the tracks by ID."""
        body = {"source": source, "types": types}
        return cast(dict[str, Json], self._post(["rooms", room_id, "peers", peer_id, "tracks"], body)["tracks"])

    def mute_track(self, room_id: str, peer_id: str, track_id: str, mute: bool = True) -> Json:
        """Mute or unmute a track."""
        return self._post(["rooms", room_id, "peers", peer_id, "tracks", track_id], {"mute": mute})

    def stop_track(self, room_id: str, peer_id: str, track_id: str) -> None:
        """Stop a track."""
        self._delete(["rooms", room_id, "peers", peer_id, "tracks", track_id])

    def send_message(self, room_id: str, peer_id: str, message: str, roles: list[str] | None = None) -> None:
        """Send a chat message of a peer to everyone, or to the peers of `roles`."""
        self._post(["rooms", room_id, "messages"], {"peer_id": peer_id, "message": message, "roles": roles})

    def end_room(self, room_id: str, peer_id: str, reason: str | None = None, lock: bool | None = None) -> None:
        """End the session of a room, as a peer does."""
        self._post(["rooms", room_id, "end"], {"peer_id": peer_id, "reason": reason, "lock": lock})

    def respond_to_poll(
        self,
        poll_id: str,
        session_id: str,
        question: int,
        option: int | list[int] | None = None,
        text: str | None = None,
        user_id: str | None = None,
    ) -> Json:
        """Respond to a question of a poll. Without an option and a text, skip it."""
        body = {"session_id": session_id, "question": question, "option": option, "text": text, "user_id": user_id}
        return self._post(["polls", poll_id, "responses"], body)

    def plan_sip_answer(
        self,
        result: Literal["accepted", "declined", "unanswered"],
        ring_seconds: float | None = None,
        number: str | None = None,
    ) -> None:
        """Plan the answer to the next outbound call, or to the next one to `number`."""
        self._post(["sip", "answers"], {"result": result, "ring_seconds": ring_seconds, "number": number})

    def dial_in(self, code: str, number: str, name: str | None = None, user_id: str | None = None) -> Peer:
        """Call into the room of a code."""
        return cast(
            Peer, self._post(["sip", "calls"], {"code": code, "number": number, "name": name, "user_id": user_id})
        )

    def tones(self) -> list[Json]:
        """Return the DTMF tones, oldest first."""
        return cast(list[Json], self._get(["sip", "tones"])["tones"])

    def connect_encoder(self, key: str) -> Json:
        """Connect an encoder with a stream key, or reconnect it. Returns the ingest."""
        return self._post(["ingests"], {"key": key})

    def disconnect_encoder(self, ingest_id: str, reason: str | None = None) -> None:
        """Disconnect an encoder. With a documented `reason`, end the ingest at once."""
        self._delete(["ingests", ingest_id], {"reason": reason})

    def fail_ingest(self, ingest_id: str) -> None:
        """Fail an ingest."""
        self._post(["ingests", ingest_id, "failure"])

    def fail_job(self, job_id: str, error_type: str | None = None) -> None:
        """Fail a recording, live stream or external stream that has not ended."""
        self._post(["jobs", job_id, "failure"], {"error_type": error_type})

    def fail_transcription(self, job_id: str) -> None:
        """Fail the transcription of a job that is in progress."""
        self._post(["jobs", job_id, "transcription", "failure"])

    def fail_next_recording(
        self, room_id: str, recording: Literal["session", "track", "stream"], error_type: str | None = None
    ) -> None:
        """Fail the next recording that the room or its template enables."""
        self._post(["rooms", room_id, "recording-failures"], {"recording": recording, "error_type": error_type})

    def add_event(self, event_type: str, room_id: str, **data: Any) -> Json:
        """Add an analytics event, or send a webhook. The documented sample supplies the omitted data of a webhook."""
        return self._post(["events"], {"type": event_type, "room_id": room_id, "data": data})

    def set_webhook(self, url: str, headers: dict[str, str] | None = None, signature_key: str | None = None) -> None:
        """Set the workspace's webhook, which must be on this machine. With a key, webhooks are signed."""
        self._call("PUT", ["webhook"], {"url": url, "headers": headers, "signature_key": signature_key})

    def deliveries(self) -> list[Json]:
        """Return the attempts to send webhooks, oldest first."""
        return cast(list[Json], self._get(["deliveries"])["deliveries"])

    def add_fault(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        times: int | None = None,
        status: int | None = None,
        body: Json | list[Any] | str | None = None,
        headers: dict[str, str] | None = None,
        delay_ms: float | None = None,
        close: bool | None = None,
    ) -> None:
        """Make the next `times` matching calls fail without effect. `path` includes /v2."""
        fault: Json = {"method": method, "path": path, "times": times, "status": status, "body": body}
        self._post(["faults"], fault | {"headers": headers, "delay_ms": delay_ms, "close": close})

    def faults(self) -> list[Json]:
        """Return the pending faults, oldest first."""
        return cast(list[Json], self._get(["faults"])["faults"])

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._delete(["faults"])

    def requests(self) -> list[LoggedRequest]:
        """Return the latest calls to 100ms, oldest first."""
        return cast(list[LoggedRequest], self._get(["requests"])["requests"])

    def clear_requests(self) -> None:
        """Clear the list of calls."""
        self._delete(["requests"])

    def advance_clock(self, seconds: float) -> str:
        """Advance the clock at once. Returns the new time as a timestamp."""
        return cast(str, self._post(["clock"], {"advance_seconds": seconds})["now"])

    def reset(self) -> None:
        """Restore the initial state and the real time."""
        self._post(["reset"])

    def _get(self, path: list[str]) -> Json:
        return self._call("GET", path)

    def _post(self, path: list[str], body: Json | None = None) -> Json:
        return self._call("POST", path, body)

    def _delete(self, path: list[str], query: dict[str, str | None] | None = None) -> None:
        self._call("DELETE", path, query=query)

    def _call(
        self, method: str, path: list[str], body: Json | None = None, query: dict[str, str | None] | None = None
    ) -> Json:
        """Send a control call, without members of the body that are None."""
        url = "/".join([self._url, "_simulator", *(quote(segment, safe="") for segment in path)])
        members = {name: value for name, value in (body or {}).items() if value is not None}
        response = self._session.request(method, url, params=query, json=members, timeout=TIMEOUT_SECONDS)
        if not response.ok:
            raise ControlError(response.status_code, _error_text(response))
        return cast(Json, response.json())


def _error_text(response: requests.Response) -> str:
    try:
        error = response.json()
    except ValueError:
        return response.text
    return "; ".join([error["message"], *error.get("details", [])])
