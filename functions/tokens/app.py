"""Join tokens."""

from hms_service.http.router import Router
from hms_service.join_tokens import JoinTokenMinter

router = Router("tokens")
join_tokens = JoinTokenMinter(router.client, router.settings.token_max_seconds)

router.post("/token", join_tokens.create, idempotent=False, body="required", max_body_bytes=16_384)

handler = router.resolve
