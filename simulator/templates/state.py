"""Keep the workspace's templates."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.clock import format_timestamp
from simulator.contract import check_body, no_documented_text
from simulator.errors import BadRequest, NotFound, invalid_body
from simulator.ids import new_uuid
from simulator.paging import Page, PageQuery, page
from simulator.store import Store
from simulator.templates.defaults import fill_recordings, fill_role, fill_roles, fill_settings
from simulator.templates.rules import check_destinations, check_roles

Json = dict[str, Any]


@dataclass
class Template:
    """A template; `content` has its roles, settings, destinations and optional plugins, as JSON."""

    id: str
    customer_id: str
    name: str
    content: Json
    created_at: datetime
    updated_at: datetime
    recordings: list[Json] = field(default_factory=list)

    @property
    def roles(self) -> Json:
        """The roles, by name."""
        roles: Json = self.content["roles"]
        return roles

    def role(self, name: str) -> Json:
        """Return a role. Raises NotFound."""
        if name not in self.roles:
            raise NotFound("Role not found")
        role: Json = self.roles[name]
        return role

    def to_dict(self) -> Json:
        """Return the template as in the API."""
        # [templates.app-id] no `appId` and no `default`.
        return {
            "id": self.id,
            "name": self.name,
            "customerId": self.customer_id,
            **self.content,
            "createdAt": format_timestamp(self.created_at),
            "updatedAt": format_timestamp(self.updated_at),
            "_id": self.id,
            "customer": self.customer_id,
        }


class Templates:
    """All templates. At first there is only the default one, with the roles `host` and `guest`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._templates: dict[str, Template] = {}
        self.default = self.upsert({"name": f"default_videoconf_{new_uuid()}"})

    def get(self, template_id: str) -> Template:
        """Return a template. Raises NotFound."""
        if template_id not in self._templates:
            raise NotFound("Template not found")
        return self._templates[template_id]

    def select(self, query: PageQuery) -> Page[Template]:
        """Return a page of templates, newest first."""
        return page(reversed(self._templates.values()), query, lambda template: template.id)

    def upsert(self, body: Json) -> Template:
        """Create a template, or overwrite the template with this name. Raises BadRequest."""
        check_body("createTemplate", body, no_documented_text)
        name = body.get("name") or new_uuid()
        content = _content(body)
        template = self._find_by_name(name)
        if template is None:
            now = self._store.clock.now()
            template = Template(self._store.ids.new(), self._store.customer_id, name, content, now, now)
            self._templates[template.id] = template
        else:
            self._change(template, content)
        return template

    def replace(self, template_id: str, body: Json) -> Template:
        """Replace a template, or only the members in the body. Raises NotFound, BadRequest."""
        template = self.get(template_id)
        check_body("updateTemplate", body, no_documented_text)
        name = body.get("name", template.name)
        if self._find_by_name(name) not in (None, template):
            raise _overwrite_error()
        # [templates.partial-update] without `roles` or `settings`, only the members in the body
        # change. With both, all but the name do.
        in_part = not {"roles", "settings"} <= body.keys()
        self._change(template, _content(template.content | body if in_part else body))
        template.name = name
        return template

    def put_role(self, template_id: str, name: str, body: Json) -> Json:
        """Create or replace a role. `name` in the body renames it. Raises NotFound, BadRequest."""
        template = self.get(template_id)
        check_body("upsertTemplateRole", body, no_documented_text)
        new_name = body.get("name", name)
        if new_name != name and new_name in template.roles:
            raise _overwrite_error()
        # [templates.update-of-a-role] the role is replaced, not merged; the samples always send the whole role.
        others = {key: role for key, role in template.roles.items() if key != name}
        roles = others | {new_name: fill_role(new_name, body)}
        check_roles(roles)
        self._change(template, template.content | {"roles": roles})
        return template.role(new_name)

    def delete_role(self, template_id: str, name: str) -> None:
        """Delete a role. Raises NotFound."""
        template = self.get(template_id)
        template.role(name)
        # [templates.deleted-role] other roles keep its name in subscribeToRoles.
        roles = {key: role for key, role in template.roles.items() if key != name}
        self._change(template, template.content | {"roles": roles})

    def put_settings(self, template_id: str, body: Json) -> Json:
        """Replace the settings. Raises NotFound, BadRequest."""
        template = self.get(template_id)
        check_body("updateTemplateSettings", body, no_documented_text)
        settings = fill_settings(body)  # [templates.settings] replaced, not merged, like the whole template
        check_destinations(template.content["destinations"], settings)
        self._change(template, template.content | {"settings": settings})
        return settings

    def put_destinations(self, template_id: str, body: Json) -> Json:
        """Replace the destinations. Raises NotFound, BadRequest."""
        template = self.get(template_id)
        check_body("updateTemplateDestinations", body, no_documented_text)
        check_destinations(body, template.content["settings"])
        # [templates.destinations] replaced, not merged. [templates.hls-defaults] nothing is filled in.
        self._change(template, template.content | {"destinations": body})
        return body

    def put_recordings(self, template_id: str, body: list[Json]) -> None:
        """Replace the recording configuration. Raises NotFound, BadRequest."""
        template = self.get(template_id)
        check_body("configureTemplateRecordings", body, no_documented_text)
        if any(config["role"] not in template.roles for config in body):
            # [templates.recording-role] the error for an unknown role
            raise invalid_body("Invalid body param: role")
        template.recordings = fill_recordings(body)
        self._change(template, template.content)

    def _find_by_name(self, name: str) -> Template | None:
        return next((template for template in self._templates.values() if template.name == name), None)

    def _change(self, template: Template, content: Json) -> None:
        template.content = content
        template.updated_at = self._store.clock.now()


def _content(body: Json) -> Json:
    content: Json = {
        "roles": fill_roles(body.get("roles")),
        "settings": fill_settings(body.get("settings", {})),
        "destinations": body.get("destinations", {}),
    }
    check_roles(content["roles"])
    check_destinations(content["destinations"], content["settings"])
    return content | {"plugins": body["plugins"]} if "plugins" in body else content


def _overwrite_error() -> BadRequest:
    # [templates.rename-to-an-existing-name] the documentation names this error, but not its status or body.
    return BadRequest("overwrite error", ["another one has this name"])
