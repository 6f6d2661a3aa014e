"""Every request in the file has a unique name, and only members that the tests read."""

from collections import Counter

from tests.clients.cases import cases

REQUIRED = {"case", "source", "evidence", "method", "path", "answer"}
OPTIONAL = {"query", "headers", "body", "token", "before", "service", "sends", "warns", "waits"}
EVIDENCE = {"recorded", "suite", "client", "doc", "guess"}


def test_no_two_requests_share_a_name() -> None:
    assert [name for name, count in Counter(case.name for case in cases()).items() if count > 1] == []


def test_every_member_of_a_request_is_read() -> None:
    for case in cases():
        assert case.line.keys() >= REQUIRED, case.name
        assert case.line.keys() <= REQUIRED | OPTIONAL, case.name
        assert case.line["evidence"] in EVIDENCE, case.name
        assert case.line["answer"] or "service" in case.line, case.name
