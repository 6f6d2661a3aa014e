"""The same GET with Chalice."""

import os
import time
import uuid
from functools import cache

import boto3
import jwt
import requests
from chalice import Chalice, Response, UnauthorizedError

app = Chalice(app_name="rooms")
app.log.setLevel("INFO")
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


@app.route("/rooms")
def list_rooms() -> Response:
    """Return the response of 100ms."""
    try:
        token = app.current_request.headers["authorization"].removeprefix("Bearer ")
        jwt.decode(token, credentials()[1], ["HS256"])
    except jwt.InvalidTokenError:
        raise UnauthorizedError("token") from None
    headers = {"authorization": f"Bearer {management_token()}"}
    response = session.get(f"{os.environ['HMS_API_URL']}/rooms", headers=headers, timeout=25)
    app.log.info("request %s", response.status_code)
    return Response(response.text, {"content-type": "application/json"}, response.status_code)
