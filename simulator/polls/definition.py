"""What a poll is made of: members and defaults as documented, questions and options numbered from 1 on."""

from typing import Any

from simulator.contract import document
from simulator.errors import NotFound

Json = dict[str, Any]


def fill_poll(fields: Json) -> Json:
    """A poll as it is kept, without an id."""
    questions = [fill_question(question) for question in fields.get("questions", [])]
    return _fill_defaults("PollInput", fields) | {"questions": _sort_and_number(questions)}


def fill_question(fields: Json) -> Json:
    """A question as it is kept."""
    options = [fill_option(option) for option in fields.get("options", [])]
    return _fill_defaults("PollQuestion", fields) | {"options": _sort_and_number(options)}


def normalize_attachments(fields: Json) -> Json:
    """A poll or question as it came, its attachments all objects."""
    normalized = dict(fields)
    if isinstance(fields.get("questions"), list):
        normalized["questions"] = [
            normalize_attachments(question) if isinstance(question, dict) else question
            for question in fields["questions"]
        ]
    if isinstance(fields.get("attachment"), list):
        # assumed: an attachment that is a plain URL, as the table has it, becomes the object that the samples show.
        normalized["attachment"] = [{"url": item} if isinstance(item, str) else item for item in fields["attachment"]]
    return normalized


def fill_option(fields: Json) -> Json:
    """An option as it is kept."""
    return _fill_defaults("PollOption", fields)


def replace_item(items: list[Json], item_name: str, number: str, item: Json) -> Json:
    """Replace the question or option of this number; returns it with the number. Raises NotFound."""
    # assumed: the path's number wins over `index`, and one that is not in use is not found.
    index = find_item(items, item_name, number)["index"]
    numbered = item | {"index": index}
    items[index - 1] = numbered
    return numbered


def remove_item(items: list[Json], item_name: str, number: str) -> int:
    """Remove the question or option of this number, and move up those behind it; returns its index. Raises NotFound."""
    index: int = find_item(items, item_name, number)["index"]
    del items[index - 1]
    _number(items)
    return index


def find_item(items: list[Json], item_name: str, number: str) -> Json:
    """The question or option of this number; raises NotFound."""
    for item in items:
        if str(item["index"]) == number:
            return item
    raise NotFound(f"{item_name} not found")


def remove_option_from_answer(question: Json, index: int) -> None:
    """Let the answer of a question name the same options as before one of them was removed."""
    # assumed: an answer moves with its options, and a removed one is no longer part of it.
    answer = question.get("answer", {})
    if "options" in answer:
        answer["options"] = [option - (option > index) for option in answer["options"] if option != index]
    if answer.get("option") == index:
        del answer["option"]
    elif "option" in answer:
        answer["option"] -= answer["option"] > index


def _fill_defaults(schema: str, fields: Json) -> Json:
    members = document()["components"]["schemas"][schema]["properties"]
    defaults = {name: member["default"] for name, member in members.items() if "default" in member}
    # assumed: a member that the documentation does not name is not kept.
    return defaults | {name: fields[name] for name in members if name in fields}


def _sort_and_number(items: list[Json]) -> list[Json]:
    # assumed: items go by `index`, those of the same one as they come; one without has that of its place in the list.
    numbered = sorted(enumerate(items, 1), key=lambda place: place[1].get("index", place[0]))
    return _number([item for _, item in numbered])


def _number(items: list[Json]) -> list[Json]:
    for index, item in enumerate(items, 1):
        item["index"] = index
    return items
