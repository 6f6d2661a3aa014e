import pytest

from hms.models.base import Model
from hms.models.sip import SipCall, SipDtmf, SipTrunk
from tests.support.contract import examples
from tests.unit.models.checks import documented_answers, problems

CALL = {"to": "+971776656", "room_code": "xxx-xxxx-xxx", "trunk_id": "4a3b7c9d91"}
MODELS: dict[str, type[Model]] = {
    "createSipOutboundTrunk": SipTrunk,
    "updateSipOutboundTrunk": SipTrunk,
    "startSipOutboundCall": SipCall,
    "sendSipDtmf": SipDtmf,
}


@pytest.mark.parametrize("operation_id", MODELS)
def test_the_documented_requests_pass(operation_id: str) -> None:
    for body in examples(operation_id).values():
        assert problems(MODELS[operation_id], body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
def test_a_trunk_posted_with_the_id_it_was_given_passes(closed: bool) -> None:
    (trunk,) = examples("createSipOutboundTrunk").values()
    (created,) = documented_answers("createSipOutboundTrunk")
    assert problems(SipTrunk, {**trunk, **created}, closed=closed) == []


@pytest.mark.parametrize("name", ["to", "room_code", "trunk_id"])
def test_a_call_without_what_is_mandatory_is_refused(name: str) -> None:
    missing = {key: value for key, value in CALL.items() if key != name}
    for call in (missing, {**CALL, name: ""}, {**CALL, name: None}):
        (problem,) = problems(SipCall, call)
        assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize(
    "headers", [{"x mrn": "5"}, {"x-mrn:": "5"}, {"": "5"}, {"x-mrn\n": "5"}, {"x-mrn": "5\r\nTo: x"}]
)
def test_a_header_that_would_break_the_invite_is_refused(headers: dict[str, str]) -> None:
    (problem,) = problems(SipCall, {**CALL, "headers": headers})
    assert problem.startswith("headers.")


@pytest.mark.parametrize("headers", [{"x-mrn!%*_+`'~.": "Dr. House: 5"}, {"To": "ignored"}, {"x-empty": ""}])
def test_a_header_of_any_token_passes(headers: dict[str, str]) -> None:
    assert problems(SipCall, {**CALL, "headers": headers}) == []


@pytest.mark.parametrize("digit", ["A", "12", "", "e", "\u0661", "1\n"])
def test_what_no_key_plays_is_refused_by_its_place(digit: str) -> None:
    (problem,) = problems(SipDtmf, {"digits": ["0", digit]})
    assert problem.startswith("digits.1: ")
