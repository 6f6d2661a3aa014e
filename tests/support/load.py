"""Requests of many kinds. Each can check that a response belongs to it and not to another request."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from tests.support.echo import FAULTS

FAULTY = 0.05
"""The share of requests for which 100ms has a fault."""


@dataclass(frozen=True)
class Caller:
    """A caller with the token of a client key.

    Attributes:
        name: access key of the client key.
        token: management token.
        may_write: True if the key has write scopes.
    """

    name: str
    token: str
    may_write: bool


@dataclass(frozen=True)
class Request:
    """A request that can check its response.

    Attributes:
        function: folder of the function.
        nonce: text that no other request contains.
        fault: fault of 100ms for this request; "" for none.
    """

    function: str
    method: str
    path: str
    body: Any
    caller: Caller
    nonce: str
    fault: str = ""
    token: str = ""
    status: int = 0

    @property
    def sent_token(self) -> str:
        """The token in the request."""
        return self.token or self.caller.token

    @property
    def is_public(self) -> bool:
        """True if the caller is allowed to make the request."""
        return self.path.startswith("/room-codes/code/")

    def expected(self) -> int:
        """The expected status."""
        if self.status:
            return self.status
        if self.method != "GET" and not self.caller.may_write and not self.is_public:
            return 403
        again = 200 if self.method == "GET" else None
        outcomes = {"": 200, "500": 500, "html": 502, "503": again or 503, "reset": again or 502}
        return outcomes.get(self.fault, 401 if self.is_public else 200)

    def problem(self, status: int, body: str, secret: str) -> str:
        """Return the error in a response; "" if it is correct."""
        if status != self.expected():
            return f"{self.method} {self.path} by {self.caller.name}: {status}, not {self.expected()}: {body[:200]}"
        value = json.loads(body)
        if status == 201:
            claims = jwt.decode(value["token"], secret, algorithms=["HS256"])
            return "" if claims["user_id"] == self.nonce else f"a token for {claims['user_id']}, not {self.nonce}"
        if status >= 400:
            is_ours = value["code"] == status and value["message"]
            return "" if is_ours else f"no envelope: {body[:200]}"
        is_echoed = self.nonce in json.dumps(value) and value["method"] == self.method
        return "" if is_echoed else f"an answer to another request than {self.nonce}: {body[:200]}"


Make = Callable[[str], tuple[str, str, str, Any]]

KINDS: list[Make] = [
    lambda nonce: ("rooms", "GET", f"/rooms/{nonce}", None),
    lambda nonce: ("rooms", "GET", f"/v2/rooms?name={nonce}&limit=20", None),
    lambda nonce: ("rooms", "POST", "/rooms", {"name": nonce, "size": 3}),
    lambda nonce: ("rooms", "POST", f"/rooms/{nonce}", {"description": nonce}),
    lambda nonce: ("sessions", "GET", f"/sessions/{nonce}", None),
    lambda nonce: ("sessions", "GET", f"/sessions?room_id={nonce}", None),
    lambda nonce: ("polls", "GET", f"/polls/{nonce}", None),
    lambda nonce: ("polls", "DELETE", f"/polls/{nonce}/questions/1", None),
    lambda nonce: ("room_codes", "POST", f"/room-codes/code/{nonce}", {"user_id": nonce}),
    lambda nonce: ("room_codes", "POST", f"/room-codes/room/{nonce}", None),
]
FUNCTIONS = ("rooms", "sessions", "polls", "room_codes", "tokens")


def requests_of(caller: Caller, numbers: range) -> list[Request]:
    """Return the requests of a caller. They are the same in every run."""
    chance = random.Random(numbers.start)
    return [_request(caller, number, chance) for number in numbers]


def _request(caller: Caller, number: int, chance: random.Random) -> Request:
    dice, nonce = chance.random(), f"n{number}x"
    if dice < FAULTY:
        fault = chance.choice(FAULTS)
        nonce = f"{nonce}-{fault}"
        return Request(*chance.choice(KINDS)(nonce), caller, nonce, fault)
    if dice < FAULTY + 0.03:
        status = 400 if caller.may_write else 403
        return Request("rooms", "POST", "/rooms", {"nmae": nonce}, caller, nonce, status=status)
    if dice < FAULTY + 0.06:
        return Request("rooms", "GET", f"/rooms/{nonce}", None, caller, nonce, token=f"{caller.token}x", status=401)
    if dice < FAULTY + 0.20:
        body = {"roomId": nonce, "role": "host", "userId": nonce}
        return Request("tokens", "POST", "/token", body, caller, nonce, status=201 if caller.may_write else 403)
    return Request(*chance.choice(KINDS)(nonce), caller, nonce)
