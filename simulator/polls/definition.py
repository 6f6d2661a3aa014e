"""What a poll is made of: members and defaults as documented, questions and options numbered from 1 on."""

from typing import Any

from simulator.contract import document
from simulator.errors import NotFound

Json = dict[str, Any]


def filled_poll(given: Json) -> Json:
    """A poll as it is kept, without an id."""
    questions = [filled_question(question) for question in given.get("questions", [])]
    return _filled("PollInput", given) | {"questions": _in_order(questions)}


def filled_question(given: Json) -> Json:
    """A question as it is kept."""
    options = [filled_option(option) for option in given.get("options", [])]
    return _filled("PollQuestion", given) | {"options": _in_order(options)}


def with_attachments(given: Json) -> Json:
    """A poll or question as it came, its attachments all objects."""
    changed = dict(given)
    if isinstance(given.get("questions"), list):
        changed["questions"] = [with_attachments(it) if isinstance(it, dict) else it for it in given["questions"]]
    if isinstance(given.get("attachment"), list):
        # assumed: an attachment that is a plain URL, as the table has it, becomes the object that the samples show.
        changed["attachment"] = [{"url": it} if isinstance(it, str) else it for it in given["attachment"]]
    return changed


def filled_option(given: Json) -> Json:
    """An option as it is kept."""
    return _filled("PollOption", given)


def put(items: list[Json], called: str, number: str, item: Json) -> Json:
    """Replace the question or option of this number; returns it with the number. Raises NotFound."""
    # assumed: the path's number wins over `index`, and one that is not in use is not found.
    index = find(items, called, number)["index"]
    placed = item | {"index": index}
    items[index - 1] = placed
    return placed


def take(items: list[Json], called: str, number: str) -> int:
    """Remove the question or option of this number, and move up those behind it; returns its index. Raises NotFound."""
    index: int = find(items, called, number)["index"]
    del items[index - 1]
    _number(items)
    return index


def find(items: list[Json], called: str, number: str) -> Json:
    """The question or option of this number; raises NotFound."""
    for item in items:
        if str(item["index"]) == number:
            return item
    raise NotFound(f"{called} not found")


def forget_option(question: Json, index: int) -> None:
    """Let the answer of a question name the same options as before one of them was removed."""
    # assumed: an answer moves with its options, and a removed one is no longer part of it.
    answer = question.get("answer", {})
    if "options" in answer:
        answer["options"] = [option - (option > index) for option in answer["options"] if option != index]


def _filled(schema: str, given: Json) -> Json:
    members = document()["components"]["schemas"][schema]["properties"]
    defaults = {name: member["default"] for name, member in members.items() if "default" in member}
    # assumed: a member that the documentation does not name is not kept.
    return defaults | {name: given[name] for name in members if name in given}


def _in_order(items: list[Json]) -> list[Json]:
    # assumed: items go by `index`, those of the same one as they come; one without has that of its place in the list.
    placed = sorted(enumerate(items, 1), key=lambda place: place[1].get("index", place[0]))
    return _number([item for _, item in placed])


def _number(items: list[Json]) -> list[Json]:
    for index, item in enumerate(items, 1):
        item["index"] = index
    return items
