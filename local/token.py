"""`python -m local.token`: print a management token for the local stack's key pair."""

import os
import sys

from hms.tokens import sign_management_token
from local.settings import Settings, StartupError

DAY_SECONDS = 86_400


def management_token(settings: Settings) -> str:
    """Return a management token for the local stack, valid for 24 hours."""
    return sign_management_token(settings.access_key, settings.secret, lifetime=DAY_SECONDS)


if __name__ == "__main__":
    try:
        print(management_token(Settings.from_environment(os.environ)))
    except StartupError as error:
        sys.exit(str(error))
