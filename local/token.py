"""`python -m local.token`: a management token for the local stack's key pair, and nothing else."""

import os
import sys

from hms.tokens import sign_management_token
from local.settings import Settings, StartupError

DAY_SECONDS = 86_400


def management_token(settings: Settings) -> str:
    """A management token that the local stack takes for a day."""
    return sign_management_token(settings.access_key, settings.secret, lifetime=DAY_SECONDS)


if __name__ == "__main__":
    try:
        print(management_token(Settings.from_environment(os.environ)))
    except StartupError as error:
        sys.exit(str(error))
