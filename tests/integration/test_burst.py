"""`make burst`: cold containers that start together all get their parameters from a throttling SSM."""

import subprocess
import sys
from dataclasses import replace

import pytest

from benchmarks.burst.goals import DEFAULT_RATE, HIGHER_RATE, find_missed_goals
from benchmarks.burst.simulation import Result
from benchmarks.burst.ssm import BURST, Ssm
from benchmarks.stub_server import PREFIX
from tests.http_api import ROOT
from tests.integration.stack import environment

CALL = b'{"Names": ["%b/access_key", "%b/client_key_master", "%b/revoked_client_keys_2"]}' % ((PREFIX.encode(),) * 3)
RESULTS = (ROOT / "benchmarks" / "burst" / "results.md").read_text()


def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "benchmarks.burst", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(**variables), capture_output=True, text=True, check=False)


def rows(text: str, containers: int) -> list[str]:
    return [line for line in text.splitlines() if line.split(" | ")[1:2] == [str(containers)]]


@pytest.mark.storm
@pytest.mark.timeout(120)
def test_200_containers_meet_the_goals_with_the_results_on_the_page() -> None:
    process = run("200")
    assert (process.returncode, process.stderr) == (0, "")
    assert rows(process.stdout, 200) == rows(RESULTS, 200) != []


def test_the_settings_of_the_shell_do_not_matter() -> None:
    process = run("30", HMS_PARAMETER_PREFIX="/elsewhere", AWS_ENDPOINT_URL_SSM="http://127.0.0.1:9", TZ="Asia/Tokyo")
    assert (process.returncode, process.stderr) == (0, "")
    assert rows(process.stdout, 30) == rows(RESULTS, 30) != []


def test_failures_long_waits_and_many_calls_miss_the_goals() -> None:
    good = Result(containers=100, rate=DEFAULT_RATE, waits=[1.0] * 100, calls=360, decrypts=300)
    slow, failed = [*good.waits[1:], 25.1], good.waits[1:]
    assert list(find_missed_goals(good)) == []
    for missed in (replace(good, waits=slow), replace(good, waits=failed), replace(good, calls=361)):
        assert list(find_missed_goals(missed))
        assert list(find_missed_goals(replace(missed, rate=HIGHER_RATE, waits=[1.0] * 98 + [2.1, 2.1])))


class TestSsm:
    """The limit of calls per second."""

    @pytest.mark.parametrize("charge_refused", [False, True])
    def test_it_refuses_calls_above_its_burst_and_its_rate(self, charge_refused: bool) -> None:
        seconds = iter([0.0] * (BURST + 2) + [1.0] * (BURST + 1) + [1_000.0] * (BURST + 1))
        ssm = Ssm(DEFAULT_RATE, lambda: next(seconds), charge_refused=charge_refused)
        for _ in range(3):
            assert [ssm.get_parameters(CALL)[0] for _ in range(BURST + 1)] == [200] * BURST + [400]
        assert (ssm.calls, ssm.decrypts) == (3 * (BURST + 1), 3 * BURST * 2)

    @pytest.mark.parametrize(("charge_refused", "status"), [(False, 200), (True, 400)])
    def test_a_refused_call_can_use_up_the_quota(self, charge_refused: bool, status: int) -> None:
        seconds = iter([0.0] * (BURST + 1) + [0.02, 0.03])
        ssm = Ssm(DEFAULT_RATE, lambda: next(seconds), charge_refused=charge_refused)
        for _ in range(BURST):
            ssm.get_parameters(CALL)
        assert [ssm.get_parameters(CALL)[0] for _ in range(2)] == [400, status]
