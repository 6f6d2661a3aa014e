"""The logger of a function: one JSON line an event, by Powertools."""

import logging

from aws_lambda_powertools import Logger

TELLTALES = {"aws_lambda_powertools": logging.INFO, "botocore": logging.INFO, "urllib3": logging.ERROR}
"""Loggers that below these levels would write paths, headers and bodies: room codes and session tokens."""


def make_logger(service: str) -> Logger:
    """A logger that names the service in each line, those of this package too; others are kept from telling secrets."""
    for name, level in TELLTALES.items():
        logging.getLogger(name).setLevel(level)
    logger = Logger(service=service)
    own = logging.getLogger(__package__)
    own.handlers, own.propagate = [logger.registered_handler], False
    own.setLevel(logger.log_level)
    return logger
