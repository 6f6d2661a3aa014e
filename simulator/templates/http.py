"""Serve the routes of templates."""

from typing import Any

from flask import Blueprint

from simulator.clock import ZERO_TIME
from simulator.paging import STATED_MIN_LIMIT
from simulator.request_parsing import json_body, json_list_body, page_query, state
from simulator.templates.defaults import with_secret_renamed, without_false
from simulator.templates.state import Template, Templates

Json = dict[str, Any]

blueprint = Blueprint("templates", __name__)


@blueprint.post("/templates")
def create_template() -> Json:
    """Create a template, or overwrite the template with this name."""
    return state(Templates).upsert(json_body()).to_dict()


@blueprint.get("/templates")
def list_templates() -> Json:
    """Return a page of templates."""
    return state(Templates).select(page_query(lowest=STATED_MIN_LIMIT)).to_dict(Template.to_dict)


@blueprint.get("/templates/<template_id>")
def get_template(template_id: str) -> Json:
    """Return a template."""
    return state(Templates).get(template_id).to_dict()


@blueprint.post("/templates/<template_id>")
def update_template(template_id: str) -> Json:
    """Replace a template."""
    # [templates.update-times] the sample has the zero time.
    updated = state(Templates).replace(template_id, json_body()).to_dict()
    return updated | {"createdAt": ZERO_TIME, "updatedAt": ZERO_TIME}


@blueprint.post("/templates/<template_id>/roles/<role_name>")
def upsert_role(template_id: str, role_name: str) -> Json:
    """Create or replace a role."""
    return state(Templates).put_role(template_id, role_name, json_body())


@blueprint.get("/templates/<template_id>/roles/<role_name>")
def get_role(template_id: str, role_name: str) -> Json:
    """Return a role."""
    return state(Templates).get(template_id).role(role_name)


@blueprint.delete("/templates/<template_id>/roles/<role_name>")
def delete_role(template_id: str, role_name: str) -> tuple[str, int]:
    """Delete a role."""
    state(Templates).delete_role(template_id, role_name)
    return "", 204


@blueprint.get("/templates/<template_id>/settings")
def get_settings(template_id: str) -> Json:
    """Return the settings."""
    settings: Json = state(Templates).get(template_id).content["settings"]
    return settings


@blueprint.post("/templates/<template_id>/settings")
def update_settings(template_id: str) -> Json:
    """Replace the settings."""
    return with_secret_renamed(state(Templates).put_settings(template_id, json_body()))


@blueprint.get("/templates/<template_id>/destinations")
def get_destinations(template_id: str) -> Json:
    """Return the destinations."""
    destinations: Json = state(Templates).get(template_id).content["destinations"]
    return destinations


@blueprint.post("/templates/<template_id>/destinations")
def update_destinations(template_id: str) -> Json:
    """Replace the destinations."""
    return state(Templates).put_destinations(template_id, json_body())


@blueprint.post("/templates/<template_id>/recordings")
def configure_recordings(template_id: str) -> list[Json]:
    """Replace the recording configuration. Returns the body, without its switches that are off."""
    body = json_list_body()
    state(Templates).put_recordings(template_id, body)
    return [without_false(config) for config in body]


@blueprint.get("/templates/<template_id>/recordings")
def get_recordings(template_id: str) -> list[Json]:
    """Return the recording configuration."""
    return state(Templates).get(template_id).recordings
