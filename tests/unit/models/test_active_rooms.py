import pytest

from hms.models.active_rooms import ActivePeerListQuery, ActivePeerUpdate, ActiveRoomMessage, EndRoom, RemovePeers
from hms.models.base import Model
from tests.support.contract import examples
from tests.unit.models.checks import documented_answers, problems

MODELS: dict[str, type[Model]] = {
    "updateActivePeer": ActivePeerUpdate,
    "sendActiveRoomMessage": ActiveRoomMessage,
    "removeActivePeers": RemovePeers,
    "endActiveRoom": EndRoom,
}


@pytest.mark.parametrize("operation_id", MODELS)
def test_the_documented_requests_pass(operation_id: str) -> None:
    for body in examples(operation_id).values():
        assert problems(MODELS[operation_id], body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("operation_id", ["retrieveActivePeer", "updateActivePeer"])
def test_a_peer_read_and_posted_back_passes(operation_id: str, closed: bool) -> None:
    for peer in documented_answers(operation_id):
        assert problems(ActivePeerUpdate, peer, closed=closed) == []


@pytest.mark.parametrize("target", [{"peer_id": "p"}, {"role": "host"}, {"peer_id": "", "role": "host"}])
def test_a_peer_or_a_role_is_enough_to_remove_by(target: dict[str, str]) -> None:
    assert problems(RemovePeers, target) == []


@pytest.mark.parametrize("target", [{}, {"peer_id": "", "role": ""}, {"peer_id": None}, {"reason": "late"}])
def test_removing_no_peer_is_refused(target: dict[str, str | None]) -> None:
    assert problems(RemovePeers, target) == ["peer_id: is required if role is missing"]


def test_a_misspelled_receiver_does_not_turn_a_message_into_a_broadcast() -> None:
    peer_id = "018b84da-0786-48c5-a3a6-02961d9eac03"
    for name in ("peerID", "peer_Id", "peerid"):
        expected = [f"{name}: unknown field, did you mean peer_id?"]
        assert problems(ActiveRoomMessage, {"message": "hi", name: peer_id}) == expected
    assert problems(ActiveRoomMessage, {"message": "hi", "peerId": 5}) == ["peerId: must be a string"]


def test_peers_are_listed_by_user_id_or_role() -> None:
    assert problems(ActivePeerListQuery, {"user_id": "u", "role": "host"}, closed=True) == []
    assert problems(ActivePeerListQuery, {"userId": "u"}) == ["userId: unknown field, did you mean user_id?"]
