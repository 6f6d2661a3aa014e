"""Serve the routes of recording assets."""

import re
from typing import Any

from flask import Blueprint

from simulator.errors import invalid_query
from simulator.recording_assets.state import Asset, AssetFilter, Assets
from simulator.request_parsing import page_query, query_text, state

Json = dict[str, Any]

blueprint = Blueprint("recording_assets", __name__)


@blueprint.get("/recording-assets")
def list_recording_assets() -> Json:
    """Return a page of assets."""
    criteria = AssetFilter(
        room_id=query_text("room_id"),
        session_id=query_text("session_id"),
        # [assets.filter-names] a guide calls the filter `asset_type`, another one and a client `type`.
        type=query_text("type") or query_text("asset_type"),
        status=query_text("status"),
    )
    return state(Assets).select(page_query(), criteria).to_dict(Asset.to_dict)


@blueprint.get("/recording-assets/<asset_id>")
def get_recording_asset(asset_id: str) -> Json:
    """Return an asset."""
    return state(Assets).get(asset_id).to_dict()


@blueprint.get("/recording-assets/<asset_id>/presigned-url")
def get_presigned_url(asset_id: str) -> Json:
    """Return a link to download an asset."""
    return state(Assets).presign(asset_id, _query_seconds("presign_duration"))


def _query_seconds(name: str) -> int | None:
    value = query_text(name)
    # [assets.presign-duration] presign_duration is any integer from 1 second.
    if value is not None and not re.fullmatch("[1-9][0-9]{0,8}", value):
        raise invalid_query(name)
    return None if value is None else int(value)
