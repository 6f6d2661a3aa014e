"""The same GET with Flask behind serverless-wsgi."""

import logging
import os
import time
import uuid
from functools import cache
from typing import Any

import boto3
import jwt
import requests
import serverless_wsgi
from flask import Flask, Response, abort, request

logging.getLogger().setLevel(logging.INFO)
logger = logging.getLogger("rooms")
app = Flask(__name__)
session = requests.Session()
PREFIX = os.environ["HMS_PARAMETER_PREFIX"]


@cache
def credentials() -> tuple[str, str]:
    """Return the key pair."""
    names = [f"{PREFIX}/access_key", f"{PREFIX}/secret"]
    parameters = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    values = {parameter["Name"]: parameter["Value"] for parameter in parameters}
    return values[names[0]], values[names[1]]


@cache
def management_token() -> str:
    """Return a token for 100ms."""
    access_key, secret = credentials()
    now = int(time.time())
    claims = {"access_key": access_key, "type": "management", "version": 2, "jti": str(uuid.uuid4())}
    return jwt.encode({**claims, "iat": now, "nbf": now, "exp": now + 3600}, secret, "HS256")


@app.get("/rooms")
def list_rooms() -> Response:
    """Return the response of 100ms."""
    try:
        jwt.decode(request.headers["authorization"].removeprefix("Bearer "), credentials()[1], ["HS256"])
    except jwt.InvalidTokenError:
        abort(401)
    headers = {"authorization": f"Bearer {management_token()}"}
    response = session.get(f"{os.environ['HMS_API_URL']}/rooms", headers=headers, timeout=25)
    logger.info("request %s", response.status_code)
    return Response(response.text, response.status_code, mimetype="application/json")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Handle an event."""
    response: dict[str, Any] = serverless_wsgi.handle_request(app, event, context)
    return response
