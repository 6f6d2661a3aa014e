"""Complete polls, questions and options with the documented defaults, and number them from 1."""

from typing import Any

from simulator.contract import document
from simulator.errors import NotFound

Json = dict[str, Any]


def fill_poll(fields: Json) -> Json:
    """Return the content of a poll: its documented members, with defaults and numbered questions."""
    questions = [fill_question(question) for question in fields.get("questions", [])]
    return _fill_defaults("PollInput", fields) | {"questions": _sort_and_number(questions)}


def fill_question(fields: Json) -> Json:
    """Return a question with its documented members, defaults and numbered options."""
    options = [fill_option(option) for option in fields.get("options", [])]
    return _fill_defaults("PollQuestion", fields) | {"options": _sort_and_number(options)}


def normalize_attachments(fields: Json) -> Json:
    """Return a poll or question of a request, with all attachments as objects."""
    normalized = dict(fields)
    if isinstance(fields.get("questions"), list):
        normalized["questions"] = [
            normalize_attachments(question) if isinstance(question, dict) else question
            for question in fields["questions"]
        ]
    if isinstance(fields.get("attachment"), list):
        # [polls.plain-attachment] an attachment that is a plain URL, as in the table,
        # becomes the object of the samples.
        normalized["attachment"] = [{"url": item} if isinstance(item, str) else item for item in fields["attachment"]]
    return normalized


def fill_option(fields: Json) -> Json:
    """Return an option with its documented members and defaults."""
    return _fill_defaults("PollOption", fields)


def replace_item(items: list[Json], item_name: str, number: str, item: Json) -> Json:
    """Replace the question or option with this number. Returns it with its `index`. Raises NotFound."""
    # [polls.index-in-the-path] the number in the path wins over `index`; an unused number is not found.
    index = find_item(items, item_name, number)["index"]
    numbered = item | {"index": index}
    items[index - 1] = numbered
    return numbered


def remove_item(items: list[Json], item_name: str, number: str) -> int:
    """Remove the question or option with this number, and renumber the others. Returns its index. Raises NotFound."""
    index: int = find_item(items, item_name, number)["index"]
    del items[index - 1]
    _number(items)
    return index


def find_item(items: list[Json], item_name: str, number: str) -> Json:
    """Return the question or option with this number. Raises NotFound."""
    for item in items:
        if str(item["index"]) == number:
            return item
    raise NotFound(f"{item_name} not found")


def remove_option_from_answer(question: Json, index: int) -> None:
    """Update the right answer of a question after an option was removed."""
    # [polls.answers] answers follow their options when indexes move; a removed option leaves the answer.
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
    # [polls.absent-members] members without a default are absent unless sent.
    # [polls.undocumented-members] undocumented members are dropped.
    return defaults | {name: fields[name] for name in members if name in fields}


def _sort_and_number(items: list[Json]) -> list[Json]:
    # [polls.order-of-questions-and-options] sorted by `index`, equal ones as sent. Without `index`, the position in
    # the list counts.
    numbered = sorted(enumerate(items, 1), key=lambda place: place[1].get("index", place[0]))
    return _number([item for _, item in numbered])


def _number(items: list[Json]) -> list[Json]:
    for index, item in enumerate(items, 1):
        item["index"] = index
    return items
