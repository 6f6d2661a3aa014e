"""Join tokens for end users who signed in with an OpenID Connect issuer."""

from hms_service.auth.authenticator import Access
from hms_service.http.router import Gateway
from hms_service.join_tokens import JoinTokens

gateway = Gateway("oidc_tokens")
create_for_user = JoinTokens(gateway.client, gateway.settings.token_max_seconds).create_for_user

gateway.post("/token/oidc", create_for_user, Access.OIDC, idempotent=False, body="optional", max_body_bytes=16_384)

handler = gateway.resolve
