"""Pydantic models of the bodies and queries that 100ms documents: one module per resource.

A module is loaded on first use: `models.rooms.RoomCreate` imports `hms.models.rooms`.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hms.models import active_rooms as active_rooms
    from hms.models import analytics as analytics
    from hms.models import auth as auth
    from hms.models import external_streams as external_streams
    from hms.models import live_streams as live_streams
    from hms.models import polls as polls
    from hms.models import recording_assets as recording_assets
    from hms.models import recordings as recordings
    from hms.models import room_codes as room_codes
    from hms.models import rooms as rooms
    from hms.models import sessions as sessions
    from hms.models import sip as sip
    from hms.models import templates as templates
else:

    def __getattr__(name: str) -> ModuleType:
        return import_module(f"hms.models.{name}")
