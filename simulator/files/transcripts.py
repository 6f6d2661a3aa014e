"""Write transcripts and summaries in their documented forms. Each speaker says one made-up sentence."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.files.content import Content, text_content

Json = dict[str, Any]

FIRST_SENTENCE_MS = 1010
WORD_MS = 500
PAUSE_MS = 1000

# The documented default sections of a summary: format by title.
DEFAULT_SECTIONS = {
    "Agenda": "bullets",
    "Key Points Discussed": "bullets",
    "Follow Up Action Items": "bullets",
    "Short Summary": "paragraph",
}


@dataclass(frozen=True)
class Speaker:
    """A peer that speaks."""

    peer_id: str
    name: str


@dataclass(frozen=True)
class Utterance:
    """A word or sentence of a speaker, with its start and end in milliseconds."""

    speaker: Speaker
    text: str
    start: int
    end: int

    def to_dict(self, kind: str) -> Json:
        """Return it as in transcript.json; `kind` is `word` or `sentence`."""
        times = {"start_time": str(self.start), "end_time": str(self.end)}
        return {kind: self.text, "name": self.speaker.name, "peer_id": self.speaker.peer_id, **times}


def write_transcript(speakers: Sequence[Speaker], output_mode: str) -> Content:
    """Return a transcript in an output mode: txt, srt or json."""
    media_type, write = _WRITERS[output_mode]
    return text_content(media_type, write(list(_sentences(speakers))))


def write_summary(speakers: Sequence[Speaker], formats: Mapping[str, str]) -> Content:
    """Return a summary with these sections, given as format by title, after the speakers."""
    sections = [_section("Speakers", "bullets", [speaker.name for speaker in speakers])]
    sections += [_section(title, format_, [f"{title} of the session"]) for title, format_ in formats.items()]
    return text_content("application/json", json.dumps({"summary": {"sections": sections}}, indent=2))


def _sentences(speakers: Sequence[Speaker]) -> Iterator[Utterance]:
    start = FIRST_SENTENCE_MS
    for speaker in speakers:
        text = f"Hello, this is {speaker.name}."
        end = start + WORD_MS * len(text.split())
        yield Utterance(speaker, text, start, end)
        start = end + PAUSE_MS


def _words(sentence: Utterance) -> Iterator[Utterance]:
    for index, word in enumerate(sentence.text.split()):
        start = sentence.start + WORD_MS * index
        yield Utterance(sentence.speaker, word.strip(",."), start, start + WORD_MS)


def _write_txt(sentences: list[Utterance]) -> str:
    return "\n\n".join(_line(sentence) for sentence in sentences) + "\n"


def _write_srt(sentences: list[Utterance]) -> str:
    cues = [
        f"{number}\n{_srt_time(sentence.start)} --> {_srt_time(sentence.end)}\n{_line(sentence)}\n"
        for number, sentence in enumerate(sentences, 1)
    ]
    return "\n".join(cues)


def _write_json(sentences: list[Utterance]) -> str:
    words = [word.to_dict("word") for sentence in sentences for word in _words(sentence)]
    return json.dumps({"words": words, "sentences": [sentence.to_dict("sentence") for sentence in sentences]}, indent=2)


def _line(sentence: Utterance) -> str:
    return f"{sentence.speaker.name}: {sentence.text}"


def _srt_time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"


def _section(title: str, format_: str, texts: list[str]) -> Json:
    bullets = format_ == "bullets"
    paragraph = "" if bullets else " ".join(texts)
    return {"title": title, "format": format_, "bullets": texts if bullets else [], "paragraph": paragraph}


_WRITERS: dict[str, tuple[str, Callable[[list[Utterance]], str]]] = {
    "txt": ("text/plain", _write_txt),
    "srt": ("application/x-subrip", _write_srt),
    "json": ("application/json", _write_json),
}
