"""Join tokens for end users who signed in with an OpenID Connect issuer."""

from hms.access import Access
from hms.gateway import Gateway
from hms.join import JoinTokens

gateway = Gateway("oidc_tokens")
join_tokens = JoinTokens(gateway.client)

gateway.post("/token/oidc", join_tokens.create_for_user, Access.OIDC, keyed=False, max_body_bytes=16_384)

handler = gateway.resolve
