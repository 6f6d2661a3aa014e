"""Run polls in sessions, and keep their responses and scores."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.clock import format_nanoseconds
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import Forbidden, NotFound
from simulator.paging import Page, PageQuery, page
from simulator.polls.answers import Answer
from simulator.polls.state import Poll, Polls
from simulator.rooms.state import Rooms
from simulator.sessions.state import MAX_SESSION_SECONDS, Session, Sessions
from simulator.store import Store

Json = dict[str, Any]


@dataclass
class PollResponse:
    """A response to a question.

    `replaces` is the ID of the response that this one updates, or "". `voter` has the recorded members of the user.
    """

    id: str
    result_id: str
    poll_id: str
    session_id: str
    question: int
    text: str
    skipped: bool
    score: int
    duration: int
    sent_at: datetime
    voter: Json
    replaces: str
    replaced: bool = False

    def to_dict(self) -> Json:
        """Return the response as in the API."""
        members = {
            "id": self.id,
            **self._place(),
            "skipped": self.skipped,
            "text": self.text,
            "update": bool(self.replaces),
            "retries": 0,  # [polls.retries] no response needs a second attempt
            "sent_at": format_nanoseconds(self.sent_at),
            **self.voter,
        }
        return members | {"original_response": self.replaces} if self.replaces else members

    def result_to_dict(self) -> Json:
        """Return the result of the response as in the API."""
        return {"id": self.result_id, **self._place(), **self.voter, "score": self.score}

    def _place(self) -> Json:
        return {
            "poll_id": self.poll_id,
            "session_id": self.session_id,
            "question": self.question,
            "duration": self.duration,
        }


@dataclass
class PollSession:
    """The run of a poll in a session; `latest` has the current response by question and voter."""

    id: str
    poll_id: str
    session_id: str
    started_at: datetime
    stopped_at: datetime | None = None
    responses: int = 0
    latest: dict[tuple[int, str], PollResponse] = field(default_factory=dict)

    def to_dict(self) -> Json:
        """Return the run as in the API, without `stopped_at` while it lasts."""
        members = {
            "id": self.id,
            "poll_id": self.poll_id,
            "session_id": self.session_id,
            "started_at": format_nanoseconds(self.started_at),
            "total_responses": self.responses,  # [polls.total-responses] includes updates
            "unique_participants": len({voter for _, voter in self.latest}),
        }
        return members if self.stopped_at is None else members | {"stopped_at": format_nanoseconds(self.stopped_at)}


class PollSessions:
    """All runs of polls and their responses. Later changes of a poll do not change existing responses."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._polls = store[Polls]
        self._sessions = store[Sessions]
        self._runs: dict[tuple[str, str], PollSession] = {}
        self._responses: dict[str, list[PollResponse]] = defaultdict(list)
        store[DomainEvents].subscribe(self._on_event)

    def select(self, poll_id: str, query: PageQuery) -> Page[PollSession]:
        """Return a page of a poll's runs, newest first. Raises NotFound, BadRequest."""
        return self._page(self._of_poll(poll_id), query)

    def select_of_session(self, poll_id: str, session_id: str, query: PageQuery) -> Page[PollSession]:
        """Return a page of a poll's runs in one session. Raises NotFound for an unknown poll or session, BadRequest."""
        session = self._sessions.get(session_id)
        return self._page([run for run in self._of_poll(poll_id) if run.session_id == session.id], query)

    def is_running(self, poll_id: str) -> bool:
        """Return True if the poll runs in a session."""
        return any(run.poll_id == poll_id and run.stopped_at is None for run in self._runs.values())

    def responses(self, poll_id: str) -> list[PollResponse]:
        """Return all responses to a poll, including replaced ones, newest first. Raises NotFound."""
        return self._responses[self._polls.get(poll_id).id][::-1]

    def response(self, poll_id: str, response_id: str) -> PollResponse:
        """Return a response. Raises NotFound."""
        for response in self.responses(poll_id):
            if response.id == response_id:
                return response
        raise NotFound("Response not found")

    def result(self, poll_id: str, result_id: str) -> PollResponse:
        """Return the response with this result. Raises NotFound."""
        for response in self.responses(poll_id):
            if response.result_id == result_id:
                return response
        raise NotFound("Result not found")

    def respond(
        self, poll_id: str, session_id: str, question: str, answer: Answer, user_id: str | None
    ) -> PollResponse:
        """Add or replace a user's response to a question. It has no peer ID if the user is not in the session.

        Raises NotFound for an unknown poll, question, option or session, BadRequest for an invalid answer.
        Raises Forbidden if the poll is not running, or the question allows no second response.
        """
        poll = self._polls.get(poll_id)
        question_item = poll.question(question)
        answer.check(question_item)
        session = self._sessions.get(session_id)
        run = self._get_running(poll, session)
        voter = _find_voter(session, user_id)
        key = (question_item["index"], _voter_key(poll, voter))
        previous = run.latest.get(key)
        if previous is not None:
            if question_item["once"]:
                raise Forbidden("The question takes one response")
            previous.replaced = True
        # [polls.anonymous-polls] anonymous polls omit the members that are not recorded.
        recorded_voter = {} if poll.content["anonymous"] else voter
        response = self._new_response(
            poll, run, question_item, answer, recorded_voter, "" if previous is None else previous.id
        )
        run.latest[key] = response
        run.responses += 1
        self._responses[poll.id].append(response)
        return response

    def _new_response(
        self, poll: Poll, run: PollSession, question: Json, answer: Answer, voter: Json, replaces: str
    ) -> PollResponse:
        now = self._store.clock.now()
        return PollResponse(
            id=self._store.ids.new(),
            result_id=self._store.ids.new(),
            poll_id=poll.id,
            session_id=run.session_id,
            question=question["index"],
            text=answer.to_text(question),
            skipped=answer.skipped,
            # [polls.no-quiz] polls that are not quizzes have no scores, but results.
            score=answer.score(question) if poll.content["type"] == "quiz" else 0,
            # [polls.duration] milliseconds since the start of the poll, because the samples are large.
            duration=int((now - run.started_at).total_seconds() * 1000),
            sent_at=now,
            voter=voter,
            replaces=replaces,
        )

    def _of_poll(self, poll_id: str) -> list[PollSession]:
        poll = self._polls.get(poll_id)
        return [run for run in reversed(self._runs.values()) if run.poll_id == poll.id]

    def _page(self, runs: list[PollSession], query: PageQuery) -> Page[PollSession]:
        return page(runs, query, lambda run: run.id)

    def _get_running(self, poll: Poll, session: Session) -> PollSession:
        """Return the poll's run in the session. Starts the poll if it has not run there, as a client SDK can."""
        run = self._runs.get((poll.id, session.id))
        if not session.active or (run is not None and run.stopped_at is not None):
            raise Forbidden("Poll is not running")
        return run or self._start(poll, session.id)

    def _start(self, poll: Poll, session_id: str) -> PollSession:
        run = PollSession(self._store.ids.new(), poll.id, session_id, self._store.clock.now())
        self._runs[poll.id, session_id] = run
        if poll.content.get("duration", 0) > 0:
            seconds = min(poll.content["duration"], MAX_SESSION_SECONDS)
            self._store.clock.call_later(seconds, lambda: self._stop(run, self._store.clock.now()))
        return run

    def _stop(self, run: PollSession, instant: datetime | None) -> None:
        run.stopped_at = run.stopped_at or instant

    def _on_event(self, domain_event: DomainEvent) -> None:
        """Start and stop polls with the sessions of their rooms."""
        match domain_event.type:
            case "session.open.success":
                # [polls.links-to-unknown-polls] links to unknown polls are allowed; they do not run.
                linked = self._store[Rooms].get(domain_event.room_id).settings.get("polls", [])
                for poll in self._polls.list_existing(linked):
                    if poll.content["start"] == "auto":
                        self._start(poll, domain_event.session_id)
            case "session.close.success":
                session = self._sessions.get(domain_event.session_id)
                for run in self._runs.values():
                    if run.session_id == session.id:
                        self._stop(run, session.ended_at)


def _find_voter(session: Session, user_id: str | None) -> Json:
    """Return the IDs of the user and its peer, if any. Without a user ID, the session's first peer responds."""
    human_peers = [peer for peer in session.peers.values() if not peer.is_bot]
    if user_id is None:
        return {"peer_id": human_peers[0].id, "user_id": human_peers[0].user_id}
    peers = [peer for peer in human_peers if peer.user_id == user_id]
    return {"peer_id": peers[-1].id, "user_id": user_id} if peers else {"user_id": user_id}


def _voter_key(poll: Poll, voter: Json) -> str:
    names = ("user_id", "peer_id") if poll.content["mode"] == "userid" else ("peer_id", "user_id")
    return next((voter[name] for name in names if voter.get(name)), "")
