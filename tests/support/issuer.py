"""An OpenID Connect issuer on loopback that signs any claims with its keys."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.support.servers import Received, Step, answer, serve

AUDIENCE = "front-end"
CONFIGURATION = "/.well-known/openid-configuration"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Return an RSA key, generated once per name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class LocalIssuer:
    """Serves the issuer's configuration and keys. Tests can change both, and the way it responds."""

    url: str
    keys: dict[str, PrivateKey] = field(default_factory=lambda: {"first": rsa_key("first")})
    configuration: dict[str, Any] = field(default_factory=dict)
    key_members: dict[str, str] = field(default_factory=dict)
    status: int = 200
    delay_seconds: float = 0
    requests: list[str] = field(default_factory=list)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return the claims of a user's token with changes. None removes a claim."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": "user-42", "iat": now, "exp": now + 300}
        return {name: value for name, value in {**usual, **changed}.items() if value is not None}

    def token(self, key_id: str = "first", /, **changed: Any) -> str:
        """Return a user's token, signed with one of the issuer's keys."""
        return sign(self.claims(**changed), self.keys[key_id], key_id)

    def answer(self, path: str) -> Any:
        """Return the response for a path."""
        if path.endswith(CONFIGURATION):
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.configuration}
        return {"keys": [{**public(key), "kid": key_id, **self.key_members} for key_id, key in self.keys.items()]}


def sign(claims: dict[str, Any], key: PrivateKey, key_id: str, type_: str | None = "JWT") -> str:
    """Return a token, signed with RS256 or ES256 by the type of the key. `typ` is optional."""
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    return jwt.encode(claims, key, algorithm, headers={"kid": key_id, "typ": type_})


def public(key: PrivateKey) -> dict[str, Any]:
    """Return the public key as a JWK."""
    if isinstance(key, rsa.RSAPrivateKey):
        return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return ECAlgorithm.to_jwk(key.public_key(), as_dict=True)


@contextmanager
def running_issuer() -> Iterator[LocalIssuer]:
    """Run an issuer while the context is open."""

    def respond(request: Received) -> Step:
        issuer.requests.append(request.target)
        time.sleep(issuer.delay_seconds)
        return answer(issuer.status, json.dumps(issuer.answer(request.target)).encode())

    with serve(respond=respond) as server:
        issuer = LocalIssuer(server.url)
        yield issuer
