"""Join tokens."""

import os

from hms.resources import auth
from hms_service.auth.caller import AuthScheme
from hms_service.code_exchange import MAX_BODY_BYTES, CodeExchange, is_code_exchange
from hms_service.http.router import Router
from hms_service.join_tokens import JoinTokenMinter

router = Router("tokens")
minter = JoinTokenMinter(router.client, router.settings.token_max_seconds)
code_exchange = CodeExchange(router.client)

router.post(
    "/token",
    code_exchange.exchange_from_body,
    AuthScheme.PUBLIC,
    idempotent=False,
    response_operation=auth.EXCHANGE_ROOM_CODE,
    body="raw",
    max_body_bytes=MAX_BODY_BYTES,
    condition=is_code_exchange,
)
router.post("/token", minter.create, idempotent=False, body="required", max_body_bytes=16_384)

handler = router.resolve

if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "provisioned-concurrency":
    from hms_service.warm_up import warm_up

    warm_up(router.authentication.read_keys)
