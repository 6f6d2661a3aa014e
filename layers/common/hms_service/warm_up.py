"""Prepare a container of provisioned concurrency, which Lambda initializes before requests arrive."""

import logging
import time
from collections.abc import Callable
from random import SystemRandom

from hms.errors import HmsError
from hms.http import deadline
from hms.models import auth as auth  # loads the model of a code exchange
from hms_service import join_token_fields as join_token_fields  # loads the model of a join token

MAX_DELAY_SECONDS = 10.0
"""Lambda initializes many containers at once. The delay spreads their reads, because SSM accepts 40 a second."""
READ_MILLISECONDS = 30_000
"""Time for the read. Lambda stops an initialization after 130 seconds."""

logger = logging.getLogger(__name__)


def warm_up(read_keys: Callable[[], object]) -> None:
    """Read the keys after a random delay. A failure is logged and ignored: the first request reads again.

    Args:
        read_keys: reads the keys that authenticate callers and sign tokens.
    """
    time.sleep(SystemRandom().uniform(0, MAX_DELAY_SECONDS))
    deadline.start(READ_MILLISECONDS)
    try:
        read_keys()
    except Exception as error:  # noqa: BLE001, Lambda would replace a container whose initialization fails
        reason = error.reason if isinstance(error, HmsError) else type(error).__name__
        logger.warning("the keys were not read at initialization: %s", reason)
