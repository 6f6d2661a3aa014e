"""Join tokens."""

from hms_service.http.router import Gateway
from hms_service.join_tokens import JoinTokens

gateway = Gateway("tokens")
join_tokens = JoinTokens(gateway.client, gateway.settings.token_max_seconds)

gateway.post("/token", join_tokens.create, idempotent=False, body="required", max_body_bytes=16_384)

handler = gateway.resolve
