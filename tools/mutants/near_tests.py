"""The tests near each module. A mutant runs against them only."""

from pathlib import Path

from tools.mutants.mutant import Mutant

# Below tests/. The fastest come first, because a run stops at the first failure.
NEAR_TESTS: dict[str, tuple[str, ...]] = {
    "hms": ("unit/test_client.py", "unit/test_operations.py", "unit/models"),
    "hms/credentials.py": ("unit/test_credentials.py", "unit/test_parameters.py"),
    "hms/http": ("unit/test_transport.py", "unit/test_client.py"),
    "hms/http/backoff.py": ("unit/test_backoff.py", "unit/test_client.py"),
    "hms/http/deadline.py": ("unit/test_backoff.py", "unit/test_client.py"),
    "hms/models": ("unit/models", "integration/test_validation.py"),
    "hms/parameters.py": ("unit/test_parameters.py", "unit/test_credentials.py"),
    "hms/resources": ("unit/test_operations.py", "unit/test_client.py", "contract/test_requests.py"),
    "hms/ssm.py": ("unit/test_parameters.py", "unit/test_credentials.py"),
    "hms/tokens.py": ("unit/test_tokens.py", "unit/test_client_keys.py", "unit/test_webhook_verifier.py"),
    "hms/webhooks.py": ("unit/test_webhook_verifier.py", "unit/test_webhook_sanitizing.py"),
    "hms_service": ("integration/test_service.py", "integration/test_hardening.py"),
    "hms_service/auth": ("unit/test_client_keys.py", "unit/test_scopes.py", "unit/test_access.py"),
    "hms_service/auth/caller.py": ("unit/test_scopes.py", "unit/test_access.py", "integration/test_permissions.py"),
    "hms_service/auth/oidc/cache.py": ("unit/test_cache.py", "integration/test_oidc.py"),
    "hms_service/auth/oidc": ("unit/test_oidc_settings.py", "integration/test_oidc.py"),
    "hms_service/code_exchange.py": ("integration/test_code_exchange.py",),
    "hms_service/commands": ("unit/test_command_operations.py", "integration/test_commands.py"),
    "hms_service/event_bus.py": ("unit/test_events.py", "integration/test_events.py", "integration/test_webhooks.py"),
    "hms_service/http/idempotency.py": ("integration/test_idempotency.py",),
    "hms_service/http/size.py": ("integration/test_response_size.py",),
    "hms_service/http/steps/idempotency_key.py": ("integration/test_idempotency.py",),
    "hms_service/observability": ("integration/test_logs.py", "integration/test_metrics.py"),
    "hms_service/redaction.py": ("unit/test_redaction.py", "integration/test_redaction.py"),
    "hms_service/sessions": ("unit/test_attendance.py", "integration/test_attendance.py"),
    "hms_service/webhooks.py": ("integration/test_webhooks.py",),
}


def near_tests(mutant: Mutant) -> tuple[str, ...]:
    """Return the tests near the mutant's module: those of the longest prefix of its path."""
    module = Path(mutant.module)
    path = next(path for path in (module, *module.parents) if path.as_posix() in NEAR_TESTS)
    return tuple(f"tests/{test}" for test in NEAR_TESTS[path.as_posix()])
