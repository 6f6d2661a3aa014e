"""The whole stack on one machine: API Gateway, Lambda, AWS and 100ms, with no account, no Docker and no network."""
