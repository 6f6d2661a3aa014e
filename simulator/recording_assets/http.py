"""The routes of recording assets."""

import re
from typing import Any

from flask import Blueprint

from simulator.errors import invalid_query
from simulator.recording_assets.state import Asset, AssetFilter, Assets
from simulator.web import page_query, state, text

Json = dict[str, Any]

blueprint = Blueprint("recording_assets", __name__)


@blueprint.get("/recording-assets")
def list_recording_assets() -> Json:
    """A page of assets."""
    status = text("status")
    if status not in (None, "completed", "failed"):
        raise invalid_query("status")
    where = AssetFilter(room_id=text("room_id"), session_id=text("session_id"), status=status)
    return state(Assets).select(page_query(), where).shown(Asset.shown)


@blueprint.get("/recording-assets/<asset_id>")
def get_recording_asset(asset_id: str) -> Json:
    """One asset."""
    return state(Assets).get(asset_id).shown()


@blueprint.get("/recording-assets/<asset_id>/presigned-url")
def get_presigned_url(asset_id: str) -> Json:
    """A link to download an asset."""
    return state(Assets).presigned(asset_id, _seconds("presign_duration"))


def _seconds(name: str) -> int | None:
    given = text(name)
    # assumed: presign_duration is any whole number of seconds from 1 on.
    if given is not None and not re.fullmatch("[1-9][0-9]{0,8}", given):
        raise invalid_query(name)
    return None if given is None else int(given)
