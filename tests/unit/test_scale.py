"""The model behind docs/scale.md: containers, limits, settings and costs for joins and webhooks."""

from dataclasses import asdict
from typing import Any

import pytest

from tests.http_api import ROOT, monitoring, template
from tools.markdown import fill_tables
from tools.scale import quotas
from tools.scale.durations import MEASURED, Durations
from tools.scale.event_costs import join_costs
from tools.scale.load import TARGETS, Load, Traffic
from tools.scale.settings import SETTINGS, round_up
from tools.scale.stack import Stack
from tools.scale.tables import JOINS, WEBHOOK_RATES, make_tables

PAGE = (ROOT / "docs" / "scale.md").read_text()
STACK = Stack(template(), monitoring())
LOADS = [
    *(Load.from_joins(joins, by_code=by_code) for joins in JOINS for by_code in (False, True)),
    *(Load(webhooks=rate) for rate in WEBHOOK_RATES),
]
RESULTS = """## Cold start

| GET /rooms | 1.2 x | 100 ms | 1.2 x | 101 ms | 40 MB |
| POST /token | 1.6 x | 200 ms | 1.6 x | 250 ms | 48 MB |
| webhooks | 2.3 x | 300 ms | 2.3 x | 375 ms | 67 MB |

## In Lambda's image

| POST /token | 1.4 x | 800 ms | 0.9 x | 2.5 ms |
"""


def shares(load: Load, stack: Stack = STACK) -> dict[str, float]:
    """Return the demand of a load on each limit, relative to the limit."""
    return {demand.name: demand.share for demand in load.demands(stack)}


def settings(load: Load) -> dict[str, int]:
    """Return the value of each setting for a load."""
    return {setting.name: setting.choose([load], setting.find_default(STACK)) for setting in SETTINGS}


def test_the_page_has_the_tables_that_make_scale_computes() -> None:
    assert fill_tables(PAGE, make_tables(Stack.from_template())) == PAGE, "run `make scale`"


@pytest.mark.parametrize("name", make_tables(STACK))
def test_every_table_is_on_the_page(name: str) -> None:
    assert f"<!-- table: {name} -->" in PAGE


def test_the_page_names_the_day_on_which_quotas_were_read() -> None:
    assert f"read on {quotas.QUOTAS_DATE}" in PAGE


@pytest.mark.parametrize("quota", quotas.QUOTAS, ids=lambda quota: quota.unit)
def test_a_quota_has_its_page_at_aws(quota: quotas.Quota) -> None:
    assert quota.page.startswith("https://docs.aws.amazon.com/")
    assert quota.limit > 0
    assert all(asdict(quota).values())


def test_durations_come_from_the_measurements() -> None:
    measured = Durations.from_results(RESULTS)
    assert measured.token == pytest.approx(0.0025)
    assert measured.token_cold == pytest.approx(0.8)
    assert measured.webhook_cold == pytest.approx(0.8 * 375 / 250)


def test_a_missing_measurement_is_named() -> None:
    with pytest.raises(ValueError, match="'webhooks' under 'Cold start'"):
        Durations.from_results(RESULTS.replace("| webhooks |", "| hooks |"))


def test_containers_are_requests_times_duration() -> None:
    slow = Traffic(rate=100, seconds=0.2, cold_seconds=1.5)
    assert slow.busy == pytest.approx(20)
    assert slow.concurrency == pytest.approx(20)
    assert slow.cold_containers == pytest.approx(150)
    assert slow.warm_containers == pytest.approx(20)


def test_short_requests_need_a_tenth_of_their_rate_as_concurrency() -> None:
    short = Traffic(rate=5_000, seconds=0.003, cold_seconds=0.8)
    assert short.busy == pytest.approx(15)
    assert short.concurrency == pytest.approx(500)
    assert short.warm_containers == pytest.approx(500)


def test_a_few_containers_need_not_be_warm() -> None:
    assert Traffic(rate=100, seconds=0.2, cold_seconds=1).warm_containers == 0


def test_a_join_takes_a_token_and_causes_a_webhook_in_the_busiest_second() -> None:
    assert Load.from_joins(60_000, by_code=False) == Load(tokens=4_000, webhooks=4_000)
    assert Load.from_joins(60_000, by_code=True) == Load(exchanges=4_000, webhooks=4_000)


def test_the_limits_of_routes_are_those_of_the_template() -> None:
    parameters = template()["Parameters"]
    doubled: Any = {**parameters, "ThrottlingRateLimit": {"Default": 200}}
    load = Load(tokens=300, exchanges=25, webhooks=50)
    assert shares(load)["`ThrottlingRateLimit`"] == pytest.approx(3)
    assert shares(load)["`PublicThrottlingRateLimit`"] == pytest.approx(0.5)
    assert shares(load)["`WebhooksThrottlingRateLimit`"] == pytest.approx(0.5)
    other = Stack({**template(), "Parameters": doubled}, monitoring())
    assert shares(load, other)["`ThrottlingRateLimit`"] == pytest.approx(1.5)


def test_each_new_container_calls_ssm_once_except_for_exchanges() -> None:
    assert shares(Load(tokens=100))["SSM calls at the start"] == pytest.approx(100 * MEASURED.token_cold / 40)
    assert shares(Load(exchanges=100))["SSM calls at the start"] == 0


def test_kms_decrypts_no_faster_than_ssm_responds() -> None:
    most = 1_000 * 3 / quotas.DECRYPTS.limit
    assert shares(Load(tokens=1_000_000))["KMS decryptions"] == pytest.approx(most)


def test_the_repeats_of_the_web_sdk_are_counted() -> None:
    assert shares(Load(exchanges=5_000))["API Gateway requests"] == pytest.approx(0.5)
    assert shares(Load(exchanges=5_000))["API Gateway requests, if exchanges fail"] == pytest.approx(2)
    assert shares(Load(tokens=5_000))["API Gateway requests, if exchanges fail"] == 0


def test_a_webhook_writes_twice_and_reaches_each_target() -> None:
    load = shares(Load(webhooks=1_000))
    assert load["DynamoDB writes of webhook IDs"] == pytest.approx(2_000 / 4_000)
    assert load["DynamoDB writes of attendance"] == pytest.approx(1_000 / 4_000)
    assert load["EventBridge PutEvents"] == pytest.approx(1_000 / 10_000)
    assert load["EventBridge events to targets"] == pytest.approx(3_000 / 18_750)


def test_webhooks_stay_limited_after_all_settings_are_made() -> None:
    remaining = {demand.name: demand.share for demand in Load(tokens=5_000, webhooks=5_000).remaining_demands()}
    assert remaining["new containers for webhooks"] == pytest.approx(5_000 * (MEASURED.webhook_cold + 0.05) / 1_000)
    assert remaining["new invocations for webhooks"] == pytest.approx(0.5)
    assert not any(demand.quantity for demand in Load(tokens=5_000).remaining_demands())


def test_the_template_sends_an_attendance_event_to_as_many_targets() -> None:
    resources = template()["Resources"].values()
    rules = [resource["Properties"] for resource in resources if resource["Type"] == "AWS::Events::Rule"]
    targets = [
        target
        for rule in rules
        if "100ms" in rule["EventPattern"]["source"] or rule["EventPattern"]["source"] == [{"prefix": ""}]
        for target in rule["Targets"]
    ]
    archives = [resource for resource in resources if resource["Type"] == "AWS::Events::Archive"]
    assert len(targets) + len(archives) == TARGETS


@pytest.mark.parametrize("load", LOADS, ids=str)
def test_the_settings_are_enough_for_their_load(load: Load) -> None:
    values = settings(load)
    for setting in SETTINGS:
        wanted = min(setting.demand(load), setting.most)
        assert values[setting.name] >= max(wanted, setting.find_default(STACK))


def test_a_setting_stays_at_its_default_if_that_is_enough() -> None:
    values = settings(Load(tokens=60, webhooks=80))
    assert values["`ThrottlingRateLimit`"] == 100
    assert values["`WebhooksThrottlingRateLimit`"] == 120
    assert values["quota: Lambda, concurrent executions"] == 1_000


def test_a_burst_is_no_larger_than_that_of_the_account() -> None:
    assert settings(Load(tokens=1_000))["`ThrottlingBurstLimit`"] == 3_000
    assert settings(Load(tokens=50_000))["`ThrottlingBurstLimit`"] == 5_000


@pytest.mark.parametrize(("number", "rounded"), [(0.4, 1), (7, 7), (99.1, 100), (120, 120), (1_201, 1_300)])
def test_settings_have_two_digits(number: float, rounded: int) -> None:
    assert round_up(number) == rounded


def test_an_event_costs_what_its_parts_do() -> None:
    costs = join_costs(STACK, 40_000, by_code=False)
    assert costs["warm containers"] == pytest.approx(400 * 0.5 * 1_800 * 0.0000033334)
    secrets, lists = 400 * 3 * 7, 400 * 4 * 31
    assert costs["SSM and KMS"] == pytest.approx((secrets + lists) * 0.05 / 10_000 + secrets * 0.03 / 10_000)
    assert costs["warm tables, once"] == pytest.approx((8_000 - 4_000) * 0.00065)


def test_an_exchange_costs_a_call_of_100ms_and_no_ssm() -> None:
    by_token, by_code = (join_costs(STACK, 100_000, by_code=by_code) for by_code in (False, True))
    assert by_code["join tokens"] > by_token["join tokens"]
    assert by_code["SSM and KMS"] == 0
    assert by_code["webhooks and attendance"] == by_token["webhooks and attendance"]
