"""template.yaml: functions have the same settings, every route has a function, and permissions are minimal."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hms.credentials import NAMES
from hms.settings import Settings, Validation
from hms_service.auth.client_keys import MASTER_PARAMETER, REVOKED_PARAMETERS
from hms_service.auth.oidc.settings import OidcSettings
from hms_service.http.idempotency import REPLAY_HEADERS
from hms_service.redaction import WITHHELD_HEADER
from hms_service.sessions.attendance.handler import LAST_HEADER
from hms_service.settings import ServiceSettings
from hms_service.warnings import HEADER as WARNINGS_HEADER
from tests.http_api import ROOT, Route, all_routes, chosen_path, contract_routes, functions, integrations, template
from tests.support.functions import load
from tests.support.sam_transform import transformed

RESOURCES: dict[str, Any] = template()["Resources"]
PARAMETERS: dict[str, Any] = template()["Parameters"]

SAMPLES = {
    "HMS_OIDC_ISSUER": "https://issuer.example.com",
    "HMS_OIDC_AUDIENCE": "front-end",
    "HMS_OIDC_ROOM_CLAIM": "*",
}
"""Values of the required settings."""

FUNCTIONS = {
    "ActiveRoomsFunction",
    "AnalyticsFunction",
    "AttendanceFunction",
    "AttendanceKeeperFunction",
    "CommandsFunction",
    "DocsFunction",
    "ExternalStreamsFunction",
    "LiveStreamsFunction",
    "OidcTokensFunction",
    "PollsFunction",
    "RecordingAssetsFunction",
    "RecordingsFunction",
    "RoomCodesFunction",
    "RoomsFunction",
    "SessionsFunction",
    "SipFunction",
    "StreamKeysFunction",
    "TemplatesFunction",
    "TokensFunction",
    "WebhooksFunction",
}
HOLDS_DATA = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
    "AWS::Serverless::HttpApi",
    "AWS::Serverless::LayerVersion",
}
"""Types with data, or with an address that others use."""
OTHERS_THAT_STAY = {
    "AlarmMail",
    "AlarmTopic",
    "Api",
    "ApiLogs",
    "AttendanceDeadLetters",
    "AttendanceQueue",
    "AttendanceTable",
    "ClientKeysTable",
    "CommandsDeadLetters",
    "CommandsQueue",
    "EventArchive",
    "EventBus",
    "EventLogs",
    "HmsLayer",
    "IdempotencyTable",
}


def folder_of(function: str) -> str:
    return Path(functions()[function]["CodeUri"]).name


@pytest.fixture
def api() -> dict[str, Any]:
    """The OpenAPI document of the HTTP API that SAM generates from the template."""
    body: dict[str, Any] = transformed()["Resources"]["Api"]["Properties"]["Body"]
    return body


def whole(value: dict[str, Any]) -> dict[str, Any]:
    """Return the value if its condition is true."""
    return value["Fn::If"][1] if "Fn::If" in value else value


def names_read(settings: Callable[[Mapping[str, str]], object]) -> set[str]:
    """Return the variables of the settings."""
    read: set[str] = set()

    class Recording(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return SAMPLES.get(name, default)

    settings(Recording())
    return read


def environment_by_default() -> dict[str, str]:
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    parameters = {name: PARAMETERS.get(value["Ref"]) for name, value in variables.items()}
    return {name: str(parameter["Default"]) for name, parameter in parameters.items() if parameter}


def test_function_folders_and_the_templates_functions_are_the_same() -> None:
    folders = {app.parent.name for app in (ROOT / "functions").glob("*/app.py")}
    assert {folder_of(name) for name in functions()} == folders


@pytest.mark.parametrize("function", functions())
def test_a_function_is_named_after_its_folder_everywhere(function: str) -> None:
    folder = folder_of(function)
    assert function == folder.title().replace("_", "") + "Function"
    assert functions()[function]["CodeUri"] == f"functions/{folder}/"
    if function in integrations().values():
        assert load(folder).router.service == folder


def test_functions_and_what_holds_data_keep_their_logical_ids() -> None:
    """CloudFormation replaces resources whose ID changes, and deletes the old ones with their data."""
    logs = {name.removesuffix("Function") + "Logs" for name in FUNCTIONS}
    assert functions().keys() == FUNCTIONS
    assert {name for name, resource in RESOURCES.items() if resource["Type"] in HOLDS_DATA} == OTHERS_THAT_STAY | logs


def test_every_function_logs_to_a_separate_group_that_expires() -> None:
    groups = [properties["LoggingConfig"]["LogGroup"]["Ref"] for properties in functions().values()]
    assert len(set(groups)) == len(functions())
    for group in [*groups, "ApiLogs"]:
        assert RESOURCES[group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def takes_idempotency_keys(folder: str) -> bool:
    methods = {route.method for route in contract_routes() if route.folder == folder}
    return folder != "tokens" and bool(methods & {"POST", "DELETE"})


def test_only_functions_that_need_the_credentials_may_read_them() -> None:
    policies = {folder_of(name): properties.get("Policies") for name, properties in functions().items()}
    read = [{"Ref": "AppKeyPolicy"}, {"Ref": "ClientKeysPolicy"}]
    keep = {"Ref": "IdempotencyTablePolicy"}
    assert policies.pop("docs") is None
    assert policies.pop("attendance_keeper") is None  # it and commands have separate roles in the template
    assert policies.pop("commands") is None
    assert policies.pop("attendance") == [*read, {"Ref": "AttendanceReadPolicy"}]
    assert policies.pop("oidc_tokens") == [{"Ref": "AppKeyPolicy"}]
    assert policies.pop("webhooks") == [{"Ref": "WebhookSecretsPolicy"}, keep, {"Ref": "EventBusPolicy"}]
    for folder, policy in policies.items():
        assert policy == ([*read, keep] if takes_idempotency_keys(folder) else read), folder


def test_the_credentials_and_the_client_keys_can_only_be_read() -> None:
    (own,) = RESOURCES["AppKeyPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (clients,) = RESOURCES["ClientKeysPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${ParameterPrefix}"
    assert own == {
        "Effect": "Allow",
        "Action": "ssm:GetParameters",
        "Resource": [{"Fn::Sub": f"{arn}/{name}"} for name in NAMES],
    }
    assert clients == {
        "Effect": "Allow",
        "Action": "ssm:GetParameters",
        "Resource": [{"Fn::Sub": f"{arn}/{name}"} for name in (MASTER_PARAMETER, *REVOKED_PARAMETERS)],
    }


def test_every_event_of_http_takes_all_methods_of_the_one_api() -> None:
    events = [event for properties in functions().values() for event in properties["Events"].values()]
    of_http = [event for event in events if event["Type"] == "HttpApi"]
    assert len(of_http) == len(integrations())
    for event in of_http:
        assert event["Properties"].items() >= {"ApiId": {"Ref": "Api"}, "Method": "ANY"}.items()


def test_every_integration_speaks_payload_version_2(api: dict[str, Any]) -> None:
    operations = [whole(value) for path in api["paths"].values() for value in whole(path).values()]
    assert len(operations) == len(integrations())
    assert {operation["x-amazon-apigateway-integration"]["payloadFormatVersion"] for operation in operations} == {"2.0"}


def test_cors_is_absent_as_a_whole_unless_origins_are_given(api: dict[str, Any]) -> None:
    condition, configured, otherwise = api["x-amazon-apigateway-cors"]["Fn::If"]
    assert template()["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CorsOrigins"}, ""]}]}
    assert configured["allowOrigins"] == {"Fn::Split": [",", PARAMETERS["CorsOrigins"]["Default"]]}
    own = {WITHHELD_HEADER, LAST_HEADER, WARNINGS_HEADER, *REPLAY_HEADERS}
    assert set(configured["exposeHeaders"]) == own | {"retry-after", "x-request-id"}
    assert otherwise == {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize("prefix", ["", "/v2"])
@pytest.mark.parametrize("route", all_routes(), ids=lambda route: f"{route.method} {route.path}")
def test_each_route_reaches_its_section(route: Route, prefix: str) -> None:
    path = re.sub(r"{\w+}", "some-id", prefix + route.path.removeprefix("/v2"))
    assert folder_of(integrations()[chosen_path(path)]) == route.folder


@pytest.mark.parametrize("path", ["/", "/v2", "/v2/", "/nowhere", "/v2/nowhere/at/all", "/room", "/roomsabc"])
def test_what_belongs_to_no_section_reaches_docs(path: str) -> None:
    assert integrations()[chosen_path(path)] == "DocsFunction"


@pytest.mark.parametrize("kind", ["Parameters", "Outputs"])
def test_every_parameter_and_output_is_described(kind: str) -> None:
    assert all(value["Description"] for value in template()[kind].values())


def test_the_environment_names_exactly_what_the_settings_read() -> None:
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    read = names_read(Settings.from_environment) | names_read(ServiceSettings.from_environment)
    assert {name for name in variables if name.startswith("HMS_")} == read


def test_only_the_oidc_function_has_the_issuers_variables_and_all_of_them() -> None:
    own = {
        folder_of(name): function["Environment"]["Variables"]
        for name, function in functions().items()
        if "Environment" in function
    }
    assert own.keys() == {"oidc_tokens"}
    assert own["oidc_tokens"].keys() == names_read(OidcSettings.from_environment)


def test_nothing_of_oidc_is_deployed_without_an_issuer() -> None:
    is_set = {"Fn::Not": [{"Fn::Equals": [{"Ref": "OidcIssuer"}, ""]}]}
    assert template()["Conditions"]["OidcEnabled"] == is_set
    assert PARAMETERS["OidcIssuer"]["Default"] == ""
    conditional = {name for name, resource in RESOURCES.items() if resource.get("Condition") == "OidcEnabled"}
    assert conditional == {"OidcTokensFunction", "OidcTokensLogs"}


def test_an_issuer_is_refused_without_an_audience_or_a_room_claim() -> None:
    rule = template()["Rules"]["OidcParametersComplete"]
    assert rule["RuleCondition"] == template()["Conditions"]["OidcEnabled"]
    needed = [assertion["Assert"] for assertion in rule["Assertions"]]
    assert needed == [{"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]} for name in ("OidcAudience", "OidcRoomClaim")]


def test_only_the_oidc_function_has_separate_dependencies() -> None:
    assert [file.parent.name for file in (ROOT / "functions").glob("*/requirements.txt")] == ["oidc_tokens"]


def test_the_defaults_of_the_template_are_those_of_the_settings() -> None:
    assert Settings.from_environment(environment_by_default()) == Settings(validation=Validation.OBSERVE)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ParameterPrefix", "hms"),
        ("ParameterPrefix", "/hms/"),
        ("ParameterPrefix", "/hms/*"),
        ("ParameterPrefix", "/aws/hms"),
        *(
            (parameter, url)
            for parameter in ("ApiUrl", "AuthUrl")
            for url in (
                "api.100ms.live/v2",
                "http://api.100ms.live/v2",
                "HTTP://api.100ms.live/v2",
                "ftp://api.100ms.live/v2",
                "https://api.100ms.live/v2/",
                "https://api.100ms.live/v2?x=1",
                "https://api.100ms.live/v2#x",
                "https://someone:secret@api.100ms.live/v2",
                "https://api.100ms.live\\@example.com/v2",
                "https://api.100ms.live//v2",
                "https://api.100ms.live /v2",
                "https://api.100ms.live/v2\n",
                "https://",
                "https:///v2",
                "",
            )
        ),
        ("CorsOrigins", "https://app.example.com/"),
        ("CorsOrigins", "https://a.example.com, https://b.example.com"),
        ("CorsOrigins", "https://a.example.com?x"),
        ("CorsOrigins", "https://a.example.com#x"),
        ("CorsOrigins", "https://someone@a.example.com"),
        ("CorsOrigins", "https://*.example.com"),
        ("CorsOrigins", "null"),
        ("WebhookHeader", ""),
        ("WebhookHeader", "x-secret: value"),
        ("OidcIssuer", "http://issuer.example.com"),
        ("OidcIssuer", "issuer.example.com"),
        ("OidcIssuer", "https://issuer.example.com?tenant=a"),
        ("OidcIssuer", "https://someone:secret@issuer.example.com"),
        ("OidcIssuer", "https://issuer.example.com\\@example.com"),
        ("OidcIssuer", "https:///tenant"),
        ("OidcAudience", "two words"),
        ("OidcRoles", "host,,guest"),
        ("OidcRoleClaim", "two words"),
        ("OidcRoleMapping", "teacher"),
        ("OidcRoleMapping", "teacher=host,"),
        ("OidcRoomClaim", "two words"),
    ],
)
def test_a_parameter_refuses_a_value_that_would_only_fail_later(parameter: str, value: str) -> None:
    pattern = re.compile(PARAMETERS[parameter]["AllowedPattern"])
    assert pattern.fullmatch(PARAMETERS[parameter]["Default"])
    assert not pattern.fullmatch(value)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ApiUrl", "https://api.example.com"),
        ("ApiUrl", "https://api.example.com:8443/v2/~a_b-c.d"),
        ("AuthUrl", "https://auth-nonprod.100ms.live/v2"),
        ("OidcIssuer", "https://issuer.example.com"),
        ("OidcIssuer", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Abc123"),
        ("OidcIssuer", "https://login.example.com:8443/realms/a%20realm/"),
        ("CorsOrigins", "*"),
        ("CorsOrigins", "https://app.example.com,http://localhost:5173"),
    ],
)
def test_a_parameter_takes_a_value_that_works(parameter: str, value: str) -> None:
    assert re.fullmatch(PARAMETERS[parameter]["AllowedPattern"], value)


def test_the_access_log_is_json_that_names_the_route_and_never_the_path() -> None:
    settings = RESOURCES["Api"]["Properties"]["AccessLogSettings"]
    line = json.loads(settings["Format"])
    assert line["routeKey"] == "$context.routeKey"
    assert not {"$context.path", "$context.customDomain.basePathMatched"} & set(line.values())
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}


def test_a_function_ends_before_api_gateway_gives_it_up() -> None:
    default = template()["Globals"]["Function"]["Timeout"]
    assert all(functions()[name].get("Timeout", default) < 30 for name in integrations().values())


def test_a_crashed_webhooks_record_expires_before_the_last_retry_of_100ms() -> None:
    last_try = sum((1, 3, 10))
    assert functions()["WebhooksFunction"]["Timeout"] < last_try


def test_what_webhooks_are_checked_against_can_only_be_read() -> None:
    (statement,) = RESOURCES["WebhookSecretsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${ParameterPrefix}"
    assert (statement["Effect"], statement["Action"]) == ("Allow", "ssm:GetParameters")
    assert statement["Resource"] == [
        {"Fn::Sub": f"{arn}/webhook_secret"},
        {"Fn::Sub": f"{arn}/webhook_signature_key"},
    ]


def test_all_events_are_published_on_one_bus_that_archives_and_logs_them() -> None:
    assert [name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::Events::EventBus"] == ["EventBus"]
    (statement,) = RESOURCES["EventBusPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "events:PutEvents",
        "Resource": {"Fn::GetAtt": ["EventBus", "Arn"]},
    }
    archive, rule = RESOURCES["EventArchive"]["Properties"], RESOURCES["EventLogsRule"]["Properties"]
    assert (archive["SourceArn"], archive["RetentionDays"]) == (statement["Resource"], {"Ref": "EventArchiveDays"})
    assert "EventPattern" not in archive
    assert (rule["EventBusName"], rule["EventPattern"]) == ({"Ref": "EventBus"}, {"source": [{"prefix": ""}]})
    assert RESOURCES["EventLogs"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("table", ["AttendanceTable", "ClientKeysTable"])
def test_a_table_with_data_that_nothing_can_restore_outlives_the_stack(table: str) -> None:
    resource = RESOURCES[table]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")
    condition, protected, unprotected = resource["Properties"]["DeletionProtectionEnabled"]["Fn::If"]
    assert (protected, unprotected) == (True, False)
    assert template()["Conditions"][condition] == {"Fn::Equals": [{"Ref": "DeletionProtection"}, "true"]}


def test_only_records_of_a_day_are_deleted_with_the_stack() -> None:
    tables = {name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::DynamoDB::Table"}
    assert {name for name in tables if "DeletionPolicy" not in RESOURCES[name]} == {"IdempotencyTable"}


@pytest.mark.parametrize("function", [name for name in functions() if name not in integrations().values()])
def test_a_queue_cannot_take_the_whole_concurrency_of_the_account(function: str) -> None:
    (event,) = functions()[function]["Events"].values()
    parameter = event["Properties"]["ScalingConfig"]["MaximumConcurrency"]["Ref"]
    assert parameter == function.removesuffix("Function").removesuffix("Keeper") + "Concurrency"
    assert (PARAMETERS[parameter]["MinValue"], PARAMETERS[parameter]["MaxValue"]) == (2, 1000)


def test_the_outputs_name_the_alias_of_the_commands_and_both_dead_letter_queues() -> None:
    outputs = transformed()["Outputs"]
    assert outputs["CommandsFunctionArn"]["Value"] == {"Ref": "CommandsFunctionAliaslive"}
    for name in ("CommandsDeadLetters", "AttendanceDeadLetters"):
        assert outputs[f"{name}Arn"]["Value"] == {"Fn::GetAtt": [name, "Arn"]}
