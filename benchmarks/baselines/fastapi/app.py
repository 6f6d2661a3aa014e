"""The same GET with FastAPI behind Mangum."""

import logging
import os
import time
import uuid
from functools import cache
from typing import Annotated

import boto3
import httpx
import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from mangum import Mangum

logging.getLogger().setLevel(logging.INFO)
logger = logging.getLogger("rooms")
app = FastAPI()
client = httpx.Client(timeout=25)
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


def caller(authorization: Annotated[str, Header()]) -> None:
    """Check the caller's token."""
    try:
        jwt.decode(authorization.removeprefix("Bearer "), credentials()[1], ["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None


@app.get("/rooms", dependencies=[Depends(caller)])
def list_rooms(limit: Annotated[int | None, Query(ge=10, le=100)] = None) -> Response:
    """Return the response of 100ms."""
    query = {"limit": limit} if limit else {}
    headers = {"authorization": f"Bearer {management_token()}"}
    response = client.get(f"{os.environ['HMS_API_URL']}/rooms", params=query, headers=headers)
    logger.info("request %s", response.status_code)
    return Response(response.text, response.status_code, media_type="application/json")


handler = Mangum(app, lifespan="off")
