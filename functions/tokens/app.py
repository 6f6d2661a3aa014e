"""Join tokens."""

from hms.gateway import Gateway
from hms.join import JoinTokens

gateway = Gateway("tokens")
join_tokens = JoinTokens(gateway.client)

gateway.post("/token", join_tokens.create, keyed=False, max_body_bytes=16_384)

handler = gateway.resolve
