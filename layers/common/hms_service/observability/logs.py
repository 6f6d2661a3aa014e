"""Logger of a function: one JSON line for each log record, by Powertools."""

import json
import logging
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

NOISY_LOGGERS = {"aws_lambda_powertools": logging.INFO, "botocore": logging.INFO, "urllib3": logging.ERROR}
"""Loggers and their minimum levels. Below them, they write paths, headers and bodies, which can hold credentials."""
PACKAGES = ("hms", "hms_service")


class _Formatter(LambdaPowertoolsFormatter):
    """Powertools' formatter without credentials in exceptions, whose texts can hold URLs.

    It also replaces lone surrogates, because they cannot be encoded as UTF-8 and the line would be lost.
    """

    def __init__(self) -> None:
        """Replace two defaults of Powertools: an encoder for each line, and an attempt to read each message as JSON."""
        encoder = json.JSONEncoder(default=str, ensure_ascii=False, separators=(",", ":"))
        super().__init__(json_serializer=encoder.encode, json_deserializer=str)

    def serialize(self, log: Any) -> str:
        """Return the log record as JSON."""
        if "exception" in log:
            from hms_service.redaction import scrub_texts

            trace = log.get("stack_trace")
            if trace:
                trace = {**trace, "value": str(trace["value"])}
            log = {**log, **scrub_texts({"exception": log["exception"], "stack_trace": trace})}
        return super().serialize(log).encode(errors="replace").decode()


def make_logger(service: str) -> Logger:
    """Return a logger with the service name. The loggers of both packages use it, and noisy loggers are limited."""
    for name, level in NOISY_LOGGERS.items():
        logging.getLogger(name).setLevel(level)
    logger = Logger(service=service, logger_formatter=_Formatter())
    for package in PACKAGES:
        package_logger = logging.getLogger(package)
        package_logger.handlers, package_logger.propagate = [logger.registered_handler], False
        package_logger.setLevel(logger.log_level)
    return logger
