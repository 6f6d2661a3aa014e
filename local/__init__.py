"""The local stack: API Gateway, Lambda, AWS services and 100ms on one machine, without account, Docker or network."""
