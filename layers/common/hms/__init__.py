"""SDK for 100ms: sign tokens, call the Server v2 REST API and verify webhooks."""

__version__ = "0.1.0"

USER_AGENT = f"hms-serverless/{__version__}"
