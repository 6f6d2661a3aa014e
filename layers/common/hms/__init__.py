"""100ms on AWS Lambda: token signing, a client of the Server v2 REST API, and verification of webhooks."""

__version__ = "0.1.0"

USER_AGENT = f"hms-serverless/{__version__}"
