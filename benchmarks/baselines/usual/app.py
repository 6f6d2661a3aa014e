"""The same GET as in Powertools' documentation, with validation, Parameters, Logger and Metrics."""

import os
import time
import uuid
from typing import Annotated, Any

import jwt
import requests
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.typing import LambdaContext

app = APIGatewayHttpResolver(enable_validation=True)
logger = Logger(service="rooms")
metrics = Metrics(namespace="hms", service="rooms")
session = requests.Session()
PREFIX = os.environ["HMS_PARAMETER_PREFIX"]


def credentials() -> tuple[str, str]:
    """Return the key pair. It is cached for 5 minutes."""
    names = {f"{PREFIX}/access_key": {}, f"{PREFIX}/secret": {}}
    values = parameters.get_parameters_by_name(names, decrypt=True, max_age=300)
    return values[f"{PREFIX}/access_key"], values[f"{PREFIX}/secret"]


def management_token(access_key: str, secret: str) -> str:
    """Return a token for 100ms."""
    now = int(time.time())
    claims = {"access_key": access_key, "type": "management", "version": 2, "jti": str(uuid.uuid4())}
    return jwt.encode({**claims, "iat": now, "nbf": now, "exp": now + 3600}, secret, "HS256")


@app.get("/rooms")
def list_rooms(limit: Annotated[int | None, Query(ge=10, le=100)] = None) -> Response[str]:
    """Return the response of 100ms."""
    access_key, secret = credentials()
    try:
        jwt.decode(app.current_event.headers["authorization"].removeprefix("Bearer "), secret, ["HS256"])
    except jwt.InvalidTokenError:
        raise UnauthorizedError("token") from None
    token = management_token(access_key, secret)
    response = session.get(
        f"{os.environ['HMS_API_URL']}/rooms",
        params={"limit": limit},
        headers={"authorization": f"Bearer {token}"},
        timeout=25,
    )
    metrics.add_metric("Requests", MetricUnit.Count, 1)
    logger.info("request", extra={"status": response.status_code})
    return Response(response.status_code, "application/json", response.text)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle an event."""
    return app.resolve(event, context)
