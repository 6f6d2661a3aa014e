"""Templates: one method an operation of the REST API."""

from collections.abc import Iterator
from typing import Any

from hms.api.section import Section
from hms.client import ArrayBody, ObjectBody, Query, Reply


class Templates(Section):
    """Operations under /templates."""

    def create(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Create a template.

        Args:
            body: a `TemplateCreate`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-template-via-api
        """
        return self._call("POST", "templates", query=query, body=body, body_model="TemplateCreate")

    def list(self, query: Query = ()) -> Reply:
        """Page through templates of the account.

        Args:
            query: a `TemplateListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/list-templates
        """
        return self._call("GET", "templates", query=query, query_model="TemplateListQuery")

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The templates of all pages; as `list`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, template_id: str, query: Query = ()) -> Reply:
        """Read one template.

        Args:
            template_id: id of the template.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-a-template
        """
        return self._call("GET", "templates", template_id, query=query)

    def update(self, template_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Replace a template.

        Args:
            template_id: id of the template.
            body: a `TemplateUpdate`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-a-template
        """
        return self._call("POST", "templates", template_id, query=query, body=body, body_model="TemplateUpdate")

    def upsert_role(self, template_id: str, role_name: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Create or modify a role.

        Args:
            template_id: id of the template.
            role_name: name of the role.
            body: a `Role`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-update-role
        """
        return self._call(
            "POST", "templates", template_id, "roles", role_name, query=query, body=body, body_model="Role"
        )

    def retrieve_role(self, template_id: str, role_name: str, query: Query = ()) -> Reply:
        """Read one role.

        Args:
            template_id: id of the template.
            role_name: name of the role.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-a-role
        """
        return self._call("GET", "templates", template_id, "roles", role_name, query=query)

    def delete_role(self, template_id: str, role_name: str, query: Query = ()) -> Reply:
        """Remove a role.

        Args:
            template_id: id of the template.
            role_name: name of the role.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/delete-a-role
        """
        return self._call("DELETE", "templates", template_id, "roles", role_name, query=query)

    def retrieve_settings(self, template_id: str, query: Query = ()) -> Reply:
        """Read template settings.

        Args:
            template_id: id of the template.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-settings
        """
        return self._call("GET", "templates", template_id, "settings", query=query)

    def update_settings(self, template_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change template settings.

        Args:
            template_id: id of the template.
            body: a `TemplateSettings`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-settings
        """
        return self._call(
            "POST", "templates", template_id, "settings", query=query, body=body, body_model="TemplateSettings"
        )

    def retrieve_destinations(self, template_id: str, query: Query = ()) -> Reply:
        """Read template destinations.

        Args:
            template_id: id of the template.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-destinations
        """
        return self._call("GET", "templates", template_id, "destinations", query=query)

    def update_destinations(self, template_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change template destinations.

        Args:
            template_id: id of the template.
            body: a `Destinations`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-destinations
        """
        return self._call(
            "POST", "templates", template_id, "destinations", query=query, body=body, body_model="Destinations"
        )

    def configure_recordings(self, template_id: str, body: ArrayBody, query: Query = ()) -> Reply:
        """Set the recording configuration.

        Args:
            template_id: id of the template.
            body: `RecordingConfigs`, or its items.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
        """
        return self._call(
            "POST", "templates", template_id, "recordings", query=query, body=body, body_model="RecordingConfigs"
        )

    def retrieve_recordings(self, template_id: str, query: Query = ()) -> Reply:
        """Read the recording configuration.

        Args:
            template_id: id of the template.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
        """
        return self._call("GET", "templates", template_id, "recordings", query=query)
