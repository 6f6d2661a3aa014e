"""The whole document, put together a route at a time."""

import json
import re
from collections.abc import Iterable
from typing import Any

import docstring_parser
from pydantic import BaseModel

from hms import __version__
from hms_service.auth.authenticator import AuthScheme
from hms_service.auth.scopes import READ, WRITE
from tools.openapi import contract, errors, service_operations
from tools.openapi.models import REF, Schema, build_schemas, read_summary
from tools.openapi.routes import ROOT, PublicRoute, public_routes
from tools.openapi.samples import Sample, find_samples

DOCUMENT = ROOT / "docs" / "openapi.json"
DOCS_PAGE_URL = re.compile(r"https://www\.100ms\.live/docs/\S+")

SECURITY: dict[AuthScheme, list[dict[str, list[str]]]] = {
    AuthScheme.PUBLIC: [],
    AuthScheme.MANAGEMENT: [{"managementToken": []}],
    AuthScheme.APP: [{"appToken": []}],
    AuthScheme.OIDC: [{"oidcToken": []}],
}
SCHEMES = {
    "managementToken": "A management token, signed with a client key or with the app's own key pair (HS256).",
    "appToken": "An app token, as `POST /token` gives it.",
    "oidcToken": "A token of the OpenID Connect issuer that the service is set up for.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "1 to 255 visible ASCII characters. For 24 hours the same request with this key is answered with "
    "what came of the first one, and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
HEADERS = {
    "RequestId": ("The request's id, by which the log has it.", {"type": "string"}),
    "RetryAfter": ("Seconds after which to try again, or the date.", {"type": "string"}),
    "IdempotentReplay": ("`true`: this answers an earlier request with the same key.", {"const": "true"}),
    "Withheld": (
        "Members that were withheld because they are credentials and the key only reads, separated by commas, without "
        'those of `data` before them; `*` is any name. A string is `"withheld"`, a list `[]`, an object `{}`; a URL '
        "may have lost its user information and its query. A key with the section's `:write` is shown them.",
        {"type": "string"},
    ),
}
INTRODUCTION = (
    "The 100ms Server v2 REST API behind your own HTTPS endpoint. Every call but a few takes a management token, whose "
    "key needs the scope that the call names. Every path is served under `/v2` too. Errors have one shape, `Error`; "
    "those of 100ms come back as they are, and what API Gateway itself refuses, such as too many requests, is "
    '`{"message": …}`. A field that looks like a misspelt known one is refused; other unknown '
    "fields pass."
)


def build_document() -> dict[str, Any]:
    """The public API as an OpenAPI 3.1 document."""
    routes = public_routes()
    query_models = [model for route in routes if (model := _query_model(route))]
    body_models = [model for route in routes if (model := _body_model(route))]
    requests = build_schemas([*query_models, *body_models])
    queries = {model.__name__ for model in query_models}
    bodies = {name: schema for name, schema in requests.items() if name not in queries}
    upstream_responses = contract.UpstreamResponses(bodies)
    paths: dict[str, Any] = {}
    for route in routes:
        samples = find_samples(route, routes)
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(
            route, samples, requests, upstream_responses
        )
    order = [tag for tag, description in service_operations.TAGS.values() if description]
    paths = dict(sorted(paths.items(), key=lambda item: order.index(next(iter(item[1].values()))["tags"][0])))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "100ms on AWS Lambda",
            "version": __version__,
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Here."}],
        "tags": [
            {"name": tag, "description": description}
            for tag, description in service_operations.TAGS.values()
            if description
        ],
        "security": SECURITY[AuthScheme.MANAGEMENT],
        "paths": paths,
        "components": {
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description}
                for name, description in SCHEMES.items()
            },
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "headers": {
                name: {"description": description, "schema": schema} for name, (description, schema) in HEADERS.items()
            },
            "responses": errors.responses(),
            "schemas": dict(sorted((bodies | upstream_responses.schemas).items())),
        },
    }


def to_json(value: dict[str, Any]) -> str:
    """The document as it is kept."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _query_model(route: PublicRoute) -> type[BaseModel] | None:
    """The model of the query: of the operation that it serves, or of its own."""
    operation = route.route.operation
    if operation:
        return operation.query() if operation.query else None
    return service_operations.QUERY_MODELS.get((route.method, route.path))


def _body_model(route: PublicRoute) -> type[BaseModel] | None:
    """The model of the body: of the operation that it serves, or of its own."""
    operation = route.route.operation
    if operation:
        return operation.body() if operation.body else None
    return service_operations.BODY_MODELS.get((route.method, route.path))


def _operation(
    route: PublicRoute,
    samples: list[Sample],
    requests: dict[str, Schema],
    upstream_responses: contract.UpstreamResponses,
) -> dict[str, Any]:
    answers = route.response_operation
    upstream = contract.find_operation(answers.method, answers.path) if answers else None
    operation = route.documented
    docstring = docstring_parser.parse(operation.__doc__ or "")
    docs_page = DOCS_PAGE_URL.search(operation.__doc__ or "")
    action = READ if route.route.is_read_only else WRITE
    scope = f"{route.route.scope}:{action}" if route.route.auth_scheme is AuthScheme.MANAGEMENT else None
    described: dict[str, Any] = {
        "tags": [service_operations.TAGS[route.section][0]],
        "operationId": _operation_id(route, samples),
        "summary": read_summary(operation).removesuffix("."),
        "description": _description(docstring.long_description, scope),
        "externalDocs": {"url": docs_page[0], "description": "The page of 100ms"} if docs_page else None,
        "security": SECURITY[route.route.auth_scheme],
        "x-scope": scope,
        "parameters": list(_parameters(route, samples, requests, upstream)) or None,
        "requestBody": _body(route, samples, requests),
        "responses": _responses(route, upstream, upstream_responses),
    }
    return {name: value for name, value in described.items() if value is not None}


def _description(text: str | None, scope: str | None) -> str | None:
    """A docstring's further sentences, without the address of 100ms's page, and the scope."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in DOCS_PAGE_URL.sub("", text or "").split("\n\n")]
    paragraphs.append(f"Scope: `{scope}`." if scope else "")
    return "\n\n".join(filter(None, paragraphs)) or None


def _operation_id(route: PublicRoute, samples: list[Sample]) -> str:
    """The name of its one sample, in camelCase; what takes many kinds is named for the section as well."""
    name = samples[0].name if len(samples) == 1 else f"{route.documented.__name__}_{route.section}"
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _parameters(
    route: PublicRoute,
    samples: list[Sample],
    requests: dict[str, Schema],
    upstream: dict[str, Any] | None,
) -> Iterable[dict[str, Any]]:
    descriptions = {
        parameter["name"]: parameter.get("description", "") for parameter in (upstream or {}).get("parameters", [])
    }
    segments = samples[0].segments(route) if samples else {}
    for name in route.variables:
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": descriptions.get(name) or name.replace("_", " ").capitalize(),
            "schema": {"type": "string", "minLength": 1},
            **({"example": segments[name]} if name in segments else {}),
        }
    if query := _query_model(route):
        schema = requests[query.__name__]
        for name, member in schema["properties"].items():
            yield _query_parameter(name, member, name in schema.get("required", ()))
    yield from service_operations.PARAMETERS.get((route.method, route.path), [])
    if route.route.idempotent:
        yield {"$ref": "#/components/parameters/IdempotencyKey"}


def _query_parameter(name: str, member: Schema, required: bool) -> dict[str, Any]:
    """A query has no null, so what may be one may be left out."""
    schema = {key: value for key, value in member.items() if key != "description"}
    if "anyOf" in schema:
        (schema,) = [item for item in schema["anyOf"] if item != {"type": "null"}]
    if isinstance(schema.get("type"), list):
        schema["type"] = schema["type"][0]
    described = {"name": name, "in": "query", "required": required or None, "description": member.get("description")}
    return {key: value for key, value in {**described, "schema": schema}.items() if value is not None}


def _body(route: PublicRoute, samples: list[Sample], requests: dict[str, Schema]) -> dict[str, Any] | None:
    model, own_schema = _body_model(route), service_operations.BODY_SCHEMAS.get((route.method, route.path))
    schema = own_schema or {}
    if model:
        schema = {"$ref": REF + model.__name__}
        excluded_names = {*route.variables, *service_operations.EXCLUDED_MEMBERS.get((route.method, route.path), ())}
        excluded = requests[model.__name__].get("properties", {}).keys() & excluded_names
        if excluded:
            schema = _without(requests[model.__name__], excluded)
    if not schema:
        return None
    if (route.method, route.path) in service_operations.REQUIRED_ALTERNATIVES:
        schema = {
            "allOf": [schema, *map(_require_any, service_operations.REQUIRED_ALTERNATIVES[route.method, route.path])]
        }
    content: dict[str, Any] = {"schema": schema}
    examples = service_operations.EXAMPLES.get((route.method, route.path), {})
    examples |= {sample.name: {"value": sample.body} for sample in samples if sample.body is not None}
    if examples:
        content["examples"] = examples
    return {"required": route.route.body in ("required", "raw"), "content": {"application/json": content}}


def _require_any(names: list[str]) -> Schema:
    """That one of the members is there, and a text."""
    text = {"type": "string", "minLength": 1}
    choices: list[Schema] = [{"properties": {name: text}, "required": [name]} for name in names]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _without(schema: Schema, excluded: Iterable[str]) -> Schema:
    """The schema without the members that the path gives."""
    properties = {name: member for name, member in schema["properties"].items() if name not in excluded}
    required = [name for name in schema.get("required", ()) if name not in excluded]
    return {**schema, "properties": properties, "required": required}


def _responses(
    route: PublicRoute, upstream: dict[str, Any] | None, upstream_responses: contract.UpstreamResponses
) -> dict[str, Any]:
    key = (route.method, route.path)
    documented = upstream_responses.for_operation(upstream) if upstream else service_operations.RESPONSES[key]
    responses = {status: _success(route, value) for status, value in documented.items() if status < 400}
    own_statuses = errors.statuses(
        route, calls_100ms=upstream is not None
    ) | service_operations.EXTRA_ERROR_STATUSES.get(key, set())
    for status in own_statuses | {status for status in documented if status >= 400}:
        responses[status] = (
            {"$ref": f"#/components/responses/{errors.component_name(status)}"} if status in own_statuses else {}
        )
        texts = contract.error_examples(upstream, status) if upstream else {}
        if texts or not responses[status]:
            responses[status] = errors.response(status, documented.get(status, {}).get("description", ""), texts)
    return {str(status): responses[status] for status in sorted(responses)}


def _success(route: PublicRoute, response: dict[str, Any]) -> dict[str, Any]:
    if (route.method, route.path) in service_operations.RESPONSE_EXAMPLES:
        content = response["content"]["application/json"]
        content["example"] = service_operations.RESPONSE_EXAMPLES[route.method, route.path]
    headers: dict[str, Any] = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    if route.route.idempotent:
        headers["idempotent-replay"] = {"$ref": "#/components/headers/IdempotentReplay"}
    if route.route.is_read_only and route.response_operation and route.response_operation.credentials:
        headers["x-hms-withheld"] = {"$ref": "#/components/headers/Withheld"}
    return {**response, "headers": headers | response.get("headers", {})}
