"""Keep the chat of sessions, and write the chat logs of recordings."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from simulator.clock import format_timestamp
from simulator.files.content import Content, text_content
from simulator.sessions.state import Peer
from simulator.store import Store

CHAT = "chat"  # the type of messages that recordings contain, and the default
HEADER = ("SenderPeerID", "SenderName", "SenderUserID", "Roles", "SentAt", "Type", "Message")


@dataclass(frozen=True)
class ChatMessage:
    """A message to everyone, or to `roles`. `sender` is None for a message of the API."""

    sent_at: datetime
    sender: Peer | None
    roles: tuple[str, ...]
    text: str

    def row(self) -> tuple[str, ...]:
        """Return the columns of the log."""
        # [chat.messages-of-the-api] the sender's columns of a message of the API are empty.
        sender = ("", "", "") if self.sender is None else (self.sender.id, self.sender.name, self.sender.user_id)
        return (*sender, f"[{' '.join(self.roles)}]", format_timestamp(self.sent_at), CHAT, self.text)


class ChatLog:
    """The messages of each session, oldest first, without direct messages, which recordings do not contain."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of_session: dict[str, list[ChatMessage]] = defaultdict(list)

    def add(self, session_id: str, sender: Peer | None, roles: tuple[str, ...], type_: str, text: str) -> None:
        """Add a message of a peer, or of the API."""
        if type_ == CHAT:  # [chat.types] custom events are not recorded, because the page names only the type `chat`
            self._of_session[session_id].append(ChatMessage(self._store.clock.now(), sender, roles, text))

    def write(self, session_id: str, start: datetime, end: datetime) -> Content:
        """Return the log of the messages between two instants."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        messages = self._of_session.get(session_id, ())
        writer.writerows(message.row() for message in messages if start <= message.sent_at <= end)
        return text_content("text/csv", file.getvalue())
