"""Keyword arguments for the bodies under /polls. Only type checkers load this module."""

from typing import Literal, TypedDict


class PollAttachmentParams(TypedDict, total=False):
    """Members of `PollAttachment`."""

    type: str | None
    url: str | None


class PollAnswerParams(TypedDict, total=False):
    """Members of `PollAnswer`."""

    hidden: bool | None
    options: list[int] | None
    option: int | None
    text: str | None
    case: bool | None
    trim: bool | None


class PollOptionParams(TypedDict, total=False):
    """Members of `PollOption`."""

    index: int | None
    text: str | None
    weight: int | None


class PollQuestionParams(TypedDict, total=False):
    """Members of `PollQuestion`."""

    index: int | None
    text: str | None
    format: str | None
    attachment: list[PollAttachmentParams] | None
    skippable: bool | None
    duration: int | None
    once: bool | None
    weight: int | None
    answer_min_len: int | None
    answer_max_len: int | None
    type: str | None
    answer: PollAnswerParams | None
    options: list[PollOptionParams] | None


class PollParams(TypedDict, total=False):
    """Members of `Poll`."""

    title: str | None
    duration: int | None
    anonymous: bool | None
    mode: Literal["userid", "peerid"] | None
    type: Literal["poll", "quiz"] | None
    start: Literal["auto", "manual"] | None
    questions: list[PollQuestionParams] | None
