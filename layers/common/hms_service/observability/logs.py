"""The logger of a function: one JSON line an event, by Powertools."""

import logging
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

NOISY_LOGGERS = {"aws_lambda_powertools": logging.INFO, "botocore": logging.INFO, "urllib3": logging.ERROR}
"""Loggers that below these levels would write paths, headers and bodies: room codes and session tokens."""
PACKAGES = ("hms", "hms_service")


class _Formatter(LambdaPowertoolsFormatter):
    """Powertools' formatter, which logs exceptions without credentials: their texts can hold URLs.

    It replaces lone surrogates. They have no UTF-8, and the line would be lost.
    """

    def serialize(self, log: Any) -> str:
        """Write a line as JSON."""
        if "exception" in log:
            from hms_service.redaction import scrub_texts

            trace = log.get("stack_trace")
            if trace:
                trace = {**trace, "value": str(trace["value"])}
            log = {**log, **scrub_texts({"exception": log["exception"], "stack_trace": trace})}
        return super().serialize(log).encode(errors="replace").decode()


def make_logger(service: str) -> Logger:
    """Return a logger that names the service in each line, those of both packages too. Noisy libraries are quiet."""
    for name, level in NOISY_LOGGERS.items():
        logging.getLogger(name).setLevel(level)
    logger = Logger(service=service, logger_formatter=_Formatter())
    for package in PACKAGES:
        package_logger = logging.getLogger(package)
        package_logger.handlers, package_logger.propagate = [logger.registered_handler], False
        package_logger.setLevel(logger.log_level)
    return logger
