"""The logger of a function: one JSON line an event, by Powertools."""

import logging

from aws_lambda_powertools import Logger

TELLTALES = ("aws_lambda_powertools", "botocore")
"""Loggers that at DEBUG would write paths, headers and bodies: room codes and session tokens."""


def make_logger(service: str) -> Logger:
    """A logger that names the service in each line; others that would tell secrets are kept from it."""
    for name in TELLTALES:
        logging.getLogger(name).setLevel(logging.INFO)
    return Logger(service=service)
