"""Builds the OpenAPI document from the routes."""

import json
import re
from collections.abc import Iterable
from typing import Any

import docstring_parser
from pydantic import BaseModel

from hms import __version__
from hms_service.auth.caller import AuthScheme
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
    "appToken": "An app token from `POST /token`.",
    "oidcToken": "An ID token or access token of the configured OpenID Connect issuer.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "1 to 255 visible ASCII characters. For 24 hours, a repeated request with the same key returns the "
    "first response and is not executed again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
HEADERS = {
    "RequestId": ("ID of the request in the logs.", {"type": "string"}),
    "RetryAfter": ("Seconds to wait before a retry, or a date.", {"type": "string"}),
    "IdempotentReplay": (
        "`true` if this is the stored response of an earlier request.",
        {"const": "true"},
    ),
    "Withheld": (
        "Members whose credentials are withheld, separated by commas. Keys without the resource's `:write` scope do "
        "not get credentials. Paths in lists are relative to the items of `data`, and `*` matches any name. A withheld "
        'string is `"withheld"`, a list `[]` and an object `{}`. In a URL, the user information and the query are '
        "replaced.",
        {"type": "string"},
    ),
}
INTRODUCTION = (
    "The 100ms Server v2 REST API behind your own HTTPS endpoint. Most operations need a management token whose key "
    "has the scope in their description. Every path is also available under `/v2`. All errors have the schema `Error`. "
    "Errors of 100ms are returned unchanged. API Gateway returns "
    '`{"message": …}` for requests that it refuses itself, such as too many requests. By default, requests that 100ms '
    "does not document are sent to 100ms, and the response has the header `x-hms-warnings`."
)


def build_document() -> dict[str, Any]:
    """Build the OpenAPI 3.1 document of the API."""
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
        "servers": [{"url": "/", "description": "This deployment."}],
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
    """Encode the document for docs/openapi.json."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _query_model(route: PublicRoute) -> type[BaseModel] | None:
    """Return the model of the query, from the operation or from `service_operations`."""
    operation = route.route.operation
    if operation:
        return operation.query() if operation.query else None
    return service_operations.QUERY_MODELS.get((route.method, route.path))


def _body_model(route: PublicRoute) -> type[BaseModel] | None:
    """Return the model of the body, from the operation or from `service_operations`."""
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
        "externalDocs": {"url": docs_page[0], "description": "100ms documentation"} if docs_page else None,
        "security": SECURITY[route.route.auth_scheme],
        "x-scope": scope,
        "parameters": list(_parameters(route, samples, requests, upstream)) or None,
        "requestBody": _body(route, samples, requests),
        "responses": _responses(route, upstream, upstream_responses),
    }
    return {name: value for name, value in described.items() if value is not None}


def _description(text: str | None, scope: str | None) -> str | None:
    """Return the long description of a docstring without the documentation URL, and the scope."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in DOCS_PAGE_URL.sub("", text or "").split("\n\n")]
    paragraphs.append(f"Scope: `{scope}`." if scope else "")
    return "\n\n".join(filter(None, paragraphs)) or None


def _operation_id(route: PublicRoute, samples: list[Sample]) -> str:
    """Return the operation ID in camelCase: the name of the only sample, or the handler's name and the section."""
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
    """Describe a query parameter. Queries have no null, so a nullable type becomes the plain type."""
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
    """Return a schema that requires one of the members as a non-empty string."""
    text = {"type": "string", "minLength": 1}
    choices: list[Schema] = [{"properties": {name: text}, "required": [name]} for name in names]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _without(schema: Schema, excluded: Iterable[str]) -> Schema:
    """Return the schema without the excluded members."""
    properties = {name: member for name, member in schema["properties"].items() if name not in excluded}
    required = [name for name in schema.get("required", ()) if name not in excluded]
    return {**schema, "properties": properties, "required": required}


def _responses(
    route: PublicRoute, upstream: dict[str, Any] | None, upstream_responses: contract.UpstreamResponses
) -> dict[str, Any]:
    key = (route.method, route.path)
    documented = upstream_responses.for_operation(upstream) if upstream else service_operations.RESPONSES[key]
    responses = {status: _success(route, value) for status, value in documented.items() if status < 400}
    own_statuses = errors.statuses(route, calls_100ms=upstream is not None)
    own_statuses |= service_operations.EXTRA_ERROR_STATUSES.get(key, set())
    own_statuses -= service_operations.EXCLUDED_ERROR_STATUSES.get(key, set())
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
