import pytest

from hms.client import HmsClient
from hms.errors import BadRequestError
from hms.models.auth import CodeExchange
from tests.support.contract import examples
from tests.support.servers import ScriptedServer
from tests.unit.models.checks import problems


@pytest.mark.parametrize("body", examples("exchangeRoomCodeForToken").values())
def test_the_documented_exchange_passes(body: dict[str, str]) -> None:
    assert problems(CodeExchange, body, closed=True) == []
    assert problems(CodeExchange, {**body, "user_id": "u"}, closed=True) == []


def test_an_exchange_with_a_misspelled_user_is_not_forwarded(client: HmsClient, upstream: ScriptedServer) -> None:
    with pytest.raises(BadRequestError) as refusal:
        client.auth.exchange_room_code({"code": "wpi-srjb-wer", "userId": "u"})
    assert refusal.value.details == ["userId: unknown field, did you mean user_id?"]
    assert upstream.requests == []


def test_a_refused_exchange_does_not_repeat_the_code() -> None:
    assert "wpi" not in str(problems(CodeExchange, {"code": ["wpi-srjb-wer"]}))
