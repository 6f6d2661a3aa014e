"""template.yaml: the queue of commands, its retries and its senders."""

import json
import re
from typing import Any

import pytest

from tests.http_api import functions, monitoring, template
from tests.support.sam_transform import resources

RESOURCES: dict[str, Any] = template()["Resources"]
FUNCTION = functions()["CommandsFunction"]
QUEUE = {"Fn::GetAtt": ["CommandsQueue", "Arn"]}


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def test_a_batch_has_four_commands_whose_failures_are_reported_separately() -> None:
    (event,) = FUNCTION["Events"].values()
    assert event == {
        "Type": "SQS",
        "Properties": {
            "Queue": QUEUE,
            "BatchSize": 4,
            "ScalingConfig": {"MaximumConcurrency": {"Ref": "CommandsConcurrency"}},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
    }


def test_a_message_is_not_seen_by_another_worker_while_it_may_still_be_run() -> None:
    assert properties("CommandsQueue")["VisibilityTimeout"] == 6 * FUNCTION["Timeout"] == 720


def test_a_message_that_fails_five_times_is_a_dead_letter_with_an_alarm() -> None:
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["CommandsDeadLetters", "Arn"]}, "maxReceiveCount": 5}
    assert properties("CommandsQueue")["RedrivePolicy"] == redrive
    (dimension,) = monitoring()["Resources"]["CommandsDeadLettersAlarm"]["Properties"]["Dimensions"]
    passed = properties("MonitoringStack")["Parameters"][dimension["Value"]["Ref"]]
    assert passed == {"Fn::GetAtt": ["CommandsDeadLetters", "QueueName"]}


def test_the_queues_are_encrypted() -> None:
    assert all(properties(name)["SqsManagedSseEnabled"] for name in ("CommandsQueue", "CommandsDeadLetters"))


def test_only_the_rule_of_the_bus_may_send_commands_to_the_queue() -> None:
    rule = properties("CommandsRule")
    assert rule["EventBusName"] == {"Ref": "EventBus"}
    assert rule["EventPattern"] == {"source": ["hms.commands"], "detail-type": ["command"]}
    assert [target["Arn"] for target in rule["Targets"]] == [QUEUE]
    policy = resources("AWS::SQS::QueuePolicy")["CommandsRuleTargetQueuePolicy"]["Properties"]
    statement, _ = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "CommandsQueue"}]
    assert (statement["Action"], statement["Resource"]) == ("sqs:SendMessage", QUEUE)
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["CommandsRule", "Arn"]}}}


def test_the_outcomes_do_not_come_back_as_commands() -> None:
    assert "hms" not in properties("CommandsRule")["EventPattern"]["source"]


def test_the_example_schedule_is_off_by_default_and_all_of_it() -> None:
    assert template()["Parameters"]["EndRoomSchedule"]["Default"] == ""
    is_set = {"Fn::Not": [{"Fn::Equals": [{"Ref": "EndRoomSchedule"}, ""]}]}
    assert template()["Conditions"]["EndRoomScheduleEnabled"] == is_set
    conditional = {
        name for name, resource in RESOURCES.items() if resource.get("Condition") == "EndRoomScheduleEnabled"
    }
    assert conditional == {"EndRoomOnSchedule", "SchedulerRole"}


def test_the_schedule_sends_a_command_named_by_its_arn_and_time() -> None:
    target = properties("EndRoomOnSchedule")["Target"]
    assert target["Arn"] == QUEUE
    command = json.loads(target["Input"]["Fn::Sub"])
    assert command == {
        "id": "<aws.scheduler.schedule-arn>/<aws.scheduler.scheduled-time>",
        "operation": "active_rooms.end",
        "arguments": {"room_id": "${EndRoomId}"},
    }


def test_the_schedule_may_only_send_commands() -> None:
    (policy,) = properties("SchedulerRole")["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("sqs:SendMessage", QUEUE)


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("EndRoomSchedule", ["", "cron(0 22 * * ? *)", "rate(1 day)", "at(2026-12-24T18:00:00)"], ["daily", "cron()"]),
        ("EndRoomId", ["", "627cda81ab4f3b56a077dc33"], ['a"b', "a/b"]),
    ],
)
def test_a_parameter_of_the_schedule_takes_what_works(parameter: str, good: list[str], bad: list[str]) -> None:
    pattern = re.compile(template()["Parameters"][parameter]["AllowedPattern"])
    assert all(map(pattern.fullmatch, good))
    assert not any(map(pattern.fullmatch, bad))
