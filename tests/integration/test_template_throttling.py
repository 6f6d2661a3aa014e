"""API Gateway's throttling: each route has its own limit, and public routes have separate settings."""

import re
from typing import Any

import pytest

from hms_service.auth.caller import AuthScheme
from tests.http_api import chosen_path, functions, integrations, template
from tests.support.functions import load
from tests.support.sam_transform import transformed

PREFIXES = ("", "/v2")


def stage() -> dict[str, Any]:
    """The only stage of the HTTP API that SAM generates."""
    (found,) = [
        resource for resource in transformed()["Resources"].values() if resource["Type"] == "AWS::ApiGatewayV2::Stage"
    ]
    properties: dict[str, Any] = found["Properties"]
    return properties


def declared_routes() -> set[str]:
    """Keys of all routes of the HTTP API that SAM generates."""
    paths = transformed()["Resources"]["Api"]["Properties"]["Body"]["paths"]
    return {f"ANY {path}" for path in paths}


def routes() -> dict[str, dict[str, AuthScheme]]:
    """Return the service's routes and their auth schemes by API Gateway route key."""
    found: dict[str, dict[str, AuthScheme]] = {}
    for name in set(integrations().values()):
        router = load(functions()[name]["CodeUri"].split("/")[1]).router
        for prefix in PREFIXES:
            for rule, verbs in router.routes.items():
                path = re.sub(r"<\w+>", "an-id", prefix + rule)
                for verb, route in verbs.items():
                    found.setdefault(f"ANY {chosen_path(path)}", {})[f"{verb} {path}"] = route.auth_scheme
        for route in router.conditional_routes:
            found[f"ANY /v2{route.rule}"][f"{route.method} without a token"] = route.auth_scheme
    return found


PUBLIC = {key for key, asked in routes().items() if AuthScheme.PUBLIC in asked.values()}

SHARED = "ANY /v2/token"
"""Exchanges room codes for anyone. A flood of them limits the minting of join tokens there, but not at `/token`."""


def test_what_anyone_may_call_is_found_at_both_prefixes() -> None:
    assert set(PUBLIC) == {
        "ANY /",
        "ANY /{proxy+}",
        "ANY /webhooks",
        "ANY /v2/webhooks",
        "ANY /room-codes/code/{proxy+}",
        "ANY /v2/room-codes/code/{proxy+}",
        SHARED,
    }


def test_every_public_route_has_separate_settings_and_each_key_is_a_route() -> None:
    below_webhooks = {"ANY /webhooks/{proxy+}", "ANY /v2/webhooks/{proxy+}"}  # routes to the same function
    assert set(stage()["RouteSettings"]) == PUBLIC | below_webhooks
    assert PUBLIC | below_webhooks <= declared_routes()


@pytest.mark.parametrize("key", sorted(PUBLIC - {SHARED}))
def test_a_flood_of_a_public_route_leaves_those_that_ask_for_a_token(key: str) -> None:
    assert set(routes()[key].values()) == {AuthScheme.PUBLIC}


@pytest.mark.parametrize("key", sorted(PUBLIC))
def test_the_settings_of_a_route_are_its_kinds_parameters(key: str) -> None:
    kind = "Webhooks" if "webhooks" in key else "Public"
    limits = [f"{kind}ThrottlingRateLimit", f"{kind}ThrottlingBurstLimit"]
    assert stage()["RouteSettings"][key] == {limit.removeprefix(kind): {"Ref": limit} for limit in limits}
    for limit in limits:
        parameter = template()["Parameters"][limit]
        assert (parameter["Type"], parameter["MinValue"]) == ("Number", 1)


def test_every_other_route_has_the_default_settings() -> None:
    assert stage()["DefaultRouteSettings"] == {
        limit: {"Ref": limit} for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit")
    }
