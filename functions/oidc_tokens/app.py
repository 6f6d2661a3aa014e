"""Join tokens for end users who signed in with an OpenID Connect issuer."""

from hms_service.auth.caller import AuthScheme
from hms_service.http.router import Router
from hms_service.join_tokens import JoinTokenMinter

router = Router("oidc_tokens")
create_for_user = JoinTokenMinter(router.client, router.settings.token_max_seconds).create_for_user

router.post("/token/oidc", create_for_user, AuthScheme.OIDC, idempotent=False, body="optional", max_body_bytes=16_384)

handler = router.resolve
