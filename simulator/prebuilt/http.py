"""Serve the layouts that Prebuilt asks for at each join, and the tokens of its connectivity check."""

from typing import Any

from flask import Blueprint

from simulator.ids import new_uuid
from simulator.request_parsing import state, store, token_claims
from simulator.rooms.state import Room, Rooms

Json = dict[str, Any]

DIAGNOSTICS_ROLE = "diagnostics"

blueprint = Blueprint("prebuilt", __name__)


@blueprint.get("/layouts/ui")
def get_room_layouts() -> Json:
    """Return the layouts of the token's room. The first is that of the token's role."""
    claims = token_claims()
    rooms = state(Rooms)
    room = rooms.get(claims.get("room_id", ""))
    template = rooms.template(room)
    own = template.role(claims.get("role", ""))["name"]  # [prebuilt.layouts-of-an-unknown-role] 404 for an unknown role
    return {"data": [_layout(room, role) for role in sorted(template.roles, key=lambda role: role != own)]}


@blueprint.get("/diagnostics/token")
def get_diagnostics_token() -> Json:
    """Return a join token for a connectivity check."""
    # [prebuilt.token-of-the-connectivity-check] the token is for a room of 100ms, which is not a room of the workspace.
    return {"token": store().tokens.sign_app_token(store().ids.new(), DIAGNOSTICS_ROLE, new_uuid())}


def _layout(room: Room, role: str) -> Json:
    """Return a role's layout with the members that Prebuilt reads, as in its default layout."""
    return {
        "id": "",
        "role_id": "",
        "role": role,
        "template_id": room.template_id,
        "app_id": store().app_id,
        "typography": {"font_family": "Inter"},
        "themes": [],
        "options": {},
        "screens": {
            "preview": {
                "default": {
                    "elements": {
                        "preview_header": {
                            "title": "Get Started",
                            "sub_title": "Setup your audio and video before joining",
                        },
                        "join_form": {
                            "join_btn_type": "JOIN_BTN_TYPE_JOIN_ONLY",
                            "join_btn_label": "Join Now",
                            "go_live_btn_label": "Go Live",
                        },
                    }
                }
            },
            "conferencing": {
                "default": {
                    "elements": {
                        "chat": {},
                        "participant_list": {},
                        "video_tile_layout": {
                            "grid": {
                                "enable_local_tile_inset": True,
                                "prominent_roles": [],
                                "enable_spotlighting_peer": True,
                            }
                        },
                        "emoji_reactions": {},
                    }
                }
            },
            "leave": {},
        },
    }
