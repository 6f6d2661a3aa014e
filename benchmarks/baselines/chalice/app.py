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
    """The key pair."""
    names = [f"{PREFIX}/access_key", f"{PREFIX}/secret"]
    found = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    values = {each["Name"]: each["Value"] for each in found}
    return values[names[0]], values[names[1]]


@cache
def management_token() -> str:
    """A token for 100ms."""
    access_key, secret = credentials()
    now = int(time.time())
    claims = {"access_key": access_key, "type": "management", "version": 2, "jti": str(uuid.uuid4())}
    return jwt.encode({**claims, "iat": now, "nbf": now, "exp": now + 3600}, secret, "HS256")


@app.route("/rooms")
def list_rooms() -> Response:
    """The rooms, as 100ms tells of them."""
    try:
        token = app.current_request.headers["authorization"].removeprefix("Bearer ")
        jwt.decode(token, credentials()[1], ["HS256"])
    except jwt.InvalidTokenError:
        raise UnauthorizedError("token") from None
    headers = {"authorization": f"Bearer {management_token()}"}
    answer = session.get(f"{os.environ['HMS_API_URL']}/rooms", headers=headers, timeout=25)
    app.log.info("request %s", answer.status_code)
    return Response(answer.text, {"content-type": "application/json"}, answer.status_code)
