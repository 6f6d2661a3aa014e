"""Define and check the bodies of control calls."""

from typing import Any

from jsonschema import Draft202012Validator

from simulator.contract import error_details, no_documented_text
from simulator.errors import invalid_body
from simulator.request_parsing import json_body

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}


def object_schema(*required: str, **properties: Json) -> Draft202012Validator:
    """Return the schema of an object with these members and no others."""
    return Draft202012Validator(
        {
            "type": "object",
            "additionalProperties": False,
            "required": list(required),
            "properties": properties,
        }
    )


def read_body(schema: Draft202012Validator) -> Json:
    """Return the body of a control call. Raises BadRequest with a detail per invalid member."""
    body = json_body()
    details = error_details(schema.iter_errors(body), no_documented_text)
    if details:
        raise invalid_body(*details)
    return body
